"""The forms of commands that are asked for many orders: those of one order, without what differs.

Not here: the pages around them (`office/bulk.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.authority import AUTHORITY
from earnest.people.caller import Caller
from earnest.web.api.bulk import BULK_COMMANDS
from earnest.web.api.documents import TermsShown
from earnest.web.api.offers import Offers
from earnest.web.api.promises import PublicPromises
from earnest.web.office.acting.fields import CommandForm, Field, FieldKind
from earnest.web.office.acting.page import FORMS
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

_GIVEN = {
    "AnswerDeferral": ("agreed",),
    "OfferTerms": ("even_if_worse",),
}
"""Fields that are no choice where many are asked: a request is granted, and nothing is worse."""

_TITLES = {"AnswerDeferral": said("Agree to what buyers asked: have the car later")}


def bulk_forms(caller: Caller) -> dict[str, CommandForm]:
    """The forms that somebody may use for many orders, by command."""
    return {
        name: _without_given(FORMS[name])
        for name in BULK_COMMANDS
        if caller.actor.roles & AUTHORITY[name]
    }


def _without_given(form: CommandForm) -> CommandForm:
    given = _GIVEN.get(form.command, ())
    return msgspec.structs.replace(
        form,
        title=_TITLES.get(form.command, form.title),
        fields=tuple(field for field in form.fields if field.name not in given),
        fixed=(lambda _: {"agreed": True}) if "agreed" in given else form.fixed,
    )


async def with_choices(visit: Visit, form: CommandForm) -> CommandForm:
    """The form with what can be chosen, where one order's form wants a number typed in."""
    match form.command:
        case "OfferTerms":
            choices, name = await _terms_on_sale(visit), "terms_hash"
            label = said("Version of the terms")
        case "ApplyPublicPromise":
            choices, name = await _promises(visit), "promise_id"
            label = said("Public promise")
        case _:
            return form
    chosen = Field(name=name, label=label, kind=FieldKind.CHOICE, choices=choices)
    others = tuple(field for field in form.fields if field.name != name)
    return msgspec.structs.replace(form, fields=(chosen, *others))


async def _terms_on_sale(visit: Visit) -> tuple[tuple[str, str], ...]:
    """What any queue sells under, by digest, with its version and the queues."""
    queues: dict[str, list[str]] = {}
    for offer in (await visit.ask("listOffers", Offers)).offers:
        queues.setdefault(offer.terms_hash, []).append(offer.queue_id)
    found = []
    for terms_hash, names in queues.items():
        terms = await visit.ask("showTerms", TermsShown, path={"terms_hash": terms_hash})
        found.append((terms_hash, f"{terms.version} ({', '.join(sorted(names))})"))
    return tuple(found)


async def _promises(visit: Visit) -> tuple[tuple[str, str], ...]:
    promises = (await visit.ask("listPublicPromises", PublicPromises)).promises
    return tuple((each.promise_id, f"{each.promise_id}: {each.text[:80]}") for each in promises)
