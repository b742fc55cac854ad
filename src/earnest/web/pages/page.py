"""A page as data: where it is, for whom, and the functions that show it and take its forms.

Like a route of the API it names who may come in, and the table of pages makes the running doors
(`doors.py`). Not here: any page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from earnest.core.order.actor import Role
from earnest.web.identity import Access
from earnest.web.pages.visit import Visit
from earnest.web.problems import Headers

FORM_LIMIT = 65_536
"""Bytes of a form without files at most."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be written from a template with these values."""

    template: str
    values: Mapping[str, Any] = {}
    status: int = 200
    headers: Headers = []


class Moved(msgspec.Struct, frozen=True):
    """Go on at another address of this house, asking for it anew."""

    to: str
    headers: Headers = []


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes as they are: a file to keep, or a part of a page."""

    content: bytes
    media_type: str
    headers: Headers = []


Answer: TypeAlias = Shown | Moved | Sent
Shows: TypeAlias = Callable[[Visit], Awaitable[Answer]]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `path` may hold parameters in braces; they arrive as text in `visit.path`.

    `show` answers GET. `submit` takes the page's forms: it changes something and says where to go
    on. When what it asks is refused, the page is shown again with the refusal in `visit.problem`,
    beside the form that `visit.form` names. `roles` matters for `Access.ACTORS` and
    `Access.CONFIDANTS` only, as for routes. `by_link` also lets in whoever has the secret link of
    the order in `{order_id}`, to look and not to act. `largest_form` is for forms with files.
    """

    path: str
    name: str
    access: Access
    show: Shows | None = None
    submit: Shows | None = None
    roles: frozenset[Role] = frozenset()
    by_link: bool = False
    largest_form: int = FORM_LIMIT
