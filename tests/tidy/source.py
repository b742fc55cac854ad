"""The files that house rules look at, and the small reading aids that rules share.

No rule stands here. A rule is a function in a test file: it takes the name of a file and its text
and returns findings, so that a test can also show it a bad text and see that it speaks.
"""

import ast
import io
import tokenize
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Rule = Callable[[str, str], list[str]]
"""Takes a file's name and text; returns findings, each naming the place and the cure."""

_FOLDERS = (".ci", "benchmarks", "chaos", "docs", "requirements", "src", "tests")
_TEXT = frozenset(
    {".css", ".csv", ".html", ".in", ".ini", ".jinja", ".js", ".json", ".md", ".po", ".py"}
    | {".sh", ".sql", ".svg", ".toml", ".txt", ".yaml", ".yml"}
)


def _is_text(path: Path) -> bool:
    made = {"__pycache__", "node_modules"} & set(path.parts)
    known = path.suffix in _TEXT or path.name in {"run", "Makefile", "LICENSE"}
    return path.is_file() and known and not made and "egg-info" not in str(path)


@cache
def tree() -> tuple[str, ...]:
    """Every text file of the repository by its path from the top, in order."""
    below = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*")]
    return tuple(
        sorted(str(path.relative_to(ROOT)) for path in [*ROOT.iterdir(), *below] if _is_text(path))
    )


@cache
def text_of(name: str) -> str:
    """The text of one file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def files(prefix: str, suffix: str = ".py") -> list[str]:
    """The files whose path starts and ends so."""
    return [name for name in tree() if name.startswith(prefix) and name.endswith(suffix)]


def findings(rule: Rule, names: Iterable[str]) -> list[str]:
    """What a rule finds in these files."""
    return [finding for name in names for finding in rule(name, text_of(name))]


def report(found: list[str]) -> str:
    """Findings as a message, one to a line."""
    return "\n  ".join([f"{len(found)} finding(s):", *found])


def glued(text: str) -> str:
    """The text without its tildes: so an example can show a word that may stand nowhere."""
    return text.replace("~", "")


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment of a Python text with its line; words inside strings are not comments."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def docstrings(module: ast.Module) -> set[int]:
    """The identities of the nodes that are docstrings, so that rules about strings pass them by.

    A string that stands alone below an attribute documents it and counts as well.
    """
    return {
        id(statement.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that a text imports, with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.lineno, node.module
