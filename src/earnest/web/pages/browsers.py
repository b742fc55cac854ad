"""What a browser is called in the list of somebody's sessions: enough to tell one from another.

Not here: anything that depends on it. A browser says of itself what it likes.
"""

from __future__ import annotations

from earnest.web.reading import RawHeaders, header

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
"""What stands in the name a browser gives, the most telling first."""

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_KNOWN = (_BROWSERS, _SYSTEMS)
UNKNOWN = "?"


def browser_of(headers: RawHeaders) -> str:
    """Browser and system, as far as the request says them."""
    said = (header(headers, b"user-agent") or b"").decode("latin-1")[:500]
    names = (next((name for mark, name in known if mark in said), "") for known in _KNOWN)
    return " · ".join(name for name in names if name) or UNKNOWN
