"""Somebody with a browser without scripts, in the process: cookies, forms, seals.

Not here: a real browser (`tests/browser`) and what is asked; each test file says that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from tests.web.asking import Client, Told
from tests.web.maker import World


class Browser:
    """Somebody who keeps cookies and fills in forms."""

    def __init__(self, here: World) -> None:
        self._client = Client(here.front)
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Told:
        told = await self._client.get(path, **self._named(headers))
        self._keep(told)
        return told

    async def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]], **headers: str
    ) -> Told:
        named = {"content_type": "application/x-www-form-urlencoded", **headers}
        body = urlencode(fields, doseq=True).encode()
        told = await self._client.post(path, body, **self._named(named))
        self._keep(told)
        return told

    async def raw(self, path: str, body: bytes, media_type: str) -> Told:
        """Send a body as it is, a form with files for example."""
        told = await self._client.post(path, body, **self._named({"content_type": media_type}))
        self._keep(told)
        return told

    async def send(
        self, path: str, fields: Mapping[str, str | Sequence[str]], **headers: str
    ) -> Told:
        """Open a page and send one of its forms."""
        return await self.post(path, {"seal": await self.seal(path), **fields}, **headers)

    async def sends_file(
        self, path: str, fields: Mapping[str, str], name: str, content: bytes
    ) -> Told:
        """Open a page and send one of its forms with a file."""
        body, media_type = multipart({"seal": await self.seal(path), **fields}, name, content)
        told = await self._client.post(path, body, **self._named({"content_type": media_type}))
        self._keep(told)
        return told

    async def seal(self, path: str) -> str:
        """The seal on the forms of a page."""
        found = re.search(rb'name="seal" value="([^"]+)"', (await self.get(path)).body)
        assert found is not None
        return found[1].decode()

    def _named(self, headers: dict[str, str]) -> dict[str, str]:
        if not self.cookies:
            return headers
        return headers | {"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}

    def _keep(self, told: Told) -> None:
        name, _, rest = told.headers.get("set-cookie", "").partition("=")
        if name:
            self.cookies[name] = rest.partition(";")[0]


def multipart(fields: Mapping[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file, and its media type."""
    parts = [
        f'--x\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--x\r\ncontent-disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
    return b"".join([*parts, head.encode(), content, b"\r\n--x--\r\n"]), (
        "multipart/form-data; boundary=x"
    )


async def signed_in(here: World, address: str = "Anna@Example.com ") -> Browser:
    """A buyer who came by a code."""
    anna = Browser(here)
    sent = await anna.send("/sign-in", {"form": "address", "address": address})
    assert sent.status == 200
    code = re.search(r"\d{6}", here.mail.sent[-1].text)
    assert code is not None
    fields = {"form": "code", "address": address, "code": code[0]}
    done = await anna.send("/sign-in?to=/orders", fields)
    assert (done.status, done.headers["location"]) == (303, "/orders")
    return anna
