"""/office/launches and /office/launches/{queue_id}: a sale watched live, paused and extended.

Not here: writing a campaign (`campaigns.py`), and what buyers see of it.
"""

from __future__ import annotations

from earnest.core.order.stage import Stage
from earnest.core.values.ids import QueueId
from earnest.web.api.campaigns import CampaignPublished, CampaignShown
from earnest.web.api.offers import Offers
from earnest.web.api.pauses import LAUNCH_CONTROL, Pauses, PauseShown
from earnest.web.api.watching import Figures
from earnest.web.languages import LANGUAGES
from earnest.web.office import rooms
from earnest.web.office.acting.fields import moment_of
from earnest.web.office.campaigns import may_write
from earnest.web.office.rooms import LAUNCHES
from earnest.web.office.troubles import troubles
from earnest.web.office.words import STAGES
from earnest.web.pages.page import Answer, Moved, Page
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
    await visit.follow("figures", visit.path["queue_id"])
    queue_id = QueueId(visit.path["queue_id"])
    path = {"queue_id": queue_id}
    figures = await visit.ask("showFigures", Figures, path=path)
    campaign = await _campaign(visit, queue_id)
    answers = figures.answers
    return rooms.shown(
        visit,
        "launch.html",
        figures=figures,
        campaign=campaign,
        pauses=(await visit.ask("listPauses", Pauses, path=path)).pauses,
        paid=sum(number for stage, number in figures.stages.items() if stage not in _UNPAID),
        refused=sum(number for status, number in answers.items() if status.startswith("4")),
        accepted=sum(number for status, number in answers.items() if status.startswith("2")),
        again=answers.get("503", 0),
        stages=STAGES,
        troubles=list(troubles(figures)),
        may_pause=bool(visit.by.actor.roles & LAUNCH_CONTROL),
        may_extend=may_write(visit),
    )


async def _campaign(visit: Visit, queue_id: QueueId) -> CampaignShown | None:
    known = visit.house.desk.library.campaign_at(queue_id, visit.received_at)
    if known is None:
        return None
    path = {"campaign_id": known.campaign_id}
    return await visit.ask("showCampaign", CampaignShown, path=path)


async def control(visit: Visit) -> Answer:
    """Pause the sale, resume it, or let its campaign end later."""
    form, path = visit.form, {"queue_id": visit.path["queue_id"]}
    if form.name == "pause":
        body = {"texts": {language: form.get(f"why-{language}") for language in LANGUAGES}}
        await visit.ask("pauseSale", PauseShown, body, path=path, key=form.key)
    elif form.name == "resume":
        await visit.ask("resumeSale", PauseShown, path=path, key=form.key)
    else:
        end, named = moment_of(form.get("closes_at")), {"campaign_id": form.get("campaign_id")}
        later = {"closes_at": end}
        await visit.ask("extendCampaign", CampaignPublished, later, path=named, key=form.key)
    return Moved(visit.address)


def pages() -> list[Page]:
    """The pages of this module."""
    one = f"{LAUNCHES.path}/{{queue_id}}"
    return [
        LAUNCHES.page("office-launches", show_list),
        LAUNCHES.page("office-launch", show_launch, control, path=one),
    ]
