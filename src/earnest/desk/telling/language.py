"""How a language writes money, instants, windows and the stable codes of the core.

Not here: sentences, which stand in the tables of each language.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from earnest.core.launch.benefit import Benefit
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.override import Override, OverrideField, Value
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.desk.telling.numbers import FIELDS, FLAGS, SEPARATORS

MINOR_DIGITS: Mapping[str, int] = dict.fromkeys(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
"""Digits of the minor unit where a currency has not two of them (ISO 4217)."""

LISTED = 3
"""How many appointments a sentence names before it counts the rest."""

_MOMENT = timedelta(microseconds=1)


def decimal(amount: Money) -> str:
    """The amount in major units with all its minor digits: `5,000.00`."""
    digits = MINOR_DIGITS.get(amount.currency, 2)
    sign = "-" if amount.amount < 0 else ""
    whole, minor = divmod(abs(amount.amount), 10**digits)
    return f"{sign}{whole:,}.{minor:0{digits}}" if digits else f"{sign}{whole:,}"


class Language(ABC):
    """One language: every method turns a value into the text that stands in a sentence.

    A sentence names a method after the colon (`{due_at:until}`); without one, `plain` chooses by
    the value. Instants are written in the zone that is given, to the minute below, so that
    nobody reads a later end of a right than there is.
    """

    tag: str
    nothing_to_do: str

    def __init__(self, words: Mapping[str, str], citations: Mapping[str, str]) -> None:
        """Take the words for the core's codes and the sources of the rules."""
        self._words = words
        self._citations = citations

    def plain(self, value: object, zone: ZoneInfo) -> str:
        """Money, an instant and a window as such; everything else as it stands."""
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, datetime):
            return self.moment(value, zone)
        if isinstance(value, Window):
            return self.window(value, zone)
        return str(value)

    @abstractmethod
    def money(self, amount: Money) -> str:
        """An amount with its currency, to the minor unit."""

    @abstractmethod
    def day(self, instant: Instant, zone: ZoneInfo) -> str:
        """The local day of an instant."""

    @abstractmethod
    def moment(self, instant: Instant, zone: ZoneInfo) -> str:
        """Local day and time, to the minute."""

    @abstractmethod
    def until(self, instant: Instant, zone: ZoneInfo) -> str:
        """The end of a period; a local midnight is the end of the day before (Civil Code 203)."""

    @abstractmethod
    def window(self, window: Window, zone: ZoneInfo) -> str:
        """From a time to a time, as an appointment is told."""

    @abstractmethod
    def days(self, window: Window, zone: ZoneInfo) -> str:
        """From a day to the last day inside, as a promise is told."""

    @abstractmethod
    def week(self, iso_week: str, zone: ZoneInfo) -> str:
        """A production week, for example 2024-W31."""

    @abstractmethod
    def choices(self, windows: Iterable[Window], zone: ZoneInfo) -> str:
        """The appointments on offer; the first few, then how many more."""

    @abstractmethod
    def reason(self, text: str, zone: ZoneInfo) -> str:
        """A sentence that quotes a reason somebody gave; empty when none was given."""

    @abstractmethod
    def quoted(self, text: str | Iterable[str], zone: ZoneInfo) -> str:
        """What somebody wrote, in quotation marks and on one line."""

    @abstractmethod
    def words(self, codes: Iterable[str], zone: ZoneInfo) -> str:
        """Several codes as a list in words."""

    def word(self, code: str, zone: ZoneInfo) -> str:  # noqa: ARG002 - all spellings are called alike
        """A code of the core in words; one that nobody translated stays as it is."""
        return self._words.get(str(code), str(code))

    def clause(self, clause_id: str, zone: ZoneInfo) -> str:
        """What a clause is called on paper, in quotation marks; one without a title by its code."""
        titles = TITLES.get(clause_id)
        return self.quoted(clause_id if titles is None else titles[self.tag], zone)

    def number(self, field: OverrideField, value: Value | None, zone: ZoneInfo) -> str:
        """A number that can be agreed otherwise; a dash where nothing is said about it."""
        if value is None:
            told = "–"
        elif isinstance(value, bool):
            told = FLAGS[self.tag][value]
        else:
            told = self.plain(value, zone)
        return FIELDS[self.tag][field].format(value=told)

    def overrides(self, overrides: Iterable[Override], zone: ZoneInfo) -> str:
        """Everything that a promise or an agreement says."""
        told = [self.number(each.field, each.value, zone) for each in overrides]
        return SEPARATORS[self.tag].join(told)

    def benefits(self, benefits: Iterable[Benefit], zone: ZoneInfo) -> str:  # noqa: ARG002 - as all
        """The benefits of a campaign in the words in which they were published."""
        return SEPARATORS[self.tag].join(one_line(each.texts[self.tag]) for each in benefits)

    def citation(self, rule: str) -> str:
        """The source of a rule of DOMAIN.md, in brackets."""
        return self._citations[rule]

    def spelling(self, name: str) -> Callable[[Any, ZoneInfo], str]:
        """The method that a sentence asks for after the colon."""
        chosen: Callable[[Any, ZoneInfo], str] = getattr(self, name or "plain")
        return chosen


def one_line(text: str) -> str:
    """What a person wrote, without line breaks and other characters that are not seen."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def ends_at_midnight(instant: Instant, zone: ZoneInfo) -> bool:
    """Whether a period ends with a local day."""
    local = instant.astimezone(zone)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def last_moment(instant: Instant, zone: ZoneInfo) -> datetime:
    """The last local moment before the end of a half-open period."""
    return (instant - _MOMENT).astimezone(zone)


class English(Language):
    """English, with the day before the month."""

    tag = "en"
    nothing_to_do = "You do not have to do anything."

    _MONTHS = (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    )

    def money(self, amount: Money) -> str:
        """Yuan with their sign, other currencies with their code."""
        if amount.currency == "CNY":
            text = decimal(amount)
            return f"-¥{text[1:]}" if text.startswith("-") else f"¥{text}"
        return f"{amount.currency} {decimal(amount)}"

    def _day(self, local: datetime) -> str:
        return f"{local.day} {self._MONTHS[local.month - 1]} {local.year}"

    def day(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example 29 November 2026."""
        return self._day(instant.astimezone(zone))

    def moment(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example 29 November 2026, 14:05."""
        local = instant.astimezone(zone)
        return f"{self._day(local)}, {local.hour:02}:{local.minute:02}"

    def until(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example the end of 29 November 2026, or a moment."""
        if ends_at_midnight(instant, zone):
            return f"the end of {self._day(last_moment(instant, zone))}"
        return self.moment(instant, zone)

    def window(self, window: Window, zone: ZoneInfo) -> str:
        """For example 29 November 2026, 10:00 to 11:00."""
        begins, ends = window.begins.astimezone(zone), window.ends.astimezone(zone)
        if begins.date() == ends.date():
            return f"{self.moment(window.begins, zone)} to {ends.hour:02}:{ends.minute:02}"
        return f"{self.moment(window.begins, zone)} to {self.moment(window.ends, zone)}"

    def days(self, window: Window, zone: ZoneInfo) -> str:
        """For example 3 January 2027 to 14 February 2027."""
        return f"{self.day(window.begins, zone)} to {self._day(last_moment(window.ends, zone))}"

    def week(self, iso_week: str, zone: ZoneInfo) -> str:  # noqa: ARG002 - called like the others
        """For example week 31 of 2024."""
        year, _, week = iso_week.partition("-W")
        return f"week {week.lstrip('0')} of {year}" if week else iso_week

    def choices(self, windows: Iterable[Window], zone: ZoneInfo) -> str:
        """Separated by "or", the rest counted."""
        told = [self.window(each, zone) for each in windows]
        rest = len(told) - LISTED
        named = " or ".join(told[:LISTED])
        return f"{named}, or {rest} more" if rest > 0 else named

    def reason(self, text: str, zone: ZoneInfo) -> str:
        """Begins with a space, because it follows another sentence."""
        return f" The reason given: {self.quoted(text, zone)}." if text.strip() else ""

    def quoted(self, text: str | Iterable[str], zone: ZoneInfo) -> str:  # noqa: ARG002 - called like the others
        """In curly quotation marks."""
        texts = [text] if isinstance(text, str) else list(text)
        return ", ".join(f"“{one_line(each).rstrip('.')}”" for each in texts)

    def words(self, codes: Iterable[str], zone: ZoneInfo) -> str:
        """Separated by semicolons."""
        return "; ".join(self.word(each, zone) for each in codes)


class Chinese(Language):
    """Simplified Chinese as written on the mainland."""

    tag = "zh-Hans"
    nothing_to_do = "您无需进行任何操作。"

    def money(self, amount: Money) -> str:
        """Yuan as 元, other currencies with their code."""
        return f"{decimal(amount)} {'元' if amount.currency == 'CNY' else amount.currency}"

    def _day(self, local: datetime) -> str:
        return f"{local.year}年{local.month}月{local.day}日"

    def day(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example 2026年11月29日."""
        return self._day(instant.astimezone(zone))

    def moment(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example 2026年11月29日 14:05."""
        local = instant.astimezone(zone)
        return f"{self._day(local)} {local.hour:02}:{local.minute:02}"

    def until(self, instant: Instant, zone: ZoneInfo) -> str:
        """For example 2026年11月29日24时, or a moment."""
        if ends_at_midnight(instant, zone):
            return f"{self._day(last_moment(instant, zone))}24时"
        return self.moment(instant, zone)

    def window(self, window: Window, zone: ZoneInfo) -> str:
        """For example 2026年11月29日 10:00至11:00."""
        begins, ends = window.begins.astimezone(zone), window.ends.astimezone(zone)
        if begins.date() == ends.date():
            return f"{self.moment(window.begins, zone)}至{ends.hour:02}:{ends.minute:02}"
        return f"{self.moment(window.begins, zone)}至{self.moment(window.ends, zone)}"

    def days(self, window: Window, zone: ZoneInfo) -> str:
        """For example 2027年1月3日至2027年2月14日."""
        return f"{self.day(window.begins, zone)}至{self._day(last_moment(window.ends, zone))}"

    def week(self, iso_week: str, zone: ZoneInfo) -> str:  # noqa: ARG002 - called like the others
        """For example 2024年第31周."""
        year, _, week = iso_week.partition("-W")
        return f"{year}年第{week.lstrip('0')}周" if week else iso_week

    def choices(self, windows: Iterable[Window], zone: ZoneInfo) -> str:
        """Separated by 、, the rest counted."""
        told = [self.window(each, zone) for each in windows]
        rest = len(told) - LISTED
        named = "、".join(told[:LISTED])
        return f"{named}，另有{rest}个时段" if rest > 0 else named

    def reason(self, text: str, zone: ZoneInfo) -> str:
        """Follows the sentence before it without a space."""
        return f"对方说明：{self.quoted(text, zone)}。" if text.strip() else ""

    def quoted(self, text: str | Iterable[str], zone: ZoneInfo) -> str:  # noqa: ARG002 - called like the others
        """In curly quotation marks."""
        texts = [text] if isinstance(text, str) else list(text)
        return "、".join(f"“{one_line(each).rstrip('。.')}”" for each in texts)

    def words(self, codes: Iterable[str], zone: ZoneInfo) -> str:
        """Separated by ；."""
        return "；".join(self.word(each, zone) for each in codes)
