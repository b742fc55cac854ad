"""What a case can expect of terms: what the linter finds, whether it blocks, whether they run.

Not here: the checks of the linter (`core/terms/lint`).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from earnest.core.terms.compile import compile_terms
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.cure import mended
from earnest.core.terms.lint.run import blocks_publishing, lint
from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Finding, Severity
from earnest.core.terms.version import TermsVersion
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.case import UNKNOWN, Claim, Seen
from earnest.simulator.scenarios.claiming import Claiming, Look, is_unknown
from earnest.simulator.scenarios.expecting import Reader
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.terms_given import parameters
from earnest.simulator.scenarios.view import View
from earnest.simulator.scenarios.written import Written

FINDING_KEYS = ("rules", "severity", "pattern")


def findings(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """What the linter says of the terms of the case: clean, blocking, running, and each finding."""
    known = keys.table(written, claiming.faults, (*YES_OR_NO, "finds", "finds_not"))
    for key, look in YES_OR_NO.items():
        if key in known:
            yield from _about_terms(claiming.claim(known[key], f"lint.{key}", bool, look))
    for name, each in keys.table(
        known.get("finds", Written({}, 0, "")), claiming.faults, None
    ).items():
        if _is_parameter(claiming, each, name):
            yield from _finding(claiming, each, name)
    for each in keys.items(known.get("finds_not"), claiming.faults):
        name = keys.text(each, claiming.faults)
        if _is_parameter(claiming, each, name):
            yield from _no_finding(claiming, each, name)


def _about_terms(claims: list[Claim]) -> Iterator[Claim]:
    """The same claims, which hold without any order."""
    for claim in claims:
        yield msgspec.structs.replace(claim, needs_order=False)


def _is_parameter(claiming: Claiming, written: Written, name: str) -> bool:
    known = parameters()
    if name in known or name.startswith("clauses."):
        return True
    claiming.faults.add(
        written,
        FaultCode.EXPECTATION_UNKNOWN,
        f"Terms have no parameter `{name}`. {did_you_mean(name, known)}",
    )
    return False


def _summary(found: tuple[Finding, ...]) -> str:
    """The rules that some findings rest on, each once."""
    return ", ".join(dict.fromkeys(rule for each in found for rule in each.rule_ids))


def _is_clean(view: View) -> Seen:
    found = lint(view.document)
    return Seen(value=not found, rule=_summary(found))


def _blocks(view: View) -> Seen:
    found = lint(view.document)
    grave = tuple(each for each in found if each.severity is Severity.S1)
    return Seen(value=blocks_publishing(found), rule=_summary(grave))


def _runs(view: View) -> Seen:
    compiled = compile_terms(view.document, "")
    if isinstance(compiled, TermsVersion):
        return Seen(value=True)
    rules = dict.fromkeys(rule for fault in compiled for rule in fault.rule_ids)
    return Seen(value=False, rule=", ".join(rules))


def _cures(view: View) -> Seen:
    """Whether the terms are clean once every cure is applied."""
    return Seen(value=not lint(mended(view.document)), rule=_summary(lint(view.document)))


YES_OR_NO: dict[str, Look] = {
    "clean": _is_clean,
    "blocks": _blocks,
    "runs": _runs,
    "cures": _cures,
}
"""Questions to the linter and the engine that are answered with true or false."""


def _found(document: TermsDocument, name: str) -> tuple[Finding, ...]:
    return tuple(each for each in lint(document) if each.key == name)


def _finding(claiming: Claiming, written: Written, name: str) -> Iterator[Claim]:
    """A finding at a parameter; the rules that are written have to be among its rules."""
    parts = {"rules": written}
    if isinstance(written.value, dict):
        parts = keys.table(written, claiming.faults, FINDING_KEYS)
    if "rules" in parts:
        yield from _rules(claiming, parts["rules"], name)
    if "severity" in parts:

        def gravest(view: View) -> Seen:
            found = _found(view.document, name)
            severities = [each.severity for each in found]
            return Seen(value=min(severities, default=None), rule=_summary(found))

        yield from _about_terms(
            claiming.claim(parts["severity"], f"lint.{name}.severity", Severity, gravest)
        )
    if "pattern" in parts:

        def pattern(view: View) -> Seen:
            found = _found(view.document, name)
            patterns = [each.pattern for each in found if each.pattern is not None]
            return Seen(value=patterns[0] if patterns else None, rule=_summary(found))

        yield from _about_terms(
            claiming.claim(parts["pattern"], f"lint.{name}.pattern", int, pattern)
        )


def _rules(claiming: Claiming, written: Written, name: str) -> Iterator[Claim]:
    words = [
        keys.word(each, tuple(RULES), claiming.faults, FaultCode.RULE_UNKNOWN)
        for each in ([] if is_unknown(written) else keys.items(written, claiming.faults))
    ]
    wanted = tuple(each for each in words if each is not None)

    def look(view: View) -> Seen:
        found = _found(view.document, name)
        cited = tuple(dict.fromkeys(rule for each in found for rule in each.rule_ids))
        return Seen(
            value=cited if found else None,
            rule=_summary(found),
            holds=bool(found) and set(wanted) <= set(cited),
        )

    expected = UNKNOWN if is_unknown(written) else wanted
    yield from _about_terms([claiming.exactly(written, f"lint.{name}", expected, look)])


def _no_finding(claiming: Claiming, written: Written, name: str) -> Iterator[Claim]:
    def look(view: View) -> Seen:
        found = _found(view.document, name)
        return Seen(value=tuple(each.key for each in found) or None, rule=_summary(found))

    yield from _about_terms([claiming.exactly(written, f"lint.{name}", None, look)])


TERMS_SUBJECTS: dict[str, Reader] = {"lint": findings}
"""Everything about terms that a case can expect. It needs no order."""
