"""The JSON Schema: every shipped case keeps it, and what cannot be read does not.

Not here: reading a case, which checks far more.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from earnest.simulator.scenarios.reading import ALL_SUBJECTS
from earnest.simulator.scenarios.schema import case_schema
from earnest.simulator.scenarios.steps import COMMAND_NAMES

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "cases"
VALIDATOR = Draft202012Validator(case_schema())


class _AsEditorsRead(yaml.SafeLoader):
    """YAML as editors hand it to a schema: dates stay text."""


_AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(document: Any) -> list[str]:  # noqa: ANN401 - YAML holds anything
    """What the schema says against a document."""
    return [error.message for error in VALIDATOR.iter_errors(document)]


def shipped() -> list[Path]:
    """Every case file that ships."""
    return sorted(EXAMPLES.rglob("*.yaml"))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(case_schema())


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_file_keeps_the_schema(path: Path) -> None:
    document = yaml.load(path.read_text("utf-8"), Loader=_AsEditorsRead)  # noqa: S506 - a safe one

    assert complaints(document) == []


GOOD: dict[str, Any] = {
    "id": "a",
    "title": "b",
    "source": "c",
    "certainty": "policy",
    "given": {"ordered": "2024-07-01T10:00"},
    "when": [{"at": "2024-07-02", "withdraw": None}],
    "then": {"stage": "withdrawn"},
}


@pytest.mark.parametrize(
    "bad",
    [
        {"certainty": "sure"},
        {"mood": "good"},
        {"given": {"ordered": "yesterday"}},
        {"given": {"price": [1]}},
        {"when": [{"at": "2024-07-02"}]},
        {"when": [{"at": "2024-07-02", "withdraw": {}, "resume": {}}]},
        {"when": [{"at": "2024-07-02", "vanish": {}}]},
        {"when": [{"at": "2024-07-02", "withdraw": {"now": True}}]},
        {"when": [{"at": "2024-07-02", "by": "the boss", "withdraw": {}}]},
        {"when": [{"at": "2024-07-02", "demand-performance": {}}]},
        {"when": [{"at": "2024-07-02", "demand-performance": {"ground": "envy"}}]},
        {"then": {"stage": "married"}},
        {"then": {"money": {"pocket": 1}}},
        {"then": {"lint": {"finds": {"balance_due.when": ["CN-99"]}}}},
        {"then": {"exits": {"delay": {"opened": True}}}},
    ],
)
def test_what_cannot_be_read_breaks_the_schema(bad: dict[str, Any]) -> None:
    assert complaints(GOOD) == []
    assert complaints({"cases": [GOOD]}) == []
    assert complaints(GOOD | bad) != []
    assert complaints({"cases": [GOOD | bad]}) != []


def test_every_command_and_subject_is_in_the_schema() -> None:
    definitions = case_schema()["$defs"]

    assert set(COMMAND_NAMES) <= set(definitions["step"]["properties"])
    assert set(ALL_SUBJECTS) <= set(definitions["expectation"]["properties"])


def test_every_subject_says_what_it_is() -> None:
    properties = case_schema()["$defs"]["expectation"]["properties"]

    silent = [name for name in ALL_SUBJECTS if not properties[name].get("description")]

    assert silent == []
