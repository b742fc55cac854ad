"""What all sections of a terms document share: strictness, and the types of their values.

Not here: the sections themselves, which stand beside this file by phase of an order's life.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Amount: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]{1,12}(\.[0-9]+)?$")]
"""A sum in units of the document's currency as text, for example "5000.00"; never a float."""

Days: TypeAlias = Annotated[int, Meta(ge=0, le=3_650)]
Hours: TypeAlias = Annotated[int, Meta(ge=0, le=8_760)]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=400)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the document. Keys that it does not know are an error."""
