"""A comparison of methods as people read it: tables, the front, agreement, what is missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from segmentry.cli.failures import printable

if TYPE_CHECKING:
    from segmentry.domain.comparison import Compared, Comparison
    from segmentry.judge.contest import Criterion

NOTHING = "-"
"""Stands where there is no figure; why is told under the table."""


def print_comparison(found: Comparison, *, is_thorough: bool) -> None:
    """Print a comparison to standard output."""
    from segmentry.judge.contest import CRITERIA

    usual = [c for c in CRITERIA if not c.is_costly]
    costly = [c for c in CRITERIA if c.is_costly]
    print_table(["", "method", "k", *(c.heading for c in usual)],
           [_cells(r, usual) for r in found.rows])  # fmt: skip
    if is_thorough:
        print_table(["", "method", "k", *(c.heading for c in costly)],
               [_cells(r, costly) for r in found.rows])  # fmt: skip
    shown = [*usual, *costly] if is_thorough else usual
    for line in _legend(found, shown):
        say(line)
    if len(found.agreeing) > 1:
        say("agreement of the methods' choices (adjusted Rand index):")
        print_table(*_agreement(found))
    for line in (*_left_out(found), *found.notes, found.sentence):
        say(line)


def say(line: str) -> None:
    """Print a line to standard output."""
    typer.echo(printable(line))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is as wide as it has to be: a figure is never broken."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, name in enumerate(headings):
        table.add_column(name, no_wrap=True, justify="left" if i < 2 else "right")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(file=sys.stdout, width=1_000, soft_wrap=True).print(table)


def _cells(row: Compared, criteria: Sequence[Criterion]) -> list[str]:
    mark = ("=" if row.is_kept else " ") + ("*" if row.is_on_front else "!" if row.faults else " ")
    return [mark, row.method, str(row.n_segments), *(_cell(row, c) for c in criteria)]


def _cell(row: Compared, criterion: Criterion) -> str:
    if criterion.name not in row.figures:
        return NOTHING
    told = f"{row.figures[criterion.name]:,.{criterion.digits}f}"
    low, high = (row.figures.get(f"{criterion.name}_{end}") for end in ("low", "high"))
    if low is None or high is None:
        return told
    if criterion.name == "silhouette":
        return f"{told} ({low:.2f} to {high:.2f})"
    # Beneath, so that the table stays as narrow as its headings.
    value = row.figures[criterion.name]
    side = f"{max(value - low, high - value):.{criterion.digits}f}".removeprefix("0")
    return f"{told}\n±{side or 0}"


def _legend(found: Comparison, criteria: Sequence[Criterion]) -> list[str]:
    """Say what the marks and headings mean, and why a figure is missing."""
    sides = {1: "more is better", -1: "less is better", 0: ""}
    told = [
        f"{c.heading}: {c.sentence}{f' ({sides[c.better]})' if c.better else ''}{_of(c, found)}"
        for c in criteria
        if any(c.name in r.figures for r in found.rows)
    ]
    headings = {c.name: c.heading for c in criteria}
    by = ", ".join(headings.get(n, n) for n in found.front_by)
    passing = any(not row.faults for row in found.rows)
    others = (
        "no other that meets the conditions"
        if passing
        else ("of rows that all fail a condition, no other")
    )
    if any(_has_side(r, c) for r in found.rows for c in criteria):
        told.append(
            "± beneath a figure: the longer side of its 95 % interval; --json has both ends"
        )
    told += ["", f"= is what the rule takes among all; * is on the Pareto front: {others} is at "
             f"least as good in {by} and better in one"]  # fmt: skip
    told += [f"! {row.name}: {'; '.join(row.faults)}" for row in found.rows if row.faults]
    lines: dict[str, list[str]] = {}
    for row in found.rows:
        for name, why in row.missing.items():
            if name in headings:
                lines.setdefault(f"{headings[name]}: {why}", []).append(row.name)
    everywhere = len(found.rows)
    told += [
        f"{NOTHING} in {what} ({'all' if len(rows) == everywhere else '; '.join(rows)})"
        for what, rows in lines.items()
    ]
    return told


def _has_side(row: Compared, criterion: Criterion) -> bool:
    return criterion.name != "silhouette" and f"{criterion.name}_high" in row.figures


def _of(criterion: Criterion, found: Comparison) -> str:
    """Name the outcome, and the entities on which it was looked at."""
    is_outcome = criterion.name == "outcome_explained" and found.outcome
    return f"; here {found.outcome}" if is_outcome else ""


def _agreement(found: Comparison) -> tuple[list[str], list[list[str]]]:
    numbers = [str(i + 1) for i in range(len(found.agreeing))]
    rows: list[list[str]] = []
    for i, (number, name) in enumerate(zip(numbers, found.agreeing, strict=True)):
        own = (round(float(v), 2) + 0.0 for v in found.agreement[i])  # no minus before nothing
        cells = [f"{v:.2f}" if j < i else "" for j, v in enumerate(own)]
        rows.append([number, name, *cells[:-1]])
    return ["", "", *numbers[:-1]], rows


def _left_out(found: Comparison) -> list[str]:
    asked: dict[str, Any] = {
        name: why for name, why in found.left_out.items() if why != "Not asked for."
    }
    return [f"{name}: {why}" for name, why in asked.items()]
