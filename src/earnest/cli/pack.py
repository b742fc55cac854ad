"""`earnest order pack`: everything about one order in a file, as PDF or as JSON.

Not here: what stands in it (`desk/pack`) and setting the pages (`gateways/documents`).
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from earnest.beside import read_pack
from earnest.cli.migrate import DataOption
from earnest.cli.printing import errors, say
from earnest.desk.pack.pack import written
from earnest.desk.pack.writing import sheet_of
from earnest.gateways.documents.typesetter import set_pages
from earnest.settings import settings_to_read


def pack(
    order_id: Annotated[str, Parameter(help="The sixteen characters of the order's number.")],
    *,
    output: Annotated[
        Path, Parameter(name=("--output", "-o"), help="The file: `*.pdf` or `*.json`.")
    ],
    data: DataOption = Path(".earnest"),
    language: Annotated[
        Literal["en", "zh-Hans"], Parameter(help="The language of the sentences.")
    ] = "zh-Hans",
) -> int:
    """Write the dispute pack of an order: timeline, terms, notices, evidence, money, decisions.

    The same order in the same state gives the same bytes. The JSON has everything; the PDF shows
    it to people and bears the digest of the JSON on every page.
    """
    ending = output.suffix.lower()
    if ending not in {".pdf", ".json"}:
        say(f"{output} should end in .pdf or .json. [pack_format_unknown]", to=errors)
        return 2
    settings = settings_to_read(os.environ, data)
    made = asyncio.run(read_pack(settings, order_id.replace("-", "").upper(), language))
    if made is None:
        say(f"There is no order {order_id}. [order_unknown]", to=errors)
        return 1
    content = set_pages(sheet_of(made)) if ending == ".pdf" else written(made)
    try:
        output.write_bytes(content)
    except OSError as error:
        say(f"{output} cannot be written: {error.strerror}. [file_not_writable]", to=errors)
        return 2
    say(f"{output}: {made.sequence} events, digest {made.digest}")
    return 0
