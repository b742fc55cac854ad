"""/office/messages and /office/orders/{order_id}/messages: who waits for an answer, and answering.

Here the staff also make a message an agreement. Not here: everything else about the order
(`orders.py`) and answering what was proposed (`acting`).
"""

from __future__ import annotations

from typing import Any

from earnest.core.cases.evidence import ENDINGS, LARGEST_BYTES
from earnest.core.terms.agreement import Party
from earnest.desk.conversing import LONGEST_MESSAGE, Message, Progress
from earnest.web.api.commands import CommandDone
from earnest.web.api.contracts import Contract
from earnest.web.api.conversations import (
    TO_KEEP,
    ConversationShown,
    WaitingConversations,
)
from earnest.web.api.order_shown import OrderShown
from earnest.web.api.searching import BuyerShown
from earnest.web.codes import DoorCode
from earnest.web.identity import is_welcome
from earnest.web.office import rooms
from earnest.web.office.acting.fields import Field, FieldKind, count_of, value_of
from earnest.web.office.acting.page import overrides
from earnest.web.office.rooms import MESSAGES
from earnest.web.office.words import STAGES
from earnest.web.pages.page import FORM_LIMIT, Answer, Moved, Page, Sent
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway

CHANGED = Field(name="overrides", label=said("What is agreed"), kind=FieldKind.OVERRIDE)
UNTIL = Field(
    name="valid_until",
    label=said("Valid until"),
    kind=FieldKind.MOMENT,
    hint=said("Leave empty for no end."),
    is_required=False,
)


async def show_inbox(visit: Visit) -> Answer:
    """Every buyer who waits for an answer, the longest first."""
    waiting = await visit.ask("listWaitingConversations", WaitingConversations)
    return rooms.shown(visit, "messages.html", waiting=waiting.conversations)


async def show_conversation(visit: Visit) -> Answer:
    """Everything that was said about an order, with the form to answer."""
    await visit.follow("conversation", visit.path["order_id"])
    here = _here(visit)
    found = await visit.ask("showConversation", ConversationShown, path=here)
    may_write = _may(visit, "sendMessage")
    if found.unread and may_write:
        number = {"number": found.messages[-1].number}
        await visit.ask("markConversationRead", Progress, number, path=here)
    contract = await visit.ask("showOrderContract", Contract, path=here)
    return rooms.shown(
        visit,
        "conversation.html",
        order=await visit.ask("showOrder", OrderShown, path=here),
        buyer=await visit.ask("showBuyer", BuyerShown, path=here),
        conversation=found,
        agreed={each.text: each.number for each in (*contract.proposals, *contract.agreements)},
        may_write=may_write,
        may_agree=_may(visit, "agreeOnMessage"),
        seller=Party.SELLER,
        longest=LONGEST_MESSAGE,
        zone=ZONE,
        stages=STAGES,
    )


async def act(visit: Visit) -> Answer:
    """Answer, or note that no answer is needed."""
    form, here = visit.form, _here(visit)
    if form.name == "settle":
        number = count_of(form.get("number"))
        await visit.ask("settleConversation", Progress, {"number": number}, path=here)
        return Moved(MESSAGES.path)
    files = form.files.get("file", [])
    message = await visit.ask(
        "sendFile" if files else "sendMessage",
        Message,
        {"text": form.get("text")},
        path=here,
        key=form.key,
        content=files[0].content if files else b"",
    )
    return Moved(f"{_address(visit)}#message-{message.number}")


async def show_agreeing(visit: Visit) -> Answer:
    """One message, and which number of the terms it changes."""
    return rooms.shown(
        visit,
        "conversation_agree.html",
        order=await visit.ask("showOrder", OrderShown, path=_here(visit)),
        message=await _message(visit),
        fields=(CHANGED, UNTIL),
        overrides=overrides(visit.language),
        stages=STAGES,
    )


async def agree(visit: Visit) -> Answer:
    """Propose what the message says as a side agreement."""
    here = _here(visit)
    order = await visit.ask("showOrder", OrderShown, path=here)
    body: dict[str, Any] = {"overrides": value_of(CHANGED, visit.form, order.price.currency)}
    if visit.form.get(UNTIL.name):
        body[UNTIL.name] = value_of(UNTIL, visit.form, order.price.currency)
    await visit.ask(
        "agreeOnMessage",
        CommandDone,
        body,
        path=here | {"number": visit.path["number"]},
        key=visit.form.key,
        sequence=visit.form.sequence,
    )
    return Moved(f"/office/orders/{order.order_id}?done=ProposeAgreement")


async def send_file(visit: Visit) -> Answer:
    """The file of a message, to keep; nothing of it is ever shown in place."""
    message, path = await _message(visit), _here(visit) | {"number": visit.path["number"]}
    content = await visit.ask("showSentFile", bytes, path=path)
    assert message.file is not None, "the operation gives only what is there"
    name = f"{path['order_id']}-message-{message.number}.{ENDINGS[message.file.media_type]}"
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode()), *TO_KEEP]
    return Sent(content=content, media_type=message.file.media_type.value, headers=headers)


async def _message(visit: Visit) -> Message:
    number = visit.path["number"]
    found = await visit.ask("showConversation", ConversationShown, path=_here(visit))
    for message in found.messages:
        if str(message.number) == number:
            return message
    raise TurnedAway(DoorCode.MESSAGE_UNKNOWN, {"number": number})


def _may(visit: Visit, operation: str) -> bool:
    route = visit.routes[operation]
    return is_welcome(visit.by, route.access, route.roles)


def _here(visit: Visit) -> dict[str, str]:
    return {"order_id": visit.path["order_id"]}


def _address(visit: Visit) -> str:
    return f"/office/orders/{visit.path['order_id']}/messages"


def pages() -> list[Page]:
    """The pages of this module."""
    base = "/office/orders/{order_id}/messages"
    one, largest = f"{base}/{{number}}", LARGEST_BYTES + FORM_LIMIT
    return [
        MESSAGES.page("office-messages", show_inbox),
        MESSAGES.page("office-conversation", show_conversation, act, base, largest),
        MESSAGES.page("office-message-agree", show_agreeing, agree, f"{one}/agree"),
        MESSAGES.page("office-message-file", send_file, path=f"{one}/file"),
    ]
