"""Outgoing messages as jobs of the job library, deferred in the transaction that causes them.

Not here: sending (`desk/outgoing.py`) and the worker that takes jobs (`outbox.py`).

A group's messages travel in few jobs, so that a group of five hundred costs a few rows more and
not five hundred. The library looks for the next job in the order of priority and number, past
everything that waits for other workers: without a priority, each payout would be looked for behind
all the mail of a launch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

import msgspec

from earnest.core.values.instant import Instant
from earnest.desk.ports import Channel, OutgoingMessage

MESSAGES_IN_A_JOB = {
    Channel.MAIL: 500,
    Channel.CAMPAIGN: 500,
    Channel.POINTER: 500,
    Channel.SMS: 500,
    Channel.WEBHOOK: 500,
    Channel.PAYOUT: 50,
}
"""The most messages that one job carries; payouts wait for answers, so that fifty are enough."""

PRIORITIES = {
    Channel.MAIL: 0,
    Channel.CAMPAIGN: 0,
    Channel.POINTER: 1,
    Channel.SMS: 1,
    Channel.WEBHOOK: 1,
    Channel.PAYOUT: 2,
}
"""What the library finds first: jobs of which there are few before those that pile up."""

_Batch: TypeAlias = tuple[Channel, Instant | None]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a job carries: messages, and which attempt at them this is.

    It travels as one text: the library copies arguments piece by piece whenever it notes what a
    worker does, which for 500 messages took a twentieth of a launch's processor time.
    """

    messages: tuple[OutgoingMessage, ...]
    attempt: int = 1


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Letter).decode
_TEXT = "letter"


def queue_of(channel: Channel) -> str:
    """The library's queue for a channel, so that a slow channel never holds up another."""
    return channel.value


def task_of(channel: Channel) -> str:
    """The name of the task that sends a channel's messages."""
    return f"send_{channel.value}"


def defer_jobs(messages: Sequence[OutgoingMessage]) -> Mapping[str, Sequence[Any]]:
    """The arrays of the statement `defer_jobs` for a group's messages."""
    jobs = list(_jobs(messages))
    return {
        "queues": [queue_of(channel) for (channel, _), _ in jobs],
        "tasks": [task_of(channel) for (channel, _), _ in jobs],
        "priorities": [PRIORITIES[channel] for (channel, _), _ in jobs],
        "arguments": [_arguments(Letter(messages=carried)) for _, carried in jobs],
        "not_before": [not_before for (_, not_before), _ in jobs],
    }


def letter_in(arguments: Mapping[str, Any]) -> Letter:
    """What a job carries, from the arguments with which its task is called.

    Jobs that were deferred before letters were texts are read as well.
    """
    text = arguments.get(_TEXT)
    return msgspec.convert(arguments, Letter) if text is None else _decode(text)


def _arguments(letter: Letter) -> str:
    """The arguments of a job as JSON."""
    return _encode({_TEXT: _encode(letter).decode()}).decode()


def defer_again(letter: Letter, wait_seconds: int) -> Mapping[str, Any]:
    """The values of the statement `defer_again` for messages that could not be sent."""
    channel = letter.messages[0].channel
    return {
        "queue": queue_of(channel),
        "task": task_of(channel),
        "priority": PRIORITIES[channel],
        "arguments": _arguments(letter),
        "wait_seconds": wait_seconds,
    }


def _jobs(
    messages: Sequence[OutgoingMessage],
) -> Iterator[tuple[_Batch, tuple[OutgoingMessage, ...]]]:
    batches: dict[_Batch, list[OutgoingMessage]] = {}
    for message in messages:
        batches.setdefault((message.channel, message.not_before), []).append(message)
    for batch, waiting in batches.items():
        rest = iter(waiting)
        while carried := tuple(islice(rest, MESSAGES_IN_A_JOB[batch[0]])):
            yield batch, carried
