"""/orders/{order_id}/change: another configuration, with price and delivery before it is confirmed.

Not here: the rules of the catalogue; what excludes what is said by the API.
"""

from __future__ import annotations

import msgspec

from earnest.web.api.configuring import ConfigurationShown
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.site.orders.reading import OrderRead, back, do, page, path_of, read_order


async def show(visit: Visit) -> Answer:
    """The questions of the catalogue, and beside them what the answers would mean."""
    read = await read_order(visit)
    options = _options(visit, read)
    preview, fault = await _preview(visit, read, options)
    return page(
        visit,
        read,
        "order_change.html",
        options=options,
        is_chosen=options != tuple(sorted(read.order.configuration.options)),
        preview=preview,
        fault=fault,
    )


def _options(visit: Visit, read: OrderRead) -> tuple[str, ...]:
    """What was chosen on the page; in the beginning what is ordered.

    Each question is a field of its own, and a box of the extras as well.
    """
    given = visit.form.fields if visit.form.name else {k: [v] for k, v in visit.query.items()}
    if not any(name.startswith("choice-") for name in given):
        return tuple(sorted(read.order.configuration.options))
    chosen = {
        code for name, values in given.items() if name.startswith("choice-") for code in values
    }
    return tuple(sorted(code for code in chosen if code))


async def _preview(
    visit: Visit, read: OrderRead, options: tuple[str, ...]
) -> tuple[ConfigurationShown | None, Problem | None]:
    """What it would mean, or which rule of the catalogue stands against it."""
    configuration = {"model": read.order.configuration.model, "options": options}
    wanted = {"configuration": configuration, "language": visit.language}
    try:
        found = await visit.ask(
            "previewConfiguration", ConfigurationShown, wanted, path=path_of(visit)
        )
    except TurnedAway as away:
        return None, problem(away.code, visit.language, away.details)
    return found, None


async def submit(visit: Visit) -> Answer:
    """Change it, at the price that was shown."""
    read = await read_order(visit)
    configuration = {
        "model": read.order.configuration.model,
        "options": _options(visit, read),
    }
    price = {"amount": _amount(visit), "currency": read.order.price.currency}
    body = msgspec.to_builtins({"configuration": configuration, "price": price})
    await do(visit, "changeConfiguration", body)
    return back(visit)


def _amount(visit: Visit) -> int:
    text = visit.form.get("price")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0  # noqa: PLR2004 - as the API's amounts


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/change",
            name="order-change",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
