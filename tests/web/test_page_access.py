"""Who gets into which page: every page with every role, walked over the table that really runs.

Not here: the doors of the API (`test_access.py`), which every page's reading passes as well.
"""

from __future__ import annotations

import asyncio
import re

from earnest.web.identity import Access
from earnest.web.office import office_pages
from earnest.web.pages.page import Page
from earnest.web.site import site_pages
from tests.web.browsing import Browser
from tests.web.maker import LASTS, World, world
from tests.web.test_access import STAFF

OPEN = {
    *("home", "launch", "model", "compare", "terms", "terms-file", "order-link"),
    *("sign-in", "sign-out", "office-sign-in", "office-invitation"),
}
"""The only pages for everybody."""

_PARAMETER = re.compile(r"\{(\w+)\}")


def pages() -> list[Page]:
    """Every page of both rooms."""
    return [*site_pages(), *office_pages()]


def may_enter(page: Page, role: str) -> bool:
    """What the table says about a role; in other words than the code's."""
    named = {each.value for each in page.roles}
    everybody = {"buyer", *STAFF}
    welcome = {
        Access.PUBLIC: everybody,
        Access.BUYER: {"buyer"},
        Access.STAFF: set(STAFF),
        Access.SIGNED_IN: everybody,
        Access.READERS: everybody - {"admin", "terms_editor"},
        Access.ACTORS: named,
        Access.CONFIDANTS: named | {"buyer", "auditor"},
        Access.OFFICE: named | {"auditor"},
        Access.ADMIN: {"admin"},
        Access.OVERSEERS: named | {"admin", "auditor"},
        Access.EDITORS: {"terms_editor"},
    }
    return role in welcome[page.access]


def address(page: Page, order_id: str) -> str:
    """A path with an order's own id where it wants one, and nonsense elsewhere."""
    return _PARAMETER.sub(lambda found: order_id if found[1] == "order_id" else "none", page.path)


def somebody(here: World, role: str) -> Browser:
    """A browser in which somebody with this role is signed in."""
    made = Browser(here)
    token = here.buyer_token()
    if role != "buyer":
        token = here.house.tokens.for_staff("lin", [role], here.clock.now(), LASTS)
    made.cookies["earnest_session"] = token
    return made


def test_only_these_pages_are_for_everybody() -> None:
    assert {page.name for page in pages() if page.access is Access.PUBLIC} == OPEN


def test_without_a_session_every_other_page_leads_to_its_sign_in() -> None:
    async def story() -> None:
        async with world() as here:
            nobody, order_id = Browser(here), await here.deposited()
            for page in pages():
                if page.access is Access.PUBLIC or page.show is None:
                    continue
                told = await nobody.get(address(page, order_id))
                room = "/office/sign-in" if page.path.startswith("/office") else "/sign-in"
                leads = told.headers.get("location", "").partition("?")[0]
                assert (page.name, told.status, leads) == (page.name, 303, room)

    asyncio.run(story())


def test_every_page_opens_for_exactly_its_roles() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            differing = []
            for role in ("buyer", *STAFF):
                who = somebody(here, role)
                for page in pages():
                    if page.show is None:
                        continue
                    told = await who.get(address(page, order_id))
                    is_let_in = told.status != 403
                    if is_let_in is not may_enter(page, role):
                        differing.append((page.name, role, told.status))
            assert differing == []

    asyncio.run(story())


def test_somebody_elses_order_does_not_exist_on_any_page() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            other = Browser(here)
            other.cookies["earnest_session"] = here.buyer_token("two")
            for page in site_pages():
                if "{order_id}" in page.path and page.show is not None:
                    told = await other.get(address(page, order_id))
                    assert (page.name, told.status) == (page.name, 404)

    asyncio.run(story())
