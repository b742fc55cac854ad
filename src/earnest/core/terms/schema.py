"""The JSON Schema of a terms document, for editors that complete and check while somebody writes.

Not here: checks over several keys (`contradictions.py`); no schema can say them.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import inspect

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.meanings import MEANINGS

SCHEMA_ID = "urn:earnest:schema:terms-document"


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a document: its section (empty at the top), its type and its default."""

    section: str
    field: inspect.Field

    @property
    def path(self) -> str:
        """The key as people write it."""
        name = self.field.encode_name
        return f"{self.section}.{name}" if self.section else name


def keys() -> Iterator[Key]:
    """Every key that holds a value, in the order of the document."""
    document = inspect.type_info(TermsDocument)
    assert isinstance(document, inspect.StructType), "a document is a struct"
    for field in document.fields:
        section = _section_of(field.type)
        if section is None:
            yield Key(section="", field=field)
        else:
            for each in section.fields:
                yield Key(section=field.encode_name, field=each)


def _section_of(kind: inspect.Type) -> inspect.StructType | None:
    """The table behind a key: a section, or the entries of an array of tables."""
    if isinstance(kind, inspect.VarTupleType):
        kind = kind.item_type
    return kind if isinstance(kind, inspect.StructType) else None


def json_schema() -> dict[str, Any]:
    """The schema of a document in draft 2020-12, with a sentence about every key."""
    schema = msgspec.json.schema(TermsDocument, ref_template="#/$defs/{name}")
    definitions: dict[str, Any] = schema["$defs"]
    document = definitions.pop(TermsDocument.__name__)
    tables = {"": document} | {
        key: definitions[_definition(value)]
        for key, value in document["properties"].items()
        if _definition(value) in definitions
    }
    for key in keys():
        english, chinese = MEANINGS[key.path]
        value = tables[key.section]["properties"][key.field.encode_name]
        value["description"] = english
        value["x-description-zh-Hans"] = chinese
    for table in (document, *definitions.values()):
        table["description"] = cleandoc(table.get("description", ""))
    head: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
    }
    whole: dict[str, Any] = head | document
    return whole | {"title": "Terms document", "$defs": definitions}


def _definition(value: dict[str, Any]) -> str:
    """The name of the table that a property refers to, directly or as its entries."""
    reference: str = value.get("$ref") or value.get("items", {}).get("$ref", "")
    return reference.rpartition("/")[2]
