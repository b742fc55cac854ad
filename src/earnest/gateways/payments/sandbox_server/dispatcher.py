"""Webhooks to the merchant: at least once, with back-off, and fair to the ones that wait.

A webhook leaves the queue only when the merchant answered 2xx. Each attempt is stamped and signed
anew. When nobody answers at all, the whole queue pauses and one attempt after another asks whether
the merchant is back, so a dead receiver neither loses anything nor is stormed. The queue itself
stands in the books (``undelivered``) and so in the journal; here is only the order of sending.

Waiting is in virtual time: moving the clock forward makes what waits due. After three virtual days
and a dozen attempts a webhook rests; it is kept, counted, and sent again on request or restart.
"""

import asyncio
import contextlib
import heapq
from collections import deque
from collections.abc import Callable

import msgspec
from msgspec import Struct

from earnest.gateways.clock import VirtualClock
from earnest.gateways.payments.sandbox_server.books import Books
from earnest.gateways.payments.sandbox_server.connection import Answer, Connection, target_of
from earnest.gateways.payments.sandbox_server.records import (
    Announced,
    Delivered,
    Record,
    event_id,
    event_of,
)
from earnest.gateways.payments.sandbox_server.switches import Switches
from earnest.gateways.signatures import secret_bytes, sign

FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 60.0
REST_AFTER_SECONDS = 3 * 86_400
REST_AFTER_ATTEMPTS = 12
ANSWER_WITHIN_SECONDS = 10.0

_SILENT_BEFORE_PAUSE = 3
_LONGEST_PAUSE = 2.0
_BEAT_SECONDS = 0.05
_WRONG_KEY = b"the switch webhook_secret_wrong signs with this"


class Waiting(Struct, gc=False):
    """One webhook on its way; a copy is sent once even if the merchant has the first already."""

    record: Announced
    since: float
    attempts: int = 0
    is_copy: bool = False


class Held(Struct, gc=False):
    """A webhook held back until ``left`` others were delivered, or the time ``until`` is over."""

    waiting: Waiting
    left: int
    until: float


class Dispatcher:
    """Sends what the books say is undelivered."""

    def __init__(
        self,
        *,
        books: Books,
        switches: Switches,
        clock: VirtualClock,
        url: str,
        secret: str,
        write: Callable[[Record], None],
        concurrency: int = 512,
    ) -> None:
        """Prepare to send to ``url``; raise ``ValueError`` for a bad address or secret."""
        self._books = books
        self._switches = switches
        self._clock = clock
        self._key = secret_bytes(secret)
        self._write = write
        target = target_of(url)
        self._idle = [Connection(target, self._finished) for _ in range(concurrency)]
        self._busy: dict[Connection, Waiting] = {}
        self._ready: deque[Waiting] = deque()
        self._later: list[tuple[float, int, Waiting]] = []
        self._held: list[Held] = []
        self._resting: dict[int, Waiting] = {}
        self._to_note: list[int] = []
        self._silent_attempts = 0
        self._pause = FIRST_BACK_OFF
        self._paused_until = 0.0
        self._is_running = False
        self.attempts = 0
        self.delivered = 0
        self._encoder = msgspec.json.Encoder()

    def status(self) -> dict[str, int | bool]:
        """Return the figures for people: pending, sent, delivered and the rest."""
        return {
            "pending": len(self._books.undelivered),
            "in_flight": len(self._busy),
            "attempts": self.attempts,
            "delivered": self.delivered,
            "resting": len(self._resting),
            "held": len(self._held),
            "receiver_answers": self._silent_attempts < _SILENT_BEFORE_PAUSE,
        }

    def start(self) -> None:
        """Begin to send, oldest first, everything that the journal says is undelivered."""
        self._is_running = True
        now = self._time()
        self._ready.extend(Waiting(record, now) for record in self._books.undelivered.values())
        asyncio.get_running_loop().call_later(_BEAT_SECONDS, self._beat)
        self.wake()

    async def stop(self) -> None:
        """Stop sending; what is unanswered stays undelivered and is sent after the next start."""
        self._is_running = False
        for connection in [*self._busy, *self._idle]:
            connection.abandon()
        self._note_deliveries()
        await asyncio.sleep(0)

    def announce(self, record: Announced) -> None:
        """Queue the record's webhook, as the switches want it."""
        now = self._time()
        turns = [Waiting(record, now)]
        subject = str(record.number)
        duplicate = self._switches.hit("duplicate", record.reference, subject)
        if duplicate is not None:
            turns += [Waiting(record, now, is_copy=True) for _ in range(duplicate.copies)]
        held = self._switches.hit("out_of_order", record.reference, subject)
        delay = self._switches.hit("delay", record.reference, subject)
        for waiting in turns:
            if held is not None:
                self._held.append(Held(waiting, held.copies, now + held.seconds))
            elif delay is not None:
                self._send_later(waiting, delay.seconds)
            else:
                self._ready.append(waiting)
        self._send_ready()

    def resend_resting(self) -> int:
        """Take up again the webhooks that rest, and return how many there were."""
        count = len(self._resting)
        now = self._time()
        for waiting in self._resting.values():
            waiting.attempts = 0
            waiting.since = now
            self._ready.append(waiting)
        self._resting = {}
        self.wake()
        return count

    def wake(self) -> None:
        """Look at what has become due; called when time passed or was moved."""
        now = self._time()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        self._release_held(now)
        self._send_ready()

    def _time(self) -> float:
        """Return virtual seconds that never run backwards."""
        return self._clock.monotonic() + self._clock.offset.total_seconds()

    def _send_later(self, waiting: Waiting, seconds: float) -> None:
        """Make a webhook due after ``seconds`` of virtual time."""
        # The record's number breaks ties, so that equally due webhooks leave in their order.
        due = (self._time() + seconds, waiting.record.number, waiting)
        heapq.heappush(self._later, due)

    def _release_held(self, now: float) -> None:
        """Queue held webhooks that enough others have overtaken, or whose time is over."""
        if not self._held:
            return
        freed = [held for held in self._held if held.left <= 0 or held.until <= now]
        self._held = [held for held in self._held if held.left > 0 and held.until > now]
        self._ready.extend(held.waiting for held in freed)

    def _send_ready(self) -> None:
        """Send while there is work and a free connection; one at a time while nobody answers."""
        while self._is_running and self._ready and self._idle:
            if self._silent_attempts >= _SILENT_BEFORE_PAUSE:
                is_paused = self._clock.monotonic() < self._paused_until
                if is_paused or self._busy:
                    return
            waiting = self._ready.popleft()
            if waiting.is_copy or waiting.record.number in self._books.undelivered:
                self._send(waiting)

    def _send(self, waiting: Waiting) -> None:
        """Sign and post one attempt."""
        waiting.attempts += 1
        self.attempts += 1
        connection = self._idle.pop()
        self._busy[connection] = waiting
        connection.post(self._message(waiting.record, waiting.attempts), self._clock.monotonic())

    def _message(self, record: Announced, attempt: int) -> bytes:
        """Return the request after the target's head: signed headers and the body."""
        body = self._encoder.encode(event_of(self._books.instance, record))
        webhook_id = event_id(self._books.instance, record.number)
        stamp = int(self._clock.now().timestamp())
        subject = f"{record.number}:{attempt}"
        is_wrong = self._switches.hit("webhook_secret_wrong", record.reference, subject) is not None
        signature = sign(_WRONG_KEY if is_wrong else self._key, webhook_id, stamp, body)
        headers = (
            f"webhook-id: {webhook_id}\r\nwebhook-timestamp: {stamp}\r\n"
            f"webhook-signature: {signature}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return headers.encode("ascii") + body

    def _finished(self, connection: Connection, answer: Answer) -> None:
        """Take an attempt's end: delivered, or again later."""
        waiting = self._busy.pop(connection)
        self._idle.append(connection)
        if answer.status == 0:
            self._note_silence()
        else:
            self._silent_attempts = 0
            self._pause = FIRST_BACK_OFF
        if 200 <= answer.status < 300:  # noqa: PLR2004 - the HTTP class of success
            self._note_delivery(waiting.record.number)
        elif self._is_running:
            self._try_again(waiting, answer.retry_after)
        self._send_ready()

    def _note_silence(self) -> None:
        """Count an attempt that nobody answered, and lengthen the pause while it stays so."""
        self._silent_attempts += 1
        now = self._clock.monotonic()
        if self._silent_attempts >= _SILENT_BEFORE_PAUSE and now >= self._paused_until:
            self._paused_until = now + self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _try_again(self, waiting: Waiting, retry_after: float) -> None:
        """Back off, doubling from half a second to a minute; rest after three days."""
        if waiting.is_copy or waiting.record.number not in self._books.undelivered:
            return
        age = self._time() - waiting.since
        if age > REST_AFTER_SECONDS and waiting.attempts >= REST_AFTER_ATTEMPTS:
            self._resting[waiting.record.number] = waiting
            return
        back_off = FIRST_BACK_OFF * 2 ** min(waiting.attempts - 1, 10)
        self._send_later(waiting, min(max(back_off, retry_after), LONGEST_BACK_OFF))

    def _note_delivery(self, number: int) -> None:
        """Take a webhook out of the queue and let it overtake those held back."""
        if self._books.undelivered.pop(number, None) is None:
            return
        self.delivered += 1
        self._resting.pop(number, None)
        self._to_note.append(number)
        if self._held:
            for held in self._held:
                held.left -= 1
            self._release_held(self._time())

    def _beat(self) -> None:
        """Send what has become due, write deliveries down, give up answers that take too long.

        A steady beat instead of a timer per webhook: no wait here is shorter than half a second,
        and a beat cannot be forgotten.
        """
        if not self._is_running:
            return
        asyncio.get_running_loop().call_later(_BEAT_SECONDS, self._beat)
        self._note_deliveries()
        self.wake()
        limit = self._clock.monotonic() - ANSWER_WITHIN_SECONDS
        for connection in [busy for busy in self._busy if busy.busy_since < limit]:
            connection.abandon()

    def _note_deliveries(self) -> None:
        """Write down what was delivered.

        Losing this line only means sending again, so a full disk is no reason to stop: the numbers
        wait for the next turn.
        """
        if not self._to_note:
            return
        with contextlib.suppress(OSError):
            self._write(Delivered(self._to_note))
            self._to_note = []
