"""Forms as they come in: fields by name, files, and nothing that a form cannot hold.

Not here: what the fields mean; the API's own types check that when a page asks it.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qsl

import msgspec
from multipart import MultipartError, MultipartParser, parse_options_header

from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway
from earnest.web.reading import RawHeaders, header

MOST_FIELDS = 500
SPOOL_NOTHING = 1 << 30
"""Files stay in memory, where the whole body already is."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was chosen in a form."""

    name: str
    media_type: str
    content: bytes


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a form by name, each with all its values in order; `files` likewise."""

    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}

    def get(self, name: str, otherwise: str = "") -> str:
        """The first value of a field, without the blanks around it."""
        values = self.fields.get(name)
        return values[0].strip() if values else otherwise

    def all(self, name: str) -> list[str]:
        """Every value of a field, as boxes that were ticked give them."""
        return self.fields.get(name, [])

    @property
    def name(self) -> str:
        """Which form of its page it is."""
        return self.get("form")

    @property
    def key(self) -> str:
        """The idempotency key with which the form was written: sent twice it acts once."""
        return self.get("key")

    @property
    def sequence(self) -> int | None:
        """The version of the order that its reader saw; None where the form does not insist."""
        text = self.get("sequence")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - as an ETag


def form_of(headers: RawHeaders, body: bytes) -> Form:
    """The form in a body; raises `TurnedAway` for a body that is none."""
    media_type, options = parse_options_header((header(headers, b"content-type") or b"").decode())
    try:
        if media_type == "multipart/form-data":
            return _with_files(body, options.get("boundary", ""))
        if media_type == "application/x-www-form-urlencoded":
            return _fields_only(body)
    except (ValueError, MultipartError) as error:
        raise TurnedAway(DoorCode.FORM_MALFORMED) from error
    raise TurnedAway(DoorCode.FORM_MALFORMED)


def _fields_only(body: bytes) -> Form:
    pairs = parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=bool(body),
        errors="strict",
        max_num_fields=MOST_FIELDS,
    )
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(_plain(value))
    return Form(fields=fields)


def _with_files(body: bytes, boundary: str) -> Form:
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    with_limits = MultipartParser(
        BytesIO(body),
        boundary,
        content_length=len(body),
        part_limit=MOST_FIELDS,
        memory_limit=SPOOL_NOTHING,
        spool_limit=SPOOL_NOTHING,
        partsize_limit=SPOOL_NOTHING,
    )
    for part in with_limits:
        if part.filename is None:
            fields.setdefault(part.name, []).append(_plain(part.raw.decode("utf-8")))
        elif part.filename:
            upload = Upload(
                name=part.filename, media_type=part.content_type or "", content=part.raw
            )
            files.setdefault(part.name, []).append(upload)
    return Form(fields=fields, files=files)


def _plain(value: str) -> str:
    """A value as PostgreSQL can keep it; browsers end lines with two characters."""
    if "\x00" in value:
        raise ValueError("no text of a person holds NUL")
    return value.replace("\r\n", "\n")
