"""What a written value means, by the type that the core declares for it.

The types are read from the commands themselves, so a command that does not exist yet will be
understood without a change here. Not here: which keys a case has (`reading.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import inspect

from earnest.core.order.parts import ChecklistItem, Slot
from earnest.core.terms.document import MINOR_DIGITS
from earnest.core.terms.override import FIELDS, Override, OverrideField, Shape
from earnest.core.terms.version import Acknowledgement, TermsVersion
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.simulator.scenarios import moments
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.written import Faults, Written


@cache
def info_of(declared: Any) -> inspect.Type:  # noqa: ANN401 - a type of any form
    """What msgspec knows of a declared type, looked into once."""
    return inspect.type_info(declared)


def struct_info(declared: type[msgspec.Struct]) -> inspect.StructType:
    """The same for a struct, with its fields."""
    info = info_of(declared)
    assert isinstance(info, inspect.StructType), "a struct is looked into as one"
    return info


class Meaningless(msgspec.Struct, frozen=True):
    """Stands for a value that could not be understood; its fault is already noted."""


MEANINGLESS: Final = Meaningless()


class AsShown(msgspec.Struct, frozen=True):
    """Stands for the acknowledgement of the very text that a step is about."""


AS_SHOWN: Final = AsShown()

_Collection: TypeAlias = inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType
_MADE_OF: dict[type, Callable[[list[Any]], object]] = {
    inspect.VarTupleType: tuple,
    inspect.ListType: list,
    inspect.FrozenSetType: frozenset,
}

_FIELD_NAMES = tuple(each.value for each in OverrideField)
_OF_SHAPE: dict[Shape, Any] = {
    Shape.FLAG: bool,
    Shape.COUNT: int,
    Shape.SUM: Money,
    Shape.INSTANT: Instant,
}


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """What words are relative to.

    Amounts are in the currency, a date and time without a zone is by the clock of the time zone,
    and a clause is accepted in the words of the terms that run, if any do, in the language.
    """

    currency: str
    time_zone: str
    language: str = "en"
    terms: TermsVersion | None = None

    @property
    def digits(self) -> int:
        """How many decimals an amount may have."""
        return MINOR_DIGITS.get(self.currency, 2)


class Meaning:
    """Reads written values as the core's own, noting a fault for each that makes no sense.

    `at` is the instant of the step that the values belong to: evidence carries it.
    """

    def __init__(self, tongue: Tongue, faults: Faults, at: Instant) -> None:
        """Read in this tongue, into these faults."""
        self._tongue = tongue
        self._faults = faults
        self._at = at

    def of(self, written: Written, declared: Any) -> Any:  # noqa: ANN401 - a type, and its value
        """The value that a written one means for a declared type, or `MEANINGLESS`."""
        return self.of_info(written, info_of(declared))

    def of_info(self, written: Written, info: inspect.Type) -> Any:  # noqa: ANN401 - the value
        """The same for a type that was looked into already."""
        reader = _READERS.get(type(info))
        if reader is None:
            return written_plainly(written)
        return reader(self, written, info)

    def _wrong(self, written: Written, wanted: str) -> Meaningless:
        self._faults.add(
            written, FaultCode.VALUE_MALFORMED, f"Write {wanted} here, not {written.form}."
        )
        return MEANINGLESS

    def text(self, written: Written, _: object) -> Any:  # noqa: ANN401 - text or nothing
        """Words; a number is a word as well, true and false are not."""
        if isinstance(written.value, str) or type(written.value) is int:
            return str(written.value)
        return self._wrong(written, "text")

    def whole(self, written: Written, _: object) -> Any:  # noqa: ANN401 - a number or nothing
        """A whole number."""
        return written.value if type(written.value) is int else self._wrong(written, "a number")

    def truth(self, written: Written, _: object) -> Any:  # noqa: ANN401 - a truth or nothing
        """True or false."""
        if isinstance(written.value, bool):
            return written.value
        return self._wrong(written, "true or false")

    def nothing(self, written: Written, _: object) -> Any:  # noqa: ANN401 - nothing, or a fault
        """Nothing at all."""
        return None if written.value is None else self._wrong(written, "nothing (null)")

    def whole_day(self, written: Written, _: object) -> Any:  # noqa: ANN401 - a date or nothing
        """A date without a time."""
        read = moments.day(str(written.value))
        return self._wrong(written, "a date such as 2024-12-04") if read is None else read

    def literal(self, written: Written, info: inspect.LiteralType) -> Any:  # noqa: ANN401 - one of them
        """One of a few fixed values."""
        if written.value in info.values:
            return written.value
        return self._wrong(written, f"one of {', '.join(str(each) for each in info.values)}")

    def word_of_list(self, written: Written, info: inspect.EnumType) -> Any:  # noqa: ANN401 - an enum
        """One of the words of an enumeration."""
        words = {str(each.value): each for each in info.cls}
        if isinstance(written.value, str | int) and str(written.value) in words:
            return words[str(written.value)]
        return self._wrong(written, f"one of {', '.join(words)}")

    def instant(self, written: Written, _: object) -> Any:  # noqa: ANN401 - an instant or nothing
        """A date and time. A date alone does not say which of its moments is meant."""
        text = str(written.value)
        read = moments.moment(text, self._tongue.time_zone)
        if read is not None:
            return read
        if moments.day(text) is not None:
            self._faults.add(
                written,
                FaultCode.VALUE_AMBIGUOUS,
                f"A date alone does not say which moment is meant; write {text}T00:00 for the "
                f"beginning of the day or {text}T24:00 for its end.",
            )
            return MEANINGLESS
        return self._wrong(written, "a date and time such as 2024-12-04T10:00")

    def items(self, written: Written, info: _Collection) -> Any:  # noqa: ANN401 - a collection
        """A list, item by item, as the collection that is declared."""
        if isinstance(info.item_type, inspect.StructType) and info.item_type.cls is Override:
            return self.overrides(written)
        if not isinstance(written.value, list):
            return self._wrong(written, "a list")
        values = [self.of_info(each, info.item_type) for each in written.value]
        return MEANINGLESS if MEANINGLESS in values else _MADE_OF[type(info)](values)

    def overrides(self, written: Written) -> Any:  # noqa: ANN401 - a tuple, or a fault
        """What was promised or agreed otherwise, field by field: `{cure_days: 30}`."""
        if not isinstance(written.value, dict):
            return self._wrong(written, "a table such as {cure_days: 30}")
        values: list[Override | Meaningless] = []
        for name, each in written.value.items():
            rule = FIELDS.get(OverrideField(name)) if name in _FIELD_NAMES else None
            if rule is None:
                help_text = did_you_mean(name, _FIELD_NAMES)
                self._faults.add(
                    each, FaultCode.KEY_UNKNOWN, f"`{name}` cannot be agreed. {help_text}"
                )
                values.append(MEANINGLESS)
                continue
            value = self.of(each, _OF_SHAPE[rule.shape])
            agreed = value is not MEANINGLESS
            values.append(Override(OverrideField(name), value) if agreed else MEANINGLESS)
        return MEANINGLESS if MEANINGLESS in values else tuple(values)

    def table(self, written: Written, info: inspect.DictType) -> Any:  # noqa: ANN401 - a dict
        """A table with keys of its own."""
        if not isinstance(written.value, dict):
            return self._wrong(written, "a table of keys")
        values = {key: self.of_info(each, info.value_type) for key, each in written.value.items()}
        return MEANINGLESS if MEANINGLESS in values.values() else values

    def either(self, written: Written, info: inspect.UnionType) -> Any:  # noqa: ANN401 - any of them
        """The first of several types that the value fits; the last one says what is wrong."""
        kinds = [each for each in info.types if not isinstance(each, inspect.NoneType)]
        if written.value is None and len(kinds) < len(info.types):
            return None
        for kind in kinds[:-1]:
            attempt = Meaning(self._tongue, Faults(self._faults.file), self._at)
            value = attempt.of_info(written, kind)
            if value is not MEANINGLESS:
                return value
        return self.of_info(written, kinds[-1])

    def struct(self, written: Written, info: inspect.StructType) -> Any:  # noqa: ANN401 - a struct
        """A value of several fields, or its short form."""
        short = SHORT.get(info.cls)
        if short is not None and not isinstance(written.value, dict):
            wanted, reader = short
            value = reader(self, written)
            return self._wrong(written, wanted) if value is None else value
        if not isinstance(written.value, dict):
            return self._wrong(written, "a table of keys")
        values = self.fields(written, info, {}, ())
        return MEANINGLESS if values is None else info.cls(**values)

    def fields(
        self,
        written: Written,
        info: inspect.StructType,
        filled_in: dict[str, object],
        left_out: tuple[str, ...],
    ) -> dict[str, Any] | None:
        """The fields of a struct that were written; None when any of them makes no sense.

        `filled_in` are those that may be missing because the runner knows them; `left_out` are
        fields that nobody writes.
        """
        assert isinstance(written.value, dict), "the fields of a struct stand in a table"
        known = {each.encode_name: each for each in info.fields if each.name not in left_out}
        values: dict[str, Any] = {}
        for key, each in written.value.items():
            if key in known:
                values[known[key].name] = self.of_info(each, known[key].type)
            else:
                help_text = did_you_mean(key, known) if known else "Nothing is written here."
                self._faults.add(each, FaultCode.KEY_UNKNOWN, f"`{key}` is not known. {help_text}")
                values[key] = MEANINGLESS
        for key, field in known.items():
            if field.required and field.name not in values and field.name not in filled_in:
                self._faults.add(
                    written, FaultCode.KEY_MISSING, f"`{key}` is missing here; it is needed."
                )
                values[field.name] = MEANINGLESS
        return None if MEANINGLESS in values.values() else values

    def money(self, written: Written) -> Money | None:
        """An amount in units of the currency of the terms: `5000`, `14110.62`."""
        if isinstance(written.value, bool) or not isinstance(written.value, str | int):
            return None
        return moments.money(str(written.value), self._tongue.currency, self._tongue.digits)

    def window(self, written: Written) -> Window | Meaningless | None:
        """Two instants in a list: from, and until (which is no longer inside)."""
        if not isinstance(written.value, list) or len(written.value) != 2:  # noqa: PLR2004 - a pair
            return None
        begins, ends = (self.instant(each, None) for each in written.value)
        return MEANINGLESS if MEANINGLESS in (begins, ends) else Window(begins, ends)

    def slot(self, written: Written) -> Slot | None:
        """A plant and a production week in one text: `changping 2024-W42`."""
        if not isinstance(written.value, str):
            return None
        plant, space, week = written.value.rpartition(" ")
        return Slot(plant=plant, week=week) if space else None

    def checked(self, written: Written) -> ChecklistItem | None:
        """A point of the checklist that was found in order, by its name."""
        if not isinstance(written.value, str):
            return None
        return ChecklistItem(item=written.value, in_order=True)

    def acknowledgement(self, written: Written) -> Acknowledgement | AsShown | None:
        """A clause accepted on its own, by its id, in exactly the words of the terms.

        `true` accepts the very text that the step is about.
        """
        if written.value is True:
            return AS_SHOWN
        terms = self._tongue.terms
        clause = None if terms is None else terms.clause(str(written.value))
        if clause is None or self._tongue.language not in clause.texts:
            return None
        return Acknowledgement(
            clause_id=clause.clause_id,
            text_hash=clause.text_hash(self._tongue.language),
            language=self._tongue.language,
            at=self._at,
        )


def written_plainly(written: Written) -> Any:  # noqa: ANN401 - whatever was written
    """A written value without its places."""
    match written.value:
        case dict(table):
            return {key: written_plainly(each) for key, each in table.items()}
        case list(items):
            return [written_plainly(each) for each in items]
        case plain:
            return plain


_READERS: dict[type, Callable[..., Any]] = {
    inspect.StrType: Meaning.text,
    inspect.IntType: Meaning.whole,
    inspect.BoolType: Meaning.truth,
    inspect.NoneType: Meaning.nothing,
    inspect.EnumType: Meaning.word_of_list,
    inspect.DateTimeType: Meaning.instant,
    inspect.DateType: Meaning.whole_day,
    inspect.LiteralType: Meaning.literal,
    inspect.VarTupleType: Meaning.items,
    inspect.ListType: Meaning.items,
    inspect.FrozenSetType: Meaning.items,
    inspect.DictType: Meaning.table,
    inspect.UnionType: Meaning.either,
    inspect.StructType: Meaning.struct,
}

SHORT: dict[type, tuple[str, Callable[[Meaning, Written], object | None]]] = {
    Money: ("an amount of the currency without thousands marks", Meaning.money),
    Window: ("two dates with times in a list, [from, until]", Meaning.window),
    Slot: ("a plant and a week such as `changping 2024-W42`", Meaning.slot),
    ChecklistItem: ("the name of a point of the checklist", Meaning.checked),
    Acknowledgement: (
        "the id of a clause of the terms, or true for the text that this step is about",
        Meaning.acknowledgement,
    ),
}
"""Types that have a form a lawyer would write, with what to say when it is not that."""
