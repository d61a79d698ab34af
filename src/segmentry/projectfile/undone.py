"""Columns that say that a row was undone: a status in words, or a yes or no.

What lives here: recognising such a column, and its condition in SQL. What does not: leaving the
rows out (``rows``) and telling of them (``findings.cancellations``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from segmentry.engines.expressions import literal
from segmentry.projectfile.names import known, words
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_LEVELS = 30
"""A status has few values."""

SELDOM = 0.1
"""An arm of an experiment gets more of the rows than this."""

_YES = frozenset(["yes", "y", "true", "t", "1", "1.0"])
_NO = frozenset(["no", "n", "false", "f", "0", "0.0"])


@dataclass(frozen=True, slots=True)
class Undone:
    """Which rows of a column were undone: as a condition, its opposite, and the values that say so.

    Both conditions are never null.
    """

    rows: str
    kept: str
    levels: tuple[str, ...]
    verb: str = "were"
    what: str = "undone"


def undone_by(column: Column) -> Undone | None:
    """Tell which rows a column undoes; None where it says nothing of it, or undoes all of them."""
    found = _by_status(column) or _by_flag(column)
    if found is not None and "test" in column.words:
        return replace(found, verb="are", what="tests")
    return found


def _by_status(column: Column) -> Undone | None:
    if column.words[-1:] != ("status",) or column.kind != "text":
        return None
    if column.n_distinct > MOST_LEVELS:
        return None
    levels = tuple(sorted(v for v in column.levels if set(words(v)) & known("undone")))
    return _of_texts(column, levels) if 0 < len(levels) < column.n_distinct else None


def _by_flag(column: Column) -> Undone | None:
    """Read a yes or no whose name is what undid the row: ``is_canceled``, ``order refunded``."""
    if not _says_undone(column.words) or column.n_distinct != 2:
        return None
    if _yes_share(column) >= (SELDOM if column.words == ("test",) else 0.5):
        # What holds for most rows did not undo them, and a test may be an experiment.
        return None
    name = quote(column.name)
    if column.kind == "bool":
        return Undone(f"coalesce({name}, false)", f"not coalesce({name}, false)", ("true",))
    if column.kind == "number":
        if {float(v) for v in column.levels} != {0.0, 1.0}:
            return None
        return Undone(f"coalesce({name}, 0) = 1", f"coalesce({name}, 0) = 0", ("1",))
    yes = tuple(sorted(v for v in column.levels if v.strip().lower() in _YES))
    is_flag = {v.strip().lower() for v in column.levels} <= _YES | _NO
    return _of_texts(column, yes) if column.kind == "text" and is_flag and len(yes) == 1 else None


def _yes_share(column: Column) -> float:
    is_yes = [t.strip().lower() in _YES for t in column.distinct_texts]
    return float(np.mean(np.array([*is_yes, False])[column.codes]))


def _says_undone(names: tuple[str, ...]) -> bool:
    """Tell ``is_canceled`` from ``previously_canceled``."""
    rest = [w for w in names if w not in known("undone_flags")]
    said = len(names) - len(rest)
    plain = set(rest) <= known("undone_beside")
    return said == 1 and plain


def _of_texts(column: Column, levels: tuple[str, ...]) -> Undone:
    listed = ", ".join(literal(v) for v in levels)
    name = f"coalesce({quote(column.name)}, '')"
    return Undone(f"{name} in ({listed})", f"{name} not in ({listed})", levels)
