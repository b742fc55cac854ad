"""Pages about the packs: every rule, how it is held, where, and by which test.

Not here: the rules; a page only shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from earnest.core.terms.lint.patterns import PATTERNS
from earnest.core.terms.packs.registry import REGISTRY
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

NAMES = {
    Jurisdiction.CN: "China",
    Jurisdiction.EU: "European Union",
    Jurisdiction.DE: "Germany",
    Jurisdiction.FR: "France",
    Jurisdiction.UK: "United Kingdom",
    Jurisdiction.US_FTC: "United States",
    Jurisdiction.US_CA: "California",
    Jurisdiction.US_NY: "New York",
    Jurisdiction.KR: "Korea",
}

MADE = "<!-- Made by `make docs`; change the packs in src/earnest/core/terms/packs instead. -->"

_LEAD = f"""{MADE}

# The law that Earnest holds

Every rule of every pack: *linted* (`earnest terms lint` finds terms that break it), *enforced* (a
running order cannot break it) or *evidenced* (a process leaves the proof that it asks for). S1: the
term is void or the seller owes money; S2: a penalty, or a term that hardly holds; S3: good
practice. The rules are told in our own words so that a machine can check them; they are no legal
advice. A test proves that every place and every test below exists.
"""


def file_of(jurisdiction: Jurisdiction) -> str:
    """The name of a pack's page."""
    return f"{jurisdiction.value.lower()}.md"


def pages() -> dict[str, str]:
    """Every page by the name of its file; the table of all packs is the folder's README."""
    packs = {file_of(jurisdiction): page(jurisdiction) for jurisdiction in REGISTRY}
    return {"README.md": overview(), **packs}


def overview() -> str:
    """All packs in one table, and the list of patterns."""
    lines = [_LEAD]
    lines += ["| pack | rules | builds on |", "| --- | ---: | --- |"]
    for jurisdiction, pack in REGISTRY.items():
        name = f"[{NAMES[jurisdiction]} ({jurisdiction})]({file_of(jurisdiction)})"
        lines.append(f"| {name} | {len(pack.rules)} | {', '.join(pack.builds_on)} |")
    lines += ["", "## All rules", ""]
    lines += ["| rule | provision | grave | says | held | where | tests |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [_row(rule) for pack in REGISTRY.values() for rule in pack.rules]
    lines += [
        "",
        "## The patterns of unfair terms",
        "",
        "| no. | pattern | 模式 |",
        "| ---: | --- | --- |",
    ]
    lines += [
        f"| {number} | {pattern['en']} | {pattern['zh-Hans']} |"
        for number, pattern in enumerate(PATTERNS, start=1)
    ]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    where = ", ".join(f"`{place}`" for place in rule.where)
    tests = ", ".join(f"`{test}`" for test in rule.tests)
    held = ", ".join(rule.held)
    cells = (rule.rule_id, rule.provision, rule.severity, rule.says, held, where, tests)
    return f"| {' | '.join(cells)} |"


def page(jurisdiction: Jurisdiction) -> str:
    """One pack for readers: rule by rule, with links to the code that holds it."""
    pack = REGISTRY[jurisdiction]
    lines = [MADE, "", f"# {NAMES[jurisdiction]} ({jurisdiction})", ""]
    counts = ", ".join(_counted(pack.rules, severity) for severity in Severity)
    total = f"{len(pack.rules)} rule{'' if len(pack.rules) == 1 else 's'}"
    lines.append(f"{total}: {counts}. [All packs](README.md).")
    if pack.builds_on:
        others = ", ".join(f"[{NAMES[other]}]({file_of(other)})" for other in pack.builds_on)
        lines += ["", f"The rules of {others} hold here as well."]
    for rule in pack.rules:
        lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _counted(rules: Iterable[Rule], severity: Severity) -> str:
    return f"{sum(rule.severity is severity for rule in rules)} {severity}"


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.rule_id} · {rule.severity} · {rule.provision}"
    yield ""
    yield rule.says
    yield ""
    linted = [place for place in rule.where if _is_linted(place)]
    run = [place for place in rule.where if not _is_linted(place)]
    if linted:
        yield f"* *Linted* by {_linked(linted)}."
    if run:
        held = " and ".join(held.value for held in rule.held if held is not Held.LINTED)
        yield f"* *{held.capitalize()}* by {_linked(run)}."
    tests = [
        f"[`{test.partition('::')[2]}`](../../{test.partition('::')[0]})" for test in rule.tests
    ]
    yield f"* Shown by {', '.join(tests)}."


def _is_linted(place: str) -> bool:
    return place.startswith("core.terms.lint.")


def _linked(places: Iterable[str]) -> str:
    return ", ".join(
        f"[`{place}`](../../src/earnest/{place.partition(':')[0].replace('.', '/')}.py)"
        for place in places
    )
