"""What Ctrl-C and SIGTERM mean to a command that runs until it is stopped.

Not here: stopping in order, which every part does for itself.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from earnest.cli.printing import say


@contextmanager
def stopped_is_done() -> Iterator[None]:
    """Being stopped is how these commands end, so it is no failure.

    SIGTERM is taken like Ctrl-C: everything is left in order, and no provider and no database
    stays behind.
    """
    signal.signal(signal.SIGTERM, _like_ctrl_c)
    with suppress(KeyboardInterrupt):
        yield
    say("Stopped.")


def _like_ctrl_c(_: int, frame: FrameType | None) -> None:
    """What Ctrl-C would do now: a running loop ends its main task, anything else is interrupted.

    An interruption raised in the middle of a loop can meet a library that takes it for a failure of
    its own, and then nobody stops.
    """
    interrupt = signal.getsignal(signal.SIGINT)
    if not callable(interrupt):
        interrupt = signal.default_int_handler
    interrupt(signal.SIGINT, frame)
