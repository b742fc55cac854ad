"""The demo's statements, imported for it: two accounts, and all but the last days.

The last days are left for whoever looks around: `earnest money example` writes them as files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from earnest.core.reconciliation.booked import Booked
from earnest.core.reconciliation.matching import OpenLine
from earnest.core.reconciliation.statement import LineKind, StatementHead
from earnest.core.values.instant import Instant, zone
from earnest.core.values.outcome import Rejected
from earnest.demo.stage import PEOPLE
from earnest.demo.statements import (
    BANK,
    OWN_FUNDS,
    PROVIDER,
    Entry,
    Period,
    bank_camt053,
    bank_csv,
    bank_entries,
    bank_mt940,
    first_period,
    left_to_do,
    provider_csv,
    provider_entries,
)
from earnest.desk.publishing import Act
from earnest.desk.reconciliation_ports import TIME_ZONE, Reconciliations
from earnest.desk.reconciling import MOST_OPEN, add_account, import_statement
from earnest.desk.views import Register
from earnest.gateways.statements.reading import digest_of, read_statement

_BY = f"staff:{PEOPLE['finance'][0]}"


async def seed_statements(store: Reconciliations, register: Register, now: Instant) -> None:
    """Import what provider and bank say of the demo's first orders; once."""
    async with store.reading() as books:
        if await books.accounts():
            return
        booked = await books.open_booked(MOST_OPEN)
    if not booked:
        return
    today = now.astimezone(zone(TIME_ZONE)).date()
    at_provider = first_period(today, booked, 0)
    entries = provider_entries(booked, at_provider)
    at_bank = first_period(today, booked, OWN_FUNDS)
    arrived = [*bank_entries(entries, at_bank), *left_to_do(at_bank)]
    files = (
        (PROVIDER, provider_csv(entries, at_provider, "2026-1")),
        (BANK, bank_camt053(arrived, at_bank, "HB-1")),
    )
    for account, content in files:
        added = await add_account(store, account, _act(f"account-{account.account_id}", now))
        assert added == account, "a demo without accounts takes its own"
        statement = read_statement(content, account)
        digest, act = digest_of(content), _act(f"statement-{account.account_id}", now)
        head = await import_statement(store, register, account, statement, digest, act)
        assert not isinstance(head, Rejected), f"the demo's own statement is sound: {head}"


def next_files(
    today: date,
    booked: Sequence[Booked],
    lines: Sequence[OpenLine],
    heads: Sequence[StatementHead],
) -> dict[str, bytes]:
    """What provider and bank would send next, up to yesterday, by the names of the files.

    `booked` and `lines` are what is open: payouts that were in transit arrive. The bank's
    statement comes in three forms, of which one is imported. Empty when the last statements reach
    as far already.
    """
    last = {each.account_id: each for each in heads}
    yesterday = today - timedelta(days=1)
    provider, bank = last.get(PROVIDER.account_id), last.get(BANK.account_id)
    if provider is None or bank is None or max(provider.ends, bank.ends) >= yesterday:
        return {}
    at_provider = Period(provider.ends + timedelta(days=1), yesterday, provider.closing)
    at_bank = Period(bank.ends + timedelta(days=1), yesterday, bank.closing)
    entries = provider_entries(booked, at_provider)
    arrived = bank_entries([*_in_transit(lines), *entries], at_bank)
    number = f"{yesterday:%Y%m%d}"
    return {
        "provider.csv": provider_csv(entries, at_provider, number),
        "bank-camt053.xml": bank_camt053(arrived, at_bank, number),
        "bank-mt940.sta": bank_mt940(arrived, at_bank, number[-5:]),
        **({"bank.csv": bank_csv(arrived, at_bank)} if arrived else {}),
    }


def _in_transit(lines: Sequence[OpenLine]) -> list[Entry]:
    """Payouts that the provider sent and no bank shows yet."""
    return [
        Entry(
            LineKind.PAYOUT,
            each.line.reference,
            each.line.booked_on,
            each.line.amount,
            each.line.batch,
        )
        for each in lines
        if each.line.kind is LineKind.PAYOUT
    ]


def _act(name: str, now: Instant) -> Act:
    key = f"demo-{name}"
    return Act(actor_id=_BY, key=key, content_hash=key, received_at=now)
