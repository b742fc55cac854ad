"""What staff were shown: one suite for PostgreSQL and the twin, and what nobody may do to it."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg.sql import SQL

from earnest.desk.ports import OrderKey
from earnest.desk.sights import Seen, Sight, SightFilter, SightKind, sight_of
from tests.store.house import START, House, key_of

ANN, BO = key_of("ann"), key_of("bo")


def sight(by: str, minutes: int, *of: OrderKey) -> Sight:
    """Somebody of sales was shown messages of these orders."""
    return sight_of(
        [Seen(kind=SightKind.MESSAGES, of=of)],
        at=START + timedelta(minutes=minutes),
        actor_id=f"staff:{by}",
        session_id="session",
        roles={"sales"},
    )


def test_a_sight_holds_everything_of_one_request_once_and_in_order() -> None:
    seen = [
        Seen(kind=SightKind.MESSAGES, of=(BO,)),
        Seen(kind=SightKind.BUYER, of=(BO, ANN)),
        Seen(kind=SightKind.PAYERS),
    ]

    made = sight_of(seen, at=START, actor_id="staff:li", session_id="", roles={"sales", "admin"})

    assert made == Sight(
        at=START,
        actor_id="staff:li",
        session_id="",
        roles=("admin", "sales"),
        kinds=(SightKind.BUYER, SightKind.MESSAGES, SightKind.PAYERS),
        buyer_ids=tuple(sorted((ANN.buyer_id, BO.buyer_id))),
        order_ids=tuple(sorted((ANN.order_id, BO.order_id))),
    )


@pytest.mark.anyio
async def test_sights_are_found_by_whom_about_whom_and_when_the_newest_first(house: House) -> None:
    first, second, third, fourth = (
        sight("li", 0, ANN),
        sight("li", 1),
        sight("wu", 1, ANN, BO),
        sight("li", 2, BO),
    )
    for each in (first, second, third, fourth):
        await house.sights.note(each)

    async def found(before: tuple[object, str] | None = None, **asked: object) -> list[Sight]:
        lines = await house.sights.sights(SightFilter(**asked), before, 9)  # type: ignore[arg-type]  # given by name
        return [line.sight for line in lines]

    assert await found() == [fourth, third, second, first]
    assert await found(actor_id="staff:li") == [fourth, second, first]
    assert await found(about=ANN.buyer_id) == [third, first]
    assert await found(about=BO.order_id, actor_id="staff:li") == [fourth]
    assert await found(about="nobody") == []
    middle = START + timedelta(minutes=1)
    assert await found(begins=middle) == [fourth, third, second]
    assert await found(ends=middle) == [first]
    assert await found(about=ANN.order_id, begins=middle, ends=START + timedelta(hours=1)) == [
        third
    ]
    lines = await house.sights.sights(SightFilter(), None, 2)
    assert [line.sight for line in lines] == [fourth, third]
    last = (lines[-1].sight.at, lines[-1].place)
    assert await found(last) == [second, first]
    assert await found(last, about=ANN.buyer_id) == [first]


def test_the_application_adds_sights_and_nobody_changes_or_hurries_them_away(
    connection: psycopg.Connection,
) -> None:
    adding = SQL(
        "INSERT INTO people.sight (at, actor_id, session_id, roles, kinds, buyer_ids, order_ids)"
        " VALUES (now() - {}::interval, 'staff:li', '', '{{sales}}', '{{buyer}}', '{{}}', '{{}}')"
    )
    connection.execute("SET LOCAL ROLE earnest_app")
    for age in ("1 day", "1100 days"):
        connection.execute(adding.format(age))

    for verb in ("UPDATE people.sight SET roles = '{}'", "DELETE FROM people.sight"):
        connection.execute("SET LOCAL ROLE earnest_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(verb)
    connection.execute("RESET ROLE")
    refused = pytest.raises(psycopg.errors.RestrictViolation, match="append-only")
    with refused, connection.transaction():
        connection.execute("UPDATE people.sight SET roles = '{}'")
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match="three years"),
        connection.transaction(),
    ):
        connection.execute("DELETE FROM people.sight")

    # The owner removes what is older, in the open, as docs/people.md says.
    old = "DELETE FROM people.sight WHERE at < now() - interval '3 years 1 day'"
    assert connection.execute(old).rowcount == 1
