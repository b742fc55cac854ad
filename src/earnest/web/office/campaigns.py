"""/office/campaigns: every campaign; one with its groups, benefits and history; writing a version.

Not here: its codes (`codes.py`), what came of it (`report.py`), and watching its sale
(`launches.py`).
"""

from __future__ import annotations

from earnest.people.caller import Privilege
from earnest.web.api.announcing import CampaignDraft, CampaignVersions, with_version
from earnest.web.api.campaign_list import Campaigns
from earnest.web.api.campaigns import CampaignPublished, CampaignShown
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.codes import SALES
from earnest.web.office.rooms import CAMPAIGNS
from earnest.web.office.terms import DOCUMENT_LIMIT
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.visit import Visit

ONE = f"{CAMPAIGNS.path}/{{campaign_id}}"
_DRAFT = f"{CAMPAIGNS.path}/draft"


async def show_list(visit: Visit) -> Answer:
    """Every campaign with its state and its dates, those that are over included."""
    found = await visit.ask("listCampaigns", Campaigns, {"ended": True})
    return rooms.shown(
        visit, "campaigns.html", campaigns=found.campaigns, may_write=may_write(visit)
    )


async def show_campaign(visit: Visit) -> Answer:
    """One campaign: dates, groups with their quotas, benefits, findings, every version."""
    await visit.follow("launch", visit.path["campaign_id"])
    path = {"campaign_id": visit.path["campaign_id"]}
    return rooms.shown(
        visit,
        "campaign.html",
        campaign=await visit.ask("showCampaign", CampaignShown, path=path),
        history=await visit.ask("listCampaignVersions", CampaignVersions, path=path),
        may_write=may_write(visit),
        may_sell=bool(visit.by.actor.roles & SALES),
    )


def may_write(visit: Visit) -> bool:
    """Whether the reader publishes campaigns."""
    return Privilege.TERMS_EDITOR in visit.by.privileges


async def show_draft(visit: Visit) -> Answer:
    """A version that is being written: what is wrong with it, and what it would change."""
    document, before = visit.form.get("document"), visit.query.get("from", "")
    if not document and before:
        path = {"campaign_id": before}
        newest = (await visit.ask("listCampaignVersions", CampaignVersions, path=path)).versions[0]
        document = with_version(newest.source, newest.version + 1)
    draft = await visit.ask("draftCampaign", CampaignDraft, {"document": document})
    return rooms.shown(visit, "campaign_draft.html", draft=draft, document=document, before=before)


async def write(visit: Visit) -> Answer:
    """Check the document again, or announce it."""
    if visit.form.get("deed") != "announce":
        return await show_draft(visit)
    content = visit.form.get("document").encode()
    done = await visit.ask(
        "publishCampaign", CampaignPublished, key=visit.form.key, content=content
    )
    return Moved(f"{CAMPAIGNS.path}/{done.campaign_id}")


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        CAMPAIGNS.page("office-campaigns", show_list),
        Page(
            path=_DRAFT,
            name="office-campaign-draft",
            access=Access.EDITORS,
            show=show_draft,
            submit=write,
            largest_form=DOCUMENT_LIMIT,
        ),
        CAMPAIGNS.page("office-campaign", show_campaign, path=ONE),
    ]
