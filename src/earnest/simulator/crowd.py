"""The crowd: who comes to a launch, what each of them is like, and their logins.

What they are like follows from the seed alone, whatever the server answers. Their names and
addresses are made up and say so. Not here: what they do (`launch.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import msgspec

from earnest.simulator.door import Door
from earnest.simulator.lanes import in_lanes
from earnest.simulator.shop import LANGUAGES

BUYERS_IN_A_BATCH = 1_000
BATCHES_AT_ONCE = 3


class ShareError(Exception):
    """Shares of a crowd that cannot be; the message says which."""


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Which parts of a crowd do something special, each between 0 and 1.

    `withdraw` and `early_lock` are parts of those who pay. Whoever is twice sends every request
    twice; that is drawn on its own.
    """

    withdraw: float = 0.05
    early_lock: float = 0.1
    never_pay: float = 0.03
    twice: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what is not a share of a crowd. Raises `ShareError`."""
        for field in self.__struct_fields__:
            if not 0 <= getattr(self, field) <= 1:
                raise ShareError(f"--share-{field.replace('_', '-')} must lie between 0 and 1")
        if self.withdraw + self.early_lock > 1:
            raise ShareError("--share-withdraw and --share-early-lock together exceed 1")


class Buyer(msgspec.Struct, gc=False):
    """One of the crowd. `configuration` is a number in the shop's list of quotes, before modulo.

    `buyer_id` and `token` are empty until the buyer is registered.
    """

    number: int
    configuration: int
    language: int
    never_pays: bool
    withdraws: bool
    locks_early: bool
    sends_twice: bool
    buyer_id: str = ""
    token: str = ""


class Registered(msgspec.Struct, frozen=True, gc=False):
    """What the server says about one buyer that it registered."""

    buyer_id: str
    token: str


class Registration(msgspec.Struct, frozen=True):
    """The server's answer to a batch."""

    buyers: list[Registered]


class CrowdIncomplete(Exception):
    """The server registered other buyers than it was asked to."""


def draw_crowd(count: int, shares: Shares, chance: Random) -> list[Buyer]:
    """So many buyers, alike for the same chance and shares."""
    return [_drawn(number, shares, chance) for number in range(count)]


def _drawn(number: int, shares: Shares, chance: Random) -> Buyer:
    """Always draws the same number of times, so that one share does not shift another's draw."""
    configuration = chance.getrandbits(32)
    language = 0 if chance.random() < 0.9 else 1  # noqa: PLR2004 - nine of ten read Chinese
    never_pays = chance.random() < shares.never_pay
    afterwards = chance.random()
    sends_twice = chance.random() < shares.twice
    withdraws = not never_pays and afterwards < shares.withdraw
    locks_early = (
        not never_pays and not withdraws and afterwards < shares.withdraw + shares.early_lock
    )
    return Buyer(
        number=number,
        configuration=configuration,
        language=language,
        never_pays=never_pays,
        withdraws=withdraws,
        locks_early=locks_early,
        sends_twice=sends_twice,
    )


async def register(
    admin: Door, crowd: list[Buyer], run: str, progress: Callable[[int], None]
) -> None:
    """Register everybody in batches and note their ids and tokens; `progress` is told how many.

    The keys follow from `run`, so a repeated run registers nobody twice. Raises what `Door.post`
    raises, and `CrowdIncomplete`.
    """
    done = 0

    async def batch(bounds: tuple[int, int]) -> None:
        nonlocal done
        first, last = bounds
        people = [_person(buyer) for buyer in crowd[first:last]]
        key = f"{run}-buyers-{first}"
        registration = await admin.post("/buyers", {"buyers": people}, Registration, key=key)
        if len(registration.buyers) != last - first:
            raise CrowdIncomplete(f"asked for {last - first}, got {len(registration.buyers)}")
        for buyer, registered in zip(crowd[first:last], registration.buyers, strict=True):
            buyer.buyer_id = registered.buyer_id
            buyer.token = registered.token
        done += last - first
        progress(done)

    await in_lanes(_batches(len(crowd)), BATCHES_AT_ONCE, batch)


def _batches(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, BUYERS_IN_A_BATCH):
        yield first, min(first + BUYERS_IN_A_BATCH, count)


def _person(buyer: Buyer) -> dict[str, str]:
    """Made-up data that nobody can mistake for a real person's."""
    return {
        "name": f"Simulated Buyer {buyer.number + 1}",
        "email": f"buyer-{buyer.number + 1}@simulated.example",
        "phone": f"+86 000 {buyer.number + 1:08d}",
        "language": LANGUAGES[buyer.language],
    }
