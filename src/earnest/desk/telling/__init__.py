"""Telling: every event of an order in words for people, in English and Simplified Chinese.

Not here: rejections (the doors word them), the lines of a statement (`core/settlement/words.py`),
and sending anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from earnest.core.order.events import Event
from earnest.core.terms.override import OverrideField, Value
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, Window, zone
from earnest.core.values.money import Money
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.chinese import TABLE as CHINESE_TABLE
from earnest.desk.telling.english import ENGLISH
from earnest.desk.telling.english import TABLE as ENGLISH_TABLE
from earnest.desk.telling.language import Language
from earnest.desk.telling.occasion import occasion
from earnest.desk.telling.owed import WORDS, owed
from earnest.desk.telling.sentence import Sentence, Wording
from earnest.desk.telling.sources import source_under

__all__ = [
    "LANGUAGES",
    "code_words",
    "language_of",
    "moment_words",
    "money_words",
    "number_words",
    "subject",
    "tell",
    "until_words",
    "what_you_can_do",
    "window_words",
]


class _Prepared(msgspec.Struct, frozen=True):
    subject: str
    told: Sentence
    can_do: Sentence


class _Telling(msgspec.Struct, frozen=True):
    language: Language
    prepared: Mapping[str, _Prepared]

    def about(self, event: Event) -> _Prepared:
        """The words for the closest occasion that the language knows."""
        closest = self.prepared.get(occasion(event))
        return self.prepared[type(event).__name__] if closest is None else closest


def _prepare(language: Language, table: Mapping[str, Wording]) -> _Telling:
    return _Telling(
        language,
        {
            name: _Prepared(
                wording.subject,
                Sentence(wording.told, language),
                Sentence(wording.can_do or language.nothing_to_do, language),
            )
            for name, wording in table.items()
        },
    )


_TELLINGS = {
    ENGLISH.tag: _prepare(ENGLISH, ENGLISH_TABLE),
    CHINESE.tag: _prepare(CHINESE, CHINESE_TABLE),
}

LANGUAGES = tuple(_TELLINGS)
"""The language tags that Earnest speaks."""


def language_of(tag: str) -> str:
    """The language spoken to somebody who asked for this tag: any Chinese, otherwise English."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return CHINESE.tag if primary == "zh" else ENGLISH.tag


def tell(event: Event, language: str, policy: Policy | None) -> str:
    """What happened, in one or two sentences to the buyer.

    `policy` is the one of the order's terms: instants are written in its zone, and what a breach
    gives the buyer follows from its law and its deposit. Where the terms are lost it is None, and
    instants are those of UTC. Where a sentence mentions a right it names the
    rule of that law that gives it.
    Texts that people wrote (a cause, an explanation) are quoted on one line and not escaped for
    any markup.
    """
    telling = _telling(language)
    return _filled(telling.about(event).told, event, telling.language, policy)


def what_you_can_do(event: Event, language: str, policy: Policy | None) -> str:
    """What the buyer can do after this event, or that nothing has to be done."""
    telling = _telling(language)
    return _filled(telling.about(event).can_do, event, telling.language, policy)


def subject(event: Event, language: str) -> str:
    """The subject line of a mail about this event. It never holds what somebody wrote."""
    return _telling(language).about(event).subject


def money_words(amount: Money, language: str) -> str:
    """An amount for a reader: `¥5,000.00`, `5,000.00 元`."""
    return _telling(language).language.money(amount)


def moment_words(instant: Instant, language: str, time_zone: str) -> str:
    """An instant for a reader: local day and time, to the minute."""
    return _telling(language).language.moment(instant, zone(time_zone))


def day_words(instant: Instant, language: str, time_zone: str) -> str:
    """The local day of an instant for a reader."""
    return _telling(language).language.day(instant, zone(time_zone))


def code_words(code: str, language: str, time_zone: str) -> str:
    """A stable code of the core in words; one that nobody translated stays as it is."""
    return _telling(language).language.word(code, zone(time_zone))


def until_words(instant: Instant, language: str, time_zone: str) -> str:
    """The end of a period for a reader; a local midnight is the end of the day before."""
    return _telling(language).language.until(instant, zone(time_zone))


def window_words(window: Window, language: str, time_zone: str) -> str:
    """A promised window for a reader, from the first day to the last day inside."""
    return _telling(language).language.days(window, zone(time_zone))


def number_words(field: OverrideField, value: Value | None, language: str, time_zone: str) -> str:
    """A number that can be agreed otherwise, for a reader."""
    return _telling(language).language.number(field, value, zone(time_zone))


def _filled(sentence: Sentence, event: Event, language: Language, policy: Policy | None) -> str:
    time_zone = "UTC" if policy is None else policy.time_zone
    cite = partial(source_under, policy=policy)
    return sentence.filled(event, zone(time_zone), _owed(policy, language), cite)


def _owed(policy: Policy | None, language: Language) -> str:
    """What a buyer gets who ends the order for the seller's breach, with its source."""
    what, rule = owed(policy)
    return WORDS[language.tag][what].format(rule=language.citation(rule) if rule else "")


def _telling(language: str) -> _Telling:
    return _TELLINGS[language_of(language)]
