"""Setting pages: one contract for typst and its null twin, then what only real pages show."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime

import msgspec
import pylopdf_fonts_zh_cn as fonts
import pytest

from earnest.desk.pack.labels import LABELS
from earnest.desk.pack.sheet import Column, Passage, Section, Sheet
from earnest.gateways.documents.coverage import Shown, coverage
from earnest.gateways.documents.typesetter import (
    NullTypesetter,
    Typesetter,
    Typst,
    missing_fonts,
    set_pages,
)
from tests.gateways.running import run


def sheet(language: str = "zh-Hans", text: str = "延期协议有效。") -> Sheet:
    say = LABELS[language]
    return Sheet(
        language=language,
        title=say["title"],
        subtitle=say["subtitle"],
        order_id="0RDER00000000001",
        digest="0123456789abcdef" * 4,
        made_at=datetime(2026, 11, 22, 7, 24, tzinfo=UTC),
        labels={name: say[name] for name in ("order", "digest", "page", "of", "none")},
        facts=((say["order"], "0RDER00000000001"),),
        sections=(
            Section(heading=say["parties"], facts=((say["seller"], text),)),
            Section(
                heading=say["timeline"],
                columns=(Column("1", 1), Column("2", 5), Column("3", 2, "right")),
                rows=tuple((str(number), text, "¥5,000.00") for number in range(1, 90)),
            ),
            Section(heading=say["cases"], passages=(Passage("1", "2", f"{text}\n{text}"),)),
            Section(heading=say["evidence"]),
        ),
    )


@pytest.mark.parametrize("typesetter", [Typst(), NullTypesetter()], ids=["typst", "null"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_same_sheet_is_the_same_file(typesetter: Typesetter, language: str) -> None:
    first = run(typesetter.pdf(sheet(language)))

    assert first.startswith(b"%PDF-")
    assert run(typesetter.pdf(sheet(language))) == first
    assert run(typesetter.pdf(sheet(language, "another text"))) != first


def test_pages_are_archivable_and_bear_the_date_of_their_content() -> None:
    made = set_pages(sheet())

    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"2026-11-22T07:24" in made
    assert hashlib.sha256(made).hexdigest() == hashlib.sha256(set_pages(sheet())).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
        "*bold* $x^2$ = heading <label> @reference // comment \\ [ ] { }",
        "𠮷 emoji 🚗 and \u202e reversed",
        "a bell \x07, a delete \x7f, a tab \t, a backslash \\u0007",
    ],
)
def test_texts_are_set_as_they_stand_and_never_run(text: str) -> None:
    assert set_pages(sheet("en", text)).startswith(b"%PDF-")


def test_what_no_font_can_show_is_named_by_its_code_point() -> None:
    shown = Shown(frozenset(map(ord, "a车\u202e")))

    assert "a车𠮷🚗\u200b\u202e".translate(shown) == "a车[U+20BB7][U+1F697]\u200b[U+202E]"
    assert "a\x07\r\n\ta".translate(shown) == "a[U+0007]\n a"
    assert "𠮷".translate(shown) == "[U+20BB7]"


def test_a_font_says_which_characters_it_has() -> None:
    points = coverage(fonts.sans_path())

    assert {ord(each) for each in "aé€¥·“”—…定金催告鑫"} <= points
    assert ord("🚗") not in points


def test_the_loop_goes_on_while_pages_are_set() -> None:
    async def story() -> int:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        await Typst().pdf(msgspec.structs.replace(sheet(), sections=sheet().sections * 5))
        ticking.cancel()
        return ticks

    assert run(story()) > 100


def test_the_fonts_come_with_the_requirements() -> None:
    assert missing_fonts() == []
