"""One chart, or a few of a kind, by themselves: in a notebook, as a page, as a picture.

What lives here: what a figure shows of itself. What does not: which charts there are (``report``),
their pictures in a browser (``echarts``) and on paper (``matplot``).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from segmentry.errors import UsageError
from segmentry.render import echarts
from segmentry.render.chart import Chart, Table
from segmentry.render.glossary import GLOSSARY
from segmentry.render.page import json_text, render_page

SCRIPTS = ("static/charts.js",)
PICTURES = (".png", ".svg", ".pdf")

ABOVE, BENEATH = 150, 60
"""Pixels of a chart's title and finding, and of its folded table."""


@dataclass(frozen=True)
class Figure:
    """Charts that are shown together; a notebook draws them.

    ``str`` gives their findings in sentences, ``tables`` every figure in them, ``save`` a page or a
    picture.
    """

    charts: tuple[Chart, ...]

    def __str__(self) -> str:
        """Say what is found, a line for each chart."""
        return "\n".join(f"{c.title}: {c.summary()}" for c in self.charts)

    __repr__ = __str__

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give every figure of every chart."""
        return tuple(c.table() for c in self.charts)

    def html(self) -> str:
        """Write a page that needs nothing beside itself."""
        drawn = {c.key: echarts.drawings(c) for c in self.charts}
        data = {
            key: [{"height": d.height, "option": d.option} for d in pictures]
            for key, pictures in drawn.items()
        }
        context = {
            "charts": self.charts,
            "views": {key: [d.name for d in pictures] for key, pictures in drawn.items()},
            "chart_data": json_text(data),
            "glossary": {name: GLOSSARY[name] for name in sorted(self._terms())},
        }
        return render_page("figure.html.j2", context, scripts=SCRIPTS)

    def save(self, path: str | Path) -> Path:
        """Write a page (``.html``) or a picture (``.png``, ``.svg``, ``.pdf``).

        Pictures need the extra ``plots``.

        Raises
        ------
        UsageError
            For another ending.
        EngineError
            E3007 if matplotlib is missing.
        """
        path = Path(path)
        if path.suffix == ".html":
            path.write_text(self.html(), encoding="utf-8")
        elif path.suffix in PICTURES:
            from segmentry.render.matplot import save

            save(self.charts, path)
        else:
            what = f"a figure is not written as {path.suffix or 'a file without an ending'}"
            hint = f"name it .html or {', '.join(PICTURES)}"
            raise UsageError(what, where=str(path), hint=hint)
        return path

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own, where it neither reads nor changes the notebook."""
        pictures = [echarts.drawings(c)[0] for c in self.charts]
        height = sum(d.height + ABOVE + BENEATH for d in pictures)
        return (
            f'<iframe title="{escape(self.charts[0].title)}" sandbox="allow-scripts" '
            f'style="width:100%;height:{height}px;border:0" '
            f'srcdoc="{escape(self.html())}"></iframe>'
        )

    def _terms(self) -> set[str]:
        named = {getattr(c, "term", "") for c in self.charts}
        cells = {
            cell.term for t in self.tables for row in (t.head, *t.rows) for cell in row if cell.term
        }
        return (named | cells) & set(GLOSSARY)
