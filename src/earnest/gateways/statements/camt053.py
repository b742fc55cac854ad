"""ISO 20022 CAMT.053: a bank's statement as XML.

The parser takes no document type, no entity and no reference to anything outside, so a file can
neither grow nor reach for anything. Not here: CAMT.052 and .054, which are no statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from earnest.core.reconciliation.statement import LineKind, OutsideLine, OutsideStatement
from earnest.gateways.statements.faults import (
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    MOST_LINES,
    Fault,
    FaultCode,
    StatementFaulty,
    day_of,
    fault,
    short,
    sum_of,
)

_NAMESPACE = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2})\}Document")
_DEEPEST = 30
_SIGNS = {"CRDT": 1, "DBIT": -1}
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


class _Lines(TreeBuilder):
    """Builds the tree and remembers on which line each element begins."""

    def __init__(self) -> None:
        super().__init__()
        self.parser: XMLParser | None = None
        self.line_of: dict[Element, int] = {}
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        assert self.parser is not None, "told before anything is fed"
        line: int = self.parser.parser.CurrentLineNumber
        if self._depth > _DEEPEST:
            raise fault(line, FaultCode.XML_UNSAFE)
        element = super().start(tag, attrs)
        self.line_of[element] = line
        return element

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


class _Paper:
    """The one statement of a document, with the lines and the namespace of its elements."""

    def __init__(self, content: bytes) -> None:
        builder = _Lines()
        parser = XMLParser(target=builder, forbid_dtd=True)
        builder.parser = parser
        try:
            parser.feed(content)
            root: Element = parser.close()
        except DefusedXmlException as error:
            raise fault(1, FaultCode.XML_UNSAFE) from error
        except (ParseError, ValueError, LookupError) as error:
            line = getattr(error, "position", (1, 0))[0]
            raise fault(line, FaultCode.XML_MALFORMED) from error
        named = _NAMESPACE.fullmatch(root.tag)
        if named is None:
            raise fault(1, FaultCode.FORM_UNKNOWN)
        self._space, self._line_of = named[1], builder.line_of
        statements = self.all(root, "BkToCstmrStmt/Stmt")
        if len(statements) != 1:
            raise fault(1, FaultCode.STATEMENTS_SEVERAL if statements else FaultCode.EMPTY)
        self.statement = statements[0]

    def line(self, element: Element) -> int:
        """The line on which an element begins."""
        return self._line_of[element]

    def all(self, element: Element, path: str) -> list[Element]:
        """Every element at a path below another."""
        return element.findall("/".join(f"{{{self._space}}}{each}" for each in path.split("/")))

    def text(self, element: Element, *paths: str) -> str:
        """The text at the first of these paths that has one; empty without."""
        for path in paths:
            for each in self.all(element, path):
                if each.text and each.text.strip():
                    return each.text.strip()
        return ""

    def needed(self, element: Element, *paths: str) -> str:
        """The same where it must be."""
        found = self.text(element, *paths)
        if not found:
            raise fault(self.line(element), FaultCode.FIELD_MISSING, paths[0])
        return found


def read_camt053(content: bytes) -> OutsideStatement:
    """The statement in a CAMT.053 document of any version. Raises `StatementFaulty`."""
    paper = _Paper(content)
    statement = paper.statement
    currency = paper.needed(statement, "Acct/Ccy")
    opening, begins = _balance(paper, currency, _OPENING)
    closing, ends = _balance(paper, currency, _CLOSING)
    from_day = paper.text(statement, "FrToDt/FrDtTm", "FrToDt/FrDt")
    until_day = paper.text(statement, "FrToDt/ToDtTm", "FrToDt/ToDt")
    line = paper.line(statement)
    return OutsideStatement(
        number=short(paper.needed(statement, "Id"), LONGEST_REFERENCE, line, "Id"),
        account_number=paper.needed(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id"),
        currency=currency,
        begins=day_of(from_day[:10] or begins, line, "FrToDt"),
        ends=day_of(until_day[:10] or ends, line, "FrToDt"),
        opening=opening,
        closing=closing,
        lines=tuple(_lines(paper, currency)),
    )


def _balance(paper: _Paper, currency: str, codes: tuple[str, ...]) -> tuple[int, str]:
    """What stood there by the first of these codes that the statement gives, and on which day."""
    for code in codes:
        for each in paper.all(paper.statement, "Bal"):
            if paper.text(each, "Tp/CdOrPrtry/Cd") == code:
                day = paper.needed(each, "Dt/Dt", "Dt/DtTm")[:10]
                return _signed(paper, each, currency), day
    raise fault(paper.line(paper.statement), FaultCode.FIELD_MISSING, f"Bal/{codes[0]}")


def _lines(paper: _Paper, currency: str) -> Iterator[OutsideLine]:
    faults: list[Fault] = []
    entries = [
        each
        for each in paper.all(paper.statement, "Ntry")
        if paper.text(each, "Sts/Cd", "Sts") in {"BOOK", ""}
    ]
    if len(entries) > MOST_LINES:
        raise fault(paper.line(entries[MOST_LINES]), FaultCode.LINES_TOO_MANY)
    for number, each in enumerate(entries, start=1):
        try:
            yield _line(paper, each, number, currency)
        except StatementFaulty as error:
            faults += error.faults
    if faults:
        raise StatementFaulty(*faults)


def _line(paper: _Paper, entry: Element, number: int, currency: str) -> OutsideLine:
    line = paper.line(entry)
    amount = _signed(paper, entry, currency)
    if amount == 0:
        raise fault(line, FaultCode.SUM_ZERO, "Amt")
    details = paper.all(entry, "NtryDtls/TxDtls")
    side = "Dbtr" if amount > 0 else "Cdtr"
    names = [
        paper.text(each, f"RltdPties/{side}/Pty/Nm", f"RltdPties/{side}/Nm") for each in details
    ]
    texts = [text.text or "" for each in details for text in paper.all(each, "RmtInf/Ustrd")]
    texts += [paper.text(each, "Refs/EndToEndId") for each in details]
    texts.append(paper.text(entry, "AddtlNtryInf"))
    return OutsideLine(
        number=number,
        kind=LineKind.OTHER,
        booked_on=day_of(paper.needed(entry, "BookgDt/Dt", "BookgDt/DtTm")[:10], line, "BookgDt"),
        amount=amount,
        reference=short(
            paper.text(entry, "AcctSvcrRef", "NtryRef"), LONGEST_REFERENCE, line, "AcctSvcrRef"
        ),
        # An entry of many transfers has many payers, and so none by which it could be matched.
        payer=short(names[0], LONGEST_TEXT, line, "Nm") if len(names) == 1 else "",
        text=short(" ".join(texts), LONGEST_TEXT, line, "Ustrd"),
    )


def _signed(paper: _Paper, element: Element, currency: str) -> int:
    """The sum of an entry or a balance, by its indicator; its currency must be the account's."""
    line = paper.line(element)
    sign = _SIGNS.get(paper.text(element, "CdtDbtInd"))
    if sign is None:
        raise fault(line, FaultCode.FIELD_MISSING, "CdtDbtInd")
    amounts = paper.all(element, "Amt")
    if len(amounts) != 1:
        raise fault(line, FaultCode.FIELD_MISSING, "Amt")
    if amounts[0].get("Ccy") != currency:
        raise fault(line, FaultCode.CURRENCY_DIFFERS, "Ccy")
    amount = sum_of(amounts[0].text or "", line, "Amt")
    if amount < 0:
        raise fault(line, FaultCode.SIGN_WRONG, "Amt")
    return sign * amount
