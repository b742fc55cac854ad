"""What Ctrl-C means to a command that runs until it is stopped.

Not here: stopping in order, which every part does for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from earnest.cli.printing import say


@contextmanager
def stopped_is_done() -> Iterator[None]:
    """Being stopped is how these commands end, so it is no failure."""
    with suppress(KeyboardInterrupt):
        yield
    say("Stopped.")
