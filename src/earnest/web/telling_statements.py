"""What is wrong with a statement's file, in words, line by line.

Not here: finding it (`gateways/statements`).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from earnest.gateways.statements.faults import Fault, FaultCode

_WORDS: dict[FaultCode, tuple[str, str]] = {
    FaultCode.FILE_TOO_LARGE: ("A file has at most 4 MB", "文件最大4 MB"),
    FaultCode.ENCODING_WRONG: (
        "These bytes are no text in the encoding of the account",
        "该行字节不符合账户设定的字符编码",
    ),
    FaultCode.CHARACTER_UNSUITABLE: (
        "A character stands here that no statement has",
        "此处含有对账单不应出现的字符",
    ),
    FaultCode.FORM_UNKNOWN: (
        "This is neither CAMT.053 nor MT940, and the account has no columns for a CSV file",
        "既不是CAMT.053，也不是MT940；该账户也未设定CSV列对应关系",
    ),
    FaultCode.XML_MALFORMED: ("The XML is broken", "XML格式有误"),
    FaultCode.XML_UNSAFE: (
        "A document type, an entity or an outside reference; no statement needs one",
        "含有文档类型、实体或外部引用，对账单不需要这些内容",
    ),
    FaultCode.STATEMENTS_SEVERAL: (
        "The file holds more than one statement; import each by itself",
        "文件包含多份对账单，请逐份导入",
    ),
    FaultCode.COLUMN_MISSING: (
        "The first line has to name this column, once",
        "首行须含且仅含一次该列",
    ),
    FaultCode.COLUMNS_DIFFER: (
        "The line has not as many fields as the first, or a quotation mark is not closed",
        "该行列数与首行不一致，或引号未闭合",
    ),
    FaultCode.FIELD_MISSING: ("This has to be there", "缺少该项"),
    FaultCode.FIELD_UNKNOWN: ("Nobody knows what this means", "无法识别该项"),
    FaultCode.SUM_MALFORMED: (
        "A sum is digits with at most two decimals",
        "金额须为数字，最多两位小数",
    ),
    FaultCode.SUM_ZERO: ("A line of nothing", "金额为零"),
    FaultCode.SIGN_WRONG: (
        "What comes has no minus, what leaves has one",
        "收入不带负号，支出须带负号",
    ),
    FaultCode.DAY_MALFORMED: ("This is no day in the form that is set", "日期不符合设定的格式"),
    FaultCode.DAY_OUTSIDE: (
        "The day lies outside the statement, or out of order",
        "日期不在对账单期间内，或次序有误",
    ),
    FaultCode.CURRENCY_DIFFERS: ("Another currency than the account's", "币种与账户不一致"),
    FaultCode.BALANCE_DIFFERS: (
        "The balance after this line does not follow from the line before: a line is missing",
        "本行余额与上一行不衔接，可能缺少明细",
    ),
    FaultCode.REFERENCE_REPEATED: ("The same line stands here twice", "该笔明细重复出现"),
    FaultCode.TEXT_TOO_LONG: ("The text is too long", "文字过长"),
    FaultCode.LINES_TOO_MANY: (
        "Too many lines for one statement; import shorter periods",
        "明细过多，请缩短期间分次导入",
    ),
    FaultCode.EMPTY: ("There is nothing in it", "没有任何明细"),
}


class FileFaultShown(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a line of a file; `name` is the column or field that it is about."""

    line: int
    name: str
    code: FaultCode
    words: str


def file_faults_shown(faults: Iterable[Fault], language: str) -> tuple[FileFaultShown, ...]:
    """Faults in the reader's language."""
    place = 0 if language == "en" else 1
    return tuple(
        FileFaultShown(
            line=each.line, name=each.name, code=each.code, words=_WORDS[each.code][place]
        )
        for each in faults
    )
