"""What one admission costs the door: the first check, the same request again, and a forgery.

`python -m benchmarks.admissions` prints microseconds of this thread's own processor time, so that
neighbours on the machine change little; each figure is the median of nine rounds.

Not here: reservations over HTTP (`over_http.py`), of which this is a part.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

from rich.console import Console
from rich.table import Table

from earnest.core.launch.admission import Admission, admission_fault
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.people.admissions import AdmissionInvalid, Admissions
from earnest.people.tokens import SigningKey

ROUNDS = 9
COUNT = 2_000
BEGINS = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LAUNCH = CampaignId("yu9-2026")
KEYS = [SigningKey("main", b"a key for measuring, of thirty-two")]
FORGER = Admissions([SigningKey("main", b"another key, also of thirty-two by")])


def admission(slot: int) -> Admission:
    """The admission of one slot."""
    return Admission(
        launch=LAUNCH,
        buyer_id=BuyerId(f"{slot:016}"),
        slot=slot,
        not_before=BEGINS,
        ends_at=BEGINS + timedelta(minutes=30),
        nonce=f"{slot:016x}",
    )


def microseconds(rounds: Sequence[Callable[[], None]]) -> float:
    """The median of what one of a round's steps takes."""
    taken = []
    for each in rounds:
        started = time.thread_time()
        each()
        taken.append((time.thread_time() - started) / COUNT * 1e6)
    return median(taken)


def measured() -> dict[str, float]:
    """Every figure, by what it says."""
    admissions = [admission(slot) for slot in range(1, COUNT + 1)]
    signer = Admissions(KEYS)
    tokens = [signer.sign(each) for each in admissions]
    forged = [FORGER.sign(each) for each in admissions]
    houses = [Admissions(KEYS) for _ in range(ROUNDS)]

    def check(house: Admissions) -> None:
        for token, wanted in zip(tokens, admissions, strict=True):
            shown = house.read(token)
            fault = admission_fault(shown, launch=LAUNCH, buyer_id=wanted.buyer_id, at=BEGINS)
            assert fault is None, "a true admission lets its buyer in"

    def turn_away() -> None:
        for token in forged:
            try:
                signer.read(token)
            except AdmissionInvalid:
                continue
            raise AssertionError("a forged admission lets nobody in")

    def sign() -> None:
        for each in admissions:
            signer.sign(each)

    return {
        "first check": microseconds([partial(check, house) for house in houses]),
        "the same again": microseconds([partial(check, houses[0])] * ROUNDS),
        "a forgery": microseconds([turn_away] * ROUNDS),
        "signing one": microseconds([sign] * ROUNDS),
    }


def main() -> None:
    """Measure and print."""
    table = Table("one admission", "µs")
    for name, value in measured().items():
        table.add_row(name, f"{value:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
