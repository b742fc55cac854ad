"""Orders at any stage of their life in a running demo: steps of buyer and staff by the API.

Not here: what people see of them; the tests say that.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from earnest.core.values.ids import vin_with_check_digit
from tests.browser.driving import Visitor
from tests.demo.running import Running, asked
from tests.web.maker import SELECTION, TERMS, reservation

WHERE = "Shanghai, Meridian Road"


class LivingOrder:
    """An order of the buyer who is signed in at a window, and the people around it."""

    def __init__(self, demo: Running, buyer: Visitor, name: str, language: str = "en") -> None:
        """Reserve it as the buyer."""
        self._demo = demo
        self._name = name
        self._keys = 0
        cookies = {each["name"]: each["value"] for each in buyer.page.context.cookies()}
        self._token = cookies["earnest_session"]
        body = reservation(language=language)
        made = demo.ask("/reservations", self._token, body, idempotency_key=f"order-{name}")
        self.order_id: str = made["order_id"]
        self.link: str = made["payment"]["link"]
        self.path = f"/orders/{self.order_id}"
        # A VIN of its own for each order of the same demo.
        self.vin = vin_with_check_digit(f"LEA5A2CB0R{made['rank']:07d}")

    def shown(self) -> Any:  # noqa: ANN401 - any document
        """The order as it stands."""
        return self._demo.ask(self.path, self._token)

    def asks(self, who: str, command: str, **body: object) -> Any:  # noqa: ANN401 - any document
        """A command of the staff, or of the buyer."""
        self._keys += 1
        token = self._token if who == "buyer" else who
        key = f"{self._name}-{self._keys}"
        return self._demo.ask(f"{self.path}/{command}", token, body, idempotency_key=key)

    def pays(self, link: str | None = None) -> None:
        """Pay a link at the provider, and wait until its message has arrived."""
        before = self.shown()["sequence"]
        paid = {"link": link or self.link, "attempt": "1"}
        asked(f"{self._demo.file.sandbox_url}/api/pay", paid)
        self.waits_for(before)

    def waits_for(self, sequence: int) -> None:
        """Wait until something more has happened to the order."""
        for _ in range(1_200):
            if self.shown()["sequence"] > sequence:
                return
            time.sleep(0.05)
        raise AssertionError("nothing happened")

    def locks(self) -> None:
        """Confirm early, as the buyer."""
        clause = TERMS.clause("lock_effect")
        assert clause is not None
        text_hash = clause.text_hash("en")
        said = {"clause_id": "lock_effect", "text_hash": text_hash, "language": "en"}
        self.asks("buyer", "lock", acknowledgement=said)

    def passes(self, hours: int) -> None:
        """Let time pass, at the demo's provider and then at the demo, as its command line does."""
        seconds = hours * 3_600
        offset = self._demo.ask("/demo/clock", "admin")["offset_seconds"] + seconds
        asked(f"{self._demo.file.sandbox_url}/api/clock", {"offset_seconds": offset})
        self._demo.ask("/demo/clock", "admin", {"advance_seconds": seconds})

    def passes_until(self, instant: str) -> None:
        """Let time pass until an instant is behind everybody."""
        now = datetime.fromisoformat(self._demo.ask("/demo/clock", "admin")["now"])
        self.passes(hours=1 + (datetime.fromisoformat(instant) - now) // timedelta(hours=1))

    def is_built(self) -> None:
        """Scheduled and built, once an early lock can no longer be undone."""
        self.passes(hours=25)
        configuration = {"model": SELECTION.model, "options": list(SELECTION.options)}
        self.asks("planning", "schedule", slot={"plant": "one", "week": "2027-W05"})
        self.asks("planning", "record-built", vin=self.vin, configuration=configuration)

    def is_tendered(self) -> None:
        """The car stands at the place, with three appointments."""
        now = datetime.fromisoformat(self._demo.ask("/demo/clock", "admin")["now"])
        day = now.replace(minute=0, second=0, microsecond=0)
        appointments = [
            {
                "begins": (day + timedelta(days=number, hours=2)).isoformat(),
                "ends": (day + timedelta(days=number, hours=3)).isoformat(),
            }
            for number in (1, 2, 3)
        ]
        self.asks("delivery", "tender", vin=self.vin, place=WHERE, appointments=appointments)

    def is_inspected(self, result: str = "accepted") -> None:
        """The buyer accepts the car."""
        checklist = [{"item": each, "in_order": True} for each in TERMS.policy.inspection_checklist]
        remarks = [] if result == "accepted" else ["A scratch at the left door"]
        self.asks("buyer", "record-inspection", result=result, checklist=checklist, remarks=remarks)

    def balance_is_paid(self) -> None:
        """The balance is paid in one sum."""
        due = self.shown()["balance_due"]
        self.pays(self.asks("buyer", "request-payment", amount=due)["payment"]["link"])

    def is_handed_over(self) -> None:
        """The keys, with the signature that the buyer gave by login or on paper."""
        signed = self._demo.ask(f"{self.path}/handover-statement", self._token)["signature"]
        documents = list(TERMS.policy.handover_documents)
        self.asks(
            "delivery",
            "hand-over",
            vin=self.vin,
            documents=documents,
            signatures=["on paper, 1" if signed is None else signed["digest"]],
        )
