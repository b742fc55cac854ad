"""The demo's plants: sound on every day, for what the demo sells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from earnest.core.plan.faults import Known, faults_of
from earnest.demo.capacity import demo_capacity
from earnest.demo.maker import QUEUES, demo_catalogue

MODELS = demo_catalogue().models
KNOWN = Known(
    models=frozenset(model.code for model in MODELS),
    options=frozenset(option.code for model in MODELS for option in model.options),
    markets=frozenset(queue.market for queue in QUEUES),
)


@pytest.mark.parametrize("later", range(8))
def test_the_tables_can_be_published_on_any_day(later: int) -> None:
    today = date(2026, 11, 23) + timedelta(days=later)

    capacity = demo_capacity(today)

    assert faults_of(capacity, KNOWN, today) == ()
    assert capacity.begins.isoweekday() == 1
    assert today <= capacity.begins < today + timedelta(days=7)
    assert {model for line in capacity.lines for model in line.models} == KNOWN.models
