"""What a demo leaves for others to find it: its people with their tokens, its addresses.

Not here: the documents that are on sale (`maker.py`) and the provider's process (`provider.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from earnest.desk.staff import StaffMember

DEMO_FILE = "demo.json"

PEOPLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "admin": ("ann-admin", ("admin",)),
    "admin_second": ("cai-admin", ("admin",)),
    "auditor": ("bo-auditor", ("auditor",)),
    "terms": ("ida-terms", ("terms_editor",)),
    "sales": ("chen-sales", ("sales",)),
    "sales_second": ("dai-sales", ("sales",)),
    "planning": ("eva-planning", ("planning",)),
    "delivery": ("fan-delivery", ("delivery",)),
    "finance": ("gu-finance", ("finance",)),
    "finance_second": ("han-finance", ("finance",)),
}
"""The people of the demo maker: what they are called in the tour, their id, their roles."""


DEMO_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
"""Since when the demo's people work there."""


def demo_staff() -> list[StaffMember]:
    """The people of the demo maker as they are kept; they come in by a click."""
    return [
        StaffMember(
            staff_id=staff_id,
            name=staff_id.partition("-")[0].capitalize(),
            email="",
            language="zh-Hans",
            roles=roles,
            is_demo=True,
            joined_at=DEMO_SINCE,
        )
        for staff_id, roles in PEOPLE.values()
    ]


BUYERS: dict[str, dict[str, str]] = {
    "li-wen": {"en": "Li Wen", "zh-Hans": "李文"},
    "zhang-min": {"en": "Zhang Min", "zh-Hans": "张敏"},
    "wang-fang": {"en": "Wang Fang", "zh-Hans": "王芳"},
}
"""The buyers of the demo: what they are called in addresses, and their names."""

OTHER_BUYERS: dict[str, dict[str, str]] = {
    "chen-jie": {"en": "Chen Jie", "zh-Hans": "陈洁"},
    "liu-yang": {"en": "Liu Yang", "zh-Hans": "刘洋"},
    "zhao-lei": {"en": "Zhao Lei", "zh-Hans": "赵磊"},
    "sun-li": {"en": "Sun Li", "zh-Hans": "孙丽"},
    "zhou-hao": {"en": "Zhou Hao", "zh-Hans": "周浩"},
    "wu-xin": {"en": "Wu Xin", "zh-Hans": "吴欣"},
}
"""Buyers of whom the office reads and as whom nobody signs in by a click."""


class DemoFile(msgspec.Struct, frozen=True, kw_only=True):
    """Where a running demo is and the tokens of its people."""

    url: str
    sandbox_url: str
    tokens: dict[str, str]


class DemoNotRunning(Exception):
    """There is no demo in this directory; the message says how to start one."""


class PersonUnknown(Exception):
    """Nobody in the demo is called that; the message says who there is."""


def token_of(file: DemoFile, who: str) -> str:
    """The token of one of the demo's people. Raises `PersonUnknown`."""
    if who not in file.tokens:
        people = ", ".join(file.tokens)
        raise PersonUnknown(f"Nobody in the demo is called {who}. There are: {people}.")
    return file.tokens[who]


def read_demo_file(data: Path) -> DemoFile:
    """What a demo in this directory left for others to find it. Raises `DemoNotRunning`."""
    path = data / DEMO_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoFile)
    except (OSError, msgspec.DecodeError) as error:
        raise DemoNotRunning(
            f"No demo was found in {data} ({error}). Start one with "
            f"`earnest serve --demo --data {data}`."
        ) from error
