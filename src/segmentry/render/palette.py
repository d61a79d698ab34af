"""What a segment looks like: colour, symbol and pattern, by its id and nothing else.

What lives here: the assignment of looks to ids and the names of the colour tokens. What does not:
the colours themselves, which ``tokens.css`` holds once for both themes. A chart names a token;
the page puts the theme's colour in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

N_COLOURS = 8
SYMBOLS = (
    "circle",
    "triangle",
    "rect",
    "diamond",
    "path://M-1.1,-3.2H1.1V-1.1H3.2V1.1H1.1V3.2H-1.1V1.1H-3.2V-1.1H-1.1Z",
    "path://M-3,-2.6H3L0,2.6Z",
    "path://M-2,-3.4L0,-1.4L2,-3.4L3.4,-2L1.4,0L3.4,2L2,3.4L0,1.4L-2,3.4L-3.4,2L-1.4,0L-3.4,-2Z",
    "path://M-3,-3H3L0.9,0L3,3H-3L-0.9,0Z",
)
"""Filled shapes only: hollow ones are filled with white by ECharts, on dark pages too."""
DIVERGING_STEPS = 4
"""Tints on either side of zero; ``tokens.css`` has one token for each."""

_PATTERNS: tuple[dict[str, Any] | None, ...] = (
    None,
    {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": 0.7854},
    {"symbol": "circle", "dashArrayX": [[7, 7], [0, 7, 7, 0]], "dashArrayY": [7, 0]},
    {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": -0.7854},
    {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": 0},
    {"symbol": "triangle", "dashArrayX": [[9, 9], [0, 9, 9, 0]], "dashArrayY": [7, 2]},
    {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": 1.5708},
    {"symbol": "rect", "dashArrayX": [[4, 4], [0, 4, 4, 0]], "dashArrayY": [4, 0]},
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a segment is drawn, everywhere the same; ``slot`` is from 1 to 8."""

    slot: int
    symbol: str

    @property
    def colour(self) -> str:
        """Name the colour's token."""
        return f"var(--segment-{self.slot})"

    @property
    def ink(self) -> str:
        """Name the token of the text that can be read on the colour."""
        return f"var(--on-segment-{self.slot})"

    @property
    def decal(self) -> dict[str, Any]:
        """Give the pattern that tells the segment without its colour."""
        return decal(self.slot - 1)


def look_of(segment_id: int) -> Look:
    """Give the look of a segment: the same for an id in every run, chart and theme.

    Past eight segments colours come again, with the next symbol.

    Examples
    --------
    >>> look_of(1).colour, look_of(9).colour, look_of(1).symbol == look_of(9).symbol
    ('var(--segment-1)', 'var(--segment-1)', False)
    """
    lap, slot = divmod(segment_id - 1, N_COLOURS)
    return Look(slot + 1, SYMBOLS[(slot + lap) % len(SYMBOLS)])


Dash = str | list[int]

METHODS: tuple[tuple[Dash, str], ...] = (
    ("solid", "circle"),
    ("dashed", "rect"),
    ("dotted", "triangle"),
    ([10, 4, 2, 4], "roundRect"),
    ([4, 3], "arrow"),
)
"""Dash and symbol of the lines of methods, told apart without their colours too."""


def method_look(number: int) -> tuple[str, Dash, str]:
    """Give colour token, dash and symbol of a method's line: 25 that all differ.

    Examples
    --------
    >>> method_look(1)
    ('var(--series-2)', 'dashed', 'rect')
    """
    lap, place = divmod(number, len(METHODS))
    return (f"var(--series-{place + 1})", *METHODS[(place + lap) % len(METHODS)])


def decal(number: int) -> dict[str, Any]:
    """Give a pattern by its number, drawn thinly over the colour."""
    pattern = _PATTERNS[number % len(_PATTERNS)]
    if pattern is None:
        return {"symbol": "none"}
    return {**pattern, "color": "var(--decal)", "symbolSize": 0.8}


def diverging_step(value: float, limit: float) -> int:
    """Give the tint of a signed value, from -4 to 4; values past the limit get the last tint.

    Examples
    --------
    >>> [diverging_step(v, 2.0) for v in (-9.0, -0.6, 0.0, 0.2, 1.1, 2.0)]
    [-4, -1, 0, 0, 2, 4]
    """
    clipped = max(-1.0, min(1.0, value / limit))
    return int(clipped * DIVERGING_STEPS + (0.5 if clipped > 0 else -0.5))


def diverging_token(step: int) -> str:
    """Name the token of a tint.

    Examples
    --------
    >>> diverging_token(-3), diverging_token(0), diverging_token(1)
    ('var(--low-3)', 'var(--level)', 'var(--high-1)')
    """
    if step == 0:
        return "var(--level)"
    return f"var(--{'low' if step < 0 else 'high'}-{abs(step)})"
