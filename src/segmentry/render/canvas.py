"""Pieces that every ECharts drawing is made of: frame, axes, legend, tooltip, harmless text.

ECharts reads braces, bars and newlines in texts as markup, so texts come in through ``safe``.
Tooltips are drawn into the canvas (``richText``) and never become HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture of a chart: its name among the chart's pictures, its pixels, its option."""

    name: str
    height: int
    option: Option


INK, MUTED, RULE = "var(--ink)", "var(--ink-2)", "var(--rule)"
SURFACE, ACCENT, QUIET = "var(--surface)", "var(--accent)", "var(--quiet)"
NARROW = 560
"""Width in pixels below which a chart takes its narrow form."""
WIDE = 800
"""About the width of a chart on a wide page."""


def safe(text: str, limit: int = 40) -> str:
    r"""Make a text harmless inside a canvas: one line, no markup, not too long.

    Examples
    --------
    >>> safe("a{b|c}\nd"), safe("x" * 50, 5)
    ('a(b/c) d', 'xxxx…')
    """
    # Only what breaks a line goes: no-break spaces belong to figures.
    flat = re.sub(r"[\x00-\x20\x7f\x85\u2028\u2029]+", " ", text).strip()
    # Curly braces and bars are ECharts' own template and rich-text marks.
    flat = flat.translate(str.maketrans("{}|", "()/"))
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def frame(*, has_decals: bool = False, **parts: Any) -> Option:
    """Give the option that all charts share, with the parts of one of them."""
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": "var(--font)", "fontSize": 12, "color": INK},
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": has_decals}},
        "tooltip": {
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": SURFACE,
            "borderColor": RULE,
            "borderWidth": 1,
            "padding": [8, 10],
            "textStyle": {"color": INK, "fontSize": 12, "fontFamily": "var(--font)"},
        },
        **parts,
    }


def number_axis(name: str | None = None, **more: Any) -> Option:
    """Give a quiet axis of numbers."""
    named = (
        {"name": name, "nameLocation": "middle", "nameTextStyle": {"color": MUTED}} if name else {}
    )
    return {
        "type": "value",
        "axisLabel": {"color": MUTED, "hideOverlap": True},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": RULE}},
        **named,
        **more,
    }


def name_axis(names: list[str], **more: Any) -> Option:
    """Give an axis of names, every one of them shown."""
    label = {"color": INK, "interval": 0, **more.pop("axisLabel", {})}
    return {
        "type": "category",
        "data": names,
        "axisLabel": label,
        "axisLine": {"lineStyle": {"color": RULE}},
        "axisTick": {"show": False},
        **more,
    }


def legend(*, scrolls: bool = True, **more: Any) -> Option:
    """Give a legend above the chart: on one line that pages, or on as many as it takes."""
    return {
        "type": "scroll" if scrolls else "plain",
        "top": 0,
        "left": 0,
        "textStyle": {"color": INK},
        "pageTextStyle": {"color": MUTED},
        "pageIconColor": INK,
        "pageIconInactiveColor": RULE,
        "itemWidth": 14,
        "itemHeight": 10,
        "inactiveColor": QUIET,
        **more,
    }


def legend_height(labels: list[str]) -> int:
    """Guess the pixels that an unpaged legend takes on a wide page."""
    width = sum(34 + 6.2 * len(label) for label in labels)
    return 22 * (1 + int(width // WIDE))


def tip(text: str) -> Option:
    """Fix the tooltip of one mark: the text is final, so no formatter function is needed."""
    return {"formatter": text}


def media(wide: Option, narrow: Option) -> list[Option]:
    """Give both forms of a chart.

    The wide form is said again here: ECharts leaves a form only for another one, so a chart that
    was narrow once would stay so.
    """
    return [{"query": {"maxWidth": NARROW}, "option": narrow}, {"option": wide}]


def named_rows(left: int, *, narrow_overflow: str = "truncate") -> list[Option]:
    """Give the names at a chart's left so much room, or half of it where the page is narrow."""
    wide = {"width": left - 12, "fontSize": 12.5, "overflow": "truncate"}
    narrow = {"width": 108, "fontSize": 11, "lineHeight": 13, "overflow": narrow_overflow}
    return media(
        {"grid": {"left": left}, "yAxis": {"axisLabel": wide}},
        {"grid": {"left": 118}, "yAxis": {"axisLabel": narrow}},
    )


MOST_FOLDED = 9
"""Names that a narrow legend shows in two columns; more are paged."""


def folded_legend(**more: Any) -> Option:
    """Give a narrow legend in two columns, its names cut where they do not fit."""
    cut = {"color": INK, "width": 128, "overflow": "truncate", "fontSize": 11}
    return legend(scrolls=False, textStyle=cut, itemGap=8, **more)


def with_legend(
    forms: list[Option],
    labels: list[str],
    top: int,
    *,
    folds: bool = False,
    entries: list[Option] | None = None,
) -> list[Option]:
    """Give both forms a legend: all names where there is room.

    Where there is not they are paged, or, of few names that fold, in two columns. ``entries`` tell
    how names are marked; a form of another type takes nothing over from the chart's own legend.
    """
    narrow, wide = (form["option"] for form in forms)
    tall = legend_height(labels)
    folded = folds and len(labels) <= MOST_FOLDED
    own: dict[str, Any] = {} if entries is None else {"data": entries}
    short = folded_legend(**own) if folded else legend(**own)
    lines = -(-len(labels) // 2) if folded else 1
    return media(
        {
            **wide,
            "legend": legend(scrolls=False, **own),
            "grid": {**wide["grid"], "top": top + tall},
        },
        {**narrow, "legend": short, "grid": {**narrow["grid"], "top": top + 2 + 22 * lines}},
    )
