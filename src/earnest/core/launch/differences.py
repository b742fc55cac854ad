"""What differs between two versions of a campaign, key by key, as the document names the keys.

Not here: whether a difference may be announced (`announcing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from earnest.core.launch.campaign import Campaign

_NAMED_BY = ("group_id", "benefit_id", "channel_id", "kind")
"""By what a table in a list is known from one version to the next."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A key that two versions write differently; None where one does not have it."""

    key: str
    before: str | None
    after: str | None


def differences(before: Campaign, after: Campaign) -> tuple[Difference, ...]:
    """Every key that differs, in the order of the document; the version's own number is none."""
    was, becomes = dict(_keys("", _plain(before))), dict(_keys("", _plain(after)))
    return tuple(
        Difference(key=key, before=was.get(key), after=becomes.get(key))
        for key in {**becomes, **was}
        if key != "version" and was.get(key) != becomes.get(key)
    )


def _plain(campaign: Campaign) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(campaign)
    return plain


def _keys(path: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON holds anything
    """Every leaf with the way to it: `groups.loyal.quota`."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _keys(f"{path}.{key}" if path else key, each)
    elif isinstance(value, list | tuple):
        if all(isinstance(each, dict) for each in value):
            for each in value:
                name = next(each[key] for key in _NAMED_BY if key in each)
                yield from _keys(f"{path}.{name}", each)
        else:
            yield path, ", ".join(map(str, value))
    else:
        yield path, str(value)
