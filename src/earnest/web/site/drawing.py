"""How a car is drawn: its colour, its wheels and its shape, from the codes of what was chosen.

The drawings themselves are templates (`site/car.html`). Not here: photographs; a maker who has
some replaces that template.
"""

from __future__ import annotations

import msgspec

from earnest.web.site.selecting import Selected

NEUTRAL = "#8d949b"
PAINTS = {
    "paint-aqua": "#4b93ab",
    "paint-pearl": "#e6e3dc",
    "paint-ember": "#c65a2e",
    "paint-emerald": "#2c6b56",
    "paint-graphite": "#565b61",
}
"""The demo's colours; a colour that is not here is drawn in grey."""

_SHAPES = {"s7": "sedan", "y7": "suv"}


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """What the template of a car needs. `spokes` and `rim` make wheels look as they were chosen."""

    shape: str
    paint: str
    rim: int
    spokes: int


def drawing_of(selected: Selected) -> Drawing:
    """The drawing of a configuration."""
    paint = selected.chosen("paint")
    wheels = selected.chosen("wheels")
    code = "" if wheels is None else wheels.code
    inches = next((int(part) for part in code.split("-") if part.isdigit()), 19)
    return Drawing(
        shape=_SHAPES.get(selected.model.model_line, "sedan"),
        paint=PAINTS.get("" if paint is None else paint.code, NEUTRAL),
        rim=25 + 3 * (inches - 18),
        spokes=10 if "forged" in code else 5,
    )
