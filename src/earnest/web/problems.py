"""Problem documents (RFC 9457): one shape for everything that did not happen.

Not here: which code applies when, and its words (`refusals.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import msgspec

from earnest.core.terms.publishing import Unpublishable
from earnest.core.values.reason import Reason
from earnest.desk.desk import RETRY_AFTER_SECONDS
from earnest.web.codes import Code, DoorCode
from earnest.web.languages import ENGLISH
from earnest.web.refusals import status_of, wording_of
from earnest.web.telling_terms import FaultShown, FindingShown, faults_shown, findings_shown

PROBLEM_TYPE = "application/problem+json"
URN = "urn:earnest:problem:"

Headers = list[tuple[bytes, bytes]]
"""Headers as ASGI wants them: lower-case names."""

_encode = msgspec.json.Encoder().encode


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing happened. `code` is stable; the texts are for people, in their language.

    `faults` and `findings` are there when a terms document was refused.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    way_out: str
    details: dict[str, str]
    faults: tuple[FaultShown, ...] | msgspec.UnsetType = msgspec.UNSET
    findings: tuple[FindingShown, ...] | msgspec.UnsetType = msgspec.UNSET


class TurnedAway(Exception):
    """A request that ends here: the code, and the details its words mention."""

    def __init__(
        self,
        code: Code,
        details: Mapping[str, str] | None = None,
        headers: Headers | None = None,
        lists: Unpublishable | None = None,
    ) -> None:
        """Keep what the problem document will say."""
        super().__init__(code.value)
        self.code = code
        self.details = dict(details or {})
        self.headers = headers or []
        self.lists = lists


def problem(code: Code, language: str, details: Mapping[str, str]) -> Problem:
    """The document for a code."""
    wording = wording_of(code, language, details)
    return Problem(
        type=f"{URN}{code.value}",
        title=wording.title,
        status=status_of(code),
        detail=wording.detail,
        code=code.value,
        way_out=wording.way_out,
        details=dict(details),
    )


def problem_body(away: TurnedAway, language: str = ENGLISH) -> tuple[int, Headers, bytes]:
    """Status, headers and body for a request that was turned away."""
    document = problem(away.code, language, away.details)
    if away.lists is not None:
        document = msgspec.structs.replace(
            document,
            faults=faults_shown(away.lists.faults, language),
            findings=findings_shown(away.lists.findings, language),
        )
    headers: Headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"content-language", language.encode()),
        *away.headers,
        *_HEADERS_OF.get(away.code, ()),
        *coming_again(away.code),
    ]
    return document.status, headers, _encode(document)


RETRY_SPREAD_SECONDS = 8
"""Over how many seconds those who were turned away together are asked to come back."""

_COME_AGAIN = frozenset(
    {
        DoorCode.DESK_FULL,
        DoorCode.STORE_UNAVAILABLE,
        DoorCode.KEY_RUNNING,
        DoorCode.PLACES_NOT_READY,
        Reason.SALE_PAUSED,
    }
)


def coming_again(code: Code) -> Headers:
    """When to come again, for what stands in the way only for a moment."""
    return retry_headers() if code in _COME_AGAIN else []


def retry_headers() -> Headers:
    """When to come again: another wait for each who asks, so that no herd returns as one."""
    wait = RETRY_AFTER_SECONDS + secrets.randbelow(RETRY_SPREAD_SECONDS + 1)
    return [(b"retry-after", b"%d" % wait)]


_HEADERS_OF: dict[Code, tuple[tuple[bytes, bytes], ...]] = {
    DoorCode.TOKEN_MISSING: ((b"www-authenticate", b"Bearer"),),
    DoorCode.TOKEN_INVALID: ((b"www-authenticate", b'Bearer error="invalid_token"'),),
    DoorCode.TOKEN_EXPIRED: ((b"www-authenticate", b'Bearer error="invalid_token"'),),
    DoorCode.SESSION_ENDED: ((b"www-authenticate", b'Bearer error="invalid_token"'),),
    DoorCode.WEBHOOK_UNSIGNED: ((b"www-authenticate", b"Signature"),),
    DoorCode.WEBHOOK_SIGNATURE_WRONG: ((b"www-authenticate", b"Signature"),),
    # What is left of a body that was refused half-way cannot be read as the next request.
    DoorCode.BODY_TOO_LARGE: ((b"connection", b"close"),),
    DoorCode.BODY_CUT_SHORT: ((b"connection", b"close"),),
}
"""Headers that belong to a code wherever it appears."""
