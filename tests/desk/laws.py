"""Policies under other laws, for tests of what a letter says.

Not here: the terms themselves, which are the templates of `examples/terms`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from tests.desk.samples import SHANGHAI

TEMPLATES = Path(__file__).parents[2] / "examples" / "terms"


@cache
def policy_under(law: str) -> Policy:
    """The policy of a template (`de`, `us-ny`), in the zone that all samples are told in."""
    path = TEMPLATES / f"{law}.toml"
    version = read_and_compile(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(version, TermsVersion), version
    return msgspec.structs.replace(version.policy, time_zone=SHANGHAI)


POLICY = policy_under("cn")
"""What the samples run under, where a test does not say otherwise."""
