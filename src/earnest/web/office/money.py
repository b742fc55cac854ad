"""/office/money: what stands on every account, refunds with their clocks, and the journal.

Not here: releasing and refunding, which are commands of an order (`acting`).
"""

from __future__ import annotations

from earnest.core.order.work import WorkKind
from earnest.core.values.money import Money
from earnest.web.api.accounts import Accounts
from earnest.web.api.searching import WorkList
from earnest.web.office import rooms
from earnest.web.office.acting.fields import day_after, moment_of
from earnest.web.office.rooms import CASES, MONEY
from earnest.web.office.words import ACCOUNTS, STAGES, WORK
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit

_OF_MONEY = frozenset({WorkKind.REFUND, WorkKind.RELEASE_PAYOUT, WorkKind.RELEASE_FORFEITURE})


async def show(visit: Visit) -> Answer:
    """The books, and what of them waits for somebody."""
    accounts = (await visit.ask("showAccounts", Accounts)).accounts
    work = None
    if CASES.is_open_to(visit.by):
        found = (await visit.ask("listWork", WorkList)).work
        work = [each for each in found if each.kind in _OF_MONEY]
    return rooms.shown(
        visit,
        "money.html",
        accounts=[(ACCOUNTS[each.account], Money(each.amount, each.currency)) for each in accounts],
        work=work,
        overdue=sum(each.is_overdue for each in work or ()),
        stages=STAGES,
        kinds=WORK,
        month=visit.received_at.date().replace(day=1),
        today=visit.received_at.date(),
    )


async def keep_journal(visit: Visit) -> Answer:
    """The journal of some days, the last one included, as a file to keep."""
    first, last = visit.query.get("first", ""), visit.query.get("last", "")
    body = {"begins": moment_of(first), "ends": day_after(last)}
    content = await visit.ask("showJournal", bytes, body)
    name = f"journal-{body['begins'][:10]}-{last[:10]}.csv"
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode())]
    return Sent(content=content, media_type="text/csv; charset=utf-8", headers=headers)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        MONEY.page("office-money", show),
        MONEY.page("office-journal", keep_journal, path=f"{MONEY.path}/journal"),
    ]
