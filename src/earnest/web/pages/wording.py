"""The words of the pages in each language, read from the catalogues once, at the start.

Texts stand in the templates in English. `locale/zh-Hans/*.po` holds every one of them in Chinese, a
catalogue for each room, so that people who work on different rooms do not meet in one file. Not
here: the words of refusals (`refusals.py`), of events, money and instants (`desk/telling`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import NamedTuple

from babel.messages.pofile import read_po

from earnest.web.languages import ENGLISH, LANGUAGES

Catalogue = dict[str, tuple[str, ...]]
"""Every text by its English original; with several forms where a number decides."""


class Words(NamedTuple):
    """How Jinja asks for words; a number chooses a form where a language has several."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]


def said(text: str) -> str:
    """The text itself: this marks words in Python that a template will say in its language."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def words_of(language: str) -> Words:
    """The words of a language."""
    if language == ENGLISH:
        return Words(said, lambda one, many, number: one if number == 1 else many)
    texts = catalogue_of(language)
    # A text that no catalogue holds is found by tests/tidy; until then English is better than none.
    return Words(
        lambda text: texts.get(text, (text,))[0],
        lambda one, many, number: texts.get(one, (many,))[-1],  # noqa: ARG005 - as Jinja calls it
    )


def catalogue_of(language: str) -> Catalogue:
    """Every text of a language, from the catalogues of all rooms."""
    folder = files("earnest.web").joinpath("locale").joinpath(language)
    texts: Catalogue = {}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".po"):
            texts |= read_catalogue(entry.read_bytes())
    return texts


def read_catalogue(content: bytes) -> Catalogue:
    """The texts of one catalogue; raises where a line of it cannot be understood."""
    texts: Catalogue = {}
    for message in read_po(BytesIO(content), abort_invalid=True):
        if message.id:
            original = message.id if isinstance(message.id, str) else message.id[0]
            given = message.string or ""
            texts[original] = (given,) if isinstance(given, str) else tuple(given)
    return texts
