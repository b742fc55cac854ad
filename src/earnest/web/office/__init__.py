"""The pages of the staff: one module for each page or group of pages, which lists its own.

Not here: what pages share (`web/pages`) and how they look (`web/templates/office`).
"""

from __future__ import annotations

from earnest.web.office import (
    account,
    bulk,
    campaigns,
    cases,
    centres,
    codes,
    delivery,
    launches,
    messages,
    money,
    money_open,
    money_statements,
    orders,
    people,
    planning,
    report,
    signing_in,
    start,
    terms,
    webhooks,
)
from earnest.web.office.acting import page as acting
from earnest.web.pages.page import Page


def office_pages() -> list[Page]:
    """Every page for those who work for the seller."""
    return [
        *start.pages(),
        *orders.pages(),
        *bulk.pages(),
        *acting.pages(),
        *cases.pages(),
        *delivery.pages(),
        *centres.pages(),
        *messages.pages(),
        *launches.pages(),
        *campaigns.pages(),
        *codes.pages(),
        *report.pages(),
        *planning.pages(),
        *money.pages(),
        *money_statements.pages(),
        *money_open.pages(),
        *terms.pages(),
        *people.pages(),
        *webhooks.pages(),
        *account.pages(),
        *signing_in.pages(),
    ]
