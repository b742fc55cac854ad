"""/terms/{terms_hash}: the whole contract to read, print and keep, now and for ever.

Not here: the few clauses that are acknowledged on their own (`checkout.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.titles import TITLES
from earnest.web.api.documents import TermsShown
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Sent, Shown
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Every clause, in the reader's language."""
    path = {"terms_hash": visit.path["terms_hash"]}
    terms = await visit.ask("showTerms", TermsShown, path=path)
    clauses = [
        (TITLES.get(each.clause_id, {}).get(visit.language, each.clause_id), each)
        for each in terms.clauses
    ]
    return Shown(template="site/terms.html", values={"terms": terms, "clauses": clauses})


async def keep(visit: Visit) -> Answer:
    """The same as a file."""
    path = {"terms_hash": visit.path["terms_hash"]}
    text = await visit.ask("showContract", bytes, {"language": visit.language}, path=path)
    name = f"contract-{path['terms_hash'][:12]}.{visit.language}.md"
    disposition = f'attachment; filename="{name}"'.encode("ascii", "replace")
    return Sent(
        content=text,
        media_type="text/markdown; charset=utf-8",
        headers=[(b"content-disposition", disposition)],
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(path="/terms/{terms_hash}", name="terms", access=Access.PUBLIC, show=show),
        Page(path="/terms/{terms_hash}/file", name="terms-file", access=Access.PUBLIC, show=keep),
    ]
