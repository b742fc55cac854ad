"""Every key of a terms document as a table to look up: what it holds, its default, its meaning.

Not here: the schema for machines (`schema.py`), which says the same.
"""

from __future__ import annotations

from itertools import groupby

import msgspec
from msgspec import inspect

from earnest.core.terms.clauses.unexecuted import TEXT_ONLY
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.meanings import MEANINGS
from earnest.core.terms.schema import Key, keys

_HEAD = """\
# The keys of a terms document

Made by `make docs` from the sections in `src/earnest/core/terms`. How they go together stands in
[terms.md](terms.md). A key without a default must be there. Whatever can be left out has the fair
value. A key that `runs` changes what an order does, or the engine does it always and refuses any
other value; one that is `text only` stands in the contract for the parties to keep, and its clause
says so.
"""


_COLUMNS = """\
| key | holds | default | engine | meaning | 含义 |
| --- | --- | --- | --- | --- | --- |"""


def keys_as_markdown() -> str:
    """A table for each section, in the order of a document."""
    parts = [_HEAD]
    # TOML wants the keys of no table before the first table.
    in_order = sorted(keys(), key=lambda each: each.section != "")
    for section, members in groupby(in_order, key=lambda each: each.section):
        parts.append(_title(section))
        parts.append("\n".join([_COLUMNS, *(_row(each) for each in members)]) + "\n")
    return "\n".join(parts)


def _title(section: str) -> str:
    if not section:
        return "## At the top, before the first table\n"
    field = next(each for each in msgspec.structs.fields(TermsDocument) if each.name == section)
    is_array = section == "clauses"
    kind = inspect.type_info(field.type)
    table = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind
    assert isinstance(table, inspect.StructType), "a section is a table"
    said = (table.cls.__doc__ or "").partition("\n\n")[0]
    return f"## [{'[' if is_array else ''}{section}]{']' if is_array else ''}\n\n{_joined(said)}\n"


def _row(key: Key) -> str:
    english, chinese = MEANINGS[key.path]
    field = key.field
    value = {} if field.default is msgspec.NODEFAULT else field.default
    default = "" if field.required else f"`{_written(value)}`"
    name = field.encode_name
    engine = "text only" if key.path in TEXT_ONLY else "runs"
    return f"| `{name}` | {_holds(field.type)} | {default} | {engine} | {english} | {chinese} |"


def _holds(kind: inspect.Type) -> str:
    match kind:
        case inspect.EnumType():
            return ", ".join(f"`{member.value}`" for member in kind.cls)
        case inspect.VarTupleType():
            return f"list of {_holds(kind.item_type)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"number, {kind.ge} to {kind.le}"
        case inspect.DictType():
            return "tables"
        case _:
            is_sum = getattr(kind, "pattern", None) == r"^[0-9]{1,12}(\.[0-9]+)?$"
            return "sum in quotes" if is_sum else "text"


def _written(value: object) -> str:
    """A default as TOML writes it."""
    return msgspec.json.encode(value).decode().replace(",", ", ")


def _joined(text: str) -> str:
    return " ".join(text.split())
