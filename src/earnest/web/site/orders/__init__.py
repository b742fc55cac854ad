"""The pages of an order, for the buyer whose order it is: one module for each page.

Not here: reserving and paying the deposit (the checkout), and the staff's side (`web/office`).
"""

from __future__ import annotations

from earnest.web.pages.page import Page
from earnest.web.site.orders import (
    agreeing,
    cases,
    changing,
    deferring,
    delivery,
    inspecting,
    leaving,
    listing,
    locking,
    messages,
    money,
    notices,
    papers,
    showing,
)


def order_pages() -> list[Page]:
    """Every page of an order, in the order of its life."""
    return [
        *listing.pages(),
        *showing.pages(),
        *locking.pages(),
        *changing.pages(),
        *deferring.pages(),
        *leaving.pages(),
        *delivery.pages(),
        *inspecting.pages(),
        *agreeing.pages(),
        *money.pages(),
        *papers.pages(),
        *messages.pages(),
        *notices.pages(),
        *cases.pages(),
    ]
