"""/office/campaigns/{campaign_id}/codes: issuing priority codes, listing them, taking them back.

A code is shown when it is issued and is kept nowhere; the same page gives it once more as a file,
by the key under which it was issued. Not here: what a code opens (`core/launch/admitting.py`).
"""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from typing import Any

from earnest.core.launch.campaign import Entry
from earnest.core.order.actor import Role
from earnest.web.api.campaigns import CampaignShown
from earnest.web.api.codes import CodesListed, CodesMade, CodesRevoked, CodeState
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.acting.fields import count_of, moment_of
from earnest.web.office.rooms import CAMPAIGNS
from earnest.web.pages.page import FORM_LIMIT, Answer, Moved, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

SALES = frozenset({Role.SALES})
_PATH = f"{CAMPAIGNS.path}/{{campaign_id}}/codes"
_MOST_LISTED = 200
"""Codes of one state on the page; the counts beside them are of all."""

STATES: dict[CodeState, str] = {
    CodeState.ISSUED: said("Not used yet"),
    CodeState.USED: said("Used"),
    CodeState.OVER: said("Over"),
    CodeState.REVOKED: said("Revoked"),
}
"""The name of every state of a code."""


async def show(visit: Visit) -> Answer:
    """The codes of one state, how many there are of each, and the form that issues more."""
    return await _shown(visit, None)


async def submit(visit: Visit) -> Answer:
    """Issue codes and show them once, give them once more as a file, or take some back."""
    path, form = {"campaign_id": visit.path["campaign_id"]}, visit.form
    if form.name == "revoke":
        body = {"code_ids": form.all("code_id")}
        await visit.ask("revokeCodes", CodesRevoked, body, path=path)
        return Moved(visit.address)
    key = form.get("batch") or form.key
    made = await visit.ask("issueCodes", CodesMade, _wanted(visit), path=path, key=key)
    if form.name == "keep":
        return _as_file(made, visit.path["campaign_id"])
    return await _shown(visit, made, key=key)


def _wanted(visit: Visit) -> dict[str, Any]:
    form = visit.form
    buyers = form.get("buyer_ids").split()
    count = form.get("count") or "0"
    return {
        "group_id": form.get("group_id"),
        "valid_until": moment_of(form.get("valid_until")),
        **({"buyer_ids": buyers} if buyers else {"count": count_of(count)}),
    }


def _as_file(made: CodesMade, campaign_id: str) -> Sent:
    written = StringIO()
    table = csv.writer(written)
    table.writerow(("code_id", "buyer_id", "code"))
    table.writerows((each.code_id, each.buyer_id or "", each.code) for each in made.codes)
    disposition = f'attachment; filename="codes-{campaign_id}.csv"'
    return Sent(
        content=written.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers=[
            (b"content-disposition", disposition.encode()),
            (b"cache-control", b"no-store"),
        ],
    )


async def _shown(visit: Visit, made: CodesMade | None, key: str = "") -> Answer:
    path = {"campaign_id": visit.path["campaign_id"]}
    campaign = await visit.ask("showCampaign", CampaignShown, path=path)
    codes = (await visit.ask("listCodes", CodesListed, path=path)).codes
    wanted = visit.query.get("state", CodeState.ISSUED.value)
    listed = [each for each in codes if each.state == wanted]
    return rooms.shown(
        visit,
        "codes.html",
        campaign=campaign,
        groups=[each for each in campaign.groups if each.entry is Entry.CODES],
        counts=Counter(each.state for each in codes),
        listed=listed[:_MOST_LISTED],
        more=max(len(listed) - _MOST_LISTED, 0),
        wanted=wanted,
        states=STATES,
        made=made,
        batch=key,
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path=_PATH,
            name="office-codes",
            access=Access.ACTORS,
            roles=SALES,
            show=show,
            submit=submit,
            largest_form=FORM_LIMIT,
        )
    ]
