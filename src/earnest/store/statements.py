"""Named SQL statements, read from `queries/*.sql` and checked when this module is imported.

Not here: SQL. Every statement lives in a file, with a name and a sentence that says why:

    -- name: lock_orders
    -- Locks the orders of a group in id order, so that two groups never wait for each other.
    SELECT ...

Parameters are written %(name)s, and arrays of a whole group %(name)b: sent in binary form they
cost a tenth of what the text form costs.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

import msgspec

_HEAD = re.compile(r"^-- name: *(.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PARAMETER = re.compile(r"%\(([a-z][a-z0-9_]*)\)[sb]")
_PERCENT_ALLOWED = re.compile(r"%%|" + _PARAMETER.pattern)


class Statement(msgspec.Struct, frozen=True):
    """One SQL statement: its name, the sentence that explains it, and its text.

    `parameters` are the names of its placeholders, each once.
    """

    name: str
    sentence: str
    text: str
    parameters: frozenset[str]


class StatementFileError(ValueError):
    """A file of statements breaks the form; a mistake of the programmer, found at import."""


def parse_statements(file_name: str, content: str) -> dict[str, Statement]:
    """All statements of one file, by name. Raises `StatementFileError`."""
    heads = list(_HEAD.finditer(content))
    if not heads or content[: heads[0].start()].strip():
        raise StatementFileError(f"{file_name}: every statement starts with '-- name: ...'")
    found: dict[str, Statement] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = content[head.end() : following.start() if following else None]
        statement = _statement(file_name, head.group(1).strip(), body)
        if statement.name in found:
            raise StatementFileError(f"{file_name}: {statement.name} is there twice")
        found[statement.name] = statement
    return found


def merge_statements(files: dict[str, str]) -> dict[str, Statement]:
    """The statements of all files by name; a name is unique over all of them."""
    merged: dict[str, Statement] = {}
    for file_name, content in sorted(files.items()):
        for name, statement in parse_statements(file_name, content).items():
            if name in merged:
                raise StatementFileError(f"{file_name}: {name} is already in another file")
            merged[name] = statement
    return merged


def _statement(file_name: str, name: str, body: str) -> Statement:
    lines = body.strip().splitlines()
    comment_length = next((at for at, line in enumerate(lines) if line[:2] != "--"), len(lines))
    sentence = " ".join(line.removeprefix("--").strip() for line in lines[:comment_length])
    text = "\n".join(lines[comment_length:]).strip()
    has_lonely_percent = "%" in _PERCENT_ALLOWED.sub("", text)
    faults = {
        "the name is lower case with underscores": _NAME.fullmatch(name) is None,
        "a sentence, ending with a full stop, says why": not sentence.endswith("."),
        "the statement ends with one semicolon": text.count(";") != 1 or text[-1:] != ";",
        "parameters are %(name)s or %(name)b, and a percent sign is %%": has_lonely_percent,
    }
    for rule, is_broken in faults.items():
        if is_broken:
            raise StatementFileError(f"{file_name}: {name}: {rule}")
    parameters = frozenset(_PARAMETER.findall(text))
    return Statement(name, sentence, text.removesuffix(";"), parameters)


def _packaged() -> dict[str, str]:
    files = resources.files("earnest.store") / "queries"
    return {file.name: file.read_text("utf-8") for file in files.iterdir() if _is_sql(file.name)}


def _is_sql(file_name: str) -> bool:
    return file_name.endswith(".sql")


STATEMENTS: Final = merge_statements(_packaged())
"""Every statement of the store by its name."""
