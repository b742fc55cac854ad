"""`earnest law`: the rules that Earnest holds, as pages.

Not here: the pages' words (`core/terms/packs/page.py`) and the rules.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from earnest.core.terms.packs.page import overview, pages


def law(
    *,
    folder: Annotated[
        Path | None, Parameter(help="Write a page for each pack into this folder instead.")
    ] = None,
) -> None:
    """Print every rule as Markdown: its provision, how it is held, where, and by which test."""
    if folder is None:
        sys.stdout.write(overview())
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
