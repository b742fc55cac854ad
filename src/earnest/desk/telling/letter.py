"""A whole letter about an event: greeting, what happened, what the buyer can do, the order's page.

Not here: the sentences about the event, and how the letter leaves.
"""

from __future__ import annotations

import msgspec

from earnest.core.order.events import Event
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import OrderId
from earnest.desk.telling import language_of, subject, tell, what_you_can_do
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.english import ENGLISH
from earnest.desk.telling.language import one_line


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in plain text. `subject` never holds what somebody wrote."""

    subject: str
    text: str
    language: str


_LAYOUTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "{told}\n\n"
        "{can_do}\n\n"
        "Your order: {link}\n\n"
        "{seller}\n\n"
        "--\n"
        "Order {order_id}. Times are those of {time_zone}. This letter was written by the order "
        "system; the page of your order holds the same.\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "{told}\n\n"
        "{can_do}\n\n"
        "订单页面：{link}\n\n"
        "{seller}\n\n"
        "--\n"
        "订单号{order_id}。文中时间均为{time_zone}当地时间。本信由订单系统发出，订单页面载有同样内容。\n"
    ),
}
"""How a letter is laid out. The line of two hyphens begins what a mail program sets apart."""


def letter(
    event: Event,
    *,
    name: str,
    language: str,
    policy: Policy,
    order_id: OrderId,
    link: str,
    seller: str,
) -> Letter:
    """The letter about one event to the buyer of that name.

    `policy` is the one of the order's terms and `link` leads to the page of the order.
    """
    spoken = language_of(language)
    text = _LAYOUTS[spoken].format(
        name=one_line(name),
        told=tell(event, spoken, policy),
        can_do=what_you_can_do(event, spoken, policy),
        link=link,
        seller=seller,
        order_id=order_id,
        time_zone=policy.time_zone,
    )
    return Letter(subject=f"{subject(event, spoken)} ({order_id})", text=text, language=spoken)
