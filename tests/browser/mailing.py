"""What a running demo has mailed, as whoever gets it reads it. Not here: tests."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

from tests.demo.running import Running


def mailed(demo: Running, address: str, pattern: str) -> str:
    """What the newest mail to an address says."""
    mails = [
        (path.stat().st_mtime_ns, message_from_bytes(path.read_bytes(), policy=default))
        for path in (demo.data / "mail").rglob("*.eml")
    ]
    _, newest = max((each for each in mails if each[1]["To"] == address), key=lambda each: each[0])
    found = re.search(pattern, newest.get_content())
    assert found is not None
    return str(found[1])
