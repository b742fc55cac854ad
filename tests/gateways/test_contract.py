"""One suite for every payment provider: the null twin and the real sandbox over HTTP."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from earnest.gateways.clock import Clock
from earnest.gateways.payments.contract import (
    ChargebackCreated,
    CheckoutOpened,
    CheckoutOrder,
    CheckoutRequest,
    Holding,
    Movement,
    MovementPage,
    NotFound,
    PaymentFailed,
    PaymentProvider,
    PaymentSucceeded,
    PayoutFailed,
    PayoutRequest,
    PayoutSucceeded,
    Pending,
    ProviderEvent,
    RefundFailed,
    RefundRequest,
    RefundSucceeded,
    Refused,
    Succeeded,
    WebhookRejected,
)
from earnest.gateways.payments.null import NullPayments
from earnest.gateways.payments.sandbox_server.switches import Switch, SwitchName
from tests.gateways.running import Hook, Receiver, SandboxInThread, checkout, long_ago, post_json

Result = TypeVar("Result")


class World(Protocol):
    """A provider, and the buyer, bank and network around it."""

    @property
    def provider(self) -> PaymentProvider: ...

    def run(self, work: Coroutine[Any, Any, Result]) -> Result: ...

    def pay(self, link: str, attempt: str, decision: str) -> str: ...

    def charge_back(self, reference: str) -> None: ...

    def switch_on(self, name: SwitchName, how: str) -> None: ...

    def hooks(self, count: int) -> list[Hook]: ...


class NullWorld:
    """Everything in memory."""

    def __init__(self) -> None:
        self._null = NullPayments()

    @property
    def provider(self) -> PaymentProvider:
        return self._null

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run(work)

    def pay(self, link: str, attempt: str, decision: str) -> str:
        outcome = self._null.pay(
            link, attempt=attempt, decision="decline" if decision == "decline" else "pay"
        )
        return outcome.code if isinstance(outcome, Refused) else outcome.event_id

    def charge_back(self, reference: str) -> None:
        self._null.charge_back(reference)

    def switch_on(self, name: SwitchName, how: str) -> None:
        self._null.switch_on(Switch(name=name, how=how))

    def hooks(self, count: int) -> list[Hook]:
        assert count == len(self._null.webhooks)
        return [(webhook.headers, webhook.body) for webhook in self._null.webhooks]


class SandboxWorld:
    """Everything over HTTP."""

    def __init__(self, folder: Path) -> None:
        self._receiver = Receiver()
        self._sandbox = SandboxInThread(folder / "journal.jsonl", self._receiver.url)

    @property
    def provider(self) -> PaymentProvider:
        return self._sandbox.client

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._sandbox.runner.run(work)

    def pay(self, link: str, attempt: str, decision: str) -> str:
        reply = self._sandbox.pay(link, attempt, decision)
        return str(reply.json["event_id"] if reply.status in (200, 402) else reply.code)

    def charge_back(self, reference: str) -> None:
        reply = post_json(f"{self._sandbox.url}/api/chargebacks", {"reference": reference})
        assert reply.status == 200

    def switch_on(self, name: SwitchName, how: str) -> None:
        assert self._sandbox.switch_on({"name": name, "how": how}).status == 200

    def hooks(self, count: int) -> list[Hook]:
        self._sandbox.wait_until_quiet()
        hooks = self._receiver.wait_for(count)
        assert count == len(hooks)
        return hooks

    def close(self) -> None:
        self._sandbox.close()
        self._receiver.stop()


@pytest.fixture(params=["null", "sandbox"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "null":
        yield NullWorld()
        return
    world = SandboxWorld(tmp_path)
    yield world
    world.close()


def pay(world: World, request: CheckoutRequest, attempt: str = "1", decision: str = "pay") -> str:
    """Pay as a buyer and return the event's id or the code of the refusal."""
    return world.pay(world.provider.checkout_link(request), attempt, decision)


def events(world: World, count: int) -> list[ProviderEvent]:
    """Return all webhooks so far, verified, in the order in which they happened.

    A provider sends several at once and promises no order of arrival; the ids are numbered.
    """
    now = Clock().now()
    arrived = [
        world.provider.verify_webhook(headers, body, now) for headers, body in world.hooks(count)
    ]
    return sorted(arrived, key=lambda event: int(event.event_id.rpartition("_")[2]))


def refund(key: str, reference: str, amount_minor: int, currency: str = "CNY") -> RefundRequest:
    return RefundRequest(key=key, reference=reference, amount_minor=amount_minor, currency=currency)


def payout(key: str, reference: str, amount_minor: int, currency: str = "CNY") -> PayoutRequest:
    return PayoutRequest(
        key=key,
        account_reference="account of buyer 7",
        amount_minor=amount_minor,
        currency=currency,
        order_reference=reference,
    )


def test_a_payment_is_announced_found_held_and_listed(world: World) -> None:
    before = Clock().now()
    event_id = pay(world, checkout("D-1"))
    [event] = events(world, 1)
    assert isinstance(event, PaymentSucceeded)
    assert event.event_id == event_id
    assert (event.reference, event.amount_minor, event.currency) == ("D-1", 500_000, "CNY")
    assert before <= event.paid_at.astimezone(UTC) <= Clock().now()

    [record] = world.run(world.provider.find_payment("D-1"))
    assert record.provider_payment_id == event.provider_payment_id
    assert (record.status, record.amount_minor, record.currency) == ("succeeded", 500_000, "CNY")
    assert record.at == event.paid_at
    assert world.run(world.provider.find_payment("D-2")) == ()
    assert world.run(world.provider.holdings()) == [
        Holding(
            currency="CNY",
            captured_minor=500_000,
            refunded_minor=0,
            paid_out_minor=0,
            charged_back_minor=0,
            held_minor=500_000,
        )
    ]


def test_a_declined_payment_holds_nothing_and_may_be_tried_again(world: World) -> None:
    pay(world, checkout("D-1"), "first", "decline")
    pay(world, checkout("D-1"), "second")
    failed, succeeded = events(world, 2)
    assert isinstance(failed, PaymentFailed)
    assert failed.code == "card_declined"
    assert isinstance(succeeded, PaymentSucceeded)
    statuses = [record.status for record in world.run(world.provider.find_payment("D-1"))]
    assert statuses == ["failed", "succeeded"]
    assert [h.held_minor for h in world.run(world.provider.holdings())] == [500_000]


def test_a_declined_payment_alone_moves_nothing(world: World) -> None:
    pay(world, checkout("D-1"), decision="decline")
    assert world.run(world.provider.holdings()) == []
    assert world.run(world.provider.movements()) == MovementPage(items=(), next_cursor=None)


def test_the_same_attempt_is_the_same_payment_and_another_pays_again(world: World) -> None:
    link = world.provider.checkout_link(checkout("D-1"))
    first = world.pay(link, "click", "pay")
    assert world.pay(link, "click", "pay") == first
    second = world.pay(link, "another click", "pay")
    assert second != first
    assert [event.event_id for event in events(world, 2)] == [first, second]
    assert [h.captured_minor for h in world.run(world.provider.holdings())] == [1_000_000]


def test_an_attempt_key_pays_one_sum_only(world: World) -> None:
    pay(world, checkout("D-1"), "click")
    assert pay(world, checkout("D-1", amount_minor=1), "click") == "attempt_reused"
    assert pay(world, checkout("D-1", currency="EUR"), "new click") == "currency_differs"
    assert len(events(world, 1)) == 1


def test_an_expired_or_changed_link_is_not_paid(world: World) -> None:
    assert pay(world, checkout("D-1", expires_at=long_ago())) == "link_expired"
    link = world.provider.checkout_link(checkout("D-1"))
    cheaper = link.replace("amount_minor=500000", "amount_minor=1")
    assert world.pay(cheaper, "1", "pay") == "link_signature_wrong"
    assert world.pay(link.partition("&signature")[0], "1", "pay") == "link_malformed"
    assert world.run(world.provider.find_payment("D-1")) == ()


def test_a_link_may_be_opened_with_a_language_and_stays_valid(world: World) -> None:
    request = checkout("D-1")
    chinese = CheckoutRequest(
        reference="D-1",
        amount_minor=500_000,
        currency="CNY",
        description="",
        return_url="",
        expires_at=request.expires_at,
        language="zh-Hans",
    )
    assert world.provider.checkout_link(chinese).endswith("&lang=zh-Hans")
    assert pay(world, chinese).startswith("evt_")


def test_a_refund_gives_back_no_more_than_is_left(world: World) -> None:
    provider = world.provider
    pay(world, checkout("D-1"))
    done = world.run(provider.refund(refund("R-1", "D-1", 300_000)))
    assert isinstance(done, Succeeded)
    assert (done.amount_minor, done.currency) == (300_000, "CNY")
    over = world.run(provider.refund(refund("R-2", "D-1", 200_001)))
    assert isinstance(over, Refused)
    assert over.code == "refund_exceeds_payment"
    assert isinstance(world.run(provider.refund(refund("R-3", "D-1", 200_000))), Succeeded)

    _, first, second = events(world, 3)
    assert isinstance(first, RefundSucceeded)
    assert (first.key, first.reference, first.amount_minor) == ("R-1", "D-1", 300_000)
    assert first.provider_refund_id == done.provider_id
    assert first.refunded_at == done.at
    assert isinstance(second, RefundSucceeded)
    assert second.key == "R-3"
    assert [h.held_minor for h in world.run(provider.holdings())] == [0]


def test_a_refund_is_idempotent_by_its_key(world: World) -> None:
    provider = world.provider
    pay(world, checkout("D-1"))
    first = world.run(provider.refund(refund("R-1", "D-1", 100)))
    assert world.run(provider.refund(refund("R-1", "D-1", 100))) == first
    assert world.run(provider.find_transfer("R-1")) == first
    other = world.run(provider.refund(refund("R-1", "D-1", 101)))
    assert isinstance(other, Refused)
    assert other.code == "key_reused"
    as_payout = world.run(provider.pay_out(payout("R-1", "D-1", 100)))
    assert isinstance(as_payout, Refused)
    assert as_payout.code == "key_reused"
    assert len(events(world, 2)) == 2


def test_a_refund_needs_a_payment_in_its_currency(world: World) -> None:
    provider = world.provider
    unknown = world.run(provider.refund(refund("R-1", "D-1", 100)))
    assert isinstance(unknown, Refused)
    assert unknown.code == "payment_unknown"
    pay(world, checkout("D-1"))
    foreign = world.run(provider.refund(refund("R-2", "D-1", 100, "EUR")))
    assert isinstance(foreign, Refused)
    assert foreign.code == "currency_differs"
    assert world.run(provider.find_transfer("R-2")) == NotFound(key="R-2")


def test_a_double_return_pays_out_beyond_what_was_paid(world: World) -> None:
    provider = world.provider
    pay(world, checkout("D-1"))
    world.run(provider.refund(refund("R-1", "D-1", 500_000)))
    done = world.run(provider.pay_out(payout("P-1", "D-1", 500_000)))
    assert isinstance(done, Succeeded)
    assert world.run(provider.pay_out(payout("P-1", "D-1", 500_000))) == done
    event = events(world, 3)[2]
    assert isinstance(event, PayoutSucceeded)
    assert (event.key, event.order_reference, event.amount_minor) == ("P-1", "D-1", 500_000)
    assert event.provider_payout_id == done.provider_id
    assert world.run(provider.holdings()) == [
        Holding(
            currency="CNY",
            captured_minor=500_000,
            refunded_minor=500_000,
            paid_out_minor=500_000,
            charged_back_minor=0,
            held_minor=-500_000,
        )
    ]
    other = world.run(provider.pay_out(payout("P-2", "D-1", 1, "EUR")))
    assert isinstance(other, Refused)
    assert other.code == "currency_differs"


def test_a_refund_that_fails_later_is_pending_first(world: World) -> None:
    provider = world.provider
    pay(world, checkout("D-1"))
    world.switch_on("refund_failure", "later")
    assert isinstance(world.run(provider.refund(refund("R-1", "D-1", 100))), Pending)
    failed = events(world, 2)[1]
    assert isinstance(failed, RefundFailed)
    assert (failed.key, failed.code) == ("R-1", "refund_failed")
    found = world.run(provider.find_transfer("R-1"))
    assert isinstance(found, Refused)
    assert found.code == "refund_failed"
    assert world.run(provider.refund(refund("R-1", "D-1", 100))) == found
    assert [h.held_minor for h in world.run(provider.holdings())] == [500_000]


def test_a_payout_that_fails_at_once_is_refused(world: World) -> None:
    provider = world.provider
    world.switch_on("payout_failure", "now")
    refused = world.run(provider.pay_out(payout("P-1", "D-1", 100)))
    assert isinstance(refused, Refused)
    assert refused.code == "payout_failed"
    [failed] = events(world, 1)
    assert isinstance(failed, PayoutFailed)
    assert (failed.key, failed.order_reference, failed.code) == ("P-1", "D-1", "payout_failed")
    assert world.run(provider.holdings()) == []


def test_a_chargeback_takes_the_money_and_leaves_nothing_to_refund(world: World) -> None:
    provider = world.provider
    pay(world, checkout("D-1"))
    world.run(provider.refund(refund("R-1", "D-1", 100)))
    world.charge_back("D-1")
    event = events(world, 3)[2]
    assert isinstance(event, ChargebackCreated)
    assert (event.reference, event.amount_minor, event.currency) == ("D-1", 499_900, "CNY")
    over = world.run(provider.refund(refund("R-2", "D-1", 1)))
    assert isinstance(over, Refused)
    assert over.code == "refund_exceeds_payment"
    assert [h.charged_back_minor for h in world.run(provider.holdings())] == [499_900]


def test_movements_list_every_reference_once_in_pages(world: World) -> None:
    count = 1_001 if world.provider.name == "sandbox" else 101
    for number in range(count):
        pay(world, checkout(f"D-{number}"))
    pay(world, checkout("D-0"), "again")
    world.run(world.provider.refund(refund("R-1", "D-0", 1)))
    first = world.run(world.provider.movements())
    assert first.items[0] == Movement(
        reference="D-0",
        currency="CNY",
        captured_minor=1_000_000,
        refunded_minor=1,
        paid_out_minor=0,
        charged_back_minor=0,
    )
    assert first.next_cursor == str(count - 1)
    last = world.run(world.provider.movements(first.next_cursor))
    assert [movement.reference for movement in last.items] == [f"D-{count - 1}"]
    assert last.next_cursor is None
    assert len(first.items) == count - 1


def test_holdings_are_kept_apart_by_currency(world: World) -> None:
    pay(world, checkout("D-1"))
    pay(world, checkout("D-2", currency="EUR", amount_minor=7))
    held = [(h.currency, h.held_minor) for h in world.run(world.provider.holdings())]
    assert held == [("CNY", 500_000), ("EUR", 7)]


def test_a_webhook_is_rejected_when_tampered_with_or_out_of_time(world: World) -> None:
    pay(world, checkout("D-1"))
    [(headers, body)] = world.hooks(1)
    now = Clock().now()

    def code(changed: dict[str, str], content: bytes, minutes: float = 0) -> str:
        with pytest.raises(WebhookRejected) as rejected:
            world.provider.verify_webhook(changed, content, now + timedelta(minutes=minutes))
        return rejected.value.code

    assert code({}, body) == "webhook_unsigned"
    assert code(headers, body.replace(b"500000", b"900000")) == "webhook_signature_wrong"
    assert code(headers | {"webhook-id": "evt_other"}, body) == "webhook_signature_wrong"
    assert code(headers, body, minutes=6) == "webhook_stale"
    assert code(headers, body, minutes=-6) == "webhook_future_dated"


def test_a_repeated_webhook_verifies_again_because_the_inbox_knows_the_id(world: World) -> None:
    pay(world, checkout("D-1"))
    [(headers, body)] = world.hooks(1)
    now = Clock().now()
    first = world.provider.verify_webhook(headers, body, now)
    assert world.provider.verify_webhook(headers, body, now) == first


def test_requests_with_an_impossible_sum_or_time_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="positive"):
        refund("R-1", "D-1", 0)
    with pytest.raises(ValueError, match="positive"):
        payout("P-1", "D-1", -1)
    with pytest.raises(ValueError, match="three capital letters"):
        refund("R-1", "D-1", 1, "cny")
    with pytest.raises(ValueError, match="time zone"):
        checkout("D-1", expires_at=long_ago().replace(tzinfo=None))


PAGE_ENDS = Clock().now() + timedelta(hours=1)
"""The same each time, because a key belongs to one content."""


def page(key: str, reference: str = "b.o.1") -> CheckoutOrder:
    """A page for a deposit."""
    return CheckoutOrder(key=key, request=checkout(reference, expires_at=PAGE_ENDS))


def test_a_page_is_opened_once_for_each_key_and_can_be_paid(world: World) -> None:
    opened = world.run(world.provider.open_checkout(page("k1")))
    again = world.run(world.provider.open_checkout(page("k1")))
    found = world.run(world.provider.find_checkout("k1"))

    assert isinstance(opened, CheckoutOpened)
    assert opened == again == found
    assert opened.key == "k1"
    assert opened.opened_at.tzinfo is not None
    assert world.pay(opened.link, "1", "pay").startswith("evt_")


def test_another_page_under_a_used_key_is_refused_and_an_unknown_key_is_not_found(
    world: World,
) -> None:
    world.run(world.provider.open_checkout(page("k1")))
    other = world.run(world.provider.open_checkout(page("k1", "b.other.1")))

    assert isinstance(other, Refused)
    assert other.code == "key_reused"
    assert world.run(world.provider.find_checkout("k2")) == NotFound(key="k2")
    assert world.provider.opens_checkouts is False
