"""/checkout/{checkout_id}/contract: the contract before ordering, to read and to keep.

It stands on a page and in a file, in both languages, as it would be concluded now, under the digest
that the order will have. Not here: ordering (`checkout.py`) and the papers of an order (`orders`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.titles import TITLES
from earnest.web.api.contract_drafts import ContractDraft
from earnest.web.identity import Access
from earnest.web.languages import LANGUAGES
from earnest.web.pages.page import Answer, Page, Sent, Shown
from earnest.web.pages.rendering import with_query
from earnest.web.pages.visit import Visit
from earnest.web.site.checkout import WITHOUT, chosen_in, contract_body
from earnest.web.site.selecting import Selected

IN = "in"
"""The part of an address that names the language of a file."""


async def show(visit: Visit) -> Answer:
    """The contract on a page, with the way to its file in each language."""
    chosen = await chosen_in(visit)
    draft = await visit.ask("draftContract", ContractDraft, _body(visit, chosen))
    at = f"/checkout/{visit.path['checkout_id']}"
    files = {
        language: with_query(f"{at}/contract/file", dict(visit.query) | {IN: language})
        for language in LANGUAGES
    }
    return Shown(
        template="site/contract_draft.html",
        values={"draft": draft, "chosen": chosen, "titles": TITLES, "files": files},
    )


async def send(visit: Visit) -> Answer:
    """The contract as a file to keep."""
    chosen, language = await chosen_in(visit), visit.query.get(IN, visit.language)
    body = _body(visit, chosen) | {"language": language}
    content = await visit.ask("draftContractFile", bytes, body)
    disposition = f'attachment; filename="contract-draft-{language}.pdf"'
    headers = [(b"content-disposition", disposition.encode())]
    return Sent(content=content, media_type="application/pdf", headers=headers)


def _body(visit: Visit, chosen: Selected) -> dict[str, object]:
    without = visit.query.get(WITHOUT, "")
    return contract_body(chosen, tuple(each for each in without.split(",") if each))


def pages() -> list[Page]:
    """The pages of this module."""
    base = "/checkout/{checkout_id}/contract"
    return [
        Page(path=base, name="contract-draft", access=Access.BUYER, show=show),
        Page(path=f"{base}/file", name="contract-draft-file", access=Access.BUYER, show=send),
    ]
