"""`earnest diagram`: the life of an order as a page with a picture.

Not here: the table it is made from (`core/order/stage.py`).
"""

from __future__ import annotations

import sys

from earnest.core.order.diagram import markdown


def diagram() -> None:
    """Print the life of an order as Markdown: a diagram and every command in every stage."""
    sys.stdout.write(markdown())
