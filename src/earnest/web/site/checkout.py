"""/checkout/{checkout_id}: who sells, what happens to the money, the clauses, a review, the order.

The id in the address is the idempotency key of the reservation, so whatever is clicked twice, sent
from two windows or sent again after going back is one order. Nothing is kept until it is ordered:
the form carries it. Not here: paying (`paying.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from earnest.core.launch.campaign import Campaign
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.version import ACCEPTANCE_CLAUSE
from earnest.core.values.ids import OrderId, QueueId, derive_order_id
from earnest.core.values.reason import Reason
from earnest.desk.ports import OrderKey
from earnest.desk.telling.without import without_clause
from earnest.web.api.documents import ClauseShown
from earnest.web.api.outcomes import Outcomes
from earnest.web.api.pauses import Pauses, PauseShown
from earnest.web.api.reservations import ReservationMade
from earnest.web.api.waiting_room import PlaceShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access, owner_of
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.rendering import with_query
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.drawing import drawing_of
from earnest.web.site.plain_words import plain_words
from earnest.web.site.selecting import Selected, selected

LONGEST_NAME = 200
WITHOUT = "without"
"""The part of an address that names the clauses which were not ticked."""

_SEPARATOR = "|"
_TICKED_PARTS = 3
_KEPT = [(b"cache-control", b"private, no-cache")]
"""A browser may keep the steps, so that going back shows them again as they were left."""

_SPENDS_THE_KEY = frozenset({*Reason, DoorCode.KEY_REUSED}) - {Reason.SALE_PAUSED}


class Ticked(msgspec.Struct, frozen=True, kw_only=True):
    """A clause that its reader ticked, by the digest of the text that was shown."""

    clause_id: str
    text_hash: str
    language: str

    @property
    def field(self) -> str:
        """The same as a value of the form."""
        return _SEPARATOR.join((self.clause_id, self.text_hash, self.language))


class ClauseToTick(msgspec.Struct, frozen=True, kw_only=True):
    """A clause as the checkout shows it: legal text, plain words, and what holds without it."""

    title: str
    legal: str
    plain: str
    without: str | None
    ticked: Ticked
    is_acceptance: bool


async def show(visit: Visit) -> Answer:
    """The details and clauses; the review when its order was refused; paying when it is made."""
    order_id = order_of(visit)
    buyer_id = owner_of(visit.by)
    if await visit.house.reader.order_of_buyer(OrderKey(buyer_id, order_id)) is not None:
        return Moved(f"/checkout/{visit.path['checkout_id']}/pay")
    if visit.form.name != "order":
        return await _shown(visit, "checkout")
    if visit.problem is not None and visit.problem.code in _SPENDS_THE_KEY:
        # What a rule has rejected stays rejected under its key; the next try needs another.
        at = f"/checkout/{visit.new_key()}"
        visit.address = visit.address.replace(f"/checkout/{visit.path['checkout_id']}", at, 1)
    return await _shown(visit, "review")


async def submit(visit: Visit) -> Answer:
    """Go on to the review, back to the details, or order."""
    if visit.form.name == "order":
        await _order(visit)
        return Moved(f"/checkout/{visit.path['checkout_id']}/pay")
    if visit.form.name != "review":
        return await _shown(visit, "checkout")
    if not await _name(visit):
        raise TurnedAway(DoorCode.NAME_MISSING)
    if ACCEPTANCE_CLAUSE not in {each.clause_id for each in ticked_of(visit)}:
        raise TurnedAway(Reason.TERMS_NOT_ACKNOWLEDGED)
    return await _shown(visit, "review")


def order_of(visit: Visit) -> OrderId:
    """The id that the order of this checkout has or will have."""
    return derive_order_id(owner_of(visit.by), visit.path["checkout_id"])


def ticked_of(visit: Visit) -> list[Ticked]:
    """What was ticked; a value that is none of ours counts as nothing."""
    found = []
    for value in visit.form.all("clause"):
        parts = value.split(_SEPARATOR)
        if len(parts) == _TICKED_PARTS:
            found.append(Ticked(clause_id=parts[0], text_hash=parts[1], language=parts[2]))
    return found


async def _order(visit: Visit) -> None:
    """Reserve exactly what the review showed; a price or terms that moved meanwhile are refused."""
    chosen, form = await chosen_in(visit), visit.form
    amount = form.get("price")
    body: dict[str, Any] = {
        "queue_id": chosen.sale.queue.queue_id,
        "terms_hash": form.get("terms_hash"),
        "catalogue_hash": form.get("catalogue_hash"),
        "language": visit.language,
        "acknowledgements": [msgspec.structs.asdict(each) for each in ticked_of(visit)],
        "configuration": chosen.body,
        "price": {
            "amount": int(amount) if amount.isascii() and amount.isdigit() else 0,
            "currency": chosen.model.price.currency,
        },
    }
    body |= {name: form.get(name) for name in ("code", "referral", "channel") if form.get(name)}
    name = await _name(visit)
    await visit.ask(
        "reserve",
        ReservationMade,
        body,
        key=visit.path["checkout_id"],
        admission=await _admission(visit, _campaign(visit, chosen)),
    )
    await visit.house.sign_in.name(owner_of(visit.by), name)


async def _shown(visit: Visit, template: str) -> Shown:
    chosen = await chosen_in(visit)
    if chosen.quote is None:
        assert chosen.obstacle is not None, "without a quote there is a reason"
        problem = chosen.obstacle
        return Shown(
            template="site/not_orderable.html", values={"chosen": chosen}, status=problem.status
        )
    without = without_of(chosen, {each.clause_id for each in ticked_of(visit)})
    wanted = contract_body(chosen, without if template == "review" else ())
    outcomes = await visit.ask("askOutcomes", Outcomes, wanted)
    campaign = _campaign(visit, chosen)
    values: dict[str, Any] = {
        "chosen": chosen,
        "drawing": drawing_of(chosen),
        "outcomes": outcomes,
        "clauses": [_clause(each, visit, chosen) for each in _to_tick(chosen)],
        "ticked": {each.clause_id: each for each in ticked_of(visit)},
        "contract_at": contract_address(visit, without),
        "name": await _name(visit),
        "prove_at": with_query("/prove", {"to": visit.address}),
        "campaign": campaign,
        "pause": await _pause(visit, chosen),
        "channel": visit.form.get("channel") or visit.query.get("channel", ""),
    }
    return Shown(template=f"site/{template}.html", values=values, headers=_KEPT)


def without_of(chosen: Selected, accepted: Collection[str]) -> tuple[str, ...]:
    """The clauses that would be no part of the contract, because they were not ticked."""
    return tuple(
        each.clause_id
        for each in chosen.sale.terms.clauses
        if each.material and each.clause_id not in accepted
    )


def contract_body(chosen: Selected, without: tuple[str, ...]) -> dict[str, Any]:
    """What is chosen, as operations take it that answer before anything is ordered."""
    return {
        "queue_id": chosen.sale.queue.queue_id,
        "configuration": chosen.body,
        "without": list(without),
    }


def contract_address(visit: Visit, without: tuple[str, ...]) -> str:
    """Where the contract of this checkout can be read before ordering."""
    path = f"/checkout/{visit.path['checkout_id']}/contract"
    return with_query(path, dict(visit.query) | {WITHOUT: ",".join(without)})


async def chosen_in(visit: Visit) -> Selected:
    """The configuration in the address of a checkout."""
    query = visit.query
    return await selected(visit, query.get("queue", ""), query.get("model", ""), query)


def _to_tick(chosen: Selected) -> list[ClauseShown]:
    """The few clauses that matter, and last the one that accepts the version as a whole."""
    clauses = chosen.sale.terms.clauses
    return [
        *(each for each in clauses if each.material),
        *(each for each in clauses if each.clause_id == ACCEPTANCE_CLAUSE and not each.material),
    ]


def _clause(clause: ClauseShown, visit: Visit, chosen: Selected) -> ClauseToTick:
    language = visit.language
    title = TITLES.get(clause.clause_id)
    return ClauseToTick(
        title=clause.clause_id if title is None else title[language],
        legal=clause.texts[language],
        plain=plain_words(clause.clause_id, chosen.sale.terms.policy, language),
        without=without_clause(clause.clause_id, language),
        ticked=Ticked(
            clause_id=clause.clause_id,
            text_hash=clause.text_hashes[language],
            language=language,
        ),
        is_acceptance=clause.clause_id == ACCEPTANCE_CLAUSE,
    )


async def _name(visit: Visit) -> str:
    """The buyer's name as the contract says it: the one on record, or the one in the form."""
    profile = await visit.house.register.buyer(owner_of(visit.by))
    known = "" if profile is None else profile.name
    return known or visit.form.get("name")[:LONGEST_NAME]


def _campaign(visit: Visit, chosen: Selected) -> Campaign | None:
    library = visit.house.desk.library
    return library.campaign_at(QueueId(chosen.sale.queue.queue_id), visit.received_at)


async def _pause(visit: Visit, chosen: Selected) -> PauseShown | None:
    """The pause of the sale that goes on, for its notice beside the button."""
    path = {"queue_id": chosen.sale.queue.queue_id}
    pauses = (await visit.ask("listPauses", Pauses, path=path)).pauses
    return next((each for each in pauses if each.resumed_at is None), None)


async def _admission(visit: Visit, campaign: Campaign | None) -> str | None:
    """The admission of whoever waits in the launch's room; without a place there is none."""
    if campaign is None or campaign.admission is None:
        return None
    path = {"campaign_id": campaign.campaign_id}
    try:
        place = await visit.ask("showWaitingRoomPlace", PlaceShown, path=path)
    except TurnedAway as away:
        if away.code is DoorCode.PLACE_UNKNOWN:
            return None
        raise
    if place.is_over and place.admission_ends_at and not visit.form.get("code"):
        # Better than the refusal of a reservation without an admission, which says to join.
        ends_at = place.admission_ends_at.isoformat()
        raise TurnedAway(Reason.ADMISSION_OVER, {"ends_at": ends_at})
    return place.admission


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/checkout/{checkout_id}",
            name="checkout",
            access=Access.BUYER,
            show=show,
            submit=submit,
        )
    ]
