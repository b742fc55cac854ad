"""/compare: two configurations side by side, and what differs between them.

Not here: choosing (`configurator.py`).
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway, problem
from earnest.web.site.drawing import drawing_of
from earnest.web.site.selecting import Selected, as_they_come, on_sale, selected

_PARTS = 3


async def show(visit: Visit) -> Answer:
    """One car beside another; without a second one, what could be put there."""
    first = await _named(visit, visit.query.get("a", ""))
    wanted = visit.query.get("b", "")
    second, obstacle = None, None
    try:
        second = await _named(visit, wanted) if wanted else None
    except TurnedAway as away:
        obstacle = problem(away.code, visit.language, away.details)
    cars = [first] if second is None else [first, second]
    values = {
        "cars": [(car, drawing_of(car)) for car in cars],
        "others": await _others(visit, first),
        "obstacle": obstacle,
        "rows": _rows(cars, visit.language) if second is not None else [],
    }
    return Shown(template="site/compare.html", values=values)


async def _named(visit: Visit, address: str) -> Selected:
    """The configuration that a share link names, with or without the host."""
    split = urlsplit(address.strip())
    parts = split.path.strip("/").split("/")
    if len(parts) != _PARTS or parts[0] != "models":
        raise TurnedAway(DoorCode.ROUTE_UNKNOWN)
    return await selected(visit, parts[1], parts[2], dict(parse_qsl(split.query)))


async def _others(visit: Visit, first: Selected) -> list[Selected]:
    """Every model as it comes, to put beside the first."""
    found = as_they_come(await on_sale(visit))
    return [each for each in found if each.address != first.address]


def _rows(cars: list[Selected], language: str) -> list[tuple[str, list[str], bool]]:
    """Each choice with the answers of both cars, and whether they differ."""
    choices = {choice.code: choice.names for car in cars for choice in car.model.choices}
    rows = []
    for code, names in choices.items():
        answers = [_answer(car, code, language) for car in cars]
        rows.append((names.get(language, code), answers, len(set(answers)) > 1))
    return rows


def _answer(car: Selected, choice: str, language: str) -> str:
    own = [x for x in car.model.options if x.choice == choice and x.code in car.options]
    separator = "、" if language == "zh-Hans" else ", "
    return separator.join(each.names.get(language, each.code) for each in own) or "–"


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/compare", name="compare", access=Access.PUBLIC, show=show)]
