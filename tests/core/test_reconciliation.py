"""Reconciling: what matches and what is doubted, by hand with two people, and the explanation.

Not here: files (`tests/gateways/test_statements.py`) and the store's sums (`tests/store`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.order.events import DepositReceived, Locked, PayoutPaid
from earnest.core.order.parts import LockMode
from earnest.core.reconciliation.booked import Booked, booked_of
from earnest.core.reconciliation.by_hand import (
    MOST_TOGETHER,
    Chosen,
    Match,
    MatchState,
    approve,
    match_by_hand,
    undo,
)
from earnest.core.reconciliation.explained import (
    AccountSums,
    ItemKind,
    Sums,
    days_shown,
    explain,
    when_booked,
)
from earnest.core.reconciliation.matching import (
    Cause,
    DoubtKind,
    Found,
    OpenLine,
    amounts_of,
    match,
)
from earnest.core.reconciliation.statement import (
    Gap,
    LineKind,
    StatementHead,
    gaps_of,
    overlapping,
    statement_id_of,
    why_unsound,
)
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.reconciling import AT, BANK, DAY, PAY, booked, buyer, line, statement

# Statements ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        (
            {"account_number": "other"},
            Rejected(Reason.STATEMENT_OF_ANOTHER_ACCOUNT, {"number": "earnest"}),
        ),
        ({"currency": "EUR"}, Rejected(Reason.CURRENCY_DIFFERS, {"currency": "CNY"})),
        ({"closing": 99}, Rejected(Reason.STATEMENT_UNBALANCED, {"missing": "-0.01"})),
        ({"closing": 100 + 12345}, Rejected(Reason.STATEMENT_UNBALANCED, {"missing": "123.45"})),
    ],
)
def test_a_statement_that_cannot_be_right_is_named(
    changed: dict[str, object], expected: Rejected | None
) -> None:
    sound = statement(line(1, 100).line)

    assert why_unsound(msgspec.structs.replace(sound, **changed), PAY) == expected


def test_a_payout_is_the_sum_of_its_batch() -> None:
    taken = line(1, 1_000, batch="b").line
    fee = line(2, -2, kind=LineKind.FEE, batch="b").line
    other = line(4, -5, kind=LineKind.PAYOUT, batch="of an earlier statement").line

    def sent(amount: int) -> Rejected | None:
        payout = line(3, amount, kind=LineKind.PAYOUT, batch="b").line
        return why_unsound(statement(taken, fee, payout, other), PAY)

    assert sent(-998) is None
    assert sent(-1_000) == Rejected(Reason.BATCH_DIFFERS, {"batch": "b"})


def head(first: int, last: int, opening: int, closing: int) -> StatementHead:
    """A statement of some days of a month."""
    return StatementHead(
        statement_id=statement_id_of("pay", f"{first}"),
        account_id="pay",
        number=f"{first}",
        digest="d" * 64,
        currency="CNY",
        begins=DAY.replace(day=first),
        ends=DAY.replace(day=last),
        opening=opening,
        closing=closing,
    )


def test_what_is_missing_between_statements_is_said() -> None:
    one, two, three = head(1, 5, 0, 10), head(6, 9, 10, 30), head(12, 15, 35, 40)
    quiet = head(18, 20, 40, 40)

    assert gaps_of([two, one]) == ()
    assert gaps_of([quiet, three, one, two]) == (
        Gap(after=date(2026, 11, 9), before=date(2026, 11, 12), amount=5),
        Gap(after=date(2026, 11, 15), before=date(2026, 11, 18), amount=0),
    )
    assert overlapping(date(2026, 11, 9), date(2026, 11, 11), [one, two, three]) == two
    assert overlapping(date(2026, 11, 10), date(2026, 11, 11), [one, two, three]) is None


# Booked sums --------------------------------------------------------------------------------


def test_a_booked_sum_has_the_day_and_the_id_of_the_provider() -> None:
    place = booked("li", 1).place
    late = AT.replace(hour=17)
    received = DepositReceived(
        at=AT,
        payment_number=1,
        amount=Money(500, "CNY"),
        paid_at=late,
        provider="sandbox",
        provider_payment_id="pay_1",
        cooling_off_ends=AT,
    )
    paid = PayoutPaid(at=AT, payout_number=1, amount=Money(5, "CNY"), provider_reference="ref_1")
    came = Posting(Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS, Money(500, "CNY"))
    left = Posting(Account.OWED_TO_BUYERS, Account.PROVIDER_CLEARING, Money(5, "CNY"))

    one = booked_of(place, came, received, "Asia/Shanghai")
    other = booked_of(place, left, paid, "Asia/Shanghai")

    assert (one.on, one.amount, one.reference) == (date(2026, 11, 4), 500, "pay_1")
    assert (other.on, other.amount, other.reference) == (date(2026, 11, 3), -5, "ref_1")


def test_what_moves_nothing_at_a_provider_is_no_booked_sum() -> None:
    place = booked("li", 1).place
    locked = Locked(at=AT, mode=LockMode.AT_EXPIRY, deposit=Money(5, "CNY"), undo_until=None)
    clearing = Posting(Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS, Money(5, "CNY"))
    inside = Posting(Account.CUSTOMER_DEPOSITS, Account.COMMITTED_DEPOSITS, Money(5, "CNY"))

    with pytest.raises(AssertionError, match="Locked moves nothing"):
        booked_of(place, clearing, locked, "Asia/Shanghai")
    with pytest.raises(AssertionError, match="only clearing is reconciled"):
        booked_of(place, inside, locked, "Asia/Shanghai")


# Matching -----------------------------------------------------------------------------------


def found(
    lines: Sequence[OpenLine], sums: Sequence[Booked], names: dict[str, str] | None = None
) -> list[tuple[Cause, int, int]]:
    """What matched: its cause, how many lines, how many booked sums."""
    known = {buyer(name): words for name, words in (names or {}).items()}
    matching = match(lines, sums, known)
    return [(each.cause, len(each.lines), len(each.booked)) for each in matching.found]


def doubts(lines: Sequence[OpenLine], sums: Sequence[Booked]) -> list[tuple[DoubtKind, int]]:
    """What is doubtful: why, and how many things fit."""
    matching = match(lines, sums, {})
    assert matching.found == ()
    return [(each.kind, len(each.booked) + len(each.lines)) for each in matching.doubts]


def test_the_provider_id_and_the_sum_are_enough() -> None:
    one, other = line(1, 500, reference="pay_1"), line(2, 500, reference="pay_2")
    li, zhang = booked("li", 500, "pay_1"), booked("zhang", 500, "pay_2")

    matching = match([other, one], [zhang, li], {})

    assert matching.found == (
        Found(cause=Cause.REFERENCE, lines=(one.place,), booked=(li.place,)),
        Found(cause=Cause.REFERENCE, lines=(other.place,), booked=(zhang.place,)),
    )
    assert matching.doubts == ()


def test_the_same_id_twice_is_for_a_person() -> None:
    twice = [booked("li", 500, "pay_1"), booked("zhang", 500, "pay_1")]

    assert doubts([line(1, 500, reference="pay_1")], twice) == [(DoubtKind.SEVERAL, 2)]


def test_the_same_id_with_another_sum_is_never_matched_by_anything_weaker() -> None:
    li = booked("li", 500, "pay_1")
    short = line(1, 499, reference="pay_1", text=li.place.order_id)
    whole = line(2, 500, reference="pay_9", text=li.place.order_id)

    assert doubts([short, whole], [li]) == [(DoubtKind.AMOUNT_DIFFERS, 1)]


def test_another_currency_is_never_the_same_money() -> None:
    assert (
        found([line(1, 500, reference="pay_1")], [booked("li", 500, "pay_1", currency="EUR")]) == []
    )


def test_a_payout_is_found_at_the_bank_by_its_id_in_the_text() -> None:
    sent = line(1, -998, kind=LineKind.PAYOUT, reference="po_7", batch="b")
    arrived = line(1, 998, account=BANK, text="PAYOUT PO_7")
    same_sum = line(2, 998, account=BANK, text="something else")

    matching = match([sent, same_sum, arrived], [], {})

    assert [each.lines for each in matching.found] == [(sent.place, arrived.place)]
    assert matching.found[0].cause is Cause.PAYOUT_REFERENCE


@pytest.mark.parametrize(
    ("days", "payer", "expected"),
    [
        (0, "SANDBOX  PAY", [(Cause.PAYOUT_PAYER, 2, 0)]),
        (5, "Sandbox Pay", [(Cause.PAYOUT_PAYER, 2, 0)]),
        (6, "Sandbox Pay", []),
        (-1, "Sandbox Pay", []),
        (2, "Somebody", []),
    ],
)
def test_without_an_id_a_payout_needs_its_payer_and_its_days(
    days: int, payer: str, expected: list[tuple[Cause, int, int]]
) -> None:
    sent = line(1, -998, kind=LineKind.PAYOUT, reference="po_7")
    arrived = line(1, 998, account=BANK, payer=payer, day=DAY + timedelta(days=days))

    assert found([sent, arrived], []) == expected


def test_two_payouts_of_one_sum_are_not_guessed() -> None:
    sent = [line(each, -998, kind=LineKind.PAYOUT, reference=f"po_{each}") for each in (1, 2)]
    arrived = line(1, 998, account=BANK, payer="Sandbox Pay")

    assert doubts([*sent, arrived], []) == [(DoubtKind.SEVERAL, 1), (DoubtKind.SEVERAL, 1)]


def test_the_number_of_the_order_in_the_text_and_the_sum_are_enough() -> None:
    li = booked("li", 500, "pay_1")
    at_bank = line(1, 500, account=BANK, text=f"deposit {li.place.order_id.lower()}, thanks")

    assert found([at_bank], [li]) == [(Cause.ORDER_IN_TEXT, 1, 1)]
    assert found([line(1, 499, account=BANK, text=li.place.order_id)], [li]) == []
    assert found([line(1, 500, account=BANK, text=f"{li.place.order_id}7")], [li]) == []


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("li wen", 3, [(Cause.PAYER, 1, 1)]),
        ("Li Wen", -3, [(Cause.PAYER, 1, 1)]),
        ("Li Wen", 4, []),
        ("Wen Li", 0, []),
        ("", 0, []),
    ],
)
def test_the_buyer_as_payer_needs_the_sum_and_a_day_close_by(
    name: str, days: int, expected: list[tuple[Cause, int, int]]
) -> None:
    at_bank = line(1, 500, account=BANK, payer="LI  WEN", day=DAY + timedelta(days=days))

    assert found([at_bank], [booked("li", 500)], {"li": name}) == expected


def test_a_fee_is_matched_to_nothing_and_no_payer_means_nobody_is_looked_up() -> None:
    fee = line(1, -2, kind=LineKind.FEE, reference="pay_1")

    assert found([fee], [booked("li", -2, "pay_1")]) == []
    assert amounts_of([fee, line(2, 7, account=BANK, payer="x")]) == {("CNY", 7)}


REFERENCES = st.sampled_from(["", "pay_1", "pay_2", "pay_3"])
AMOUNTS = st.sampled_from([500, 500, 998, 1_000])
NAMES = ("li", "zhang", "wang")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[OpenLine], list[Booked]]:
    """Lines and booked sums that resemble each other on purpose."""
    lines = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        account = draw(st.sampled_from([PAY, BANK]))
        kind = draw(st.sampled_from([LineKind.PAYMENT, LineKind.PAYOUT, LineKind.FEE]))
        amount = draw(AMOUNTS)
        text = draw(st.sampled_from(["", booked(draw(st.sampled_from(NAMES)), 1).place.order_id]))
        lines.append(
            line(
                number,
                -amount if account is PAY and kind is not LineKind.PAYMENT else amount,
                account=account,
                kind=kind,
                day=DAY + timedelta(days=draw(st.integers(0, 6))),
                reference=draw(REFERENCES),
                payer=draw(st.sampled_from(["", "Sandbox Pay", *NAMES])),
                text=text,
            )
        )
    sums = []
    for sequence in range(draw(st.integers(0, 6))):
        made = booked(draw(st.sampled_from(NAMES)), draw(AMOUNTS), draw(REFERENCES))
        place = made.place._replace(sequence=sequence + 1)
        sums.append(msgspec.structs.replace(made, place=place))
    return lines, sums


@given(worlds(), st.randoms(use_true_random=False))
def test_law_each_is_matched_at_most_once_sums_agree_and_order_means_nothing(
    told: tuple[list[OpenLine], list[Booked]], chance: Random
) -> None:
    lines, sums = told
    names = {buyer(name): name for name in NAMES}
    by_line = {each.place: each for each in lines}
    by_booked = {each.place: each for each in sums}

    matching = match(lines, sums, names)

    places = [place for each in matching.found for place in each.lines]
    taken = [place for each in matching.found for place in each.booked]
    assert len(places) == len(set(places))
    assert len(taken) == len(set(taken))
    assert not {each.line for each in matching.doubts} & set(places)
    for each in matching.found:
        outside = sum(by_line[place].line.amount for place in each.lines)
        inside = sum(by_booked[place].amount for place in each.booked)
        assert outside == inside
    chance.shuffle(lines)
    chance.shuffle(sums)
    again = match(lines, sums, names)
    assert msgspec.json.encode(again) == msgspec.json.encode(matching)


# By hand ------------------------------------------------------------------------------------


def by_hand(
    lines: Sequence[OpenLine], sums: Sequence[Booked] = (), reason: str = "seen on the bill"
) -> Match | Rejected:
    """A match that somebody makes."""
    chosen = Chosen(match_id="M" * 16, lines=lines, booked=sums, reason=reason)
    return match_by_hand(chosen, "staff:gu", AT)


@pytest.mark.parametrize(
    ("lines", "sums", "expected"),
    [
        ([line(1, 500)], [booked("li", 500)], (0, False)),
        ([line(1, 1_000_000)], [booked("li", 1_000_000)], (0, False)),
        ([line(1, 1_000_001)], [booked("li", 1_000_001)], (0, True)),
        ([line(1, 500)], [booked("li", 501)], (-1, True)),
        ([line(1, 500)], [], (500, True)),
        ([], [booked("li", 500)], (-500, True)),
        ([line(1, -900_000), line(2, 900_000, account=BANK)], [], (0, True)),
    ],
)
def test_what_is_written_off_or_large_takes_two_people(
    lines: list[OpenLine], sums: list[Booked], expected: tuple[int, bool]
) -> None:
    made = by_hand(lines, sums)

    assert isinstance(made, Match)
    assert (made.difference, made.needs_second) == expected
    assert made.state is (MatchState.WAITING if expected[1] else MatchState.STANDING)


@pytest.mark.parametrize(
    ("lines", "sums", "reason", "expected"),
    [
        ([], [], "why", Rejected(Reason.MATCH_EMPTY)),
        (
            [line(each, 1) for each in range(1, MOST_TOGETHER + 2)],
            [],
            "why",
            Rejected(Reason.MATCH_TOO_LARGE, {"most": "500"}),
        ),
        ([line(1, 1)], [], "  ", Rejected(Reason.MATCH_REASON_MISSING)),
        ([line(1, -1, kind=LineKind.FEE)], [], "why", Rejected(Reason.FEE_EXPLAINS_ITSELF)),
        (
            [line(1, 1)],
            [booked("li", 1, currency="EUR")],
            "why",
            Rejected(Reason.CURRENCY_DIFFERS, {"currency": "CNY"}),
        ),
    ],
)
def test_a_match_by_hand_that_makes_no_sense_is_rejected(
    lines: list[OpenLine], sums: list[Booked], reason: str, expected: Rejected
) -> None:
    assert by_hand(lines, sums, reason) == expected


def test_a_match_is_approved_by_another_and_can_be_taken_back_once() -> None:
    made = by_hand([line(1, 500)])
    assert isinstance(made, Match)

    assert approve(made, "staff:GU", AT) == Rejected(Reason.SECOND_PERSON_MISSING)
    approved = approve(made, "staff:han", AT)
    assert isinstance(approved, Match)
    assert (approved.state, approved.approved_by) == (MatchState.STANDING, "staff:han")
    assert approve(approved, "staff:han", AT) == Rejected(Reason.MATCH_NOT_WAITING)
    assert undo(approved, "staff:gu", AT, " ") == Rejected(Reason.MATCH_REASON_MISSING)
    undone = undo(approved, "staff:gu", AT, "the wrong bill ")
    assert isinstance(undone, Match)
    assert (undone.state, undone.undone_reason) == (MatchState.UNDONE, "the wrong bill")
    assert undo(undone, "staff:gu", AT, "again") == Rejected(Reason.MATCH_UNDONE)


# The explanation ----------------------------------------------------------------------------


def sums_of(ledger: int, *accounts: AccountSums, **open_sums: int) -> Sums:
    """Everything in one currency; what is not named is nothing."""
    nothing = dict.fromkeys(("booked_before", "booked_during", "booked_after", "written_off"), 0)
    return Sums(currency="CNY", ledger=ledger, accounts=accounts, **(nothing | open_sums))


def account_sums(opening: int, closing: int, lines: int, **open_sums: int) -> AccountSums:
    """An account of one statement."""
    nothing = dict.fromkeys(("fees", "payouts_open", "others_open"), 0)
    days = {"begins": DAY, "ends": DAY + timedelta(days=9)}
    figures = {"opening": opening, "closing": closing, "lines": lines, **nothing, **open_sums}
    return AccountSums(account=PAY, **days, **figures)  # type: ignore[arg-type]  # by name


def test_every_step_from_what_is_held_to_the_books_is_named() -> None:
    one = account_sums(50, 1_000, 940, fees=-2, payouts_open=-100, others_open=30)
    explained = explain(sums_of(1_041, one, booked_after=19, booked_during=7, booked_before=3))

    assert [(each.kind, each.amount) for each in explained.items] == [
        (ItemKind.HELD, 1_000),
        (ItemKind.STOOD_BEFORE, -50),
        (ItemKind.GAP, -10),
        (ItemKind.FEE, 2),
        (ItemKind.IN_TRANSIT, 100),
        (ItemKind.NOT_IN_BOOKS, -30),
        (ItemKind.BOOKED_BEFORE, 3),
        (ItemKind.NOT_SHOWN, 7),
        (ItemKind.NOT_YET_SHOWN, 19),
    ]
    assert explained.remainder == 0


def test_what_cannot_be_explained_is_a_remainder() -> None:
    assert explain(sums_of(7)).remainder == 7


def test_when_a_sum_was_booked_is_told_by_the_days_of_the_statements() -> None:
    days = days_shown([account_sums(0, 0, 0)])

    def told(offset: int) -> ItemKind:
        return when_booked(booked("li", 1, day=DAY + timedelta(days=offset)), *days)

    assert [told(offset) for offset in (-1, 0, 9, 10)] == [
        ItemKind.BOOKED_BEFORE,
        ItemKind.NOT_SHOWN,
        ItemKind.NOT_SHOWN,
        ItemKind.NOT_YET_SHOWN,
    ]
    assert when_booked(booked("li", 1), *days_shown([])) is ItemKind.NOT_YET_SHOWN


@given(worlds(), st.integers(-1_000, 1_000))
def test_law_the_explanation_leaves_nothing_whatever_matches(
    told: tuple[list[OpenLine], list[Booked]], opening: int
) -> None:
    lines, sums = told
    matching = match(lines, sums, {})
    explained_lines = {place for each in matching.found for place in each.lines}
    explained_sums = {place for each in matching.found for place in each.booked}

    def added(account: object) -> AccountSums:
        own = [each for each in lines if each.account is account]
        rest = [each.line for each in own if each.place not in explained_lines]
        moved = sum(each.line.amount for each in own)
        return account_sums(
            opening,
            opening + moved,
            moved,
            fees=sum(each.amount for each in rest if each.kind is LineKind.FEE),
            payouts_open=sum(each.amount for each in rest if each.kind is LineKind.PAYOUT),
            others_open=sum(
                each.amount for each in rest if each.kind not in {LineKind.FEE, LineKind.PAYOUT}
            ),
        )

    left = sum(each.amount for each in sums if each.place not in explained_sums)
    ledger = sum(each.amount for each in sums)

    assert explain(sums_of(ledger, added(PAY), added(BANK), booked_after=left)).remainder == 0
