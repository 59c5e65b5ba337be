"""A line as small as a word: no axes, only its course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webui.charts.scales import Scale

WIDTH, HEIGHT, EDGE = 96, 24, 2


@dataclass(frozen=True, slots=True)
class Spark:
    """`path` is of an SVG path, `dot` the place of the last value."""

    path: str
    dot: tuple[str, str]
    text: str
    width: str = str(WIDTH)
    height: str = str(HEIGHT)


def spark(
    points: Sequence[tuple[float, float]], *, x: tuple[float, float], y: tuple[float, float]
) -> Spark | None:
    """Of (place, value) in order, within the ends of both axes; None where there are none."""
    if not points:
        return None
    across = Scale(*x, EDGE, WIDTH - EDGE)
    up = Scale(*y, HEIGHT - EDGE, EDGE)
    placed = [(across.place(at), up.place(min(max(value, y[0]), y[1]))) for at, value in points]
    return Spark(
        path="M" + "L".join(f"{left},{top}" for left, top in placed),
        dot=placed[-1],
        text=f"{points[-1][1]:.0f}",
    )
