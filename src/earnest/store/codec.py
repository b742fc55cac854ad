"""How orders, events and documents are written as JSON in the database, and read back.

Not here: columns. What is searched for stands beside the JSON in columns of its own.
"""

from __future__ import annotations

from typing import Union

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.code import CodeBatch
from earnest.core.order.commands import COMMANDS, Command
from earnest.core.order.events import EVENTS, Event
from earnest.core.order.in_bulk import IN_BULK
from earnest.core.order.state import Order
from earnest.core.queue.pause import SalePause
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.publishing import PlacedFinding
from earnest.core.terms.version import TermsVersion

_encode = msgspec.json.Encoder().encode

decode_order = msgspec.json.Decoder(Order).decode
"""The order that was stored as its fold."""

decode_terms = msgspec.json.Decoder(TermsVersion).decode
"""A published terms version."""

decode_findings = msgspec.json.Decoder(tuple[PlacedFinding, ...]).decode
"""What the linter said when terms were published."""

decode_catalogue = msgspec.json.Decoder(Catalogue).decode
"""A published catalogue."""

decode_campaign = msgspec.json.Decoder(Campaign).decode
"""A published version of a campaign."""

decode_batch = msgspec.json.Decoder(CodeBatch).decode
"""Codes that were issued by one act."""

decode_pause = msgspec.json.Decoder(SalePause).decode
"""The pause of a sale that goes on."""

decode_promise = msgspec.json.Decoder(PublicPromise).decode
"""A published promise."""

# The stored kind chooses the class; the union is built from the one list of event types.
_event_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Union[EVENTS])  # noqa: UP007 - a union of a tuple has no other form

_BULK = tuple(kind for kind in COMMANDS if kind.__name__ in IN_BULK)
_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Union[_BULK])  # noqa: UP007 - a union of a tuple has no other form


def encode(thing: msgspec.Struct | tuple[msgspec.Struct, ...]) -> str:
    """The JSON of an order, an event, a document or findings."""
    return _encode(thing).decode()


def decode_event(text: str | bytes) -> Event:
    """The event that was stored, of the class that its kind names."""
    return _event_decoder.decode(text)


def decode_bulk_command(text: str | bytes) -> Command:
    """The command that was asked for many orders."""
    return _command_decoder.decode(text)
