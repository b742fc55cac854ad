"""Delivery centres in one transaction of the twin in memory: what is loaded, and what is refused.

Not here: centres beside the desk's path (`memory_centres.py`).
"""

from __future__ import annotations

from typing import TypedDict

from earnest.core.order.centre import Centre, Delivery, overlap
from earnest.core.values.ids import CentreId
from earnest.desk.ports import Changes, Lookup, OrderKey
from earnest.store.memory_tables import Tables, require


class AtCentres(TypedDict):
    """The share of centres in what a transaction loads."""

    centres: dict[CentreId, Centre]
    deliveries: dict[OrderKey, Delivery]


def centres_in(rows: Tables, lookup: Lookup) -> AtCentres:
    """The centres that are named or booked at, with the bays that are taken there."""
    own = {rows.deliveries[key].centre_id for key in lookup.centres_of if key in rows.deliveries}
    wanted = {each for each in (*lookup.centres, *own) if each in rows.centres}
    since = lookup.bays_since
    return {
        "centres": {each: rows.centres[each].centre for each in sorted(wanted)},
        "deliveries": {
            key: each
            for key, each in rows.deliveries.items()
            if each.centre_id in wanted
            and each.booked is not None
            and since is not None
            and each.booked.window.ends > since
        },
    }


def move_deliveries(rows: Tables, changes: Changes) -> None:
    """Write where orders go now; a bay is never given twice for the same time."""
    for key, delivery in changes.deliveries.items():
        rows.deliveries.pop(key, None)
        if delivery is not None:
            rows.deliveries[key] = delivery
    for key in changes.deliveries:
        if key in rows.deliveries:
            _require_bay(rows, key, rows.deliveries[key])


def _require_bay(rows: Tables, key: OrderKey, delivery: Delivery) -> None:
    wanted, kept = delivery.booked, rows.centres.get(delivery.centre_id)
    if wanted is None:
        return
    require(kept is not None and wanted.bay <= kept.centre.bays, "a bay exists at its centre")
    others = (
        each.booked
        for other, each in rows.deliveries.items()
        if other != key and each.centre_id == delivery.centre_id and each.booked is not None
    )
    require(
        not any(each.bay == wanted.bay and overlap(each.window, wanted.window) for each in others),
        "a bay is given once for the same time",
    )
