"""`earnest token`: a token for a member of staff or for a program.

Not here: how tokens are signed and checked (`people/tokens.py`).
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from earnest.cli.migrate import DataOption
from earnest.keyring import staff_token
from earnest.settings import settings_to_sign


def token(
    staff_id: Annotated[str, Parameter(help="Who it is for; stands in every event they cause.")],
    *roles: Annotated[
        str,
        Parameter(help="sales, planning, delivery, finance, terms_editor, auditor or admin."),
    ],
    hours: Annotated[int, Parameter(help="How long it is good for.", validator=Number(gt=0))] = 12,
    data: DataOption = Path(".earnest"),
) -> None:
    """Print a signed token for the API: `earnest token li-wei sales --hours 8`.

    Whoever holds it acts as this person, so give it the fewest roles and hours that do. It asks for
    no second factor, is in no list of the office, and ends early only with everything else of this
    person, who signs out everywhere or is deactivated.
    """
    settings = settings_to_sign(os.environ, data)
    sys.stdout.write(staff_token(settings, staff_id, roles, timedelta(hours=hours)) + "\n")
