"""What another configuration would mean for an order, asked over the API."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.asking import Told
from tests.web.life import Life, begun
from tests.web.maker import SELECTION, world
from tests.web.test_windows import with_capacity


async def previewed(life: Life, **changed: Any) -> Told:  # noqa: ANN401 - any body
    """The preview of the ordered car with other wheels."""
    options = ["interior-grey", "paint-aqua", "wheels-20"]
    body = {"configuration": {"model": SELECTION.model, "options": options}} | changed
    return await life.here.buyer().post(f"{life.path}/configuration-preview", body)


def test_the_price_that_is_previewed_is_the_one_that_the_change_takes() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            seen = (await previewed(life)).json
            assert seen["obstacle"] is None
            assert seen["words"] == ""
            preview = seen["preview"]
            assert preview["price_then"]["amount"] - preview["price_now"]["amount"] == 600_000
            await life.done(
                here.buyer(),
                "change-configuration",
                configuration=preview["configuration"],
                price=preview["price_then"],
            )
            again = (await previewed(life)).json
            assert again["obstacle"]["code"] == "configuration_unchanged"
            assert (await life.shown())["price"] == preview["price_then"]

    asyncio.run(story())


def test_with_capacity_it_says_when_such_a_car_would_come_and_why() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            life = await begun(here)
            other = {"model": SELECTION.model, "options": [*SELECTION.options[:2], "wheels-20"]}
            seen = (await previewed(life, configuration=other, language="en")).json
            assert seen["preview"]["foreseen"] is not None
            assert seen["words"].startswith("Your rank decides: nobody before you")

    asyncio.run(story())


def test_what_the_catalogue_forbids_is_refused_as_a_change_would_be() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            told = await previewed(life, configuration={"model": "s7-max", "options": []})
            assert (told.status, told.code) == (422, "choice_missing")

    asyncio.run(story())
