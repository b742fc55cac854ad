"""Arrays of instants and of whole numbers: a million of them in a few megabytes, and as bytes.

Not here: what stands in them.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Instants: TypeAlias = array[float]
    Numbers: TypeAlias = array[int]
else:
    # Before Python 3.12 an array cannot be subscripted while the program runs, and msgspec looks.
    Instants = Numbers = array


def instants(count: int) -> Instants:
    """So many zeros for seconds on the measuring clock."""
    return array("d", bytes(8 * count))


def numbers(count: int) -> Numbers:
    """So many zeros for whole numbers."""
    return array("q", bytes(8 * count))


def array_bytes(value: object) -> bytes:
    """An array with its type in the first byte, for MessagePack."""
    assert isinstance(value, array), "arrays are all that MessagePack does not know here"
    return value.typecode.encode() + value.tobytes()


def array_of(_: type, content: object) -> object:
    """The array that these bytes were."""
    assert isinstance(content, bytes), "an array travels as its bytes"
    values = instants(0) if content[:1] == b"d" else numbers(0)
    values.frombytes(content[1:])
    return values
