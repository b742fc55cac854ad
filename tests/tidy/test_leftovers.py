"""Nothing is left lying about: open ends, silenced checks, mocks, hosts or paths of one machine.

Not here: lint proper. Patterns hold a bracketed letter, and examples a tilde, so that this file
passes its own rules.
"""

import ast
import re

from tests.tidy.source import comments, files, findings, glued, report, tree

_OPEN_END = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b")
_UNFINISHED = re.compile(r"\bNot[I]mplementedError\b")
_NOT_RUN = re.compile(r"\bmark\.(skip|xfail)\b|\bpytest\.(skip|xfail)\(")
_SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa|pragma:|mypy:|ruff:|fmt:)(.*)$")
_TYPE_REASON = re.compile(r"\[[a-z, -]+\]\s+#\s*\S+\s+\S+")
_LINT_REASON = re.compile(r":\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\s+(#|-)\s*\S+\s+\S+")
_HOST = re.compile(
    r"""(^|[^a-z])(
        py[p]i\.org | python[h]osted\. | npm[j]s\.(org|com) | (deb|security)\.deb[i]an\.
      | crates[.]io | proxy\.go[l]ang\.
    )""",
    re.VERBOSE,
)
_MACHINE_PATH = re.compile(
    r"(^|[^\w.~/-])/((wor[k]|far[m]|roo[t]|hom[e]|User[s])/|tmp/bash[_])", re.MULTILINE
)
_MOCKS = frozenset({"unittest.mock", "mock", "pytest_mock", "mocker", "MagicMock", "AsyncMock"})


def open_end(name: str, text: str) -> list[str]:
    """Work that somebody meant to come back to."""
    return [
        f"{name}:{line}: finish it now, or open an issue and remove the note"
        for line, content in enumerate(text.splitlines(), start=1)
        if _OPEN_END.search(content) or (name.endswith(".py") and _UNFINISHED.search(content))
    ]


def left_out_test(name: str, text: str) -> list[str]:
    """A test that does not run."""
    return [
        f"{name}:{line}: a test that does not run proves nothing; mend it or remove it"
        for line, content in enumerate(text.splitlines(), start=1)
        if _NOT_RUN.search(content)
    ]


def silenced(name: str, text: str) -> list[str]:
    """A check switched off without saying which and why."""
    found = []
    for line, comment in comments(text):
        match = _SILENCED.search(comment)
        if match is None:
            continue
        kind, rest = match.groups()
        reason = {"type: ignore": _TYPE_REASON, "noqa": _LINT_REASON}.get(" ".join(kind.split()))
        if reason is None or not reason.match(rest):
            found.append(
                f"{name}:{line}: write the code and the reason: `type: ignore[code]  # why it is "
                "right`, `noqa: CODE - why it is right`; switch off nothing else"
            )
    return found


def registry_host(name: str, text: str) -> list[str]:
    """An address of a package registry: whoever installs decides where from."""
    return [
        f"{name}:{line}: names a package registry; whoever installs decides where from"
        for line, content in enumerate(text.splitlines(), start=1)
        if _HOST.search(content)
    ]


def machine_path(name: str, text: str) -> list[str]:
    """A path that exists on one machine only."""
    return [
        f"{name}:{line}: a path of one machine; start from the checkout or take it as an argument"
        for line, content in enumerate(text.splitlines(), start=1)
        if _MACHINE_PATH.search(content)
    ]


def _mentioned(node: ast.AST) -> set[str]:
    """What this node imports, takes or uses, by name."""
    match node:
        case ast.Import(names=names):
            return {alias.name for alias in names}
        case ast.ImportFrom(module=str(module), names=names):
            return {module, *(f"{module}.{alias.name}" for alias in names)}
        case ast.arg(arg=mentioned) | ast.Name(id=mentioned):
            return {mentioned}
        case _:
            return set()


def stand_in(name: str, text: str) -> list[str]:
    """A stand-in that agrees with everything."""
    places = {
        getattr(node, "lineno", 0)
        for node in ast.walk(ast.parse(text))
        if _mentioned(node) & _MOCKS
    }
    return [
        f"{name}:{line}: no mocks; write a small fake that behaves and passes the real one's "
        "contract test"
        for line in sorted(places)
    ]


def test_nothing_is_left_open() -> None:
    found = findings(open_end, tree())

    assert not found, report(found)


def test_every_test_runs() -> None:
    found = findings(left_out_test, files("tests/"))

    assert not found, report(found)


def test_what_is_silenced_says_why() -> None:
    found = findings(silenced, [name for name in tree() if name.endswith(".py")])

    assert not found, report(found)


def test_no_registry_is_named() -> None:
    found = findings(registry_host, tree())

    assert not found, report(found)


def test_no_path_of_one_machine() -> None:
    found = findings(machine_path, tree())

    assert not found, report(found)


def test_tests_use_fakes() -> None:
    found = findings(
        stand_in, [*files("tests/"), *files("benchmarks/"), *files("chaos/"), *files("src/")]
    )

    assert not found, report(found)


def test_an_open_end_is_found() -> None:
    assert len(open_end("a.md", glued("Later: TO~DO"))) == 1
    assert len(open_end("a.py", glued("raise NotImplemented~Error"))) == 1
    assert not open_end("a.md", "What remains to do is in the issues.")


def test_a_test_left_out_is_found() -> None:
    assert len(left_out_test("a.py", glued("@pytest.mark.~skip"))) == 1
    assert len(left_out_test("a.py", glued("pytest.~skip('later')"))) == 1
    assert not left_out_test("a.py", "reader.skip()")


def test_a_silenced_check_without_reason_is_found() -> None:
    ignore, noqa = glued("# type: ~ignore"), glued("# no~qa")

    assert len(silenced("a.py", f"a = 1  {ignore}\n")) == 1
    assert len(silenced("a.py", f"a = 1  {ignore}[attr-defined]\n")) == 1
    assert len(silenced("a.py", f"a = 1  {noqa}\n")) == 1
    assert len(silenced("a.py", f"a = 1  {noqa}: S101\n")) == 1
    assert len(silenced("a.py", glued("a = 1  # prag~ma: no cover\n"))) == 1
    assert not silenced("a.py", f"a = 1  {ignore}[attr-defined]  # alembic reads it so\n")
    assert not silenced("a.py", f"a = 1  {noqa}: S101, D100 - our own program\n")
    assert not silenced("a.py", f'a = "{noqa}"\n')


def test_a_registry_is_found() -> None:
    assert len(registry_host("a.txt", glued("--index-url https://py~pi.org/simple"))) == 1
    assert len(registry_host("a.txt", glued("see crates~.io"))) == 1
    assert not registry_host("a.txt", glued("https://happy~pi.org"))


def test_a_machine_path_is_found() -> None:
    assert len(machine_path("a.py", glued('path = "/ro~ot/launch"'))) == 1
    assert len(machine_path("a.md", glued("see /wo~rk/main"))) == 1
    assert not machine_path("a.md", glued("GET https://maker.example/ho~me/1, src/wo~rk/a.py"))


def test_a_mock_is_found() -> None:
    bad = [
        "import unittest.mock",
        "from unittest import mock",
        "from unittest.mock import patch",
        "def test_it(mocker): ...",
        "stub = MagicMock()",
    ]

    silent = [text for text in bad if len(stand_in("a.py", text)) != 1]

    assert silent == []
    assert not stand_in("a.py", '"""Mocks are not used here; mock is a word."""')
