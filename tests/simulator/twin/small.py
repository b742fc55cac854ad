"""A small year to live in tests: one plant, two trims, a hundred buyers, a few months."""

from __future__ import annotations

import msgspec

from earnest.simulator.twin.scenario import Scenario, read_scenario

TEXT = """
name = "small"
title = "A small year"
begins = 2024-03-28
days = 220
orders = 120

[arrivals]
launch = "su7"
points = [[0.0, 0.0], [1.0, 0.5], [90.0, 1.0]]

[build]
months = "deliveries_monthly"
for_orders = 20_000
plan_every_days = 7

[[build.plants]]
code = "north"
share = 0.6
trims = ["standard", "max"]

[[build.plants]]
code = "south"
share = 0.4
trims = ["standard"]
transport_days = 9

[[trims]]
code = "standard"
share = 0.6
price = 215_900
paint = { aqua = 1.0 }
wheels = { w19 = 0.7, w20 = 0.3 }

[[trims]]
code = "max"
share = 0.4
price = 299_900
paint = { aqua = 0.5, ember = 0.5 }
wheels = { w21 = 1.0 }
"""


def small(**changes: object) -> Scenario:
    """The small scenario with some fields changed."""
    return msgspec.structs.replace(read_scenario("small", TEXT), **changes)
