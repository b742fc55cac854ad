"""`earnest migrate`: bring the database's schema to what this version needs.

Not here: the steps (`store/migrations`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from earnest.cli.printing import say
from earnest.main import database
from earnest.settings import read_settings
from earnest.store.migrate import migrate as migrate_database
from earnest.store.schema import expected_revision

DataOption = Annotated[
    Path, Parameter(name="--data", help="Directory of the embedded database and of all files.")
]


def migrate(*, data: DataOption = Path(".earnest")) -> None:
    """Bring the database's schema to what this version of Earnest needs.

    Safe to repeat. With EARNEST_DATABASE_URL set, that database is migrated, and the login needs
    the rights of the schema's owner; otherwise the embedded one in --data is.
    """
    settings = read_settings(os.environ, data=data, keeps_keys=False)
    with database(settings, must_be_current=False) as url:
        applied = migrate_database(url)
    for name in applied:
        say(f"applied {name}")
    say(f"The schema is at {expected_revision()}.")
