"""What a replay is asked for, and where it gets addresses and logins from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from earnest.simulator.access import Access, AccessError, Tokens, access_of_demo, tokens_from
from earnest.simulator.options import OptionsError, ReplayOptions

NAMES = Tokens.__struct_fields__
TOKENS = Tokens(**{name: f"token-of-{name}" for name in NAMES})
ACCESS = Access(url="http://a.example", sandbox_url="http://b.example", tokens=TOKENS)


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ({"speed": 0.0}, "--speed"),
        ({"scale": 0.0}, "--scale"),
        ({"until_s": -1.0}, "--until"),
        ({"connections": 0}, "--connections"),
        ({"processes": 0}, "--processes"),
        ({"processes": 5, "connections": 4}, "--processes"),
        ({"sample": -1}, "--sample"),
        ({"run": "two words"}, "--run"),
    ],
)
def test_an_option_that_cannot_be_is_named(option: dict[str, Any], named: str) -> None:
    with pytest.raises(OptionsError, match=named):
        ReplayOptions(file="su7", access=ACCESS, **option)


def test_speed_is_said_as_people_say_it() -> None:
    assert ReplayOptions(file="su7", access=ACCESS).speed_in_words == "as fast as possible"
    assert ReplayOptions(file="su7", access=ACCESS, speed=60.0).speed_in_words == "×60"


def test_a_demo_says_where_it_is(tmp_path: Path) -> None:
    written = {
        "url": ACCESS.url,
        "sandbox_url": ACCESS.sandbox_url,
        "tokens": msgspec.to_builtins(TOKENS),
    }
    (tmp_path / "demo.json").write_text(json.dumps(written), encoding="utf-8")

    assert access_of_demo(tmp_path) == ACCESS


def test_no_demo_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="earnest serve --demo"):
        access_of_demo(tmp_path)


def test_a_demo_of_another_version_says_so(tmp_path: Path) -> None:
    written = {"url": "http://a", "sandbox_url": "http://b", "tokens": {"admin": "t"}}
    (tmp_path / "demo.json").write_text(json.dumps(written), encoding="utf-8")

    with pytest.raises(AccessError, match="another version"):
        access_of_demo(tmp_path)


def test_tokens_come_from_the_environment() -> None:
    environment = {f"EARNEST_{name.upper()}_TOKEN": f"token-of-{name}" for name in NAMES}

    assert tokens_from(environment) == TOKENS
    del environment["EARNEST_AUDITOR_TOKEN"]
    with pytest.raises(AccessError, match="set EARNEST_AUDITOR_TOKEN"):
        tokens_from(environment)
