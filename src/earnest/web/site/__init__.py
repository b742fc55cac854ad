"""The buyers' pages: one module for each page or group of pages, which lists its own.

Not here: what pages share (`web/pages`) and how they look (`web/templates/site`).
"""

from __future__ import annotations

from earnest.web.pages.page import Page
from earnest.web.site import (
    account,
    checkout,
    comparing,
    configurator,
    contract,
    home,
    launch,
    order_link,
    paying,
    proving,
    signing_in,
    terms,
)
from earnest.web.site.orders import order_pages


def site_pages() -> list[Page]:
    """Every page for buyers and for those who may become buyers."""
    return [
        *home.pages(),
        *launch.pages(),
        *configurator.pages(),
        *comparing.pages(),
        *checkout.pages(),
        *contract.pages(),
        *paying.pages(),
        *proving.pages(),
        *terms.pages(),
        *signing_in.pages(),
        *account.pages(),
        *order_link.pages(),
        *order_pages(),
    ]
