"""Measured effects that somebody gives: a small CSV file, every mistake told by its line."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from segmentry.domain.playbook import Effect
from segmentry.errors import UsageError, nearest

NEEDED = ("segment", "effect", "low", "high")
OPTIONAL = ("cost", "hours")
"""What acting on one member needs: money, in the unit of the effect, and hours of work."""


def read_effects(path: Path, segments: Iterable[str]) -> tuple[Effect, ...]:
    """Read what acting on one member of a segment brings, and what it costs.

    Parameters
    ----------
    path : Path
        CSV with the columns ``segment``, ``effect``, ``low``, ``high``, and ``cost`` if any; in
        one unit per member, such as money a month. ``hours`` of work per member, if any.
    segments : iterable of str
        The names of the run's segments.

    Returns
    -------
    tuple of Effect

    Raises
    ------
    UsageError
        E1101 with the line: a column or segment is missing, a number is none, or an interval does
        not hold its effect.
    """
    known, found = set(segments), dict[str, Effect]()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check_columns(rows.fieldnames or (), path)
            for row in rows:
                effect = _effect(row, f"{path}:{rows.line_num}", known)
                if effect.segment in found:
                    what = f"segment {effect.segment!r} has two effects"
                    raise UsageError(what, where=f"{path}:{rows.line_num}", hint="give one each")
                found[effect.segment] = effect
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"the effects cannot be read: {error}"
        raise UsageError(what, where=str(path), hint="give a CSV file") from error
    return tuple(found.values())


def _check_columns(given: Iterable[str], path: Path) -> None:
    missing = [name for name in NEEDED if name not in given]
    if missing:
        what = f"the effects have no column {missing[0]!r}"
        raise UsageError(what, where=str(path), hint=f"columns: {', '.join((*NEEDED, *OPTIONAL))}")


def _effect(row: Mapping[str, str | None], where: str, known: set[str]) -> Effect:
    name = (row["segment"] or "").strip()
    if name not in known:
        what = f"the run has no segment {name!r}"
        raise UsageError(what, where=where, hint=nearest(name, known))
    effect, low, high = (_number(row, key, where) for key in NEEDED[1:])
    needs = [_number(row, key, where) if (row.get(key) or "").strip() else 0.0 for key in OPTIONAL]
    if not low <= effect <= high:
        what = f"the interval {low:g} to {high:g} does not hold the effect {effect:g}"
        raise UsageError(what, where=where, hint="low is at most the effect, high at least")
    if min(needs) < 0:
        what = f"cost and hours cannot lie below 0, as {min(needs):g} does"
        raise UsageError(what, where=where, hint="leave what is not known empty")
    return Effect(name, effect, low, high, *needs)


def _number(row: Mapping[str, str | None], key: str, where: str) -> float:
    text = (row.get(key) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = f"{key} is {text!r}, which is no number"
        raise UsageError(what, where=where, hint="for example 1.5")
    return value
