"""Every word of the pages is there in both languages, once, and is used somewhere.

`python -m tests.tidy.test_page_words` adds what is missing to the catalogues, without a
translation, and removes what nobody uses any more. Not here: how good a translation is.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path, PurePosixPath

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from tests.tidy.source import files, report, text_of

FOLDER = "src/earnest/web/locale/zh-Hans"
_PLACE = re.compile(r"%\((\w+)\)s")
_CHINESE = re.compile(r"[一-鿿]")
_SAME_IN_BOTH = frozenset({"Earnest", "VIN", "PDF", "CNY"})
"""Texts that Chinese says as English does."""


def room_of(name: str) -> str:
    """The catalogue that the words of a file belong to."""
    parts = PurePosixPath(name).parts
    below = parts[parts.index("web") + 1 :]
    room = below[1] if below[0] == "templates" else below[0]
    stem = PurePosixPath(name).stem
    if room == "site" and (stem.startswith("order") or below[-2].startswith("order")):
        return "orders"
    return "pages" if room in {"macros", "pages"} else room


def words_in(name: str, text: str) -> list[str]:
    """The texts of a template, or those that Python marks with `said`."""
    method = "python" if name.endswith(".py") else "jinja2.ext:babel_extract"
    keywords = {"said": None} if name.endswith(".py") else {"_": None, "ngettext": (1, 2)}
    options = {} if name.endswith(".py") else {"trimmed": "true"}
    found = extract(method, BytesIO(text.encode()), keywords, options=options)
    return [each if isinstance(each, str) else each[0] for _, each, _, _ in found]


def used() -> dict[str, set[str]]:
    """Every text that some page says, by the catalogue it belongs to."""
    rooms: dict[str, set[str]] = {}
    for name in [*files("src/earnest/web/templates/", ".html"), *files("src/earnest/web/")]:
        is_of_pages = name.endswith(".html") or room_of(name) in {
            "pages",
            "site",
            "orders",
            "office",
        }
        for text in words_in(name, text_of(name)) if is_of_pages else []:
            rooms.setdefault(room_of(name), set()).add(text)
    return rooms


def catalogues() -> dict[str, Catalog]:
    """The catalogues by room."""
    return {
        PurePosixPath(name).stem: read_po(BytesIO(text_of(name).encode()), locale="zh_Hans")
        for name in files(FOLDER, ".po")
    }


def texts_of(catalogue: Catalog) -> dict[str, list[str]]:
    """What a catalogue says for each text."""
    said = {}
    for message in catalogue:
        if message.id:
            original = message.id if isinstance(message.id, str) else message.id[0]
            given = message.string or ""
            said[original] = [given] if isinstance(given, str) else list(given)
    return said


def faults(rooms: dict[str, set[str]], known: dict[str, dict[str, list[str]]]) -> list[str]:
    """What is missing, unused, said twice, or said wrongly."""
    wanted = set().union(*rooms.values())
    found = []
    for room, texts in sorted(known.items()):
        for text, given in sorted(texts.items()):
            if text not in wanted:
                found.append(f"{room}.po: nobody says {text!r}; remove it")
            if not all(given):
                found.append(f"{room}.po: {text!r} has no translation")
            elif any(set(_PLACE.findall(each)) != set(_PLACE.findall(text)) for each in given):
                found.append(f"{room}.po: {text!r} and its translation hold other values")
            elif text not in _SAME_IN_BOTH and not all(_CHINESE.search(each) for each in given):
                found.append(f"{room}.po: {text!r} is not translated")
            others = [each for each in known if each > room and text in known[each]]
            if any(known[each][text] != given for each in others):
                found.append(f"{room}.po: {text!r} is said otherwise in {', '.join(others)}.po")
    everything = set().union(*known.values())
    for room, words in sorted(rooms.items()):
        found += [f"{room}.po: {text!r} is missing" for text in sorted(words - everything)]
    return found


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    found = faults(used(), {room: texts_of(each) for room, each in catalogues().items()})

    assert not found, report(
        [*found, "`python -m tests.tidy.test_page_words` writes what is missing"]
    )


def test_faults_are_found() -> None:
    rooms = {"site": {"Buy %(what)s", "Leave"}, "office": {"Plan"}}
    good = {
        "site": {"Buy %(what)s": ["购买%(what)s"], "Leave": ["退出"]},
        "office": {"Plan": ["计划"]},
    }
    bad = {
        "site": {"Buy %(what)s": ["购买"], "Gone": ["旧"], "Leave": ["Leave"]},
        "office": {"Leave": ["离开"]},
    }

    assert not faults(rooms, good)
    assert faults(rooms, bad) == [
        "office.po: 'Leave' is said otherwise in site.po",
        "site.po: 'Buy %(what)s' and its translation hold other values",
        "site.po: nobody says 'Gone'; remove it",
        "site.po: 'Leave' is not translated",
        "office.po: 'Plan' is missing",
    ]


def test_words_are_found_in_templates_and_in_python() -> None:
    assert words_in(
        "a.html", '{{ _("Pay %(sum)s", sum=1) }} {{ ngettext("%(num)s car", "x", 2) }}'
    ) == [
        "Pay %(sum)s",
        "%(num)s car",
    ]
    assert words_in("a.py", 'title = said("Paid")') == ["Paid"]
    assert room_of("src/earnest/web/site/orders/money.py") == "orders"
    assert room_of("src/earnest/web/templates/site/order.html") == "orders"
    assert room_of("src/earnest/web/templates/macros/parts.html") == "pages"


def write_missing() -> None:
    """Bring the catalogues to what the pages say."""
    rooms, known = used(), catalogues()
    wanted = set().union(*rooms.values())
    everywhere = {text for each in known.values() for text in texts_of(each)}
    for room in sorted({*rooms, *known}):
        catalogue = Catalog(locale="zh_Hans", header_comment="# 页面文字：原文见模板。")
        for text, given in texts_of(known.get(room, Catalog())).items():
            # What another room says as well stays where that room keeps it.
            kept_elsewhere = any(text in texts_of(known[each]) for each in known if each != room)
            if text in rooms.get(room, set()) or (text in wanted and not kept_elsewhere):
                catalogue.add(text, given[0] if len(given) == 1 else tuple(given))
        for text in sorted(rooms.get(room, set()) - everywhere):
            catalogue.add(text, "")
        written = BytesIO()
        write_po(written, catalogue, width=0, omit_header=True, sort_output=True)
        Path(f"{FOLDER}/{room}.po").write_bytes(written.getvalue())


if __name__ == "__main__":
    write_missing()
