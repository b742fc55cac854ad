"""Requirements are pinned to the byte, say nothing about where they come from, and agree.

Not here: whether the versions are good, which all other tests find out.
"""

import re

from tests.tidy.source import files, findings, report, text_of

_PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9, -]+\])?==(\S+)", re.MULTILINE)
_EXTRAS = re.compile(r"^([a-z0-9][a-z0-9.-]*)\[([a-z0-9, -]+)\]", re.MULTILINE)
_ORIGIN = re.compile(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host")


def unpinned(name: str, text: str) -> list[str]:
    """A requirement whose file could be exchanged unnoticed."""
    joined = text.replace("\\\n", " ")
    return [
        f"{name}: {line[:40].strip()}: needs ==version and --hash; run `make requirements`"
        for line in joined.splitlines()
        if line.strip()
        and not line.lstrip().startswith("#")
        and not (_PIN.match(line) and "--hash=sha256:" in line)
    ]


def origin(name: str, text: str) -> list[str]:
    """An address: whoever installs decides where from."""
    return [
        f"{name}:{line}: whoever installs decides where from; run `make requirements`"
        for line, content in enumerate(text.splitlines(), start=1)
        if _ORIGIN.search(content)
    ]


def test_every_requirement_is_pinned_with_hashes() -> None:
    found = findings(unpinned, files("requirements/", ".txt"))

    assert not found, report(found)


def test_no_requirement_says_where_it_comes_from() -> None:
    found = findings(origin, [*files("requirements/", ".txt"), *files("requirements/", ".in")])

    assert not found, report(found)


def test_developers_run_what_users_run() -> None:
    run = dict(_PIN.findall(text_of("requirements/run.txt")))
    dev = dict(_PIN.findall(text_of("requirements/dev.txt")))

    differing = {name: version for name, version in run.items() if dev.get(name) != version}

    assert differing == {}, "run `make requirements`, which compiles both files"


def extras_of(text: str) -> set[tuple[str, frozenset[str]]]:
    """Names with the extras that are asked for."""
    return {
        (name, frozenset(extras.replace(" ", "").split(",")))
        for name, extras in _EXTRAS.findall(text)
    }


def test_extras_are_pinned_with_their_names() -> None:
    asked = extras_of(text_of("requirements/run.in")) | extras_of(text_of("requirements/dev.in"))

    assert asked, "the lists ask for extras"
    assert asked <= extras_of(text_of("requirements/dev.txt")), (
        "an older pip finds newer releases of `name[extra]` unless the pin names the extra; "
        "run `make requirements`"
    )


def test_an_unpinned_requirement_is_found() -> None:
    assert not unpinned("a.txt", "rich==15.0.0 \\\n    --hash=sha256:ab\n    # via -r run.in\n")
    assert len(unpinned("a.txt", "rich==15.0.0\n")) == 1
    assert len(unpinned("a.txt", "rich>=15 \\\n    --hash=sha256:ab\n")) == 1
    assert len(unpinned("a.txt", "-e .\n")) == 1


def test_an_origin_is_found() -> None:
    assert len(origin("a.txt", "--index-url https://mirror.example/simple")) == 1
    assert len(origin("a.in", "rich @ file:///wheels/rich.whl")) == 1
