"""`earnest launch`: repeat a draw that was published.

Not here: campaigns (`campaign.py`) and the draw itself (`core/launch/draw.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from earnest.cli.printing import errors, say
from earnest.cli.terms import source_of
from earnest.core.launch.draw import DrawDocument, DrawFault, verify

launch = App(
    name="launch",
    help="""Check how a launch let people in.

    Begin with `earnest launch verify-draw draw.json`; the document of a draw is
    GET /api/v1/campaigns/ID/draw/document.""",
)

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


@launch.command(name="verify-draw")
def verify_draw(
    file: Annotated[Path, Parameter(help="The document of a draw, a JSON file.")],
    *,
    commitment: Annotated[
        str, Parameter(help="The commitment that you noted before anybody joined.")
    ] = "",
    entries_digest: Annotated[
        str, Parameter(help="The digest of the entries that you noted before the seed was shown.")
    ] = "",
) -> int:
    """Repeat a draw from its document, and say whether its order is the only one possible.

    A document proves that its parts fit each other. That they are the parts published at the
    time, what you noted then proves: give it with --commitment and --entries-digest. Exit code 1
    when something does not hold.
    """
    try:
        document = msgspec.json.decode(source_of(file).encode(), type=DrawDocument)
    except msgspec.DecodeError as error:
        say(f"{file} is no draw document: {error}. [draw_unreadable]", to=errors)
        return 1
    found = [f"{MEANINGS[fault]} [{fault.value}]" for fault in verify(document)]
    if commitment not in {"", document.draw.commitment}:
        found.append("the commitment is not the one you noted [commitment_noted_differs]")
    if entries_digest not in {"", document.draw.entries_digest}:
        found.append("the digest of the entries is not the one you noted [digest_noted_differs]")
    for each in found:
        say(f"{file}: {each}", to=errors)
    if not found:
        count = len(document.entries)
        say(f"{file}: holds. Seed and {count} entries of {document.draw.launch} give this order.")
    return int(bool(found))
