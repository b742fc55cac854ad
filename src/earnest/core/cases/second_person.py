"""The second person: whoever checks or releases something is not who caused it.

Not here: which acts need one; their chapters in `core/order` say so.
"""

from __future__ import annotations


def is_another_person(actor_id: str, *others: str) -> bool:
    """Whether this actor is none of the others.

    Logins that differ only in the case of letters count as one person: nobody gains a second
    self by spelling.
    """
    return actor_id.casefold() not in {other.casefold() for other in others}
