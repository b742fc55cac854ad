"""The delivery centres of the demo maker.

Not here: when they are kept; `main.py` does it whenever a demo starts.
"""

from __future__ import annotations

from datetime import time

from earnest.core.order.centre import Centre, Hours
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant
from earnest.desk.centres import Centres, KeptCentre

_SHANGHAI = "Asia/Shanghai"


def _hours(weekdays: range, opens: time, closes: time) -> tuple[Hours, ...]:
    return tuple(Hours(weekday=day, opens=opens, closes=closes) for day in weekdays)


MERIDIAN = Centre(
    centre_id=CentreId("shanghai-meridian"),
    names={"en": "Meridian Road delivery centre", "zh-Hans": "子午路交付中心"},
    regions={"en": "Shanghai", "zh-Hans": "上海"},
    addresses={"en": "188 Meridian Road, Minhang District", "zh-Hans": "闵行区子午路188号"},
    time_zone=_SHANGHAI,
    bays=4,
    minutes=60,
    hours=_hours(range(1, 8), time(9), time(18)),
)
LAKESIDE = Centre(
    centre_id=CentreId("hangzhou-lakeside"),
    names={"en": "Lakeside delivery centre", "zh-Hans": "湖滨交付中心"},
    regions={"en": "Hangzhou", "zh-Hans": "杭州"},
    addresses={"en": "26 Lakeside Avenue, Xihu District", "zh-Hans": "西湖区湖滨大道26号"},
    time_zone=_SHANGHAI,
    bays=3,
    minutes=60,
    hours=_hours(range(2, 8), time(10), time(19)),
)
HARBOUR = Centre(
    centre_id=CentreId("haikou-harbour"),
    names={"en": "Harbour delivery centre", "zh-Hans": "海港交付中心"},
    regions={"en": "Haikou", "zh-Hans": "海口"},
    addresses={"en": "9 Harbour Street, Longhua District", "zh-Hans": "龙华区海港街9号"},
    time_zone=_SHANGHAI,
    bays=2,
    minutes=90,
    hours=_hours(range(1, 7), time(9, 30), time(17)),
)

CENTRES = (MERIDIAN, LAKESIDE, HARBOUR)
"""Every centre of the demo maker."""


async def keep_demo_centres(centres: Centres, now: Instant) -> None:
    """Add the demo's delivery centres; one that somebody changed stays as it is."""
    known = {each.centre.centre_id for each in await centres.centres()}
    for centre in CENTRES:
        if centre.centre_id not in known:
            await centres.keep(KeptCentre(centre=centre, changed_by="staff:demo", changed_at=now))
