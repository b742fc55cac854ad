"""`earnest campaign`: check a campaign document, publish a version, look at one, and its report.

Not here: codes (`campaign_codes.py`) and what is unfair about a campaign (`core/launch/lint.py`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from cyclopts import App, Parameter

from earnest.beside import CampaignFile, publish_campaign_version, read_campaign_file
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.cli.terms import LanguageOption, print_faults, print_findings, source_of
from earnest.core.launch.admitting import benefit_counter, group_counter
from earnest.core.launch.document import CampaignDocument
from earnest.core.launch.lint import LintedCampaign, lint_campaign
from earnest.core.values.outcome import Rejected
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

campaign = App(
    name="campaign",
    help="""Publish how a queue is launched: openings, invited groups, codes, benefits.

    Begin with `earnest campaign lint examples/campaigns/summer.toml`.""",
)

FileArgument: TypeAlias = Annotated[Path, Parameter(help="The campaign document, a TOML file.")]
IdArgument: TypeAlias = Annotated[str, Parameter(help="The id of the campaign.")]
UTC = "UTC"


@campaign.command
def lint(
    file: FileArgument,
    *,
    strict: Annotated[
        bool, Parameter(help="Exit code 1 for any finding, not only for S1.", negative="")
    ] = False,
    language: LanguageOption = "en",
) -> int:
    """Say what is wrong with a campaign, by which provision, and what would be right.

    A benefit for locking early can be published, and this says what is wrong with it. Exit code
    1 when the file has faults, or a finding of severity S1, which stands in the way of publishing.
    """
    linted = _linted(file, language)
    if linted is None:
        return 1
    if not linted.findings:
        say(f"{file}: clean")
    return int(linted.blocks_publishing or (strict and bool(linted.findings)))


def _linted(file: Path, language: str) -> LintedCampaign | None:
    """The linted document, with everything that is wrong with it printed."""
    linted = lint_campaign(source_of(file, "a campaign document"), str(file))
    if isinstance(linted, tuple):
        print_faults(linted, language)
        return None
    print_findings(linted.findings, str(file), language)
    for each in linted.findings:
        for cure in each.finding.cures:
            say(f"{file}:{each.line}: cure: {cure.key} = {cure.value}", to=errors)
    return linted


@campaign.command
def schema() -> None:
    """Print the JSON Schema of a campaign document, for editors that complete and check it."""
    text = msgspec.json.format(msgspec.json.encode(msgspec.json.schema(CampaignDocument)), indent=2)
    sys.stdout.write(f"{text.decode()}\n")


@campaign.command
def publish(
    file: FileArgument,
    *,
    staff: Annotated[
        str, Parameter(name="--as", help="The member of staff in whose name it is published.")
    ],
    yes: Annotated[
        bool, Parameter(help="Publish. Without it the answer is only foretold.", negative="")
    ] = False,
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Publish a version of a campaign beside a running server; it can never be unpublished.

    Without --yes it says what would happen and publishes nothing. Whoever waits for the campaign is
    written to when something moves. Once it opened, a version that takes something away is refused.
    Exit code 1 when it may not be published.
    """
    linted = _linted(file, language)
    if linted is None or linted.blocks_publishing:
        return 1
    draft = linted.read.campaign
    settings = settings_to_read(os.environ, data)
    outcome = asyncio.run(
        publish_campaign_version(
            settings, draft, source_of(file, "a campaign document"), staff, for_good=yes
        )
    )
    if isinstance(outcome, Rejected):
        return print_rejection(outcome, language)
    name = f"{draft.campaign_id} version {draft.version}"
    if outcome is None:
        say(f"{name} can be published. Nothing was published: add --yes.")
    else:
        say(f"published {name} of {draft.queue_id}")
    return 0


def print_rejection(rejected: Rejected, language: str) -> int:
    """Print why something was rejected and what to do; the exit code."""
    wording = wording_of(rejected.reason, language, rejected.details)
    say(f"{wording.detail} {wording.way_out} [{rejected.reason}]", to=errors)
    return 1


def campaign_file(data: Path, campaign_id: str) -> CampaignFile | None:
    """What is kept of a campaign; what is said when there is no such campaign is printed."""
    found = asyncio.run(read_campaign_file(settings_to_read(os.environ, data), campaign_id))
    if found is None:
        say(f"There is no campaign {campaign_id}. [campaign_unknown]", to=errors)
    return found


@campaign.command
def show(
    campaign_id: IdArgument, *, data: DataOption = Path(".earnest"), language: LanguageOption = "en"
) -> int:
    """Show a campaign: versions, openings, groups and benefits with what is left. Times are UTC."""
    found = campaign_file(data, campaign_id)
    if found is None:
        return 1
    now = found.current
    say(f"{now.names[language]}: {now.campaign_id} version {now.version}", style="bold")
    say(f"in {now.queue_id}; it is {instant_text(found.now, UTC)} UTC\n", style="dim")
    versions = table("Versions", "#>", "published!", "by", "reveals!", "opens!", "closes!")
    for each in found.versions:
        ends = each.campaign.closes_at
        versions.add_row(
            str(each.campaign.version),
            instant_text(each.published_at, UTC),
            each.published_by,
            instant_text(each.campaign.reveal_at, UTC),
            instant_text(each.campaign.opens_at, UTC),
            "" if ends is None else instant_text(ends, UTC),
        )
    console.print(versions)
    _print_groups(found, language)
    _print_benefits(found, language)
    return 0


def _print_groups(found: CampaignFile, language: str) -> None:
    counts = {each.counter: each.taken for each in found.counts}
    codes = {each.group_id: each for each in found.codes_by_group}
    rows = table("Invited", "group!", "who", "opens!", "places>", "left>", "codes>", "used>")
    for each in found.current.groups:
        issued = codes.get(each.group_id)
        taken = counts.get(group_counter(each.group_id), 0)
        rows.add_row(
            each.group_id,
            each.names[language],
            instant_text(each.opens_at, UTC),
            str(each.quota),
            str(max(each.quota - taken, 0)),
            str(issued.issued if issued else 0),
            str(issued.used if issued else 0),
        )
    if found.current.groups:
        say("")
        console.print(rows)


def _print_benefits(found: CampaignFile, language: str) -> None:
    counts = {each.counter: each.taken for each in found.counts}
    rows = table("Benefits", "benefit!", "what", "conditions", "left>")
    for each in found.current.benefits:
        taken = counts.get(benefit_counter(each.benefit_id), 0)
        rows.add_row(
            each.benefit_id,
            each.texts[language],
            ", ".join(str(x.__struct_config__.tag) for x in each.conditions),
            "" if each.quota is None else str(max(each.quota - taken, 0)),
        )
    if found.current.benefits:
        say("")
        console.print(rows)


@campaign.command
def report(campaign_id: IdArgument, *, data: DataOption = Path(".earnest")) -> int:
    """Count what came of a campaign: reserved, paid, locked, withdrawn, by channel and friend.

    A friend is an id from which no buyer can be found. Each buyer counts by how they came.
    """
    found = campaign_file(data, campaign_id)
    if found is None:
        return 1
    rows = table(
        "How orders came",
        *(
            "channel!",
            "friend!",
            "group!",
            "reserved>",
            "paid>",
            "locked>",
            "withdrawn>",
            "lapsed>",
        ),
    )
    for each in found.attributed:
        numbers = (each.reservations, each.paid, each.locked, each.withdrawn, each.lapsed)
        came = (each.channel or "", each.referral or "", each.group_id or "")
        rows.add_row(*came, *map(str, numbers))
    if found.attributed:
        console.print(rows)
    else:
        say("Nobody has reserved yet.")
    return 0
