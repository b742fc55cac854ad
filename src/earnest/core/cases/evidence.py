"""Evidence: messages, photographs, documents and receipts, known by their digest.

Not here: the content itself, which is personal and kept apart (`people`), and who may add a
piece (`core/order/case.py`).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from earnest.core.values.instant import Instant

LARGEST_BYTES = 10 * 1024 * 1024
"""Bytes of one piece at most: a photograph of a telephone fits, a film does not."""

MOST_PIECES = 100
MOST_BYTES = 10 * LARGEST_BYTES
"""Pieces of one order and their bytes at most, so that nobody fills the store through one order."""

LONGEST_DESCRIPTION = 500
"""Characters of a description at most."""


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    MESSAGE = "message"
    PHOTO = "photo"
    DOCUMENT = "document"
    RECEIPT = "receipt"
    """What a carrier or the buyer signed: it proves that a notice arrived (CN-11)."""


class MediaType(StrEnum):
    """What a content really is, told by its first bytes and never by its name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    TEXT = "text/plain"


ENDINGS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.PDF: "pdf",
    MediaType.TEXT: "txt",
}
"""How a file of each type is named when it is given back."""

ALLOWED = {
    EvidenceKind.MESSAGE: frozenset({MediaType.TEXT, MediaType.PDF, MediaType.PNG, MediaType.JPEG}),
    EvidenceKind.PHOTO: frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP}),
    EvidenceKind.DOCUMENT: frozenset(MediaType),
    EvidenceKind.RECEIPT: frozenset(MediaType) - {MediaType.TEXT},
}
"""The types that each kind may have. A receipt is a picture or a paper: anybody types a text."""


class EvidenceFact(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence of an order. `case_number` is None when it belongs to no case yet."""

    number: int
    case_number: int | None
    kind: EvidenceKind
    digest: str
    media_type: MediaType
    size_bytes: int
    description: str
    added_by: str
    added_at: Instant


def digest_of(content: bytes) -> str:
    """The name of a content: its SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def media_type_of(content: bytes) -> MediaType | None:
    """What a content is by its first bytes; None for everything that is not taken.

    Text is what is UTF-8 throughout and has no other control characters than tabs and line
    breaks. Neither HTML nor SVG is a type here: to a reader they are text.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return MediaType.WEBP
    if content.startswith(b"%PDF-"):
        return MediaType.PDF
    return MediaType.TEXT if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(each.isprintable() or each in "\t\r\n" for each in text)
