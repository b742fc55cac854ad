"""Writing a page: the templates, what they may call, and how values become text.

Everything is escaped unless it is a template's own. Money, instants and windows are written by the
same functions as in letters and contracts (`desk/telling`). Not here: words (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import i18n

from earnest.core.values.instant import Instant, Window, zone
from earnest.core.values.money import Money
from earnest.desk.telling import (
    code_words,
    day_words,
    moment_words,
    money_words,
    until_words,
    window_words,
)
from earnest.web.languages import ENGLISH, LANGUAGES
from earnest.web.pages.assets import assets
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import words_of
from earnest.web.shapes import HOUSE_ZONE

ZONE = HOUSE_ZONE
"""The zone of pages that are about no queue."""

_SECONDS_PER_MINUTE = 60


@lru_cache(maxsize=len(LANGUAGES))
def environment(language: str) -> Environment:
    """The templates as a language reads them."""
    made = Environment(
        loader=PackageLoader("earnest.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[i18n, "jinja2.ext.do"],
        auto_reload=False,
    )
    words = words_of(language)
    install: Callable[..., None] = made.install_gettext_callables  # type: ignore[attr-defined]  # added by i18n
    install(words.gettext, words.ngettext, newstyle=True)
    made.filters |= {
        "money": lambda amount: money_words(amount, language),
        "moment": lambda at, time_zone=ZONE: moment_words(at, language, time_zone),
        "until": lambda at, time_zone=ZONE: until_words(at, language, time_zone),
        "day": lambda at, time_zone=ZONE: weekday_words(at, language, time_zone),
        "hours": lambda window, time_zone=ZONE: hours_of(window, time_zone),
        "window": lambda window, time_zone=ZONE: window_words(window, language, time_zone),
        "word": lambda code, time_zone=ZONE: code_words(str(code), language, time_zone),
        "name": lambda names: names.get(language) or next(iter(names.values())),
        "kind": lambda tagged: tagged.__struct_config__.tag,
        "iso": lambda at: at.isoformat(),
        "left": lambda at, now: parts_left(at - now),
    }
    made.globals |= {
        "language": language,
        "languages": LANGUAGES,
        "static": assets().address,
        "Money": Money,
        "Window": Window,
    }
    return made


def render(template: str, visit: Visit, values: Mapping[str, Any]) -> bytes:
    """A page as it is sent."""
    seal = visit.house.seals.of_form(visit.nonce, visit.actor_id)
    text = environment(visit.language).get_template(template)
    return text.render(values, visit=visit, now=visit.received_at, form_seal=seal).encode()


def weekday_words(at: Instant, language: str, time_zone: str) -> str:
    """The local day of an instant with its day of the week, for a list to choose from."""
    weekday = format_date(at.astimezone(zone(time_zone)), "EEEE", locale=language.replace("-", "_"))
    day = day_words(at, language, time_zone)
    return f"{weekday}, {day}" if language == ENGLISH else f"{day}{weekday}"


def hours_of(window: Window, time_zone: str) -> str:
    """From which hour to which, for a time of a day that is named beside it."""
    begins, ends = (
        window.begins.astimezone(zone(time_zone)),
        window.ends.astimezone(zone(time_zone)),
    )
    return f"{begins:%H:%M}–{ends:%H:%M}"


def parts_left(left: timedelta) -> dict[str, int]:
    """A stretch of time as days, hours, minutes and seconds; one that is over as nothing."""
    seconds = max(int(left.total_seconds()), 0)
    minutes, second = divmod(seconds, _SECONDS_PER_MINUTE)
    hours, minute = divmod(minutes, _SECONDS_PER_MINUTE)
    days, hour = divmod(hours, 24)
    return {"days": days, "hours": hour, "minutes": minute, "seconds": second}


def with_query(path: str, query: Mapping[str, str]) -> str:
    """An address with its query."""
    return f"{path}?{urlencode(query)}" if query else path
