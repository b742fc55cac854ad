"""CSV files for people with spreadsheets: no cell of them is a formula.

Not here: what stands in them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from earnest.web.problems import Headers
from earnest.web.route import Reply

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def plain_cell(value: object) -> str:
    """A cell as text. What a spreadsheet would take for a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def spreadsheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Reply:
    """A table as a CSV file to keep."""
    written = StringIO()
    table = csv.writer(written)
    table.writerow(columns)
    table.writerows([plain_cell(each) for each in row] for row in rows)
    headers: Headers = [
        (b"content-disposition", f'attachment; filename="{name}"'.encode("ascii", "replace"))
    ]
    return Reply(raw=written.getvalue().encode(), media_type="text/csv", headers=headers)


def decimal_text(amount: int) -> str:
    """Minor units as a number with two decimals."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"
