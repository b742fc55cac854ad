"""The fields of a command's form, and how what was filled in becomes the command's body.

What cannot be read as what it should be is handed on as it is: the API's own types turn it away,
in the same words as for a program. Not here: which command has which fields.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from earnest.core.terms.override import FIELDS, OverrideField, Shape
from earnest.core.terms.policy import Policy
from earnest.web.api.order_shown import OrderShown
from earnest.web.pages.forms import Form
from earnest.web.pages.rendering import ZONE

MINOR_UNITS = 100
"""Of the currencies that the office writes by hand."""

_LONGEST_NUMBER = 18
_OVERRIDABLE = frozenset(each.value for each in OverrideField)


class FieldKind(StrEnum):
    """What somebody fills in."""

    LINE = "line"
    TEXT = "text"
    COUNT = "count"
    SUM = "sum"
    CHOICE = "choice"
    MOMENT = "moment"
    WINDOW = "window"
    DAYS = "days"
    SLOT = "slot"
    LINES = "lines"
    TICK = "tick"
    OVERRIDE = "override"
    CHECKLIST = "checklist"
    PAPERS = "papers"
    CENTRE = "centre"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field by the name it has in the command's body.

    `choices` holds values with their words; a choice without own words is said by its code.
    `standard` gives what stands there at first, from the order and its terms.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    standard: Callable[[OrderShown, Policy], str] | None = None


class CommandForm(msgspec.Struct, frozen=True, kw_only=True):
    """How a command is asked for: its class name, its title, what it does, and its fields.

    `is_due` says whether the order gives a reason to ask for it now; None stands for always.
    `fixed` are parts of the body that the order itself decides.
    """

    command: str
    title: str
    about: str
    chapter: str
    fields: tuple[Field, ...] = ()
    is_grave: bool = False
    is_due: Callable[[OrderShown], bool] | None = None
    fixed: Callable[[OrderShown], dict[str, Any]] | None = None

    @property
    def operation(self) -> str:
        """The operation of the API behind it."""
        return self.command[0].lower() + self.command[1:]


def body_of(wanted: CommandForm, form: Form, order: OrderShown) -> dict[str, Any]:
    """The body of the command, from a form that was filled in."""
    body = {} if wanted.fixed is None else wanted.fixed(order)
    for field in wanted.fields:
        value = value_of(field, form, order.price.currency)
        if value is not None:
            body[field.name] = value
    return body


def value_of(field: Field, form: Form, currency: str) -> Any:  # noqa: ANN401 - any part of a body
    """What one field says; None where it was left empty and may be."""
    text = form.get(field.name)
    match field.kind:
        case FieldKind.TICK:
            return text == "yes"
        case FieldKind.WINDOW:
            return _window(form.get(f"{field.name}-begins"), form.get(f"{field.name}-ends"))
        case FieldKind.SLOT:
            return {part: form.get(f"{field.name}-{part}") for part in ("plant", "week")}
        case FieldKind.LINES:
            return [each.strip() for each in text.splitlines() if each.strip()]
        case FieldKind.DAYS:
            return [_appointment(each) for each in text.splitlines() if each.strip()]
        case FieldKind.PAPERS:
            return form.all(field.name)
        case FieldKind.CHECKLIST:
            return _checklist(form, field.name)
        case FieldKind.OVERRIDE:
            return [_override(form, field.name, currency)]
        case _ if not text and not field.is_required:
            return None
        case FieldKind.COUNT:
            return count_of(text)
        case FieldKind.SUM:
            return {"amount": minor_units(text), "currency": currency}
        case FieldKind.MOMENT:
            return moment_of(text)
        case _:
            return text


def count_of(text: str) -> int | str:
    """A whole number, or the text as it is."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else text


def minor_units(text: str) -> int | str:
    """A sum as people write it, in minor units; the text as it is when it is no such sum."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", "")) * MINOR_UNITS
    except InvalidOperation:
        return text
    is_sum = amount.is_finite() and amount == amount.to_integral_value()
    return int(amount) if is_sum and abs(amount) < 10**_LONGEST_NUMBER else text


def moment_of(text: str) -> str:
    """An instant as browsers write it, in the zone of the office; other text as it is."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (local if local.tzinfo else local.replace(tzinfo=ZoneInfo(ZONE))).isoformat()


def _window(begins: str, ends: str) -> dict[str, str]:
    """A window by its first and its last day, both inside."""
    return {"begins": moment_of(begins), "ends": day_after(ends)}


def day_after(text: str) -> str:
    """The instant at which a day is over, in the zone of the office; other text as it is."""
    try:
        return moment_of((datetime.fromisoformat(text) + timedelta(days=1)).isoformat())
    except (ValueError, OverflowError):
        return text


def _appointment(line: str) -> dict[str, str]:
    """An appointment in one line: `2026-12-01 10:00-12:00`."""
    day, _, hours = line.strip().partition(" ")
    begins, _, ends = hours.replace("–", "-").partition("-")
    return {
        "begins": moment_of(f"{day}T{begins.strip()}"),
        "ends": moment_of(f"{day}T{ends.strip()}"),
    }


def _checklist(form: Form, name: str) -> list[dict[str, Any]]:
    """Every point of the joint inspection: in order where it was ticked, with its remark."""
    in_order = frozenset(form.all(f"{name}-ok"))
    return [
        {"item": item, "in_order": item in in_order, "remark": form.get(f"{name}-remark-{place}")}
        for place, item in enumerate(form.all(f"{name}-item"))
    ]


def _override(form: Form, name: str, currency: str) -> dict[str, Any]:
    """A number that is agreed otherwise, in the shape that its field has."""
    field, text = form.get(f"{name}-field"), form.get(f"{name}-value")
    if field not in _OVERRIDABLE:
        return {"field": field, "value": text}
    value: Any = text
    match FIELDS[OverrideField(field)].shape:
        case Shape.FLAG:
            value = {"yes": True, "no": False, "是": True, "否": False}.get(text.lower(), text)
        case Shape.COUNT:
            value = count_of(text)
        case Shape.SUM:
            value = {"amount": minor_units(text), "currency": currency}
        case Shape.INSTANT:
            value = moment_of(text)
    return {"field": field, "value": value}
