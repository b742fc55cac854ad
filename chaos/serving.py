"""`python -m chaos.serving VARIANT`: the server with one part of another make.

The second composition root: everything else is put together by `earnest.main`. Not here: the
faulty parts of controls (`variants.py`) and the points at which a server ends itself (`points.py`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvloop

from chaos.points import pointed
from chaos.variants import (
    FAR_APART,
    EarlyStore,
    ForgetfulStore,
    FreshKeys,
    HastyPost,
    OwnRanksStore,
)
from earnest.cli.logs import configure_logs
from earnest.cli.stopping import stopped_is_done
from earnest.desk.desk import Desk
from earnest.main import Makers
from earnest.running import run_server
from earnest.settings import Settings, read_settings
from earnest.store.pool import Pool

EARLY, FORGETFUL, OWN_RANKS = "early", "forgetful", "own-ranks"
FRESH_KEYS, ALONE = "fresh-keys", "alone"
POINTS, HASTY_POINTS = "points", "hasty-points"


def _own_ranks(settings: Settings) -> Makers:
    """Each port begins its sequence somewhere else."""
    first = settings.port % 100 * FAR_APART + 1

    def store(pool: Pool) -> OwnRanksStore:
        return OwnRanksStore(pool, first)

    return Makers(store=store)


VARIANTS: dict[str, Callable[[Settings], Makers]] = {
    EARLY: lambda _: Makers(store=EarlyStore),
    FORGETFUL: lambda _: Makers(store=ForgetfulStore),
    OWN_RANKS: _own_ranks,
    FRESH_KEYS: lambda _: Makers(payouts=FreshKeys),
    ALONE: lambda _: Makers(desk=partial(Desk, group_limit=1)),
    POINTS: lambda _: pointed(os.environ),
    HASTY_POINTS: lambda _: pointed(os.environ, HastyPost),
}


def main() -> None:
    """Serve until interrupted or killed."""
    parser = argparse.ArgumentParser(description="Serve with one faulty part.")
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args()
    configure_logs("warning")
    settings = read_settings(os.environ, data=given.data, port=given.port, demo=given.demo)
    with stopped_is_done():
        uvloop.run(run_server(settings, lambda _: None, VARIANTS[given.variant](settings)))


if __name__ == "__main__":
    main()
