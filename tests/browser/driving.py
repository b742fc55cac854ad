"""A real browser at a real demo: Debian's Chromium, driven by Playwright.

Not here: what people do there; each test file says that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
PHONE, TABLET, DESKTOP = 390, 820, 1440
"""Widths in CSS pixels."""

SLOWLY = os.environ.get("EARNEST_TEST_SLOWLY") == "1"
LANGUAGES = ("zh-Hans", "en")
PATIENCE_MS = 30_000
"""What comes by itself is waited for as long as a click waits, however busy the machine is."""

expect.set_options(timeout=PATIENCE_MS)

_HEIGHTS = {PHONE: 844, TABLET: 1180, DESKTOP: 900}
_AXE = "axe-core@4.14.1"
AXE = Path(__file__).resolve().parents[2] / ".axe"
AXE_FILE = AXE / "node_modules/axe-core/axe.min.js"
_SERIOUS = frozenset({"serious", "critical"})
_HERE = ("http://127.0.0.1:", "http://localhost:")
_LOCALES = {"zh-Hans": "zh-CN", "en": "en-GB"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def follow(way: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that page is whole.

    A click alone returns while the next page is still arriving on a busy machine; whoever counts or
    reads then meets half of it.
    """
    with way.page.expect_navigation():
        way.click()


class Visitor:
    """Somebody with a browser window of their own."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        # Whatever is asked for elsewhere would be a leak.
        page.on("request", self._see)

    def _listen(self, message: Any) -> None:  # noqa: ANN401 - as Playwright gives it
        # A page that answers with a refusal is logged by Chromium as a failed resource.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _see(self, request: Any) -> None:  # noqa: ANN401 - as Playwright gives it
        if not request.url.startswith((*_HERE, "data:", "blob:")):
            self.complaints.append(f"asked for {request.url}")

    def has_a_device(self) -> None:
        """Put a device for passkeys beside the browser, whose owner is always recognised."""
        devices = self.page.context.new_cdp_session(self.page)
        devices.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def has_a_slow_machine(self) -> None:
        """Let the browser compute at a quarter of its speed behind a thin line.

        Pages then arrive in parts, as they do on a busy machine: what only looks, and does not
        wait, fails. `EARNEST_TEST_SLOWLY=1` asks for it in every window and leaves axe out.
        """
        line = self.page.context.new_cdp_session(self.page)
        line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        line.send("Network.enable")
        thin = {"offline": False, "latency": 100, "downloadThroughput": 60_000}
        line.send("Network.emulateNetworkConditions", thin | {"uploadThroughput": 60_000})

    def goes(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.url}{path}")

    def invites(self, name: str, staff_id: str, address: str, role: str) -> None:
        """As an administrator, invite somebody to the staff and ask for a role for them."""
        self.signs_in("admin", "/office/sign-in?to=/office/people")
        self.page.get_by_text("Invite somebody").click()
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Id", exact=True).fill(staff_id)
        self.page.get_by_label("E-mail address").fill(address)
        self.page.locator("#speaks").select_option("en")
        self.page.get_by_label(role).check()
        follow(self.page.locator("#form-invite button"))
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    def signs_in(self, who: str, path: str = "/sign-in") -> None:
        """Sign in as one of the demo's people, by their click."""
        self.goes(path)
        follow(self.page.locator(f'input[value="{who}"] ~ button'))

    def reads(self) -> str:
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    def serious_findings(self) -> list[str]:
        """What axe finds on the page that keeps somebody out."""
        if SLOWLY or missing_for_axe() is not None:
            return []
        # A page that is just being replaced has no document to look at.
        self.page.wait_for_load_state()
        self.page.evaluate(axe())
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in _SERIOUS
            for node in each["nodes"]
        ]


@contextmanager
def visitor(
    browser: Browser,
    url: str,
    *,
    language: str = "en",
    width: int = DESKTOP,
    scripts: bool = True,
    dark: bool = False,
) -> Iterator[Visitor]:
    """Somebody new; in the end nothing may have complained."""
    context = browser.new_context(
        locale=_LOCALES[language],
        viewport={"width": width, "height": _HEIGHTS[width]},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    made = Visitor(context.new_page(), url)
    if SLOWLY:
        made.has_a_slow_machine()
    try:
        yield made
        assert made.complaints == []
    finally:
        context.close()


def missing() -> list[str]:
    """What the tests of pages lack on this machine, and how to get it; nothing on most."""
    found = []
    if not CHROMIUM.exists():
        found.append(
            "tests/browser is left out: Chromium is missing. "
            "Install it with: apt install chromium fonts-noto-cjk"
        )
    elif missing_for_axe() is not None:
        found.append(f"tests/browser runs without axe-core: {missing_for_axe()}")
    return found


@cache
def missing_for_axe() -> str | None:
    """Why axe-core cannot be had, if so."""
    if shutil.which("npm") is None:
        return "npm is missing. Install it with: apt install npm"
    if not AXE_FILE.exists():
        done = subprocess.run(
            ["npm", "install", "--prefix", AXE, "--no-save", "--no-audit", "--no-fund", _AXE],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return f"npm could not fetch it ({done.stderr.strip()[-200:]})"
    return None


@cache
def axe() -> str:
    """The source of axe-core, which npm keeps in a folder that git ignores."""
    return AXE_FILE.read_text(encoding="utf-8")
