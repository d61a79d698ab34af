"""Taking out of a loaded text table what is no row and no column of it.

What lives here: totals and remarks at the end, headers repeated among the rows, columns that only
number the rows or hold nothing and have no name. What does not: lines that could not be split into
columns (``csvfiles``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from segmentry.engines.cells import Look, look_of_column
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.header import is_unnamed

N_LAST = 3
"""Rows at the end of a file that may be totals or remarks."""

N_TYPICAL = 50
"""Rows that tell what the others look like."""

N_NAMES = 8
"""Columns whose names tell a repeated header."""

STEPS_SHARE = 0.95
"""Share of rows whose number follows the one before for a column to number the rows."""

_TOTAL = (
    r"(?:grand |sub)?-?totals?|sums?|summe|gesamt(?:summe|ergebnis)?|insgesamt|somme|suma|totale"
    r"|totaal|sous-total|averages?|mean|count"
)
_REMARK = (
    r"\(?\d[\d,. ]* (?:rows?|records?|lines?|entries|results?)\b|(?:rows?|records?|lines?)\b ?[:=]"
    r"|(?:generated|exported|created|printed|downloaded|last updated)\b|end of|page \d|sources?:"
    r"|notes?:|copyright|©|\(c\) |\*|[-=_+| ]{3,}$"
)
_FOOTER = re.compile(rf"[\s\"'#]*(?:(?:{_TOTAL})\b|{_REMARK})", re.IGNORECASE)
_CELL = re.compile(rf"(?:{_TOTAL})\b[\s:=]*$|{_REMARK}", re.IGNORECASE)


def is_footer_line(line: str) -> bool:
    """Say whether a line that is too short for a row speaks about the table."""
    return _FOOTER.match(line) is not None


@dataclass(frozen=True)
class Tidied:
    """What was taken out."""

    n_footers: int = 0
    n_headers: int = 0
    dropped: dict[str, str] = field(default_factory=dict)
    """Columns that are left out, and why."""


def tidied(
    connection: Connection, table: str, names: Sequence[str], starts: Sequence[int]
) -> Tidied:
    """Take out what is no row, and name what is no column.

    Parameters
    ----------
    connection : Connection
        Where the table lies.
    table : str
        A table of texts, in the order of its files.
    names : sequence of str
        Its columns.
    starts : sequence of int
        The row with which each file begins.

    Returns
    -------
    Tidied
    """
    ends = [*starts[1:], None]
    n_footers = sum(
        _without_footers(connection, table, names, start, end)
        for start, end in zip(starts, ends, strict=True)
    )
    n_headers = _without_headers(connection, table, names)
    return Tidied(n_footers, n_headers, _dropped(connection, table, names))


def _without_footers(
    connection: Connection, table: str, names: Sequence[str], start: int, end: int | None
) -> int:
    """Delete totals and remarks among the last rows of a file; give their number."""
    inside = f"rowid >= {start}" + (f" AND rowid < {end}" if end is not None else "")
    listed = ", ".join(quoted(n) for n in names)
    asked = f"SELECT rowid, {listed} FROM {quoted(table)} WHERE {inside}"
    last = connection.rows(f"{asked} ORDER BY rowid DESC LIMIT {N_LAST}")
    if not any(_first_cell(row) for row in last):
        return 0
    typical = connection.rows(f"{asked} ORDER BY rowid LIMIT {N_TYPICAL}")
    gone = []
    for row in last:
        others = [r for r in typical if r[0] != row[0]]
        if not others or not _is_footer(row[1:], [r[1:] for r in others]):
            break
        gone.append(int(row[0]))
    if gone:
        listed = ", ".join(map(str, gone))
        connection.run(f"DELETE FROM {quoted(table)} WHERE rowid IN ({listed})")
    return len(gone)


def _first_cell(row: Sequence[str | None]) -> str | None:
    """Give the first cell that holds something, where it may speak of the table."""
    text = next((str(c) for c in row[1:] if c is not None), "")
    return text if _CELL.match(text) else None


def _is_footer(row: Sequence[str | None], others: Sequence[Sequence[str | None]]) -> bool:
    """Judge a row by its first cell, by what its column holds elsewhere, and by its gaps."""
    place = next((i for i, c in enumerate(row) if c is not None), None)
    if place is None or not _CELL.match(str(row[place])):
        return False
    column = [str(r[place]) for r in others if r[place] is not None]
    n_filled = sum(c is not None for c in row)
    typical = sorted(sum(c is not None for c in r) for r in others)[len(others) // 2]
    is_odd = look_of_column(column) in {Look.NUMBER, Look.DATE}
    return str(row[place]) not in column and (is_odd or n_filled < typical)


def _without_headers(connection: Connection, table: str, names: Sequence[str]) -> int:
    """Delete headers that stand again among the rows; give their number."""
    some = [n for i, n in enumerate(names, 1) if not is_unnamed(n, i)][:N_NAMES]
    if len(some) < 2:
        return 0
    same = " AND ".join(f"{quoted(n)} = {literal(n)}" for n in some)
    found = connection.rows(f"SELECT count(*) FROM {quoted(table)} WHERE {same}")
    n_headers = int(found[0][0])
    if n_headers:
        connection.run(f"DELETE FROM {quoted(table)} WHERE {same}")
    return n_headers


def _dropped(connection: Connection, table: str, names: Sequence[str]) -> dict[str, str]:
    """Name the columns without a name that hold nothing, or nothing but the number of the row."""
    unnamed = [n for i, n in enumerate(names, 1) if is_unnamed(n, i)]
    if not unnamed or len(unnamed) == len(names):
        return {}
    dropped = {}
    for name in unnamed:
        n, n_steps = _steps(connection, table, name)
        if n == 0:
            dropped[name] = "it has neither a name nor a value"
        elif n > 1 and n_steps >= STEPS_SHARE * (n - 1):
            dropped[name] = "it only numbers the rows"
    return dropped if len(dropped) < len(names) else {}


def _steps(connection: Connection, table: str, name: str) -> tuple[int, int]:
    """Count the values of a column, and those that are the one before and one more."""
    value = quoted(name)
    number = f"try_cast({value} AS BIGINT)"
    row = connection.rows(
        f"SELECT count(value), count(*) FILTER (number = before + 1) FROM (SELECT {value} AS value,"
        f" {number} AS number, lag({number}) OVER (ORDER BY rowid) AS before FROM {quoted(table)})"
    )[0]
    return int(row[0]), int(row[1])
