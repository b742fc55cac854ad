"""Executing a case: wrong expectations fail, open ones never do, time and people are real.

Not here: cases that cannot be (`test_faults.py`) and the report (`test_report.py`).
"""

import asyncio
from functools import cache
from pathlib import Path

import pytest

from earnest.core.order.commands import COMMANDS
from earnest.simulator.scenarios.case import Case
from earnest.simulator.scenarios.fault import FaultCode
from earnest.simulator.scenarios.files import case_files, read_all, run_all
from earnest.simulator.scenarios.reading import Read
from earnest.simulator.scenarios.running import Verdict
from earnest.simulator.scenarios.steps import COMMAND_NAMES
from tests.simulator.scenarios.writing import case, run, said, verdicts

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "cases"

ORDERED = "given: {ordered: 2024-07-01T10:00}\n"


@pytest.mark.parametrize(
    ("then", "subject"),
    [
        ("stage: locked", "stage"),
        ("rank: 2", "rank"),
        ("late: true", "late"),
        ("terms: another", "terms"),
        ("policy: {cooling_off_hours: 72}", "policy.cooling_off_hours"),
        ("events: [Locked]", "events.Locked"),
        ("no_events: [DepositReceived]", "events.DepositReceived"),
        ("told: [Locked]", "told.Locked"),
        ("not_told: [DepositReceived]", "told.DepositReceived"),
        ("open_cases: [chargeback]", "open_cases"),
        ("deadlines: {lock: null}", "deadlines.lock"),
        ("deadlines: {lock: 2024-07-09}", "deadlines.lock"),
        ("deadlines: {lapse: 2024-07-01}", "deadlines.lapse"),
        ("facts: {deferral.valid_until: 2024-07-01}", "facts.deferral.valid_until"),
        ("facts: {cases.1.subject: chargeback}", "facts.cases.1.subject"),
        ("facts: {payments.last.number: 2}", "facts.payments.last.number"),
        ("money: {deposit_held: 4999.99}", "money.deposit_held"),
        ("books: {customer_deposits: 4999.99}", "books.customer_deposits"),
        ("statement: {pays: 5000}", "statement.pays"),
        ("exits: {cooling_off: {open: false}}", "exits.cooling_off.open"),
        ("exits: {cooling_off: {pays: 10000}}", "exits.cooling_off.pays"),
        ("exits: {cooling_off: {rejected: cooling_off_over}}", "exits.cooling_off.rejected"),
        (
            "exits: {cooling_off: {lines: {deposit_refunded: 1}}}",
            "exits.cooling_off.lines.deposit_refunded",
        ),
        (
            "exits: {cooling_off: {lines: {deposit_refunded: {rule: CN-99}}}}",
            "exits.cooling_off.lines.deposit_refunded.rule",
        ),
        ("exits: {cooling_off: {lines: {}}}", "exits.cooling_off.lines: others"),
        ("sellers_exits: {balance_default: {open: true}}", "sellers_exits.balance_default.open"),
        ("decided_by: {cure_days: agreement}", "decided_by.cure_days"),
        (
            "exits: {delay: {claims: {compensation: {pays: 1}}}}",
            "exits.delay.compensation.pays",
        ),
        ("lint: {clean: true}", "lint.clean"),
        ("lint: {blocks: true}", "lint.blocks"),
        ("lint: {runs: false}", "lint.runs"),
        ("lint: {cures: false}", "lint.cures"),
        ("lint: {finds: {balance_due.when: [CN-07]}}", "lint.balance_due.when"),
        ("lint: {finds: {balance_due.when: {severity: S1}}}", "lint.balance_due.when.severity"),
        ("lint: {finds: {balance_due.when: {pattern: 1}}}", "lint.balance_due.when.pattern"),
    ],
)
def test_a_wrong_expectation_fails(then: str, subject: str) -> None:
    result = run(f"{ORDERED}then: {{{then}}}\n")

    failed = [each for each, verdict in verdicts(result).items() if verdict is Verdict.FAILED]

    assert not result.passed
    assert failed == [subject]


@pytest.mark.parametrize(
    "step",
    [
        "withdraw: {}, rejected: cooling_off_over",
        "withdraw: {}, leads_to: [Withdrawn]",
        "by: buyer, lock: {}",
        "by: buyer, lock: {}, leads_to: [Locked]",
        "by: buyer, lock: {}, rejected: early_lock_not_offered",
        "car-built: {}",
    ],
)
def test_a_step_that_comes_out_otherwise_fails(step: str) -> None:
    result = run(
        f"{ORDERED}when: [{{at: 2024-07-02, {step}}}]\nthen: {{rank: 1}}\n".replace(
            "{at: 2024-07-02", "{at: 2024-07-02T00:00"
        )
    )

    assert [each.verdict for each in result.results].count(Verdict.FAILED) == 1
    assert not result.passed


def test_an_open_case_asserts_nothing() -> None:
    result = run(
        f"{ORDERED}when: [{{at: 2024-07-02, by: buyer, lock: {{}}}}]\nthen: {{stage: closed}}\n",
        certainty="open",
    )

    assert {each.verdict for each in result.results} == {Verdict.OPEN}
    assert result.passed


def test_an_unknown_value_is_reported() -> None:
    result = run(f"{ORDERED}then: {{money: {{price: UNKNOWN}}, rank: 1}}\n")

    assert said(result, "money.price").verdict is Verdict.OPEN
    assert said(result, "money.price").got == "300,000.00 CNY"
    assert said(result, "rank").verdict is Verdict.PASSED


def test_a_quoted_unknown_is_a_word() -> None:
    result = run(f'{ORDERED}then: {{terms: "UNKNOWN"}}\n')

    assert said(result, "terms").verdict is Verdict.FAILED


def test_what_was_promised_and_agreed_runs_with_its_source() -> None:
    result = run(
        "given:\n"
        "  ordered: 2024-07-01T10:00\n"
        "  promised:\n"
        "    - text: A month to think about it.\n"
        "      source: advertisement\n"
        "      from: 2024-06-01\n"
        "      overrides: {cooling_off_hours: 720}\n"
        "when:\n"
        "  - at: 2024-07-02\n"
        "    by: sales\n"
        "    propose-agreement:\n"
        "      overrides:\n"
        "        late_delivery_per_day: 300.50\n"
        "        delivery_until: 2024-09-30T24:00\n"
        "        forfeiture_waived: true\n"
        "      text: You have it by the end of September.\n"
        "      origin: chat\n"
        "then:\n"
        "  policy: {cooling_off_hours: 720, late_delivery_per_day: 300.50, cure_days: 14}\n"
        "  decided_by: {forfeiture_waived: agreement, cooling_off_hours: public_promise}\n"
        "  facts: {binding_promise.ends: 2024-09-30}\n"
    )

    assert result.passed
    assert said(result, "policy.cooling_off_hours").rule == "public_promise 1 (CN-05)"
    assert said(result, "policy.late_delivery_per_day").rule == "agreement 1 (CN-05)"
    assert said(result, "policy.cure_days").rule == "terms demo-2026-11"


def test_the_text_that_a_step_is_about_can_be_accepted_as_shown() -> None:
    body = (
        f"{ORDERED}"
        "when:\n"
        "  - at: 2024-07-02\n"
        "    by: PROPOSES\n"
        "    propose-agreement:\n"
        "      overrides: {balance_due_days: 1}\n"
        "      text: Due at once.\n"
        "      origin: mail\n"
        "      acknowledgement: CONSENT\n"
        "  - {at: 2024-07-03, by: ACCEPTS, accept-agreement: {acknowledgement: AGREED}}\n"
        "then: {policy: {balance_due_days: 1}}\n"
    )

    def runs(*, proposes: str, accepts: str, consent: str, agreed: str) -> bool:
        words = {"PROPOSES": proposes, "ACCEPTS": accepts, "CONSENT": consent, "AGREED": agreed}
        text = body
        for word, meant in words.items():
            text = text.replace(word, meant)
        return run(text).passed

    assert runs(proposes="sales", accepts="buyer", consent="null", agreed="true")
    assert not runs(proposes="sales", accepts="buyer", consent="null", agreed="null")
    assert runs(proposes="buyer", accepts="sales", consent="true", agreed="null")
    assert not runs(proposes="buyer", accepts="sales", consent="null", agreed="null")


def test_an_early_lock_can_be_accepted_as_shown() -> None:
    result = run(
        f"{ORDERED}"
        "when: [{at: 2024-07-02, by: buyer, lock: {acknowledgement: true}}]\n"
        "then: {stage: locked}\n"
    )

    assert result.passed


def test_a_sum_of_somebodys_own_is_never_filled_in() -> None:
    for step in ("document-loss: {item: costs, evidence: a bill}", "record-resale: {evidence: x}"):
        result = run(
            f"{ORDERED}when: [{{at: 2024-07-20, by: finance, {step}}}]\nthen: {{rank: 1}}\n"
        )

        assert result.fault is not None
        assert result.fault.code is FaultCode.NOTHING_TO_FILL_IN


def test_time_locks_and_lapses_by_itself_between_the_steps() -> None:
    result = run(
        "given: {ordered: 2024-07-01T10:00, paid: never}\n"
        "then:\n"
        "  - {at: 2024-07-01T10:29:59, stage: reserved}\n"
        "  - {at: 2024-07-01T10:30, stage: lapsed}\n"
    )

    assert result.passed


def test_what_is_due_happens_at_its_own_instant() -> None:
    result = run(
        f"{ORDERED}then: {{at: 2024-09-01, facts: {{lock.locked_at: 2024-07-08T10:00}}}}\n"
    )

    assert result.passed


def test_the_rule_that_decided_is_named() -> None:
    result = run(
        "given: {ordered: 2024-07-01T10:00}\n"
        "when: [{at: 2024-08-01, by: sales, demand-balance: {}, rejected: not_inspected}]\n"
        "then:\n"
        "  stage: locked\n"
        "  exits: {buyer_wish: {keeps: 5000}, delay: {rejected: ground_not_proven}}\n"
    )

    assert said(result, "demand-balance").rule == "CN-07, CN-08, EU-10"
    assert said(result, "stage").rule == "Locked"
    assert said(result, "exits.buyer_wish.keeps").rule == "CN-17"
    assert said(result, "exits.delay.rejected").rule == "CN-11, CN-12"


def test_an_order_that_is_over_has_no_way_out() -> None:
    result = run(
        f"{ORDERED}when: [{{at: 2024-07-02, withdraw: {{}}}}]\n"
        "then: {exits: {cooling_off: {open: false, rejected: cooling_off_over, pays: 5000}}}\n"
    )

    assert said(result, "exits.cooling_off.open").verdict is Verdict.PASSED
    assert said(result, "exits.cooling_off.rejected").got == "nothing"
    assert said(result, "exits.cooling_off.pays").got == "nothing"


def test_a_statement_that_is_not_there() -> None:
    result = run(
        f"{ORDERED}then:\n"
        "  - {statement: null}\n"
        "  - {at: 2024-07-02, statement: {lines: {fee_kept: 1}}}\n"
    )

    assert said(result, "statement").verdict is Verdict.PASSED
    assert said(result, "statement.lines.fee_kept").got == "nothing"


def test_the_second_person_is_another_person() -> None:
    body = (
        f"{ORDERED}"
        "when:\n"
        "  - {at: 2024-10-01T09:00, balance-demanded: {}}\n"
        "  - {at: 2024-10-01T12:00, notice-arrived: {}}\n"
        "  - {at: 2024-10-09, by: finance, demand-performance: {ground: balance_default}}\n"
        "  - {at: 2024-10-10, notice-arrived: {}}\n"
        "  - {at: 2024-10-26, by: PERSON, approve-cancellation: {ground: balance_default}}\n"
        "  - {at: 2024-10-26, by: finance, cancel-by-seller: {ground: balance_default}}\n"
        "then: {stage: STAGE}\n"
    )

    def stage_after(person: str) -> str:
        return said(run(body.replace("PERSON", person).replace("STAGE", "paid")), "stage").got

    assert stage_after("finance") == "inspected"
    assert stage_after("second finance") == "cancelled"
    assert stage_after("sales") == "cancelled"
    assert stage_after("second person") == "cancelled"


def test_time_may_be_written_as_a_person() -> None:
    result = run(
        f"{ORDERED}when:\n"
        "  - {at: 2024-07-01T12:00, by: time, lock: {}, rejected: cooling_off_running}\n"
        "  - {at: 2024-07-01T13:00, lapse: {}, rejected: stage_unsuitable}\n"
        "then: {stage: deposited}\n"
    )

    assert said(result, "lock").verdict is Verdict.PASSED


def test_every_command_has_a_name_that_can_be_written() -> None:
    assert set(COMMANDS) == set(COMMAND_NAMES.values())


def test_a_document_by_its_path_and_by_its_name(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[3] / "src" / "earnest" / "demo" / "terms.toml"
    shipped = tmp_path / "examples" / "terms"
    shipped.mkdir(parents=True)
    (shipped / "ours.toml").write_text(source.read_text("utf-8"), encoding="utf-8")
    cases = tmp_path / "examples" / "cases"
    cases.mkdir()
    text = (
        "id: {}\ntitle: b\nsource: c\ncertainty: policy\n"
        "given: {{terms: {}}}\nthen: {{lint: {{blocks: false}}}}\n"
    )
    (cases / "one.yaml").write_text(text.format("one", "ours"), encoding="utf-8")
    (cases / "two.yaml").write_text(text.format("two", "../terms/ours.toml"), encoding="utf-8")

    files, _ = case_files([cases])
    report = asyncio.run(run_all(read_all(files), lambda _: None))

    assert report.faults == ()
    assert [each.passed for each in report.results] == [True, True]


def test_a_case_is_read_the_same_whatever_its_keys_are_sorted_by() -> None:
    one = case(f"{ORDERED}then: {{rank: 1, stage: deposited}}\n")
    other = case(f"then: {{stage: deposited, rank: 1}}\n{ORDERED}")

    assert one.steps[0].at == other.steps[0].at
    assert {each.subject for each in one.expectations[0].claims} == {
        each.subject for each in other.expectations[0].claims
    }


@cache
def shipped() -> Read:
    """Every case that ships."""
    return read_all(case_files([EXAMPLES])[0])


def outcomes(cases: list[Case]) -> dict[str, object]:
    """What comes of cases that run one after the other, by their ids."""
    report = asyncio.run(run_all(Read(tuple(cases), ()), lambda _: None))
    return {each.case.id: each.results for each in report.results}


def test_cases_do_not_know_each_other() -> None:
    """Whatever one leaves behind, the others would meet in one of the two directions."""
    cases = list(shipped().cases)

    assert outcomes(cases) == outcomes(cases[::-1])
