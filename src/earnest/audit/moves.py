"""Whether the stored moves of an order in its queue are those that its events make.

Not here: what moves an order (`core/order/standing.py`) and adding what is missing
(`earnest queue rebuild`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from earnest.audit.rules import Fault, Rule
from earnest.core.catalogue.model import Catalogue
from earnest.core.values.ids import CatalogueHash
from earnest.desk.places.folding import moves_of_file
from earnest.desk.ports import RecordedMove
from earnest.desk.records import OrderFile


def moves_follow(file: OrderFile, catalogues: Mapping[CatalogueHash, Catalogue]) -> Iterator[Fault]:
    """The differences between stored and computed moves, at most one fault for an order.

    Events with gaps and unknown catalogues are faults of their own, and no moves follow from them.
    """
    dense = [each.sequence for each in file.events] == list(range(1, len(file.events) + 1))
    if not dense or not file.events or file.state.catalogue_hash not in catalogues:
        return
    try:
        expected = moves_of_file(file, catalogues)
    except Exception as error:  # noqa: BLE001 - a past that no desk wrote breaks rules in any way
        yield _fault(file, f"cannot be checked: {type(error).__name__}: {error}")
        return
    if _sorted(expected) != _sorted(file.moves):
        missing = len([each for each in expected if each not in file.moves])
        foreign = len([each for each in file.moves if each not in expected])
        yield _fault(
            file,
            f"{missing} moves are missing (`earnest queue rebuild` adds them) and {foreign} do "
            "not follow from the events",
        )


def _fault(file: OrderFile, explanation: str) -> Fault:
    return Fault(rule=Rule.MOVES_FOLLOW, order_id=file.key.order_id, explanation=explanation)


def _sorted(moves: Sequence[RecordedMove]) -> list[RecordedMove]:
    return sorted(moves, key=lambda each: (each.sequence, each.change))
