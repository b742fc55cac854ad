"""/orders/{order_id}/agreed: what runs for this order, what was agreed beside it, and agreeing.

Not here: deferrals, which have a page of their own (`deferring.py`).
"""

from __future__ import annotations

from typing import Any

from earnest.core.terms.agreement import Origin, agreement_clause
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.effective import Source
from earnest.core.terms.override import FIELDS, OverrideField, Shape
from earnest.core.terms.version import ACCEPTANCE_CLAUSE
from earnest.web.api.cases import Cases
from earnest.web.api.contracts import Contract
from earnest.web.api.documents import ClauseShown, TermsShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.delivery import sum_in
from earnest.web.site.orders.reading import (
    OrderRead,
    back,
    day_in,
    do,
    end_of,
    number_in,
    page,
    path_of,
    read_order,
)

ORIGIN_NAMES = {
    Origin.SITE: said("on this page"),
    Origin.CHAT: said("a chat"),
    Origin.MAIL: said("a letter or mail"),
    Origin.STAFF_NOTE: said("a note of the staff"),
    Origin.ADVERTISEMENT: said("an advertisement"),
}
"""Where something was said."""

_CLAUSE = "clause-"


async def show(visit: Visit) -> Answer:
    """Standard terms, promises and agreements side by side, and what waits for an answer."""
    read = await read_order(visit)
    contract = await visit.ask("showOrderContract", Contract, path=path_of(visit))
    filed = await visit.ask("showCases", Cases, path=path_of(visit))
    return page(
        visit,
        read,
        "order_agreed.html",
        contract=contract,
        departing=[each for each in contract.numbers if each.source is not Source.STANDARD],
        titles=TITLES,
        texts={each.clause_id: each.texts for each in read.terms.clauses},
        origins=(Origin.CHAT, Origin.MAIL, Origin.SITE),
        fields=contract.numbers,
        origin_names=ORIGIN_NAMES,
        pieces={each.digest: each.number for each in filed.evidence},
        offered_clauses=await _offered_clauses(visit, contract),
    )


async def _offered_clauses(visit: Visit, contract: Contract) -> list[ClauseShown]:
    """The clauses of offered terms that count only when they are accepted on their own."""
    if contract.terms_offer is None:
        return []
    path = {"terms_hash": contract.terms_offer.terms_hash}
    offered = await visit.ask("showTerms", TermsShown, path=path)
    return [
        each for each in offered.clauses if each.material or each.clause_id == ACCEPTANCE_CLAUSE
    ]


async def submit(visit: Visit) -> Answer:
    """Propose, accept, decline; take or keep the terms that were offered."""
    form = visit.form
    match form.name:
        case "propose":
            await do(visit, "proposeAgreement", _proposal(visit, await read_order(visit)))
        case "accept":
            await do(visit, "acceptAgreement", _acceptance(visit))
        case "decline":
            await do(visit, "declineAgreement", {"number": number_in(visit, "number")})
        case "accept-terms":
            body = {
                "terms_hash": form.get("terms_hash"),
                "acknowledgements": [
                    {
                        "clause_id": name.removeprefix(_CLAUSE),
                        "text_hash": form.get(name),
                        "language": visit.language,
                    }
                    for name in form.fields
                    if name.startswith(_CLAUSE)
                ],
                "accept_what_is_worse": form.get("even_if_worse") == "yes",
            }
            await do(visit, "acceptTerms", body)
        case "decline-terms":
            await do(visit, "declineTerms")
        case _:
            raise TurnedAway(DoorCode.FORM_MALFORMED)
    return back(visit, "/agreed")


def _proposal(visit: Visit, read: OrderRead) -> dict[str, Any]:
    """What the buyer proposes: a field of the terms, a value, and the words that were said."""
    form = visit.form
    said = {"text": form.get("text"), "origin": form.get("origin")}
    return said | changed_by(visit, read)


def changed_by(visit: Visit, read: OrderRead) -> dict[str, Any]:
    """What the fields of a form change for the order, and until when."""
    form = visit.form
    if form.get("field") not in set(OverrideField):
        raise TurnedAway(DoorCode.WRONG_TYPE, {"field": "field", "expected": "a number"})
    field = OverrideField(form.get("field"))
    until = day_in(form.get("valid_until"))
    body: dict[str, Any] = {
        "overrides": [{"field": field.value, "value": _value(visit, read, field)}]
    }
    if until is not None:
        body["valid_until"] = end_of(until, read.zone).isoformat()
    return body


def _value(visit: Visit, read: OrderRead, field: OverrideField) -> Any:  # noqa: ANN401 - as the API takes it
    text = visit.form.get("value")
    match FIELDS[field].shape:
        case Shape.FLAG:
            return text == "yes"
        case Shape.COUNT:
            if not (text.isascii() and text.isdigit() and len(text) < 7):  # noqa: PLR2004 - as the API's numbers
                raise TurnedAway(DoorCode.WRONG_TYPE, {"field": "value", "expected": "30"})
            return int(text)
        case Shape.SUM:
            amount = sum_in(text, read.order.price.currency)
            return {"amount": amount.amount, "currency": amount.currency}
        case Shape.INSTANT:
            day = day_in(text)
            if day is None:
                raise TurnedAway(DoorCode.WRONG_TYPE, {"field": "value", "expected": "2026-12-31"})
            return end_of(day, read.zone).isoformat()


def _acceptance(visit: Visit) -> dict[str, Any]:
    """Accepting; what makes the buyer worse off counts only with an act about its very text."""
    number = number_in(visit, "number")
    body: dict[str, Any] = {"number": number}
    if visit.form.get("understood"):
        body["acknowledgement"] = {
            "clause_id": agreement_clause(number),
            "text_hash": visit.form.get("text_hash", "-"),
            "language": visit.language,
        }
    return body


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/agreed",
            name="order-agreed",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
