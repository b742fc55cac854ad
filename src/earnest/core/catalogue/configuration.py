"""Checking a selection against the catalogue and pricing it to the cent.

Not here: when a configuration may still be changed (`core/order/configure.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.model import Catalogue, Model, Option, RuleKind
from earnest.core.values.money import Money, total
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class Configuration(msgspec.Struct, frozen=True):
    """A model with the chosen options, by code."""

    model: str
    options: tuple[str, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The model and the options: everything by which cars are told apart and counted."""
        return (self.model, *self.options)

    def sorted(self) -> Configuration:
        """The same configuration with options in code order, so that equal means equal."""
        return Configuration(self.model, tuple(sorted(self.options)))


class PriceLine(msgspec.Struct, frozen=True):
    """One line of a quote: the model or an option, with its price."""

    code: str
    amount: Money


class Quote(msgspec.Struct, frozen=True):
    """A checked configuration and what it costs, line by line."""

    configuration: Configuration
    lines: tuple[PriceLine, ...]
    price: Money


def quote(catalogue: Catalogue, selection: Configuration) -> Quote | Rejected:
    """The price of a selection, or the first thing that is wrong with it.

    Order of checks: model, options known and chosen once, choices answered, rules.
    """
    model = catalogue.model(selection.model)
    if model is None:
        return Rejected(Reason.MODEL_UNKNOWN, {"model": selection.model})
    if len(set(selection.options)) != len(selection.options):
        return Rejected(Reason.OPTION_REPEATED)
    known = {option.code: option for option in model.options}
    for code in selection.options:
        if code not in known:
            return Rejected(Reason.OPTION_UNKNOWN, {"option": code, "model": model.code})
    chosen = [known[code] for code in sorted(selection.options)]
    rejected = _unanswered_choice(model, chosen) or _broken_rule(model, set(selection.options))
    if rejected is not None:
        return rejected
    lines = (
        PriceLine(model.code, model.price),
        *(PriceLine(option.code, option.price) for option in chosen),
    )
    price = total([line.amount for line in lines], model.price.currency)
    return Quote(selection.sorted(), lines, price)


def _unanswered_choice(model: Model, chosen: list[Option]) -> Rejected | None:
    for choice in model.choices:
        if not choice.single:
            continue
        answers = [option.code for option in chosen if option.choice == choice.code]
        if not answers:
            return Rejected(Reason.CHOICE_MISSING, {"choice": choice.code})
        if len(answers) > 1:
            return Rejected(
                Reason.CHOICE_DOUBLE, {"choice": choice.code, "options": ", ".join(answers)}
            )
    return None


def _broken_rule(model: Model, chosen: set[str]) -> Rejected | None:
    for rule in model.rules:
        if rule.option not in chosen:
            continue
        present = chosen.intersection(rule.others)
        details = {"option": rule.option, "others": ", ".join(rule.others)}
        if rule.kind is RuleKind.REQUIRES and not present:
            return Rejected(Reason.OPTION_REQUIRES, details)
        if rule.kind is RuleKind.EXCLUDES and present:
            return Rejected(
                Reason.OPTION_EXCLUDES, details | {"others": ", ".join(sorted(present))}
            )
    return None
