"""Plain papers: headed sections of sentences, lists and tables, as Markdown or as a page.

What lives here: what a paper is made of, and its two forms. What does not: what papers say
(``playbook``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.render.page import render_page

STYLES = ("static/paper.css",)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its headings, and rows of as many cells."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under its heading: sentences, then points, then a table, then notes."""

    anchor: str
    heading: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()
    turns: bool = False
    """True where a new sheet begins in print."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its kind, title, the line above it, and sections."""

    kind: str
    title: str
    kicker: str
    sections: tuple[Section, ...]


def render_paper(paper: Paper) -> str:
    """Render a paper as one HTML page that needs nothing beside itself."""
    return render_page("paper.html.j2", {"paper": paper}, styles=STYLES)


def markdown(paper: Paper) -> str:
    """Write a paper as Markdown; what names or sentences hold of its signs is escaped."""
    return "\n".join(_lines(paper)).rstrip() + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield from (f"# {escaped(paper.title)}", "", escaped(paper.kicker), "")
    for section in paper.sections:
        yield from (f"## {escaped(section.heading)}", "")
        for text in section.sentences:
            yield from (escaped(text), "")
        for point in section.points:
            yield f"- {escaped(point)}"
        if section.points:
            yield ""
        if section.grid is not None:
            yield from (*_grid(section.grid), "")
        for text in section.notes:
            yield from (escaped(text), "")


def _grid(grid: Grid) -> Iterator[str]:
    yield _row(grid.headings)
    yield "|" + " --- |" * len(grid.headings)
    yield from map(_row, grid.rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    r"""Escape what Markdown or HTML would read as a sign of its own, and break no line.

    Examples
    --------
    >>> escaped("a|b *c* <d> [e](f)")
    'a\\|b \\*c\\* &lt;d&gt; \\[e\\](f)'
    """
    plain = re.sub(r"[\r\n\t]+", " ", text)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = re.sub(r"([\\`*_\[\]|])", r"\\\1", plain)
    return re.sub(r"^(\s*)([#+\-])(?=\s)", r"\1\\\2", plain)
