"""/office/launches and /office/launches/{queue_id}: a sale as it runs, watched live.

Not here: publishing a campaign, and what buyers see of it.
"""

from __future__ import annotations

from earnest.core.order.stage import Stage
from earnest.core.values.ids import QueueId
from earnest.web.api.campaigns import CampaignShown
from earnest.web.api.offers import Offers
from earnest.web.api.watching import Figures
from earnest.web.office import rooms
from earnest.web.office.rooms import LAUNCHES
from earnest.web.office.words import STAGES
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit

_UNPAID = frozenset({Stage.RESERVED, Stage.LAPSED})


async def show_list(visit: Visit) -> Answer:
    """Every queue that sells or will sell, with its campaign."""
    library, now = visit.house.desk.library, visit.received_at
    offers = (await visit.ask("listOffers", Offers)).offers
    campaigns = {each.queue_id: each for each in library.campaigns_in_force(now)}
    queues = sorted({each.queue_id for each in offers} | set(campaigns))
    figures = [
        await visit.ask("showFigures", Figures, path={"queue_id": queue_id}) for queue_id in queues
    ]
    return rooms.shown(
        visit,
        "launches.html",
        figures=figures,
        campaigns=campaigns,
        is_open={each.queue_id for each in offers if each.is_open},
    )


async def show_launch(visit: Visit) -> Answer:
    """One queue: how fast, how many, where they stand, what is left, what is in trouble."""
    queue_id = QueueId(visit.path["queue_id"])
    figures = await visit.ask("showFigures", Figures, path={"queue_id": queue_id})
    known = visit.house.desk.library.campaign_at(queue_id, visit.received_at)
    campaign = None
    if known is not None:
        path = {"campaign_id": known.campaign_id}
        campaign = await visit.ask("showCampaign", CampaignShown, path=path)
    paid = sum(number for stage, number in figures.stages.items() if stage not in _UNPAID)
    return rooms.shown(
        visit,
        "launch.html",
        figures=figures,
        campaign=campaign,
        paid=paid,
        refused=sum(n for status, n in figures.answers.items() if status.startswith("4")),
        accepted=sum(n for status, n in figures.answers.items() if status.startswith("2")),
        stages=STAGES,
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        LAUNCHES.page("office-launches", show_list),
        LAUNCHES.page("office-launch", show_launch, path=f"{LAUNCHES.path}/{{queue_id}}"),
    ]
