"""What may be read before a campaign reveals it: terms, but neither prices nor options.

Every door that shows a catalogue, a price, or the document of terms (which names the lowest price)
asks here. A campaign is published before what it sells is put on sale. Not here: the rule that
nobody reserves before the reveal (`core/launch`).
"""

from __future__ import annotations

from collections.abc import Iterable

from earnest.core.catalogue.model import Catalogue
from earnest.core.queue.offer import Offer
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.core.values.instant import Instant
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.problems import TurnedAway


def is_hidden(house: House, offer: Offer, now: Instant) -> bool:
    """Whether an offer belongs to a campaign that has not revealed it.

    What was on sale before the campaign was announced stays readable for those who ordered it.
    """
    library = house.desk.library
    campaign = library.campaign_at(offer.queue_id, now)
    if campaign is None or campaign.is_revealed(now):
        return False
    first = min(each.published_at for each in library.versions_of(campaign.campaign_id))
    return offer.opens_at > first


def _are_hidden(house: House, offers: Iterable[Offer], now: Instant) -> bool:
    known = list(offers)
    return bool(known) and all(is_hidden(house, each, now) for each in known)


def price_is_hidden(house: House, terms_hash: TermsHash, now: Instant) -> bool:
    """Whether these terms are only on sale in campaigns that have not revealed their prices."""
    offers = house.desk.library.offers()
    return _are_hidden(house, (x for x in offers if x.terms_hash == terms_hash), now)


async def readable_catalogue(
    house: House, catalogue_hash: CatalogueHash, now: Instant
) -> Catalogue:
    """A published catalogue; one that is not revealed is as unknown as one that does not exist."""
    library = house.desk.library
    catalogue = library.known_catalogue(catalogue_hash)
    if catalogue is None:
        catalogue = await house.reader.catalogue(catalogue_hash)
    offers = library.offers()
    own = (each for each in offers if each.catalogue_hash == catalogue_hash)
    if catalogue is None or _are_hidden(house, own, now):
        raise TurnedAway(DoorCode.CATALOGUE_UNKNOWN)
    return catalogue
