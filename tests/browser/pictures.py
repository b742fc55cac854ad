"""Pictures of the main pages for README.md and docs/pages.md, taken from a demo with its orders.

    python -m tests.browser.pictures

Each is written to `docs/pictures` as WebP, in the language and the width that it names. Not here:
a test; whoever changes a page that is shown takes the pictures again.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from earnest.demo.lives import LIVES
from earnest.demo.orders import demo_order_id
from tests.browser.driving import DESKTOP, PHONE, Visitor, chromium, visitor
from tests.demo.running import Running, free_ports, start

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
QUALITY = 82
"""Of WebP: text stays sharp, and all pictures together stay below a megabyte and a half."""

_BY_NAME = {life.name: life for life in LIVES}


class Picture(NamedTuple):
    """A page as somebody sees it: `who` is one of the demo's people, or nobody."""

    name: str
    path: str
    language: str = "en"
    width: int = DESKTOP
    who: str | None = None
    is_dark: bool = False

    @property
    def door(self) -> str:
        """Where this person signs in."""
        return "/office/sign-in" if self.path.startswith("/office") else "/sign-in"


def order(name: str) -> str:
    """The number of one of the demo's orders."""
    return demo_order_id(_BY_NAME[name])


def pictures() -> Iterator[Picture]:
    """What is shown, buyers first."""
    zh, car = "zh-Hans", "/models/s7-cn/s7-max?paint=paint-ember"
    yield Picture("home", "/")
    yield Picture("configurator", car)
    yield Picture("launch-phone", "/launch/y7-night", zh, PHONE)
    yield Picture(
        "checkout-phone", "/checkout/picture?queue=s7-cn&model=s7-max", zh, PHONE, "li-wen"
    )
    yield Picture("order-phone", f"/orders/{order('late')}", zh, PHONE, "zhang-min")
    yield Picture("outcomes-phone", f"/orders/{order('late')}/leave", zh, PHONE, "zhang-min")
    yield Picture("inspect-phone", f"/orders/{order('tendered')}/inspect", "en", PHONE, "zhang-min")
    yield Picture("money", f"/orders/{order('closed')}/money", "en", DESKTOP, "li-wen")
    yield Picture("office", "/office", zh, DESKTOP, "sales")
    yield Picture("office-orders", "/office/orders", "en", DESKTOP, "sales")
    yield Picture("office-order", f"/office/orders/{order('late')}", zh, DESKTOP, "sales")
    yield Picture("office-plan", "/office/plan", "en", DESKTOP, "planning")
    yield Picture("office-delivery", "/office/delivery", "en", DESKTOP, "delivery")
    yield Picture("office-money", "/office/money", zh, DESKTOP, "finance", is_dark=True)


def takes(browser: Browser, demo: Running, picture: Picture) -> bytes:
    """One picture, as high as a window."""
    with visitor(
        browser,
        demo.url,
        language=picture.language,
        width=picture.width,
        dark=picture.is_dark,
    ) as somebody:
        if picture.who is not None:
            somebody.signs_in(picture.who, picture.door)
        somebody.goes(picture.path)
        somebody.page.wait_for_load_state("networkidle")
        return as_webp(somebody)


def as_webp(somebody: Visitor) -> bytes:
    """What stands in the window now."""
    session = somebody.page.context.new_cdp_session(somebody.page)
    wanted = {"format": "webp", "quality": QUALITY}
    return base64.b64decode(session.send("Page.captureScreenshot", wanted)["data"])


def main() -> int:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="earnest-pictures-") as made, chromium() as browser:
        demo = start(Path(made) / "data", free_ports(), "--demo", "--orders")
        try:
            for picture in pictures():
                content = takes(browser, demo, picture)
                (FOLDER / f"{picture.name}.webp").write_bytes(content)
                sys.stdout.write(f"{picture.name}.webp  {len(content) / 1_000:.0f} kB\n")
        finally:
            demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
