"""A case file as it was written: every value with its line, so that an error can point at it.

YAML's guesses are left out on purpose: a plain word stays a word (`no` is not false), a date and
an amount stay the text that was written, and nothing is repeated by reference.
Not here: what the values mean (`meaning.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import msgspec
import yaml

from earnest.simulator.scenarios.fault import Fault, FaultCode

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}

_UNUSUAL = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
_WRITE_OUT = (
    "References (`&name`, `*name`) and types (`!!name`) are not followed; write values out."
)

Plain: TypeAlias = str | int | bool | None


class Written(msgspec.Struct, frozen=True):
    """One value with its line and its key from the top of the case (`when[2].defer.until`)."""

    value: Plain | dict[str, Written] | list[Written]
    line: int
    key: str
    quoted: bool = False

    @property
    def form(self) -> str:
        """What kind of thing was written, in words."""
        match self.value:
            case None:
                return "nothing"
            case bool():
                return f"{str(self.value).lower()}"
            case dict():
                return "a table of keys"
            case list():
                return "a list"
            case _:
                return f"`{self.value}`"


class Faults:
    """Gathers the faults of one file, so that all of them can be mended at once."""

    def __init__(self, file: str) -> None:
        """Begin with none."""
        self.file = file
        self.found: list[Fault] = []

    def add(self, at: Written, code: FaultCode, message: str) -> None:
        """One more fault, at the place of a value."""
        self.add_at(at.line, at.key, code, message)

    def add_at(self, line: int, key: str, code: FaultCode, message: str) -> None:
        """One more fault, at a line."""
        self.found.append(Fault(file=self.file, line=line, key=key, code=code, message=message))


def read_yaml(text: str, faults: Faults) -> Written | None:
    """The one document of a file, or None with a fault when it cannot be read as YAML."""
    try:
        for token in yaml.scan(text, Loader=yaml.BaseLoader):
            if isinstance(token, _UNUSUAL):
                line = token.start_mark.line + 1
                faults.add_at(line, "", FaultCode.YAML_MALFORMED, _WRITE_OUT)
                return None
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        faults.add_at(line, "", FaultCode.YAML_MALFORMED, f"This is not YAML: {error.problem}.")
        return None
    except (yaml.YAMLError, ValueError) as error:
        faults.add_at(1, "", FaultCode.YAML_MALFORMED, f"This is not YAML: {error}.")
        return None
    if root is None:
        faults.add_at(1, "", FaultCode.NOTHING_TO_RUN, "The file is empty; it needs `cases:`.")
        return None
    return _Reading(faults).read(root, "")


class _Reading:
    """One pass over the nodes of a file."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def read(self, node: yaml.Node, key: str) -> Written:
        """The value of a node."""
        readers: dict[type[yaml.Node], Callable[..., Written]] = {
            yaml.MappingNode: self._table,
            yaml.SequenceNode: self._list,
            yaml.ScalarNode: self._scalar,
        }
        return readers[type(node)](node, node.start_mark.line + 1, key)

    def _table(self, node: yaml.MappingNode, line: int, key: str) -> Written:
        values: dict[str, Written] = {}
        for name_node, value_node in node.value:
            name = str(name_node.value)
            inner = f"{key}.{name}" if key else name
            value = self.read(value_node, inner)
            # An empty value stands at the end of the file's next token; its key is the place.
            value = msgspec.structs.replace(value, line=name_node.start_mark.line + 1)
            if name in values:
                self._faults.add(
                    value,
                    FaultCode.KEY_REPEATED,
                    f"`{name}` stands here already, in line {values[name].line}; keep one.",
                )
            else:
                values[name] = value
        return Written(values, line, key)

    def _list(self, node: yaml.SequenceNode, line: int, key: str) -> Written:
        items = [self.read(each, f"{key}[{number}]") for number, each in enumerate(node.value, 1)]
        return Written(items, line, key)

    def _scalar(self, node: yaml.ScalarNode, line: int, key: str) -> Written:
        text = str(node.value)
        if node.style is not None:
            return Written(text, line, key, quoted=True)
        if text in _PLAIN:
            return Written(_PLAIN[text], line, key)
        return Written(int(text) if _WHOLE.fullmatch(text) else text, line, key)
