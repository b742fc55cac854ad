"""Compiling: policy and text come from the same parameters, and nothing else gets through.

Not here: what cannot run (`faults/engine.txt`) and reading.
"""

from __future__ import annotations

import hashlib
from inspect import cleandoc
from typing import Any

import msgspec
import pytest
from hypothesis import given

from earnest.core.terms.clauses.contract import ENGINE_CLAUSES, clauses_of
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.clauses.words import NOT_EXECUTED
from earnest.core.terms.compile import (
    EDITION,
    compile_terms,
    difference_from_source,
    policy_of,
    read_and_compile,
)
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import FaultCode
from earnest.core.terms.meanings import MEANINGS
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.terms.schema import json_schema, keys
from earnest.core.terms.sections.ordering import Deposit
from earnest.core.terms.version import TermsVersion
from earnest.core.values.money import Money
from tests.core.documents import END, NAME, PLAIN, changed, read
from tests.core.drawing import documents
from tests.core.lint.documents import spoilt
from tests.core.parameters import RICH, parameters, values_besides


def compiled(text: str) -> TermsVersion:
    version = read_and_compile(text, NAME)
    assert isinstance(version, TermsVersion), version
    return version


def test_the_numbers_of_a_document_are_those_that_run() -> None:
    text = changed(
        (
            END,
            END + '[late_delivery]\nper_day = "200"\ncap = "10000"\nfree_days = 3\n'
            '[storage]\nbasis = "actual_cost"\nper_day = "20.5"\ncap = "600"\n'
            '[tax]\ndifference_borne = true\ncap = "15000"\n',
        )
    )

    version = compiled(text)

    assert (version.version, version.seller, version.payee) == (
        "2026-11",
        "Aurora Haikou",
        "Aurora Haikou",
    )
    assert version.source == text
    assert version.policy == Policy(
        jurisdiction="CN",
        currency="CNY",
        time_zone="Asia/Shanghai",
        deposit_kind=DepositKind.EARNEST,
        deposit=Money(500_000, "CNY"),
        payment_window_minutes=30,
        cooling_off_hours=168,
        early_lock_offered=True,
        undo_lock_hours=24,
        change_hours_after_lock=24,
        deferrals_free=1,
        deferral_days_longest=360,
        promise_weeks_from=8,
        promise_weeks_to=12,
        balance_due_days=7,
        cure_days=14,
        delivery_cure_days=15,
        cooling_off_refund_hours=24,
        refund_days=7,
        release_days=3,
        close_days_after_handover=7,
        inspection_checklist=("exterior", "interior"),
        handover_documents=(),
        late_delivery_per_day=Money(20_000, "CNY"),
        late_delivery_cap=Money(1_000_000, "CNY"),
        late_delivery_free_days=3,
        storage_per_day=Money(2_050, "CNY"),
        storage_cap=Money(60_000, "CNY"),
        tax_difference_cap=Money(1_500_000, "CNY"),
    )


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("deferral.reminder_days", (90,), "deferral_reminder_days"),
        ("collection.missed_before_demand", 3, "appointments_before_demand"),
        ("refunds.interest_basis_points", 400, "refund_interest_basis_points"),
        ("storage.free_days", 20, "storage_free_days"),
        ("price.falls_passed_on", False, "price_falls_passed_on"),
        ("changes.answer_days", 21, "change_answer_days"),
        (
            "finance.deposit_returned_if_declined",
            False,
            "deposit_returned_if_finance_declined",
        ),
        ("withdrawal_after_handover.days", 14, "withdrawal_days_after_handover"),
        (
            "withdrawal_after_handover.exempt_as_made_to_specification",
            True,
            "withdrawal_exempt",
        ),
    ],
)
def test_a_number_that_has_a_default_runs_as_the_document_says(
    key: str, value: object, field: str
) -> None:
    document = spoilt(read(PLAIN), {key: value})

    assert getattr(policy_of(document), field) == value
    assert policy_of(document) == msgspec.structs.replace(policy_of(read(PLAIN)), **{field: value})


def test_what_cannot_run_is_named_in_a_file_even_if_nobody_said_which() -> None:
    document = spoilt(read(PLAIN), {"deposit.credited": False})

    outcome = compile_terms(document, PLAIN)

    assert isinstance(outcome, tuple)
    assert {fault.file for fault in outcome} == {"terms.toml"}


def test_what_nobody_agreed_is_none_and_not_zero() -> None:
    policy = compiled(PLAIN).policy

    assert policy.late_delivery_per_day is None
    assert policy.late_delivery_cap is None
    assert policy.storage_per_day is None
    assert policy.storage_cap is None
    assert policy.tax_difference_cap is None


def test_a_seller_may_keep_less_than_the_law_lets_it() -> None:
    policy = compiled(changed(('keeps = "earnest"', 'keeps = "nothing"'))).policy

    assert policy.deposit_kind is DepositKind.EARNEST
    assert policy.forfeiture_waived
    assert not compiled(PLAIN).policy.forfeiture_waived


@pytest.mark.parametrize(
    ("jurisdiction", "currency", "kind", "keeps", "returns", "keys"),
    [
        ("KR", "KRW", "earnest", "earnest", "double", ["deposit.kind"]),
        ("US-CA", "USD", "fee", "deposit", "single", ["deposit.kind"]),
        ("US-NY", "USD", "intent", "nothing", "single", []),
        ("DE", "EUR", "earnest", "loss", "single_with_interest", []),
        ("DE", "EUR", "fee", "loss", "single", []),
        ("DE", "EUR", "earnest", "earnest", "single", ["buyers_default.keeps"]),
        ("FR", "EUR", "earnest", "earnest", "double", []),
        ("FR", "EUR", "earnest", "earnest", "single", ["sellers_default.returns"]),
        ("CN", "CNY", "fee", "deposit", "single_with_interest", []),
        ("CN", "CNY", "intent", "deposit", "single", ["buyers_default.keeps"]),
    ],
)
def test_what_a_deposit_secures_follows_from_its_kind_and_the_law(
    jurisdiction: str, currency: str, kind: str, keeps: str, returns: str, keys: list[str]
) -> None:
    text = changed(
        ('jurisdiction = "CN"', f'jurisdiction = "{jurisdiction}"'),
        ('currency = "CNY"', f'currency = "{currency}"'),
        ('kind = "earnest"', f'kind = "{kind}"'),
        ('keeps = "earnest"', f'keeps = "{keeps}"'),
        ('returns = "double"', f'returns = "{returns}"'),
    )

    outcome = read_and_compile(text, NAME)

    refused = [] if isinstance(outcome, TermsVersion) else [fault.key for fault in outcome]
    assert refused == keys


def test_the_hash_covers_the_document_as_it_was_written() -> None:
    version = compiled(PLAIN)
    commented = compiled(f"# Approved by legal.\n{PLAIN}")

    assert version.policy == commented.policy
    assert version.clauses == commented.clauses
    assert version.terms_hash != commented.terms_hash


def test_a_version_from_before_documents_keeps_its_hash() -> None:
    bare = msgspec.structs.replace(compiled(PLAIN), source="")

    assert b"source" not in msgspec.json.encode(bare)
    assert b"executed" not in msgspec.json.encode(bare.clauses[0])


def test_every_engine_clause_stands_under_its_own_id_with_a_title() -> None:
    clauses = compiled(PLAIN).clauses

    assert [clause.clause_id for clause in clauses] == list(ENGINE_CLAUSES)
    assert list(TITLES) == list(ENGINE_CLAUSES)


def test_a_clause_of_ones_own_says_that_nobody_executes_it() -> None:
    own = "[[clauses]]\nid = 'card'\nmaterial = true\nzh_hans = '赠送充电卡。'\nen = 'A card.'\n"

    clause = compiled(changed((END, END + own))).clauses[-1]

    assert (clause.clause_id, clause.material, clause.executed) == ("card", True, False)
    assert clause.texts == {
        "en": f"A card. {NOT_EXECUTED.en}",
        "zh-Hans": f"赠送充电卡。{NOT_EXECUTED.zh}",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"seller": "Somebody else"}, "its names are not those of its document"),
        ({"clauses": ()}, "its text is not that of its document"),
        ({"policy": None}, "its numbers are not those of its document"),
        (
            {"source": "version = 1"},
            "its document has faults: 2026-11:1: buyers_default: ",
        ),
        ({"source": "", "seller": "Somebody else"}, None),
        ({"edition": 0, "seller": "Somebody else"}, None),
    ],
)
def test_a_version_is_what_its_own_document_yields(
    changes: dict[str, Any], said: str | None
) -> None:
    version = compiled(PLAIN)
    if "policy" in changes:
        longer = msgspec.structs.replace(version.policy, cooling_off_hours=1)
        changes = {"policy": longer}

    difference = difference_from_source(msgspec.structs.replace(version, **changes))

    assert difference == said or str(difference).startswith(str(said))


def test_another_wording_of_the_same_document_is_another_edition() -> None:
    wording = msgspec.json.encode(clauses_of(read(RICH)))
    pinned = (1, "50820d30dd8611b9")

    # Where this fails the compiler words a document anew: once for each release, raise EDITION,
    # so that the audit takes no version of before for a forgery, and pin the new digest.
    assert (EDITION, hashlib.sha256(wording).hexdigest()[:16]) == pinned


# Laws ---------------------------------------------------------------------------------------


@given(documents())
def test_every_document_can_be_read_by_lawyers_fair_or_not(document: TermsDocument) -> None:
    clauses = clauses_of(document)

    for clause in clauses:
        for text in clause.texts.values():
            assert text == text.strip()
            assert text
            assert not {"{", "}"} & set(text)
            assert "None" not in text
    assert {"forfeiture", "lock_effect", "deferral", "deposit", "forum"} <= {
        clause.clause_id for clause in clauses if clause.material
    }
    assert all((NOT_EXECUTED.en in each.texts["en"]) is not each.executed for each in clauses)


@given(documents())
def test_what_compiles_runs_within_every_limit_of_the_policy(document: TermsDocument) -> None:
    compiled = compile_terms(document, "")

    if isinstance(compiled, TermsVersion):
        assert compiled.policy == policy_of(document)
        assert compiled.clauses == clauses_of(document)
    else:
        assert {fault.code for fault in compiled} == {FaultCode.ENGINE_CANNOT_RUN}


@pytest.mark.parametrize("key", parameters())
def test_a_changed_parameter_changes_what_runs_or_what_is_read(key: str) -> None:
    name, _, field = key.partition(".")
    notice = '[balance_due]\nwhen = "on_notice"\n' if key == "balance_due.notice" else ""
    document = read(RICH + notice)
    section = getattr(document, name)
    entry = section[0] if name == "clauses" else section
    before = getattr(entry, field) if field else section
    for value in values_besides(key, before):
        inner = msgspec.structs.replace(entry, **{field: value}) if field else value
        other = msgspec.structs.replace(
            document, **{name: (inner,) if name == "clauses" else inner}
        )
        assert (policy_of(other), clauses_of(other), other.version) != (
            policy_of(document),
            clauses_of(document),
            document.version,
        )


# The schema ---------------------------------------------------------------------------------


def test_the_schema_describes_every_key() -> None:
    schema = json_schema()

    tables = [schema, *schema["$defs"].values()]
    described = [value for table in tables for value in table.get("properties", {}).values()]
    sections = {"$ref", "items"}
    assert all("description" in value or sections & value.keys() for value in described)
    assert schema["$defs"]["Deposit"]["properties"]["amount"]["description"] == (
        "What is paid first."
    )
    assert schema["additionalProperties"] is False


def test_the_schema_says_what_it_is_and_describes_its_tables_and_keys_in_both_languages() -> None:
    schema = json_schema()
    tables = schema.pop("$defs")

    assert {key: value for key, value in schema.items() if isinstance(value, str)} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:earnest:schema:terms-document",
        "title": "Terms document",
        "type": "object",
        "description": cleandoc(str(TermsDocument.__doc__)),
    }
    assert tables["Deposit"]["description"] == cleandoc(str(Deposit.__doc__))
    assert schema["properties"]["deposit"] == {"$ref": "#/$defs/Deposit"}
    assert schema["properties"]["clauses"]["items"] == {"$ref": "#/$defs/OwnClause"}
    assert "TermsDocument" not in tables
    described = {
        key.path: _described(schema, tables, key.section)[key.field.encode_name] for key in keys()
    }
    assert {
        path: (value["description"], value["x-description-zh-Hans"])
        for path, value in described.items()
    } == {path: MEANINGS[path] for path in described}


def _described(schema: dict[str, Any], tables: dict[str, Any], section: str) -> Any:  # noqa: ANN401 - a part of a JSON document
    """The properties of a section of the schema, or of its top."""
    if not section:
        return schema["properties"]
    table = schema["properties"][section]
    name = (table.get("$ref") or table["items"]["$ref"]).removeprefix("#/$defs/")
    return tables[name]["properties"]
