"""/office/money: what is held beside what the books say, refunds with their clocks, the journal.

Not here: statements (`money_statements.py`), open items (`money_open.py`), and releasing and
refunding, which are commands of an order (`acting`).
"""

from __future__ import annotations

from earnest.core.order.work import WorkKind
from earnest.core.reconciliation.explained import Explained
from earnest.core.values.money import Money, total
from earnest.web.api.accounts import Accounts
from earnest.web.api.reconciliation import Reconciliation
from earnest.web.api.searching import WorkList, WorkShown
from earnest.web.office import rooms
from earnest.web.office.acting.fields import day_after, moment_of
from earnest.web.office.rooms import CASES, MONEY
from earnest.web.office.words import ACCOUNTS, EXPLAINED, STAGES, WORK
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit

NO_ITEMS = {"limit": 0, "doubts": False}
"""Of the reconciliation everything but what is open, which has a page of its own."""

_OF_MONEY = frozenset({WorkKind.REFUND, WorkKind.RELEASE_PAYOUT, WorkKind.RELEASE_FORFEITURE})


async def show(visit: Visit) -> Answer:
    """The books beside what is held, and what of them waits for somebody."""
    accounts = (await visit.ask("showAccounts", Accounts)).accounts
    seen = await visit.ask("showReconciliation", Reconciliation, NO_ITEMS)
    work = await _work(visit)
    return rooms.shown(
        visit,
        "money.html",
        accounts=[(ACCOUNTS[each.account], Money(each.amount, each.currency)) for each in accounts],
        seen=seen,
        names={each.account.account_id: each.account for each in seen.accounts},
        steps=[(each, _steps(each)) for each in seen.explained if each.items],
        explained_words=EXPLAINED,
        work=work,
        owed=_sums([each for each in work or () if each.kind is WorkKind.REFUND]),
        overdue=sum(each.is_overdue for each in work or ()),
        stages=STAGES,
        kinds=WORK,
        month=visit.received_at.date().replace(day=1),
        today=visit.received_at.date(),
    )


async def _work(visit: Visit) -> list[WorkShown] | None:
    """Refunds and releases, the soonest first; None for whoever may not know of buyers."""
    if not CASES.is_open_to(visit.by):
        return None
    found = (await visit.ask("listWork", WorkList)).work
    return [each for each in found if each.kind in _OF_MONEY]


def _steps(explained: Explained) -> list[tuple[str, str, Money]]:
    """Every step: its account, its words, its sum."""
    return [
        (each.account_id, EXPLAINED[each.kind], Money(each.amount, explained.currency))
        for each in explained.items
    ]


def _sums(work: list[WorkShown]) -> list[Money]:
    """What refunds come to, by currency."""
    amounts = [each.work.amount for each in work if each.work.amount is not None]
    currencies = sorted({each.currency for each in amounts})
    return [
        total([each for each in amounts if each.currency == currency], currency)
        for currency in currencies
    ]


async def keep_journal(visit: Visit) -> Answer:
    """The journal of some days, the last one included, as a file to keep."""
    first, last = visit.query.get("first", ""), visit.query.get("last", "")
    body = {"begins": moment_of(first), "ends": day_after(last)}
    content = await visit.ask("showJournal", bytes, body)
    return kept(content, f"journal-{body['begins'][:10]}-{last[:10]}.csv")


def kept(content: bytes, name: str) -> Sent:
    """A table as a file to keep."""
    disposition = f'attachment; filename="{name}"'.encode("ascii", "replace")
    return Sent(
        content=content,
        media_type="text/csv; charset=utf-8",
        headers=[(b"content-disposition", disposition)],
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        MONEY.page("office-money", show),
        MONEY.page("office-journal", keep_journal, path=f"{MONEY.path}/journal"),
    ]
