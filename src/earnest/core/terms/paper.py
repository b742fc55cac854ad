"""A terms version as a paper to keep: Markdown without any HTML, complete by itself.

Not here: how a terminal shows it (`cli/terms.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.version import Clause, TermsVersion

NAME = {"en": "Terms of sale", "zh-Hans": "购车条款"}
MATERIAL = {
    "en": "Major impact: acknowledged on its own.",
    "zh-Hans": "与您有重大利害关系：须单独确认。",
}
NOT_EXECUTED = {"en": "Not executed by Earnest.", "zh-Hans": "系统不自动执行。"}
_SELLER = {"en": "Seller", "zh-Hans": "卖方"}
_HASH = {"en": "Digest of this version", "zh-Hans": "本版本的摘要"}


def title_of(clause: Clause, language: str) -> str:
    """What a clause is called on paper; a maker's own clause goes by its id."""
    title = TITLES.get(clause.clause_id)
    return clause.clause_id if title is None else title[language]


def markdown(version: TermsVersion, language: str) -> str:
    """The whole contract in one language, with its digest to tell it from any other."""
    head = [
        f"# {NAME[language]} {version.version}",
        f"{_SELLER[language]}: {version.seller}  \n{_HASH[language]}: `{version.terms_hash}`",
    ]
    return "\n\n".join([*head, *_clauses(version, language)]) + "\n"


def _clauses(version: TermsVersion, language: str) -> list[str]:
    blocks = []
    for number, clause in enumerate(version.clauses, start=1):
        blocks.append(f"## {number}. {title_of(clause, language)}")
        if clause.material:
            blocks.append(f"> {MATERIAL[language]}")
        if not clause.executed:
            blocks.append(f"> {NOT_EXECUTED[language]}")
        blocks.append(clause.texts[language])
    return blocks
