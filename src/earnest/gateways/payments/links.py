"""The signed checkout link: written by the merchant, read by the provider, no call in between.

The link carries the whole request and an HMAC over the exact text before ``&signature=``, so both
sides sign the same bytes and nobody has to agree on how to escape them again. It is not a session:
it says what may be paid until when, and nothing about who pays.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from msgspec import Struct

from earnest.gateways.payments.contract import CheckoutRequest

_MARK = "&signature="
_FIELDS = (
    "merchant",
    "reference",
    "amount_minor",
    "currency",
    "description",
    "return_url",
    "expires_at",
)
_TOKEN_PURPOSE = b"earnest sandbox merchant token"
_LONGEST_NUMBER = 16
_LONGEST_REFERENCE = 200
_LARGEST_AMOUNT = 10**15
_END_OF_TIME = 253_402_300_799
_UNSAFE = re.compile(r"[^A-Za-z0-9_.~-]+")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


class LinkRejected(Exception):
    """A link that must not be paid; ``code`` is ``link_malformed`` or ``link_signature_wrong``."""

    def __init__(self, code: str, explanation: str) -> None:
        """Keep the stable ``code`` and the ``explanation`` for people."""
        super().__init__(f"{code}: {explanation}")
        self.code = code
        self.explanation = explanation


class CheckoutLink(Struct, frozen=True, kw_only=True, gc=False):
    """What a link with a right signature asks for; ``expires_at`` is in whole seconds since 1970.

    Whether it has expired is the reader's question, because the reader has the clock.
    """

    merchant: str
    reference: str
    amount_minor: int
    currency: str
    description: str
    return_url: str
    expires_at: int


def merchant_key_bytes(merchant_key: str) -> bytes:
    """Turn the merchant's key into bytes; raise ``ValueError`` when it is empty."""
    if not merchant_key:
        message = "the merchant key may not be empty; generate one with 32 random characters"
        raise ValueError(message)
    return merchant_key.encode()


def merchant_token(merchant_key: str) -> str:
    """Return the bearer token that proves possession of the key without sending the key."""
    return hmac.digest(merchant_key_bytes(merchant_key), _TOKEN_PURPOSE, hashlib.sha256).hex()


def signed_query(key: bytes, merchant: str, request: CheckoutRequest) -> str:
    """Return the link's query: the seven fields in fixed order and the signature over them."""
    values = (
        merchant,
        request.reference,
        str(request.amount_minor),
        request.currency,
        request.description,
        request.return_url,
        str(int(request.expires_at.astimezone(UTC).timestamp())),
    )
    text = "&".join(
        f"{field}={_escaped(value)}" for field, value in zip(_FIELDS, values, strict=True)
    )
    signed = f"{text}{_MARK}{_signature(key, text)}"
    # The language stands after the signature: a buyer may change it without asking the merchant.
    return signed if request.language is None else f"{signed}&lang={quote(request.language)}"


def read_query(key: bytes, query: str) -> CheckoutLink:
    """Check the signature of a link's query and return what it says, or raise ``LinkRejected``.

    Parameters after the signature (the page's language, for example) are not the merchant's words
    and are ignored here.
    """
    text, mark, rest = query.partition(_MARK)
    if not mark:
        raise LinkRejected("link_malformed", "the link has no signature; use it exactly as given")
    offered = rest.partition("&")[0].encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(offered, _signature(key, text).encode()):
        raise LinkRejected(
            "link_signature_wrong",
            "the link was changed or signed with another key; ask the merchant for a new one",
        )
    return _parse(text)


def expires_at(link: CheckoutLink) -> datetime:
    """Return the first instant at which the link is worth nothing (half-open window)."""
    return datetime.fromtimestamp(link.expires_at, tz=UTC)


def _escaped(value: str) -> str:
    """Escape a value as ``urllib`` does, which looks at every letter again and again.

    What has to be escaped (punctuation, words of a description) is the same in all links.
    """
    return _UNSAFE.sub(lambda found: _escaped_run(found[0]), value)


@lru_cache(maxsize=1_000)
def _escaped_run(run: str) -> str:
    return quote(run, safe="")


def _signature(key: bytes, text: str) -> str:
    """Return the hexadecimal HMAC-SHA256 over the link's text."""
    content = text.encode("utf-8", "surrogateescape")
    return hmac.digest(key, content, hashlib.sha256).hex()


def _parse(text: str) -> CheckoutLink:
    """Read the seven fields in their fixed order; the merchant signed them, but may be wrong."""
    values = []
    for part, field in zip(text.split("&"), _FIELDS, strict=False):
        name, _, value = part.partition("=")
        if name != field:
            break
        values.append(unquote(value) if "%" in value else value)
    if len(values) != len(_FIELDS) or text.count("&") != len(_FIELDS) - 1:
        raise LinkRejected("link_malformed", f"the link must carry exactly {', '.join(_FIELDS)}")
    merchant, reference, amount, currency, description, return_url, expiry = values
    if not 0 < len(reference) <= _LONGEST_REFERENCE:
        raise LinkRejected("link_malformed", "reference must have 1 to 200 characters")
    if not (_is_number(amount) and 0 < int(amount) <= _LARGEST_AMOUNT):
        raise LinkRejected("link_malformed", "amount_minor must be positive minor units")
    if not _CURRENCY.match(currency):
        raise LinkRejected("link_malformed", "currency must be three capital letters")
    if not (_is_number(expiry) and int(expiry) <= _END_OF_TIME):
        raise LinkRejected("link_malformed", "expires_at must be whole seconds since 1970")
    return CheckoutLink(
        merchant=merchant,
        reference=reference,
        amount_minor=int(amount),
        currency=currency,
        description=description,
        return_url=return_url,
        expires_at=int(expiry),
    )


def _is_number(value: str) -> bool:
    """Say whether the text is a plain number of bounded length."""
    return value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER
