"""The delivery centre at the doors: kept by its staff, chosen by the buyer, booked bay by bay.

Not here: which times there are (`tests/core/test_centre.py`), and two who book at the same instant
(`tests/store/test_centres.py`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from earnest.core.order.centre import Centre
from earnest.demo.centres import CENTRES, HARBOUR, LAKESIDE, MERIDIAN
from tests.web.asking import Told
from tests.web.browsing import Browser
from tests.web.life import VIN, Life, begun
from tests.web.maker import LASTS, TERMS, World, world

BASE = "/api/v1"
ONE_BAY = msgspec.structs.replace(MERIDIAN, bays=1)
FIRST, SECOND = "2024-07-26T07:00:00Z", "2024-07-26T08:00:00Z"
THIRD = "2024-07-26T09:00:00Z"


async def keep(
    here: World, centre: Centre, role: str = "delivery", changed: Mapping[str, object] | None = None
) -> Told:
    """Add or change a centre, or try to."""
    body = {**msgspec.to_builtins(centre), **(changed or {})}
    where = f"{BASE}/centres/{centre.centre_id}"
    return await here.staff(role).ask("PUT", where, body, headers={})


async def at_centre(here: World, *names: str) -> list[Life]:
    """Orders whose cars stand at the centre that their buyers chose."""
    lives = [await begun(here, name) for name in names]
    await lives[0].until_locked()
    for life in lives:
        here_goes = {"centre_id": ONE_BAY.centre_id}
        await life.done(here.buyer(life.name), "choose-centre", **here_goes)
        await life.until_built()
        await life.done(here.staff("delivery"), "ship", destination="Meridian", **here_goes)
        offered = [{"begins": FIRST, "ends": SECOND}]
        await life.done(
            here.staff("delivery"),
            "tender",
            vin=VIN,
            place="Meridian",
            appointments=offered,
            **here_goes,
        )
    return lives


def staff(here: World, *roles: str) -> Browser:
    """Somebody of the seller's with a browser."""
    who = Browser(here)
    who.cookies["earnest_session"] = here.house.tokens.for_staff(
        "fan", roles, here.clock.now(), LASTS
    )
    return who


def buyer(here: World, name: str = "one") -> Browser:
    """A buyer with a browser, who reads English."""
    who = Browser(here)
    who.cookies["earnest_session"] = here.buyer_token(name)
    return who


async def days(here: World, query: str = "day=2024-07-26", role: str = "delivery") -> Any:  # noqa: ANN401 - any document
    """What the centre sees."""
    told = await here.staff(role).get(f"{BASE}/centres/{ONE_BAY.centre_id}/days?{query}")
    assert told.status == 200, told.body
    return told.json


# Keeping centres ------------------------------------------------------------------------------


def test_a_centre_is_kept_by_delivery_staff_and_read_by_everybody() -> None:
    async def story() -> None:
        async with world() as here:
            for centre in CENTRES:
                assert (await keep(here, centre)).status == 200
            told = await keep(here, msgspec.structs.replace(HARBOUR, hours=()))
            assert told.json["changed_by"] == "staff:lin"
            known = (await here.anybody().get(f"{BASE}/centres")).json["centres"]

            assert [each["centre_id"] for each in known] == sorted(x.centre_id for x in CENTRES)
            assert (await keep(here, MERIDIAN, "sales")).code == "not_permitted"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"names": {"en": "Only English"}}, "centre_malformed", "names"),
        ({"time_zone": "Mars"}, "centre_malformed", "time_zone"),
        ({"centre_id": "another"}, "centre_malformed", "centre_id"),
        ({"centre_id": "No Code!"}, "wrong_type", "centre_id"),
        ({"bays": 0}, "wrong_type", "bays"),
        ({"doors": 2}, "unknown_field", "doors"),
    ],
)
def test_a_centre_that_makes_no_sense_is_not_kept(
    changed: dict[str, object], code: str, field: str
) -> None:
    async def story() -> None:
        async with world() as here:
            told = await keep(here, MERIDIAN, changed=changed)

            assert told.code == code
            assert field in str(told.json)
            assert (await here.anybody().get(f"{BASE}/centres")).json["centres"] == []

    asyncio.run(story())


# Choosing and booking -------------------------------------------------------------------------


def test_a_full_time_is_refused_with_the_next_free_ones() -> None:
    async def story() -> None:
        async with world() as here:
            await keep(here, ONE_BAY)
            one, two = await at_centre(here, "one", "two")
            wanted = {"appointment": {"begins": FIRST, "ends": SECOND}}
            await one.done(here.buyer("one"), "book-appointment", **wanted)
            full = await two.ask(here.buyer("two"), "book-appointment", wanted)

            assert (full.status, full.code) == (409, "appointment_full")
            assert full.json["details"]["next"].split(", ")[0] == "2024-07-26 13:00"
            times = (await two.shown("/appointment-times?days=1"))["times"]
            assert FIRST not in {each["window"]["begins"] for each in times}
            assert {each["bays"] for each in times} == {1}
            later = {"appointment": {"begins": SECOND, "ends": THIRD}}
            await two.done(here.buyer("two"), "book-appointment", **later)
            # What one leaves, the other can have.
            await one.done(here.buyer("one"), "cancel-by-buyer")
            await two.done(here.buyer("two"), "book-appointment", **wanted)
            assert (await two.shown())["tender"]["bay"] == 1
            fewer = await keep(here, msgspec.structs.replace(ONE_BAY, hours=()))
            assert fewer.status == 200
            assert (await two.shown("/appointment-times"))["times"] == []

    asyncio.run(story())


def test_the_day_of_a_centre_says_what_every_handover_lacks() -> None:
    async def story() -> None:
        async with world() as here:
            await keep(here, ONE_BAY)
            (life,) = await at_centre(here, "one")
            seen = await days(here)
            assert seen["times"][0]["begins"] == "2024-07-26T01:00:00Z"
            (visit,) = seen["visits"]
            assert visit["lacks"] == [
                *("preparation", "appointment", "inspection", "balance", "documents"),
                "signature",
            ]
            papers = list(TERMS.policy.handover_documents)
            looked = [{"item": x, "in_order": True} for x in TERMS.policy.inspection_checklist]
            delivery = here.staff("delivery")
            prepared = {"vin": VIN, "checklist": looked, "documents": papers[1:]}
            await life.done(delivery, "record-preparation", **prepared)
            wanted = {"appointment": {"begins": FIRST, "ends": SECOND}}
            await life.done(here.buyer(), "book-appointment", **wanted)
            (visit,) = (await days(here))["visits"]
            assert (visit["bay"], visit["missing_documents"]) == (1, papers[:1])
            assert visit["lacks"] == ["inspection", "balance", "documents", "signature"]
            await life.until_inspected()
            await life.until_paid()
            await life.shown()
            (visit,) = (await days(here, role="auditor"))["visits"]
            assert (visit["stage"], visit["lacks"]) == ("paid", ["documents", "signature"])
            await life.until_handed_over()
            assert (await days(here))["visits"][0]["lacks"] == []
            assert (await days(here, "day=2024-07-27"))["visits"] == []
            nowhere = await delivery.get(f"{BASE}/centres/nowhere/days")
            assert nowhere.code == "centre_unknown"

    asyncio.run(story())


# The pages ------------------------------------------------------------------------------------


def test_a_buyer_chooses_centre_and_time_without_scripts() -> None:
    async def story() -> None:
        async with world() as here:
            await keep(here, ONE_BAY)
            await keep(here, LAKESIDE)
            life = await begun(here)
            await life.until_locked()
            li, path = buyer(here), f"/orders/{life.order_id}/delivery"
            for centre in (LAKESIDE, MERIDIAN):
                fields = {"form": "centre", "centre": centre.centre_id, "key": centre.centre_id}
                assert (await li.send(path, fields)).status == 303
                assert (await life.shown())["centre_id"] == centre.centre_id
            refused = await li.send(path, {"form": "centre", "centre": "nowhere", "key": "n"})
            assert b'data-code="centre_unknown"' in refused.body
            await life.until_built()
            fan = staff(here, "delivery")
            office = f"/office/orders/{life.order_id}/do"
            # Centre, place and times stand there already.
            shown = (await fan.get(f"{office}/Ship")).body.decode()
            assert f'value="{MERIDIAN.centre_id}" selected' in shown
            sent = {"form": "act", "key": "ship", "destination": "Meridian"}
            sent |= {"centre_id": MERIDIAN.centre_id}
            told = await fan.send(f"{office}/Ship?back=delivery", sent)
            back = f"/office/delivery?centre={MERIDIAN.centre_id}&done=Ship"
            assert told.headers["location"] == back
            shown = (await fan.get(f"{office}/Tender")).body.decode()
            times = re.search(r'name="appointments"[^>]*>([^<]+)<', shown)
            assert times is not None
            assert times[1].splitlines() == [
                *("2024-07-26 13:00-14:00", "2024-07-27 09:00-10:00"),
                "2024-07-28 09:00-10:00",
            ]
            sent = {"form": "act", "key": "tender", "vin": VIN, "place": "Meridian"}
            sent |= {"appointments": times[1], "centre_id": MERIDIAN.centre_id}
            assert (await fan.send(f"{office}/Tender", sent)).status == 303

            body = (await li.get(path)).body.decode()
            values = re.findall(r'name="appointment" value="([^"]+)"', body)
            chosen = {"form": "appointment", "appointment": values[3], "key": "book"}
            assert (await li.send(path, chosen)).status == 303
            tender = (await life.shown())["tender"]
            assert tender["appointment"]["begins"] == "2024-07-26T08:00:00Z"
            assert "Bay 1" in (await li.get(path, accept_language="en")).body.decode()
            bent = {"form": "appointment", "appointment": "soon", "key": "bent"}
            assert b'data-code="wrong_type"' in (await li.send(path, bent)).body

    asyncio.run(story())


def test_the_room_shows_bays_cars_and_what_a_missed_appointment_means() -> None:
    async def story() -> None:
        async with world() as here:
            empty = await staff(here, "delivery").get("/office/delivery", accept_language="en")
            assert "No delivery centre is open yet" in empty.body.decode()
            await keep(here, ONE_BAY)
            (life,) = await at_centre(here, "one")
            wanted = {"appointment": {"begins": FIRST, "ends": SECOND}}
            await life.done(here.buyer(), "book-appointment", **wanted)
            fan, path = staff(here, "delivery"), "/office/delivery"
            shown = (await fan.get(path, accept_language="en")).body.decode()
            assert "15:00–16:00" in shown
            assert f"/office/orders/{life.order_id}/do/RecordPreparation?back=delivery" in shown
            here.pass_time(hours=5)
            missed = f"/office/orders/{life.order_id}/do/RecordMissedAppointment"
            assert f"{missed}?back=delivery" in (await fan.get(path)).body.decode()
            told = await fan.send(f"{missed}?back=delivery", {"form": "act", "key": "missed"})
            assert told.status == 303
            shown = (await fan.get(path, accept_language="en")).body.decode()
            assert "never by itself a default" in shown
            assert "did not come to 1 appointment." in shown
            contested = await life.ask(
                here.staff("sales"), "cancel-by-seller", {"ground": "collection_default"}
            )
            assert contested.json["events"] == ["CancellationContested", "CaseOpened"]
            here_again = buyer(here)
            text = (
                await here_again.get(f"/orders/{life.order_id}/delivery", accept_language="en")
            ).body.decode()
            assert "That alone is no default and costs you nothing" in text
            for odd in ("day=0001-01-01", "day=9999-12-31&view=week", "day=x", "centre=none"):
                assert (await fan.get(f"{path}?{odd}")).status == 200
            week = (await fan.get(f"{path}?view=week", accept_language="en")).body.decode()
            assert "0 of 9 taken" in week
            # Auditors look and have nothing to press.
            assert b"back=delivery" not in (await staff(here, "auditor").get(path)).body

    asyncio.run(story())


def test_hours_and_bays_are_changed_by_a_form() -> None:
    async def story() -> None:
        async with world() as here:
            fan, path = staff(here, "delivery"), "/office/delivery/centres/new"
            fields = {"form": "centre", "key": "k", "centre_id": "chengdu-east", "bays": "3"}
            fields |= {"minutes": "90", "time_zone": "Asia/Shanghai", "closed_on": "2024-10-01"}
            for name in ("names", "regions", "addresses"):
                fields |= {f"{name}-en": "East", f"{name}-zh-Hans": "东"}
            fields |= {"opens-2": "09:00", "closes-2": "12:00"}
            told = await fan.send(path, fields)
            assert told.headers["location"] == "/office/delivery?centre=chengdu-east"
            (kept,) = (await here.anybody().get(f"{BASE}/centres")).json["centres"]
            assert kept["hours"] == [{"weekday": 2, "opens": "09:00:00", "closes": "12:00:00"}]
            assert kept["closed_on"] == ["2024-10-01"]
            path = "/office/delivery/centres/chengdu-east"
            assert 'value="09:00"' in (await fan.get(path)).body.decode()
            refused = await fan.send(path, fields | {"closes-2": "08:00"})
            assert b'data-code="centre_malformed"' in refused.body

    asyncio.run(story())


def test_the_form_of_the_handover_offers_the_digest_of_what_the_buyer_signed() -> None:
    async def story() -> None:
        async with world() as here:
            await keep(here, ONE_BAY)
            (life,) = await at_centre(here, "one")
            await life.until_inspected()
            await life.until_paid()
            fan, path = staff(here, "delivery"), f"/office/orders/{life.order_id}/do/HandOver"
            assert re.search(rb'name="signatures"[^>]*></textarea>', (await fan.get(path)).body)
            papers = list(TERMS.policy.handover_documents)
            signed = {"form": "sign", "key": "sign", "received": papers}
            assert (
                await buyer(here).send(f"/orders/{life.order_id}/delivery", signed)
            ).status == 303
            signature = (await life.shown("/handover-statement"))["signature"]["digest"]
            assert signature in (await fan.get(path)).body.decode()

    asyncio.run(story())
