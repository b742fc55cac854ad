"""Pointers: mail to buyers or staff that says only that something is there, and where.

Not here: what is there, which never stands in a mail, and how the mail leaves.
"""

from __future__ import annotations

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.desk.telling import until_words
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.english import ENGLISH
from earnest.desk.telling.language import one_line
from earnest.desk.telling.letter import Letter

_MESSAGE_SUBJECTS = {
    ENGLISH.tag: "The seller wrote to you about order {order_id}",
    CHINESE.tag: "卖方就订单{order_id}给您留言",
}
_MESSAGE_TEXTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "The seller has written to you about your order. What was said stands on the page of the "
        "order and not in this mail:\n\n"
        "{link}\n\n"
        "You are told once, until you have read it.\n\n"
        "{seller}\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "卖方就您的订单给您留言。为保护隐私，留言内容不写在邮件中，请到订单页面查看：\n\n"
        "{link}\n\n"
        "在您查看之前，我们不会重复提醒。\n\n"
        "{seller}\n"
    ),
}
_LINK_SUBJECTS = {
    ENGLISH.tag: "Your link to read order {order_id}",
    CHINESE.tag: "订单{order_id}的只读链接",
}
_LINK_TEXTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "You asked for a link that shows your order without signing in:\n\n"
        "{link}\n\n"
        "Whoever has it can read the order and do nothing. It opens until {until}; links from "
        "before open nothing any more. You can replace it or take it back on the page of your "
        "order, under Papers. If you did not ask for it, do that now.\n\n"
        "{seller}\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "以下是您索取的订单只读链接，无需登录即可查看：\n\n"
        "{link}\n\n"
        "持有该链接的人只能查看订单，不能进行任何操作。链接有效期至{until}，此前的链接已全部失效。"
        "您可以随时在订单页面的“文件”中更换或收回。如果不是您本人索取，请立即收回。\n\n"
        "{seller}\n"
    ),
}


_STAFF_SUBJECTS = {
    ENGLISH.tag: "A buyer wrote about order {order_id}",
    CHINESE.tag: "购车人就订单{order_id}留言",
}
_STAFF_TEXTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "A buyer has written about order {order_id} and waits for an answer. What was said stands "
        "in the office and not in this mail:\n\n"
        "{link}\n\n"
        "Everybody who answers messages gets this mail, at most one an hour about this order, and "
        "none once somebody has read or answered.\n\n"
        "{seller}\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "购车人就订单{order_id}留言，正在等待答复。为保护隐私，留言内容不写在邮件中，请到后台查看：\n\n"
        "{link}\n\n"
        "所有负责答复留言的员工都会收到此邮件；同一订单每小时最多一封，有人查看或答复后不再发送。\n\n"
        "{seller}\n"
    ),
}
_DECISION_SUBJECTS = {
    ENGLISH.tag: "A buyer has decided about an agreement, order {order_id}",
    CHINESE.tag: "购车人已答复补充协议，订单{order_id}",
}
_DECISION_TEXTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "The buyer of order {order_id} has decided about an agreement that was proposed. What was "
        "decided stands in the office and not in this mail:\n\n"
        "{link}\n\n"
        "{seller}\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "订单{order_id}的购车人已就提出的补充协议作出答复。为保护隐私，结果不写在邮件中，请到后台查看：\n\n"
        "{link}\n\n"
        "{seller}\n"
    ),
}


def staff_pointer(
    *, name: str, language: str, order_id: OrderId, link: str, seller: str, is_decision: bool
) -> Letter:
    """The mail to somebody of the staff that a buyer wrote, or decided about an agreement."""
    subjects = _DECISION_SUBJECTS if is_decision else _STAFF_SUBJECTS
    texts = _DECISION_TEXTS if is_decision else _STAFF_TEXTS
    text = texts[language].format(name=one_line(name), order_id=order_id, link=link, seller=seller)
    subject = subjects[language].format(order_id=order_id)
    return Letter(subject=subject, text=text, language=language)


def message_pointer(
    *, name: str, language: str, order_id: OrderId, link: str, seller: str
) -> Letter:
    """The mail that the seller wrote; `link` leads to the conversation, behind the sign-in."""
    text = _MESSAGE_TEXTS[language].format(name=one_line(name), link=link, seller=seller)
    subject = _MESSAGE_SUBJECTS[language].format(order_id=order_id)
    return Letter(subject=subject, text=text, language=language)


def link_pointer(
    *,
    name: str,
    language: str,
    order_id: OrderId,
    link: str,
    ends_at: Instant,
    time_zone: str,
    seller: str,
) -> Letter:
    """The mail that brings the secret link of an order to its buyer, with its end."""
    text = _LINK_TEXTS[language].format(
        name=one_line(name),
        link=link,
        until=until_words(ends_at, language, time_zone),
        seller=seller,
    )
    subject = _LINK_SUBJECTS[language].format(order_id=order_id)
    return Letter(subject=subject, text=text, language=language)
