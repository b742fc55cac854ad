"""/office/terms: every version; writing one with findings, text and differences; sale by another.

Whoever published a version does not put it on sale. Not here: the checks (`core/terms/lint`).
"""

from __future__ import annotations

from earnest.web.api.documents import TermsShown
from earnest.web.api.drafting import DraftShown, TermsList
from earnest.web.api.offers import Offers
from earnest.web.api.terms import PublicationShown, PublicationsShown
from earnest.web.office import rooms
from earnest.web.office.acting.fields import moment_of
from earnest.web.office.rooms import TERMS
from earnest.web.pages.page import FORM_LIMIT, Answer, Moved, Page
from earnest.web.pages.visit import Visit

DOCUMENT_LIMIT = 4 * FORM_LIMIT
"""Bytes of a form with a document: every character of it may take nine in a form."""


async def show_list(visit: Visit) -> Answer:
    """Every version, and what is on sale."""
    return rooms.shown(
        visit,
        "terms.html",
        versions=(await visit.ask("listTerms", TermsList)).versions,
        offers=(await visit.ask("listOffers", Offers)).offers,
    )


async def show_version(visit: Visit) -> Answer:
    """One version: its text, who published it and put it on sale, and the sale by another."""
    here = {"terms_hash": visit.path["terms_hash"]}
    terms = await visit.ask("showTerms", TermsShown, path=here)
    acts = (await visit.ask("listPublications", PublicationsShown, path=here)).publications
    publishers = {each.published_by for each in acts if each.kind == "terms"}
    offers = (await visit.ask("listOffers", Offers)).offers
    return rooms.shown(
        visit,
        "terms_version.html",
        terms=terms,
        acts=acts,
        may_sell=visit.by.actor.actor_id not in publishers,
        offers=offers,
    )


async def sell(visit: Visit) -> Answer:
    """Put the version on sale in a queue, from now or from an instant on."""
    queue_id, opens_at = visit.form.get("queue_id"), visit.form.get("opens_at")
    offers = (await visit.ask("listOffers", Offers)).offers
    catalogues = [each.catalogue_hash for each in offers if each.queue_id == queue_id]
    body = {
        "queue_id": queue_id,
        "terms_hash": visit.path["terms_hash"],
        "catalogue_hash": catalogues[-1] if catalogues else "none",
    }
    if opens_at:
        body["opens_at"] = moment_of(opens_at)
    await visit.ask("putOnSale", PublicationShown, body, key=visit.form.key)
    return Moved(visit.address)


async def show_draft(visit: Visit) -> Answer:
    """A document that is being written: findings, the text it yields, and what differs."""
    against = visit.query.get("against")
    document = visit.form.get("document")
    if not document and against:
        terms = await visit.ask("showTerms", TermsShown, path={"terms_hash": against})
        document = terms.source
    body = {"document": document, "against": against, "cure": visit.form.get("deed") == "cure"}
    draft = await visit.ask("draftTerms", DraftShown, body)
    return rooms.shown(visit, "terms_draft.html", draft=draft, against=against)


async def write(visit: Visit) -> Answer:
    """Check the document again, cure it, or publish it."""
    if visit.form.get("deed") != "publish":
        return await show_draft(visit)
    document = visit.form.get("document")
    done = await visit.ask(
        "publishTerms", PublicationShown, key=visit.form.key, content=document.encode()
    )
    return Moved(f"{TERMS.path}/{done.terms_hash}")


def pages() -> list[Page]:
    """The pages of this module."""
    draft, one = f"{TERMS.path}/draft", f"{TERMS.path}/{{terms_hash}}"
    return [
        TERMS.page("office-terms", show_list),
        TERMS.page("office-terms-draft", show_draft, write, draft, DOCUMENT_LIMIT),
        TERMS.page("office-terms-version", show_version, sell, one),
    ]
