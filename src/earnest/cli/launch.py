"""`earnest launch`: take a draw through its course by hand, and repeat one that was published.

Not here: campaigns (`campaign.py`) and the draw itself (`core/launch/draw.py`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from earnest.beside_launches import LaunchFile, Step, read_launch, take_step
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.cli.terms import source_of
from earnest.core.launch.admission import AdmissionRule
from earnest.core.launch.draw import Draw, DrawDocument, DrawFault, verify
from earnest.desk.drawing import DrawRefused, rule_of
from earnest.gateways.fetching import FetchFailed, fetch
from earnest.keyring import admissions_of
from earnest.settings import settings_to_read, settings_to_sign

launch = App(
    name="launch",
    help="""See how a launch lets people in, take the steps of its draw, and check a draw.

    A server takes each step by itself when its time has come; only the value of a public source has
    to be given by hand. Begin with `earnest launch show ID`. Whoever doubts a draw begins with
    `earnest launch verify-draw`. More in docs/waiting-room.md.""",
)

IdArgument: TypeAlias = Annotated[str, Parameter(name="ID", help="The id of the campaign.")]
YesOption: TypeAlias = Annotated[
    bool, Parameter(name="--yes", help="Do it. Without it, it is only foretold.", negative="")
]
HERE = Path(".earnest")
UTC = "UTC"

MEANINGS = {
    DrawFault.FORM_UNKNOWN: "this program does not know this way to draw",
    DrawFault.NOT_REVEALED: "the seed is not shown yet",
    DrawFault.SEED_MALFORMED: "the seed is not 64 hexadecimal digits",
    DrawFault.COMMITMENT_DIFFERS: "the seed is not the one that was committed",
    DrawFault.ENTRIES_UNSORTED: "the entries are not sorted, or one is there twice",
    DrawFault.ENTRIES_DIGEST_DIFFERS: "the entries are not those that were fixed",
    DrawFault.PUBLIC_VALUE_MISSING: "a public source needs its value, and a value its source",
    DrawFault.TIMES_OUT_OF_ORDER: "the steps were not taken in their order",
    DrawFault.RESULT_DIFFERS: "seed and entries give another order",
}
"""What each fault means, in words."""


@launch.command
def show(campaign_id: IdArgument, *, data: DataOption = HERE) -> int:
    """Show the rule by which a launch lets people in, how far its draw is, and what comes next.

    Times are UTC. Exit code 1 when there is no such launch, or nothing in it is drawn.
    """
    try:
        found = asyncio.run(read_launch(settings_to_read(os.environ, data), campaign_id))
    except DrawRefused as refused:
        say(str(refused), to=errors)
        return 1
    campaign, rule = found.campaign, rule_of(found.campaign)
    joined = 0 if found.room is None else found.room.numbers
    say(f"{campaign.names['en']}: {campaign.campaign_id} version {campaign.version}", style="bold")
    say(f"it is {instant_text(found.now, UTC)} UTC; {joined:,} have joined\n", style="dim")
    say(f"{rule.kind.value}: {_rule_words(rule)}")
    if rule.public_source:
        say(f"mixed in: {rule.public_source}")
    say("")
    console.print(_steps(found))
    say(f"\n{_next_words(found)}")
    return 0


def _rule_words(rule: AdmissionRule) -> str:
    places = "" if rule.places is None else f"{rule.places:,} places, "
    let_in = f"{rule.per_minute:,} are let in each minute"
    return f"{places}{let_in}, an admission is good for {rule.token_minutes} minutes"


def _steps(found: LaunchFile) -> Table:
    """The course of a draw: what happens from when on, when it did, and what was published."""
    campaign, rule = found.campaign, rule_of(found.campaign)
    draw = Draw(launch="", commitment="", committed_at=found.now)
    committed_at = None
    if found.room is not None:
        draw, committed_at = found.room.draw, found.room.draw.committed_at
    ends = rule.drawn_from(campaign.opens_at)
    shown_from = rule.seed_not_before(draw.closed_at or ends)
    rows = table("The draw", "step!", "from!", "done!", "what was published")
    for step, begins, at, what in (
        ("seed committed", rule.joins_from, committed_at, draw.commitment),
        ("entries closed", ends, draw.closed_at, draw.entries_digest),
        ("seed shown", shown_from, draw.revealed_at, draw.seed),
        ("doors open", campaign.opens_at, None, ""),
    ):
        happened = "" if at is None else instant_text(at, UTC)
        rows.add_row(step, instant_text(begins, UTC), happened, what)
    return rows


def _next_words(found: LaunchFile) -> str:
    """What is to be done next, and by which command."""
    name, draw = found.campaign.campaign_id, None if found.room is None else found.room.draw
    if draw is None:
        return f"Next: earnest launch {Step.COMMIT_SEED} {name}, and nobody can join before it."
    if draw.closed_at is None:
        ends = rule_of(found.campaign).drawn_from(found.campaign.opens_at)
        return f"Next: earnest launch {Step.CLOSE_ENTRIES} {name}, from {ends.isoformat()} on."
    if draw.revealed_at is None:
        rule = rule_of(found.campaign)
        value = " --public-value VALUE" if rule.public_source else ""
        shown_from = rule.seed_not_before(draw.closed_at).isoformat()
        return f"Next: earnest launch {Step.REVEAL} {name}{value}, from {shown_from} on."
    return f"{draw.entries:,} entries were drawn. Check it: earnest launch verify-draw URL"


@launch.command(name=Step.COMMIT_SEED.value)
def commit(campaign_id: IdArgument, *, yes: YesOption = False, data: DataOption = HERE) -> int:
    """Publish the digest of the secret seed, which opens the waiting room. It never changes again.

    Without --yes it says which digest would be published. Servers do this by themselves as soon as
    a campaign with a rule is published.
    """

    def told(draw: Draw) -> str:
        return f"the seed of {draw.launch} is committed by the digest {draw.commitment}"

    return _taken(campaign_id, Step.COMMIT_SEED, told, data, for_good=yes)


@launch.command(name=Step.CLOSE_ENTRIES.value)
def close(campaign_id: IdArgument, *, yes: YesOption = False, data: DataOption = HERE) -> int:
    """Publish the digest of all entries. From then on nobody can be added to the draw or taken out.

    Without --yes it says what would be fixed. Servers do this by themselves at the end of the
    entries. Before that end it is refused.
    """

    def told(draw: Draw) -> str:
        return f"{draw.entries:,} entries of {draw.launch} are fixed by {draw.entries_digest}"

    return _taken(campaign_id, Step.CLOSE_ENTRIES, told, data, for_good=yes)


@launch.command(name=Step.REVEAL.value)
def show_seed(
    campaign_id: IdArgument,
    *,
    public_value: Annotated[
        str, Parameter(help="The value of the public source, letter by letter as it was published.")
    ] = "",
    yes: YesOption = False,
    data: DataOption = HERE,
) -> int:
    """Show the seed and give everybody who entered a slot. Nothing of it can be taken back.

    Without --yes it says with which value would be drawn, and never in which order: nobody may
    try values. Where the rule names no public source, servers do this by themselves.
    """

    def told(draw: Draw) -> str:
        value = draw.public_value or public_value
        mixed = f' with the public value "{value}"' if value else ""
        return f"{draw.entries:,} entries of {draw.launch} are drawn{mixed}, and the seed is shown"

    return _taken(campaign_id, Step.REVEAL, told, data, public_value, for_good=yes)


def _taken(
    campaign_id: str,
    step: Step,
    told: Callable[[Draw], str],
    data: Path,
    public_value: str = "",
    *,
    for_good: bool,
) -> int:
    """Take or foretell a step and say what became of it; the exit code."""
    settings = settings_to_sign(os.environ, data)
    try:
        draw, was_taken = asyncio.run(
            take_step(settings, campaign_id, step, public_value, for_good=for_good)
        )
    except DrawRefused as refused:
        say(str(refused), to=errors)
        return 1
    if was_taken:
        say(f"Done before: {told(draw)}.")
    elif for_good:
        say(f"Done: {told(draw)}.")
    else:
        say(f"Afterwards {told(draw)}. This can never be undone.")
        if step is Step.COMMIT_SEED:
            (public_key,) = admissions_of(settings).public_keys().values()
            say(
                f"It follows from the key with the public part {public_key}. Compare it with "
                f"public_keys at /api/v1/campaigns/{draw.launch}/draw: servers with another key "
                "could never show the seed."
            )
        say("Nothing was done: add --yes.")
    return 0


@launch.command(name="verify-draw")
def verify_draw(
    document: Annotated[
        str, Parameter(help="The document of a draw: a JSON file, or its http(s) address.")
    ],
    *,
    commitment: Annotated[
        str, Parameter(help="The commitment that you noted before anybody joined.")
    ] = "",
    entries_digest: Annotated[
        str, Parameter(help="The digest of the entries that you noted before the seed was shown.")
    ] = "",
) -> int:
    """Repeat a draw from its document, and say whether its order is the only one possible.

    The address of a document is https://HOST/api/v1/campaigns/ID/draw/document. It proves that its
    parts fit each other. That they are the parts published at the time, what you noted then proves:
    give it with --commitment and --entries-digest. Exit code 1 when something does not hold.
    """
    try:
        found = msgspec.json.decode(_bytes_of(document), type=DrawDocument)
    except FetchFailed as failed:
        say(str(failed), to=errors)
        return 1
    except msgspec.DecodeError as error:
        say(f"{document} is no draw document: {error}. [draw_unreadable]", to=errors)
        return 1
    faults = [f"{MEANINGS[fault]} [{fault.value}]" for fault in verify(found)]
    if commitment not in {"", found.draw.commitment}:
        faults.append("the commitment is not the one you noted [commitment_noted_differs]")
    if entries_digest not in {"", found.draw.entries_digest}:
        faults.append("the digest of the entries is not the one you noted [digest_noted_differs]")
    for each in faults:
        say(f"{document}: {each}", to=errors)
    if not faults:
        count = len(found.entries)
        say(f"{document}: holds. Seed and {count} entries of {found.draw.launch} give this order.")
        if found.places is not None:
            say(f"The draw orders all of them; the first {found.places:,} of the order are let in.")
    return int(bool(faults))


def _bytes_of(document: str) -> bytes:
    """The document at an address or in a file. Raises `FetchFailed`, `TermsUnreadable`."""
    if document.startswith(("http://", "https://")):
        return asyncio.run(fetch(document))
    what = "the file of a draw's document, or its http(s) address"
    return source_of(Path(document), what).encode()
