"""What changed since a dry run, one by one in words: for pages, problem documents and the terminal.

Not here: what counts as a change (`desk/planning/running.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from earnest.core.plan.plan import Hold
from earnest.web.languages import CHINESE, ENGLISH
from earnest.web.pages.wording import said, words_of

_ARROW = " -> "

NAMES: dict[str, str] = {
    "today": said("Today"),
    "capacity_version": said("Version of the capacity"),
    "published_plan": said("Version of the published plan"),
}
"""What a plan is made from, apart from queues."""

NAMES_OF_QUEUES: dict[str, str] = {
    "orders": said("Orders of %(queue)s that the plan is about"),
    "scheduled": said("Cars of %(queue)s that are scheduled"),
    Hold.COOLING_OFF: said("Orders of %(queue)s that cool off"),
    Hold.UNPAID: said("Orders of %(queue)s without a deposit"),
    Hold.ANSWER_OPEN: said("Orders of %(queue)s whose buyers have to answer"),
    Hold.DEFERRED: said("Orders of %(queue)s that were put off"),
    Hold.WAITING_LIST: said("Orders of %(queue)s on the waiting list"),
}
"""What is counted of each queue."""

_DIFFERENCE = said("%(what)s: %(before)s in the dry run, %(after)s now")
_UNCOUNTED = said("Configurations or promises of the same orders changed")
_BETWEEN = {ENGLISH: "; ", CHINESE: "；"}


def changes_told(details: Mapping[str, str], language: str) -> Iterator[str]:
    """Every change among the details of a refusal as a sentence, without its last mark."""
    words = words_of(language)
    for name, told in details.items():
        before, arrow, after = told.partition(_ARROW)
        queue, _, counted = name.rpartition(" ")
        if not arrow:
            yield words.gettext(_UNCOUNTED)
            continue
        if queue and counted in NAMES_OF_QUEUES:
            what = words.gettext(NAMES_OF_QUEUES[counted]) % {"queue": queue}
        else:
            what = words.gettext(NAMES[name])
        yield words.gettext(_DIFFERENCE) % {"what": what, "before": before, "after": after}


def changes_in_one(details: Mapping[str, str], language: str) -> str:
    """All of them in one sentence."""
    return _BETWEEN[language].join(changes_told(details, language))
