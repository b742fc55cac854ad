"""Stylesheets, modules and drawings: read once, named by their content, kept by browsers for ever.

All of them share one digest in their address, so a module can import another by its plain name and
a new version of anything is a new address for everything. Not here: pages.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from earnest.web.reading import header

STATIC = "/static"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_DIGEST_CHARACTERS = 12
_FOR_EVER = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """A file as it is sent, plain and packed."""

    content: bytes
    packed: bytes
    media_type: str


class Assets(msgspec.Struct, frozen=True):
    """All files by their path below `static`, and the digest over all of them."""

    files: dict[str, Asset]
    digest: str

    def address(self, path: str) -> str:
        """Where a browser finds a file. A path that is none is an error of ours."""
        assert path in self.files, f"static/{path} does not exist"
        return f"{STATIC}/{self.digest}/{path}"


@lru_cache(maxsize=1)
def assets() -> Assets:
    """The files of this version."""
    found: dict[str, Asset] = {}
    _read(files("earnest.web").joinpath("static"), "", found)
    whole = hashlib.sha256()
    for path in sorted(found):
        whole.update(path.encode() + b"\0" + found[path].content + b"\0")
    return Assets(found, whole.hexdigest()[:_DIGEST_CHARACTERS])


def _read(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        media_type = _MEDIA_TYPES.get(f".{entry.name.rpartition('.')[2]}")
        if entry.is_dir():
            _read(entry, f"{path}/", found)
        elif media_type is not None:
            content = entry.read_bytes()
            found[path] = Asset(content, gzip.compress(content, mtime=0), media_type)


def static_door() -> HTTPRouteHandler:
    """The door to the files."""
    known = assets()

    async def send(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = str(request.path_params["path"]).lstrip("/")
        asset = known.files.get(path)
        if asset is None:
            return Response(b"", status_code=404, media_type="text/plain")
        # A page of the version before may ask once more; what it gets is not kept.
        is_current = request.path_params["digest"] == known.digest
        headers = {
            "cache-control": _FOR_EVER if is_current else "no-store",
            "x-content-type-options": "nosniff",
            "vary": "accept-encoding",
        }
        content = asset.content
        if b"gzip" in (header(request.scope["headers"], b"accept-encoding") or b""):
            content, headers["content-encoding"] = asset.packed, "gzip"
        return Response(content, media_type=asset.media_type, headers=headers)

    handler = HTTPRouteHandler(
        f"{STATIC}/{{digest:str}}/{{path:path}}",
        http_method=["GET"],
        name="static",
        include_in_schema=False,
        status_code=200,
    )
    return handler(send)
