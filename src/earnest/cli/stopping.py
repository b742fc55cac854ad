"""What Ctrl-C and SIGTERM mean to a command that runs until it is stopped.

Not here: stopping in order, which every part does for itself.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from earnest.cli.printing import say


@contextmanager
def stopped_is_done() -> Iterator[None]:
    """Being stopped is how these commands end, so it is no failure.

    SIGTERM is taken like Ctrl-C: everything is left in order, and no provider and no database
    stays behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield
    say("Stopped.")
