"""Reading requests and writing replies for the sandbox's doors, straight on ASGI.

A framework is left out because this process shares two cores with the system it is testing. Here
are only bytes and headers; what a door does stands in ``api`` and ``pages``.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct

from earnest.gateways.payments.sandbox_server.problems import PROBLEM_TYPE, Problem, document

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LARGEST_BODY = 64 * 1024

Body = TypeVar("Body")

_PROMISED_LENGTH = b"1000000"


class Request(Struct, frozen=True):
    """A request with its whole body."""

    headers: dict[bytes, bytes]
    query: str
    body: bytes

    def parameter(self, name: str) -> str:
        """Return a query parameter's first value, or an empty text."""
        return parse_qs(self.query).get(name, [""])[0]


class Reply(Struct):
    """What goes back; ``lose`` makes the answer go missing after the deed is done."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    lose: Literal["", "close", "error"] = ""


def json_reply(value: object, *, status: int = 200) -> Reply:
    """Return a value as JSON."""
    return Reply(status, body=msgspec.json.encode(value))


def problem_reply(problem: Problem) -> Reply:
    """Return a refusal as an RFC 9457 document."""
    return Reply(problem.status, PROBLEM_TYPE, document(problem))


def decoded(request: Request, decoder: msgspec.json.Decoder[Body]) -> Body | Problem:
    """Read a JSON body strictly: right type, known fields, right values.

    The content type is insisted on because a foreign page in a browser cannot send it unasked, and
    the switches and the clock have no other guard.
    """
    content_type = request.headers.get(b"content-type", b"")
    if content_type.partition(b";")[0].strip().lower() != b"application/json":
        return Problem(415, "content_type_not_json", "send content-type: application/json")
    try:
        return decoder.decode(request.body)
    except msgspec.ValidationError as error:
        return Problem(422, "body_invalid", str(error))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Problem(400, "body_malformed", f"the body is not JSON in UTF-8: {error}")


async def read_request(scope: Scope, receive: Receive) -> Request | Problem:
    """Take in the whole body, but never more than 64 KiB of it."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"")
    too_large = Problem(413, "body_too_large", f"send at most {LARGEST_BODY} bytes")
    if declared.isdigit() and int(declared[:20]) > LARGEST_BODY:
        return too_large
    body = b""
    is_whole = False
    while not is_whole:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return too_large
        is_whole = not message.get("more_body", False)
    return Request(headers, scope["query_string"].decode("latin-1"), body)


async def send_reply(reply: Reply, send: Send) -> None:
    """Send the reply, or lose it the way a switch asks for.

    A lost answer promises more bytes than it sends; the server then closes the connection, and the
    caller cannot know what happened.
    """
    if reply.lose == "error":
        reply = problem_reply(Problem(500, "answer_lost", "the outcome is unknown; look it up"))
    length = _PROMISED_LENGTH if reply.lose else str(len(reply.body)).encode()
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [
                (b"content-type", reply.content_type.encode()),
                (b"content-length", length),
                *reply.headers,
            ],
        }
    )
    if not reply.lose:
        await send({"type": "http.response.body", "body": reply.body})
