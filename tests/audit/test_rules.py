"""Each rule of the audit finds its violation, names the order, and accuses nobody else.

Every test spoils one thing in a copy of a clean database and asks for the whole list of faults.
Where one rule follows from another, both are named.
"""

import re

import msgspec
import pytest

from earnest.audit.rules import Rule
from earnest.audit.run import Audited
from earnest.core.cases.evidence import EvidenceKind
from earnest.core.cases.notice import Means
from earnest.core.order import events as happened
from earnest.core.order.parts import InspectionResult
from earnest.core.settlement.ground import Ground
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.demo.maker import demo_terms
from earnest.desk.ports import RecordedEvent
from tests.audit.spoiling import Rewrite, changed, rewrite, spoil, without
from tests.audit.town import Town, order_id


def found(result: Audited) -> set[tuple[Rule, str | None]]:
    """Every rule that was broken, with the order that broke it."""
    return {(fault.rule, fault.order_id) for fault in result.faults}


def only(buyer: str, *rules: Rule) -> set[tuple[Rule, str | None]]:
    """These rules, broken by the order of this buyer."""
    return {(rule, order_id(buyer)) for rule in rules}


def explained(result: Audited) -> list[str]:
    """What the audit says in words."""
    return [fault.explanation for fault in result.faults]


# Events and rows --------------------------------------------------------------------------


def test_a_gap_in_the_event_numbers(town: Town) -> None:
    spoil(town, "UPDATE earnest.event SET sequence = 2 WHERE {order}", buyer="reserved")

    result = town.audited()

    assert found(result) == only("reserved", Rule.EVENTS_DENSE)
    assert explained(result) == ["event numbers are [2]"]


def test_an_order_whose_events_are_gone(town: Town) -> None:
    spoil(town, "DELETE FROM earnest.event WHERE {order}", buyer="reserved")

    assert found(town.audited()) == only("reserved", Rule.EVENTS_DENSE)


def test_a_past_that_does_not_begin_with_the_reservation(town: Town) -> None:
    spoil(town, "DELETE FROM earnest.event WHERE {order} AND sequence = 1", buyer="locked")

    result = town.audited()

    assert found(result) == only("locked", Rule.EVENTS_DENSE, Rule.ROW_IS_FOLD)
    assert "cannot be checked" in explained(result)[1]


@pytest.mark.parametrize(
    ("statement", "explanation"),
    [
        ('UPDATE earnest.event SET body = \'{{"kind": "Vanished"}}\'', "Vanished"),
        ("UPDATE earnest.orders SET state = '{{}}'", "missing required field"),
        ("UPDATE earnest.posting SET credit = 'petty_cash'", "petty_cash"),
        ("UPDATE earnest.deadline SET kind = 'doomsday'", "doomsday"),
    ],
)
def test_an_order_that_cannot_be_read(town: Town, statement: str, explanation: str) -> None:
    spoil(town, statement + " WHERE {order}", buyer="locked")

    result = town.audited()

    faults = [fault for fault in result.faults if fault.rule is Rule.READABLE]
    assert [fault.order_id for fault in faults] == [order_id("locked")]
    assert explanation in faults[0].explanation


@pytest.mark.parametrize("table", ["terms_version", "catalogue_version"])
def test_a_document_that_cannot_be_read(town: Town, table: str) -> None:
    spoil(town, "UPDATE earnest.{table} SET body = '{{}}'", table=table)

    result = town.audited()

    assert {fault.rule for fault in result.faults} == {Rule.TERMS_KNOWN}
    assert len(result.faults) == result.orders


@pytest.mark.parametrize(
    ("buyer", "spoilt"),
    [
        ("locked", "stage = 'paid'"),
        ("locked", "sequence = 17"),
        ("locked", "terms_hash = 'other'"),
        ("locked", "catalogue_hash = 'other'"),
        ("locked", "price_minor = price_minor - 1"),
        ("locked", "currency = 'EUR'"),
        ("locked", "vin = 'LEA5A2CB0R0000001'"),
        ("sold", "vin = NULL"),
        ("locked", "reserved_at = reserved_at - interval '1 second'"),
        ("locked", "changed_at = changed_at + interval '1 second'"),
    ],
)
def test_a_column_that_the_events_do_not_say(town: Town, buyer: str, spoilt: str) -> None:
    spoil(town, "UPDATE earnest.orders SET {spoilt} WHERE {order}", buyer=buyer, spoilt=spoilt)

    result = town.audited()

    assert found(result) == only(buyer, Rule.ROW_IS_FOLD)
    assert len(result.faults) == 1


def test_a_state_that_the_events_do_not_say(town: Town) -> None:
    replaced = "UPDATE earnest.orders SET state = replace(state::text, 'zh-Hans', 'en')::json"
    spoil(town, replaced + " WHERE {order}", buyer="locked")

    result = town.audited()

    assert found(result) == only("locked", Rule.ROW_IS_FOLD)
    assert explained(result) == ["the stored state differs from its events in language"]


# Money ------------------------------------------------------------------------------------


def test_a_posting_that_no_event_caused(town: Town) -> None:
    invented = (
        "INSERT INTO earnest.posting SELECT buyer_id, order_id, 1, 1,"
        " 'double_return_expense', 'fee_income', 100, 'CNY' FROM earnest.orders WHERE {order}"
    )
    spoil(town, invented, buyer="locked")

    result = town.audited()

    assert found(result) == only("locked", Rule.POSTINGS_FOLLOW)
    assert explained(result) == ["event 1 (Reserved) has other postings than its rule"]


def test_a_posting_of_an_event_that_is_not_there(town: Town) -> None:
    spoil(
        town,
        "INSERT INTO earnest.posting SELECT buyer_id, order_id, 99, 1,"
        " 'double_return_expense', 'fee_income', 100, 'CNY' FROM earnest.orders WHERE {order}",
        buyer="locked",
    )

    result = town.audited()

    assert found(result) == only("locked", Rule.POSTINGS_FOLLOW)
    assert explained(result) == ["postings refer to event 99, which is not there"]


def test_deposits_booked_to_another_account(town: Town) -> None:
    spoil(
        town,
        "UPDATE earnest.posting SET credit = 'customer_balances' WHERE {order}",
        buyer="deposited",
    )

    result = town.audited()

    assert found(result) == only("deposited", Rule.POSTINGS_FOLLOW, Rule.HELD_IS_LEDGER)
    assert explained(result)[1:] == [
        "customer_deposits holds 0, the order says 500000",
        "customer_balances holds 500000, the order says 0",
    ]


def test_a_settlement_booked_otherwise_than_stated(town: Town) -> None:
    spoil(
        town,
        "UPDATE earnest.posting SET debit = 'committed_deposits', credit = 'fee_income'"
        " WHERE {order} AND credit = 'forfeitures_unreleased'",
        buyer="lost",
    )

    result = town.audited()

    assert found(result) == only("lost", Rule.POSTINGS_FOLLOW, Rule.STATEMENT_IS_LEDGER)


def test_a_debt_that_no_payout_pays(town: Town) -> None:
    paid = "UPDATE earnest.orders SET state = replace(state::text, '\"due\"', '\"paid\"')::json"
    spoil(town, paid + " WHERE {order}", buyer="owed")

    result = town.audited()

    assert found(result) == only("owed", Rule.ROW_IS_FOLD, Rule.OWED_IS_PAYOUTS)
    assert "500000 is owed to the buyer, payouts not yet paid amount to 0" in explained(result)


def test_books_that_do_not_sum_to_zero(town: Town) -> None:
    """A posting carries both sides, so only money on an account outside the chart can do this."""
    spoil(town, "UPDATE earnest.posting SET debit = 'petty_cash' WHERE {order}", buyer="deposited")

    result = town.audited()

    assert found(result) == {
        (Rule.ZERO_SUM, None),
        *only("deposited", Rule.READABLE, Rule.PROVIDER_AGREES),
    }
    assert "all accounts together hold -500000 CNY" in explained(result)


# Demand, forfeiture, second person --------------------------------------------------------


def test_a_balance_demanded_before_the_inspection_passed(town: Town) -> None:
    rewrite(town, "inspected", changed(happened.Inspected, result=InspectionResult.REFUSED))

    result = town.audited()

    assert found(result) == only("inspected", Rule.INSPECTION_BEFORE_DEMAND)
    assert explained(result) == ["event 9 demands the balance before a passed inspection"]


def test_a_balance_demanded_with_no_inspection_at_all(town: Town) -> None:
    rewrite(town, "inspected", without(happened.Inspected))

    assert found(town.audited()) == only("inspected", Rule.INSPECTION_BEFORE_DEMAND)


@pytest.mark.parametrize("spoilt", ["amount_minor = amount_minor + 1", "tender_number = 2"])
def test_a_demand_whose_row_says_something_else(town: Town, spoilt: str) -> None:
    changing = "UPDATE earnest.balance_demand SET {spoilt} WHERE {order}"
    spoil(town, changing, buyer="inspected", spoilt=spoilt)

    assert found(town.audited()) == only("inspected", Rule.DEMAND_STORED)


def test_a_demand_without_its_row(town: Town) -> None:
    spoil(town, "DELETE FROM earnest.balance_demand WHERE {order}", buyer="inspected")

    assert found(town.audited()) == only("inspected", Rule.DEMAND_STORED)


def _unacknowledged(past: list[RecordedEvent]) -> list[RecordedEvent]:
    first = past[0].event
    assert isinstance(first, happened.Reserved)
    other = msgspec.structs.replace(first, acknowledgements=first.acknowledgements[:1])
    return [msgspec.structs.replace(past[0], event=other), *past[1:]]


def _on_ground(ground: Ground) -> Rewrite:
    def change(past: list[RecordedEvent]) -> list[RecordedEvent]:
        return [
            msgspec.structs.replace(
                each,
                event=msgspec.structs.replace(
                    each.event,
                    statement=msgspec.structs.replace(each.event.statement, ground=ground),
                ),
            )
            if isinstance(each.event, happened.SettlementFixed)
            else each
            for each in past
        ]

    return change


def _cancelled_in_the_cure_period(past: list[RecordedEvent]) -> list[RecordedEvent]:
    notice = next(each.event for each in past if isinstance(each.event, happened.NoticeDelivered))
    return list(changed(happened.CancelledBySeller, at=notice.at)(past))


@pytest.mark.parametrize(
    ("buyer", "change", "explanation"),
    [
        ("lost", _unacknowledged, "though the clause was never acknowledged"),
        ("lost", _on_ground(Ground.FORCE_MAJEURE), "forfeited on the ground force_majeure"),
        ("lost", _on_ground(Ground.BALANCE_DEFAULT), "without a cancellation by the seller"),
        ("defaulted", without(happened.NoticeDelivered), "without a delivered demand"),
        ("defaulted", _cancelled_in_the_cure_period, "cancelled inside the cure period"),
    ],
)
def test_a_forfeiture_without_its_conditions(
    town: Town, buyer: str, change: Rewrite, explanation: str
) -> None:
    rewrite(town, buyer, change)

    result = town.audited()

    assert found(result) == only(buyer, Rule.FORFEITURE_CONDITIONS)
    assert explanation in explained(result)[0]


@pytest.mark.parametrize(
    ("buyer", "change", "explanation"),
    [
        (
            "doubled",
            changed(happened.PayoutReleased, staff_id="buyer:an"),
            "payout 2 was released by who fixed or caused it",
        ),
        (
            "doubled",
            changed(happened.PayoutReleased, staff_id="SALES:an"),
            "payout 2 was released by who fixed or caused it",
        ),
        (
            "defaulted",
            changed(happened.CancelledBySeller, approved_by="sales:an"),
            "the seller's cancellation was approved by who declared it",
        ),
        (
            "doubled",
            without(happened.PayoutReleased),
            "payout 2 was paid and nobody had released it",
        ),
        (
            "lost",
            changed(happened.ForfeitureReleased, staff_id="buyer:an"),
            "the forfeiture was released by who fixed it",
        ),
    ],
)
def test_money_that_moved_without_a_second_person(
    town: Town, buyer: str, change: Rewrite, explanation: str
) -> None:
    rewrite(town, buyer, change)

    result = town.audited()

    assert found(result) == only(buyer, Rule.SECOND_PERSON)
    assert explained(result) == [explanation]


def _proven_by(**proof: object) -> Rewrite:
    return changed(happened.NoticeDelivered, **proof)


@pytest.mark.parametrize(
    "change",
    [
        _proven_by(means=Means.IN_APP, evidence_number=None),
        _proven_by(means=Means.SMS, evidence_number=None),
        _proven_by(evidence_number=None),
        _proven_by(means=None, proof=" "),
        changed(happened.EvidenceAdded, evidence_kind=EvidenceKind.DOCUMENT),
    ],
)
def test_a_notice_that_counts_without_its_proof(town: Town, change: Rewrite) -> None:
    rewrite(town, "defaulted", change)

    result = town.audited()

    assert found(result) == only("defaulted", Rule.NOTICES_PROVEN)
    assert explained(result) == ["demand 1 counts as delivered without its proof"]


def test_a_notice_from_before_means_were_kept_has_words_for_a_proof(town: Town) -> None:
    rewrite(town, "defaulted", _proven_by(means=None, evidence_number=None))

    assert town.audited().is_clean


def test_evidence_that_is_gone(town: Town) -> None:
    spoil(town, "DELETE FROM people.evidence WHERE {order}", buyer="defaulted")

    result = town.audited()

    assert found(result) == only("defaulted", Rule.EVIDENCE_STORED)
    assert explained(result) == ["the content of evidence 1 is not stored"]


def test_evidence_that_is_not_what_was_filed(town: Town) -> None:
    rewrite(town, "defaulted", changed(happened.EvidenceAdded, size_bytes=9))

    result = town.audited()

    assert found(result) == only("defaulted", Rule.EVIDENCE_STORED)
    assert explained(result) == ["the content of evidence 1 is not what was filed"]


# Terms, deadlines, ranks, messages --------------------------------------------------------


@pytest.mark.parametrize(
    "unknown", [{"terms_hash": TermsHash("unheard")}, {"catalogue_hash": CatalogueHash("unheard")}]
)
def test_an_order_under_terms_that_nobody_published(town: Town, unknown: dict[str, object]) -> None:
    rewrite(town, "locked", changed(happened.Reserved, **unknown))

    result = town.audited()

    assert found(result) == only("locked", Rule.TERMS_KNOWN)
    assert re.fullmatch(
        "(terms|catalogue) unheard (were|was) never published", explained(result)[0]
    )


def test_terms_that_were_rewritten_after_their_publication(town: Town) -> None:
    spoil(
        town,
        "UPDATE earnest.terms_version SET body = replace(body::text, '500000', '500001')::jsonb",
    )

    result = town.audited()

    assert {fault.rule for fault in result.faults} == {Rule.TERMS_KNOWN}
    assert len(result.faults) == result.orders == 12


def test_terms_that_are_not_what_their_document_says(town: Town) -> None:
    numbers = msgspec.structs.replace(demo_terms().policy, cooling_off_hours=1)
    forged = msgspec.structs.replace(demo_terms(), policy=numbers)
    for version in (demo_terms(), forged):
        spoil(
            town,
            "INSERT INTO earnest.terms_version VALUES ({digest}, 'demo', {body}, now())",
            digest=f"'{version.terms_hash}'",
            body=f"$body${msgspec.json.encode(version).decode()}$body$",
        )

    result = town.audited()

    assert [(fault.rule, fault.explanation) for fault in result.faults] == [
        (
            Rule.TERMS_FOLLOW,
            f"terms {forged.terms_hash}: its numbers are not those of its document",
        )
    ]


def test_a_deadline_that_is_missing(town: Town) -> None:
    spoil(town, "DELETE FROM earnest.deadline WHERE {order}", buyer="reserved")

    result = town.audited()

    assert found(result) == only("reserved", Rule.DEADLINES_COMPLETE)
    assert explained(result)[0].startswith("deadline lapse at ")


def test_a_deadline_that_nothing_asks_for(town: Town) -> None:
    left = (
        "INSERT INTO earnest.deadline SELECT buyer_id, order_id, 'close', now()"
        " FROM earnest.orders WHERE {order}"
    )
    spoil(town, left, buyer="reserved")

    result = town.audited()

    assert found(result) == only("reserved", Rule.DEADLINES_COMPLETE)
    assert explained(result)[0].endswith("is stored but not derived")


def test_a_rank_that_was_given_and_is_nobodys(town: Town) -> None:
    spoil(town, "UPDATE earnest.queue SET next_rank = next_rank + 1")

    result = town.audited()

    assert found(result) == {(Rule.RANKS_DENSE, None)}
    assert explained(result) == [
        "queue aurora-cn gave 13 ranks; stored are 12 orders with 12 different ranks from 1 to 12"
    ]


def test_a_rank_that_two_orders_have(town: Town) -> None:
    rewrite(town, "reserved", changed(happened.Reserved, rank=1))

    result = town.audited()

    assert found(result) == {(Rule.RANKS_DENSE, None)}
    assert explained(result) == [
        "queue aurora-cn gave 12 ranks; stored are 12 orders with 11 different ranks from 1 to 11"
    ]


@pytest.mark.parametrize(
    ("statement", "explanation"),
    [
        ("DELETE FROM earnest.queue_move WHERE {order}", "1 moves are missing .* and 0 do not"),
        ("UPDATE earnest.queue_move SET lane = 'x' WHERE {order}", "1 moves .* and 1 do not"),
    ],
)
def test_moves_that_do_not_follow_from_the_events(
    town: Town, statement: str, explanation: str
) -> None:
    spoil(town, statement, buyer="locked")

    result = town.audited()

    assert found(result) == only("locked", Rule.MOVES_FOLLOW)
    assert re.match(explanation, explained(result)[0])


def test_facts_without_an_order(town: Town) -> None:
    spoil(
        town, "UPDATE earnest.deadline SET order_id = repeat('X', 16) WHERE {order}", buyer="locked"
    )

    result = town.audited()

    assert found(result) == {
        (Rule.NOTHING_ORPHANED, "X" * 16),
        *only("locked", Rule.DEADLINES_COMPLETE),
    }


def test_a_message_that_was_given_up(town: Town) -> None:
    spoil(
        town,
        "UPDATE procrastinate.procrastinate_jobs SET status = 'failed'"
        " WHERE id = (SELECT min(id) FROM procrastinate.procrastinate_jobs)",
    )

    result = town.audited()

    assert found(result) == {(Rule.MESSAGES_LEAVE, None)}
    assert explained(result) == ["1 groups of messages were given up after all tries"]
