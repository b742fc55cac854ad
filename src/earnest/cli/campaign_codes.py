"""`earnest campaign codes`: issue the priority codes of a group, and see what became of them.

Not here: campaigns themselves (`campaign.py`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from earnest.beside import issue_campaign_codes
from earnest.cli.campaign import UTC, IdArgument, campaign_file, print_rejection
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.cli.terms import LanguageOption
from earnest.core.values.ids import BuyerId, CampaignId, GroupId
from earnest.core.values.outcome import Rejected
from earnest.desk.campaigns import WantedCodes
from earnest.desk.group import KeyReused
from earnest.settings import settings_to_sign

codes = App(name="codes", help="Issue the priority codes of a group, and look at them.")

MOST_CODES = 10_000


@codes.command
def issue(  # noqa: PLR0913 - the options of a command line
    campaign_id: IdArgument,
    group: Annotated[str, Parameter(help="The id of a group that is entered with codes.")],
    *,
    staff: Annotated[
        str,
        Parameter(name="--as", help="Who issues them; not whoever published the campaign."),
    ],
    valid_until: Annotated[
        datetime, Parameter(help="Until when, with a zone: 2027-07-01T00:00:00+08:00.")
    ],
    count: Annotated[
        int, Parameter(help="How many, for anybody.", validator=Number(gte=0, lte=MOST_CODES))
    ] = 0,
    buyer: Annotated[
        list[str] | None,
        Parameter(help="A buyer's id: the code is theirs alone. Repeat it.", negative=""),
    ] = None,
    key: Annotated[
        str, Parameter(help="A name for this act; the same name gives the same codes again.")
    ],
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Issue codes within the published quota and print them, one a line.

    A code is good for one reservation. It opens a place of its group, never a better rank. It is
    kept nowhere: the same --key prints the same codes again. Exit code 1 when it is refused.
    """
    if valid_until.tzinfo is None or bool(count) == bool(buyer):
        say("Give --valid-until a zone, and either --count or --buyer. [wrong_type]", to=errors)
        return 1
    wanted = WantedCodes(
        campaign_id=CampaignId(campaign_id),
        group_id=GroupId(group),
        count=count or len(buyer or ()),
        valid_until=valid_until,
        buyer_ids=tuple(map(BuyerId, buyer or ())),
    )
    settings = settings_to_sign(os.environ, data)
    outcome = asyncio.run(issue_campaign_codes(settings, staff, key, wanted))
    if isinstance(outcome, Rejected):
        return print_rejection(outcome, language)
    if isinstance(outcome, KeyReused):
        say(f"The name {key} was used for other codes; choose another. [key_reused]", to=errors)
        return 1
    sys.stdout.writelines(f"{each}\n" for each in outcome)
    return 0


@codes.command
def show(campaign_id: IdArgument, *, data: DataOption = Path(".earnest")) -> int:
    """List every issued code of a campaign: its group, until when, whose, and which order uses it.

    The code itself is a signature and is not kept, so nobody can read it here. Times are UTC.
    """
    found = campaign_file(data, campaign_id)
    if found is None:
        return 1
    rows = table("Codes", "code!", "group", "good until", "whose!", "used by!")
    for each in found.codes:
        rows.add_row(
            each.code_id,
            each.group_id,
            instant_text(each.valid_until, UTC),
            each.buyer_id or "",
            each.order_id or "",
        )
    if found.codes:
        console.print(rows)
    else:
        say("No codes were issued.")
    return 0
