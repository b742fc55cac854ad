"""Findings as SARIF 2.1.0 (OASIS), which editors and code hosts show at the line.

Not here: finding anything (`core/terms/lint`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from earnest import __version__
from earnest.core.terms.fault import Fault
from earnest.core.terms.lint.patterns import pattern_named
from earnest.core.terms.lint.report import Report, Reported
from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Cure, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.S1: "error", Severity.S2: "warning", Severity.S3: "note"}
GOOD_PRACTICE = "good-practice"


def sarif(reports: list[Report], language: str) -> dict[str, Any]:
    """One run over all files, with a rule for each pattern and provision that was met."""
    results: list[dict[str, Any]] = []
    described: dict[str, str] = {}
    for report in reports:
        for fault in report.faults:
            described.setdefault(fault.code, "a terms document that cannot be read")
            results.append(_fault(fault, language))
        for finding in report.findings:
            rule_id = rule_of(finding)
            described.setdefault(rule_id, description_of(finding, language))
            results.append(_finding(report.file, rule_id, finding, language))
    places = {rule_id: place for place, rule_id in enumerate(described)}
    for result in results:
        result["ruleIndex"] = places[result["ruleId"]]
    driver = {
        "name": "earnest",
        "semanticVersion": __version__,
        "rules": [
            {"id": rule_id, "shortDescription": {"text": text}}
            for rule_id, text in described.items()
        ],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule_of(finding: Reported) -> str:
    """The pattern of a finding, else the first rule it breaks, else good practice."""
    if finding.pattern is not None:
        return f"pattern-{finding.pattern:02d}"
    return finding.rules[0].rule_id if finding.rules else GOOD_PRACTICE


def description_of(finding: Reported, language: str) -> str:
    """What the rule of a finding is about."""
    if finding.pattern is not None:
        return pattern_named(finding.pattern)[language]
    if finding.rules:
        rule = RULES[finding.rules[0].rule_id]
        return f"{rule.provision}: {rule.says}"
    return {"en": "what a fair seller does", "zh-Hans": "公平卖方的做法"}[language]


_STRIKE = {"en": "strike the clause", "zh-Hans": "删去条款"}


def written(cure: Cure, language: str) -> str:
    """A cure as a person would type it: `balance_due.when = "after_inspection"`."""
    section, _, name = cure.key.partition(".")
    if section == "clauses":
        return f"{_STRIKE[language]} {name}"
    return f"{cure.key} = {_toml(cure.value)}"


def _toml(value: str | int | bool | tuple[str, ...]) -> str:  # noqa: FBT001 - a value, no switch
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return f'"{value}"'
        case _:
            return f"[{', '.join(_toml(each) for each in value)}]"


def _finding(file: str, rule_id: str, finding: Reported, language: str) -> dict[str, Any]:
    cited = "; ".join(f"{rule.rule_id} ({rule.provision})" for rule in finding.rules)
    cure = "; ".join(written(each, language) for each in finding.cures)
    text = f"{finding.why[language]} {cited + '. ' if cited else ''}-> {cure}"
    return {
        "ruleId": rule_id,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(file, finding.line)],
        "properties": {
            "severity": finding.severity.value,
            "key": finding.key,
            "clause": finding.clause_id,
            "rules": [rule.rule_id for rule in finding.rules],
        },
    }


def _fault(fault: Fault, language: str) -> dict[str, Any]:
    return {
        "ruleId": fault.code.value,
        "level": "error",
        "message": {"text": f"{fault.key}: {fault.why[language]}".removeprefix(": ")},
        "locations": [_location(fault.file, fault.line)],
    }


def _location(file: str, line: int) -> dict[str, Any]:
    path = Path(file)
    uri = path.as_uri() if path.is_absolute() else path.as_posix()
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
