"""/orders/{order_id}/messages: what buyer and seller say to each other, and agreeing on it.

Opening the page is seeing what is there; it proves nothing in law, unlike opening a notice
(`notices.py`). A secret link does not lead here. Not here: answering what was proposed
(`agreeing.py`).
"""

from __future__ import annotations

from earnest.core.cases.evidence import ENDINGS
from earnest.core.terms.agreement import Party
from earnest.desk.conversing import LONGEST_MESSAGE, Message, Progress
from earnest.web.api.commands import CommandDone
from earnest.web.api.contracts import Contract
from earnest.web.api.conversations import TO_KEEP, ConversationShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.agreeing import changed_by
from earnest.web.site.orders.cases import LARGEST_FORM
from earnest.web.site.orders.reading import OrderRead, back, page, path_of, read_order


async def show(visit: Visit) -> Answer:
    """Everything that was said, the newest last, with the form to say something."""
    await visit.follow("conversation", visit.path["order_id"])
    read = await read_order(visit)
    found = await visit.ask("showConversation", ConversationShown, path=path_of(visit))
    if found.unread and visit.buyer_id == read.order.buyer_id:
        await see_up_to(visit, found.messages[-1].number)
    return page(
        visit,
        read,
        "order_messages.html",
        conversation=found,
        agreed=agreed_texts(await visit.ask("showOrderContract", Contract, path=path_of(visit))),
        buyer=Party.BUYER,
        longest=LONGEST_MESSAGE,
    )


async def see_up_to(visit: Visit, number: int) -> None:
    """Note that the reader's side has seen the messages up to this one."""
    await visit.ask("markConversationRead", Progress, {"number": number}, path=path_of(visit))


def agreed_texts(contract: Contract) -> dict[str, int]:
    """Which texts were proposed or agreed word for word, with the number of the agreement."""
    return {each.text: each.number for each in (*contract.proposals, *contract.agreements)}


async def submit(visit: Visit) -> Answer:
    """Say something, with a file or without."""
    number = await say(visit)
    return back(visit, f"/messages#message-{number}")


async def say(visit: Visit) -> int:
    """Say what the form holds; the number of the message. Sent twice, it is said once."""
    form = visit.form
    files = form.files.get("file", [])
    said = await visit.ask(
        "sendFile" if files else "sendMessage",
        Message,
        {"text": form.get("text")},
        path=path_of(visit),
        key=form.key,
        content=files[0].content if files else b"",
    )
    return said.number


async def show_agreeing(visit: Visit) -> Answer:
    """One message, and what it would change for the order."""
    read = await read_order(visit)
    contract = await visit.ask("showOrderContract", Contract, path=path_of(visit))
    message = await message_named(visit)
    return page(visit, read, "order_message_agree.html", message=message, fields=contract.numbers)


async def message_named(visit: Visit) -> Message:
    """The message whose number stands in the address."""
    number = visit.path["number"]
    found = await visit.ask("showConversation", ConversationShown, path=path_of(visit))
    for message in found.messages:
        if str(message.number) == number:
            return message
    raise TurnedAway(DoorCode.MESSAGE_UNKNOWN, {"number": number})


async def submit_agreeing(visit: Visit) -> Answer:
    """Propose what the message says as a side agreement."""
    read: OrderRead = await read_order(visit)
    await visit.ask(
        "agreeOnMessage",
        CommandDone,
        changed_by(visit, read),
        path=path_of(visit) | {"number": visit.path["number"]},
        key=visit.form.key,
        sequence=visit.form.sequence,
    )
    return back(visit, "/agreed")


async def send_file(visit: Visit) -> Answer:
    """The file of a message, to keep; nothing of it is ever shown in place."""
    message = await message_named(visit)
    path = path_of(visit) | {"number": visit.path["number"]}
    content = await visit.ask("showSentFile", bytes, path=path)
    assert message.file is not None, "the operation gives only what is there"
    ending = ENDINGS[message.file.media_type]
    name = f"{path['order_id']}-message-{message.number}.{ending}"
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode()), *TO_KEEP]
    return Sent(content=content, media_type=message.file.media_type.value, headers=headers)


def pages() -> list[Page]:
    """The pages of this module."""
    base = "/orders/{order_id}/messages"
    return [
        Page(
            path=base,
            name="order-messages",
            access=Access.BUYER,
            show=show,
            submit=submit,
            largest_form=LARGEST_FORM,
        ),
        Page(
            path=f"{base}/{{number}}/agree",
            name="order-message-agree",
            access=Access.BUYER,
            show=show_agreeing,
            submit=submit_agreeing,
        ),
        Page(
            path=f"{base}/{{number}}/file",
            name="order-message-file",
            access=Access.BUYER,
            show=send_file,
        ),
    ]
