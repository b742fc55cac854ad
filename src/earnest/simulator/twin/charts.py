"""Charts of a lived year: small SVG drawings in one page that needs nothing else.

Not here: the figures (`tables.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10
from pathlib import Path

import msgspec

from earnest.simulator.twin.tables import Figures

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 24, 40
COLOURS = ("#0b6e8a", "#c2571a", "#5b7f2b", "#7a4ea3", "#8a8a8a")
_TICKS = 5
_GLANCE = (1, 2, 3, 4, 6, 8)
_LABELS = 8
_MILLION = 1_000_000

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --line: #d9dee3; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --line: #39424b; --paper: #15191d; } }
body { margin: 0 auto; max-width: 800px; padding: 32px 16px; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 17px; margin: 40px 0 4px; }
p { margin: 4px 0; } .note { opacity: .75; font-size: 14px; }
figure { margin: 0; overflow-x: auto; } svg { width: 100%; min-width: 640px; height: auto; }
text { fill: var(--ink); font-size: 12px; }
.axis { stroke: var(--line); stroke-width: 1; } .series { fill: none; stroke-width: 2.2; }
""".strip()


class Series(msgspec.Struct, frozen=True):
    """A named line of a chart: one value for each label, None for a gap."""

    name: str
    values: tuple[float | None, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing with its title, the unit of its values, and the labels below."""

    title: str
    unit: str
    note: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


def page(figures: Figures) -> str:
    """The whole page as HTML."""
    about = "".join(f'<p class="note">{escape(line)}</p>' for line in figures.about)
    drawn = "".join(
        f'<h2>{escape(chart.title)}</h2><p class="note">{escape(chart.note)}</p>{drawing(chart)}'
        for chart in charts(figures)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(figures.title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(figures.title)}</h1>"
        f"<p>{figures.orders:,} orders, {figures.days} days from {figures.begins}, "
        f"seed {figures.seed}.</p>{about}{drawn}</html>\n"
    )


def write_page(figures: Figures, path: Path) -> None:
    """Write the page to a file."""
    path.write_text(page(figures), encoding="utf-8")


def charts(figures: Figures) -> tuple[Chart, ...]:
    """Waits, promises, plan runs and money, in this order."""
    months = tuple(sorted({row.month for row in figures.cohorts}))
    trims = tuple(sorted({row.trim for row in figures.cohorts}))
    rows = {(row.month, row.trim): row for row in figures.cohorts}
    runs = [run for run in figures.runs if run.planned]

    def by_trim(name: str) -> tuple[Series, ...]:
        return tuple(
            Series(
                trim,
                tuple(
                    getattr(rows[month, trim], name) if (month, trim) in rows else None
                    for month in months
                ),
            )
            for trim in trims
        )

    return (
        Chart(
            title="Weeks from reservation to car",
            unit="weeks",
            note="Median by the month of the reservation, without who deferred; and as announced.",
            labels=months,
            series=(*by_trim("median_weeks"), _announced(figures, months)),
        ),
        Chart(
            title="Cars that came inside their promised window",
            unit="share",
            note="Of those delivered, by the month of the reservation.",
            labels=months,
            series=by_trim("kept"),
        ),
        Chart(
            title="Orders whose day moved, by planning run",
            unit="orders",
            note="Against the run before. Later only follows from something new about the plants.",
            labels=tuple(str(run.day) for run in runs),
            series=(
                Series("earlier", tuple(float(run.earlier) for run in runs)),
                Series("later", tuple(float(run.later) for run in runs)),
                Series("without a day", tuple(float(run.without) for run in runs)),
            ),
        ),
        Chart(
            title="The buyers' money",
            unit="million yuan",
            note="Held for buyers, owed to them, and what late or broken deliveries cost so far.",
            labels=tuple(row.month for row in figures.money),
            series=(
                Series("held", tuple(row.held / _MILLION for row in figures.money)),
                Series("owed", tuple(row.owed_to_buyers / _MILLION for row in figures.money)),
                Series("compensation", tuple(row.compensated / _MILLION for row in figures.money)),
            ),
        ),
    )


def _announced(figures: Figures, months: tuple[str, ...]) -> Series:
    """The middle of what the maker had announced by each month, over the trims it spoke of."""
    values: list[float | None] = []
    for month in months:
        said = [
            float(part)
            for row in figures.cohorts
            if row.month == month
            for part in row.announced.split("-")
            if part.isdigit()
        ]
        values.append(sum(said) / len(said) if said else None)
    return Series("announced", tuple(values))


def drawing(chart: Chart) -> str:
    """One chart as SVG, readable by a screen reader through its title."""
    top = _rounded(
        max((value for each in chart.series for value in each.values if value), default=1.0)
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(chart.title)} ({escape(chart.unit)})</title>",
        *_grid(chart, top),
    ]
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        parts.extend(
            f'<path class="series" stroke="{colour}" d="{path}"/>'
            for path in _paths(series.values, top)
        )
        parts.append(
            f'<text x="{WIDTH - RIGHT + 12}" y="{TOP + 18 * number + 8}" style="fill:{colour}">'
            f"{escape(series.name)}</text>"
        )
    return "".join([*parts, "</svg>"])


def _rounded(top: float) -> float:
    """The next value above that is read at a glance: 1, 2, 3, 4, 6 or 8 of a power of ten."""
    power = 10.0 ** floor(log10(top))
    return next(power * each for each in (*_GLANCE, 10) if power * each >= top)


def _grid(chart: Chart, top: float) -> list[str]:
    """Horizontal lines with their values, and some of the labels."""
    parts = [f'<text x="4" y="14">{escape(chart.unit)}</text>']
    for tick in range(_TICKS):
        value = top * tick / (_TICKS - 1)
        y = _y(value, top)
        parts.append(
            f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_written(value)}</text>'
        )
    count = len(chart.labels)
    step = max(1, -(-count // _LABELS))
    parts.extend(
        f'<text x="{_x(place, count):.1f}" y="{HEIGHT - 14}" text-anchor="middle">'
        f"{escape(chart.labels[place])}</text>"
        for place in range(0, count, step)
    )
    return parts


def _paths(values: Sequence[float | None], top: float) -> list[str]:
    """The pieces of a line between its gaps."""
    pieces: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_x(place, len(values)):.1f} {_y(value, top):.1f}")
    return [f"M{' L'.join(points)}" for points in pieces if points]


def _x(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, count - 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _written(value: float) -> str:
    """A value on the axis, as short as it can be read."""
    if value >= 1_000:  # noqa: PLR2004 - from a thousand on no decimals are read
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 1 else f"{value:.3g}"
