"""Models, choices, options and the rules between options.

Not here: checking and pricing a selection (`configuration.py`).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from earnest.core.values.ids import CatalogueHash
from earnest.core.values.money import Money

Names = dict[str, str]
"""A name in every language of the catalogue, by language tag."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be chosen for a model, with its price (zero when included)."""

    code: str
    choice: str
    names: Names
    price: Money


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A question the buyer answers: exactly one option (`single`), or any number of them."""

    code: str
    names: Names
    single: bool


class RuleKind(StrEnum):
    """How one option bears on others."""

    REQUIRES = "requires"
    EXCLUDES = "excludes"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """An option requires one of some others, or excludes each of them; `names` says why."""

    option: str
    kind: RuleKind
    others: tuple[str, ...]
    names: Names


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle that can be made to order."""

    code: str
    model_line: str
    names: Names
    price: Money
    choices: tuple[Choice, ...]
    options: tuple[Option, ...]
    rules: tuple[Rule, ...] = ()


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All models of one catalogue version. Prices include value-added tax."""

    version: str
    models: tuple[Model, ...]

    @property
    def catalogue_hash(self) -> CatalogueHash:
        """The digest by which orders name the catalogue whose prices they froze."""
        document = msgspec.json.encode(self, order="deterministic")
        return CatalogueHash(hashlib.sha256(document).hexdigest())

    def model(self, code: str) -> Model | None:
        """The model with this code, if there is one."""
        return next((model for model in self.models if model.code == code), None)
