"""The calibration of a day: what had become of earlier promises when the day began.

Every process makes it from the same outcomes, so one buyer is shown the same margin everywhere,
and whoever reads them later gets it again. Not here: the margins (`core/plan/calibration.py`).
"""

from __future__ import annotations

from datetime import date

from earnest.core.plan.calibration import Calibration
from earnest.desk.planning.ports import Plans


async def calibration_on(plans: Plans, day: date) -> Calibration:
    """What became of promises, as far as it counts on a day. Raises `StoreUnavailable`."""
    return Calibration(await plans.plan_errors(day), known_until=day)
