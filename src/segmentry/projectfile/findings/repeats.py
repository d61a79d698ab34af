"""Columns that say what another says: equal, a constant multiple, or the same under other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

import numpy as np

from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.survey import Column

FEWEST = 20
"""Rows that must show it; fewer may agree by chance."""

MANY = 0.5
"""Distinct texts per row from which on a match between two columns says nothing."""

MOST_TOLD = 20

_DIGITS = 9


def same_columns(look: Look) -> Iterator[Finding]:
    """Find columns that repeat another in every row of the sample."""
    told = 0
    key = look.source.columns.get("entity")
    for first, other, how in _pairs(look.survey.columns):
        if key in {first.name, other.name} or told >= MOST_TOLD:
            continue
        told += 1
        n = first.n
        # Told of all columns, but only of two that shape the segments is one too many.
        is_one_too_many = first in look.features and other in look.features
        yield Finding(
            "same_columns",
            "warning" if is_one_too_many else "info",
            f"{other.name!r} {how} {first.name!r} in every row: it says nothing new",
            (first.name, other.name),
            n if look.is_whole else None,
            look.n_rows if look.is_whole else None,
            _examples(first, other),
            edit=Edit("role", "id", other.name) if is_one_too_many else None,
            advice="one of the two is enough",
            is_exact=look.is_whole,
        )


def _examples(first: Column, other: Column) -> tuple[str, ...]:
    both = np.flatnonzero((first.codes >= 0) & (other.codes >= 0))[:1]
    return tuple(f"{first.values[int(i)]} and {other.values[int(i)]}" for i in both)


def _pairs(columns: Iterable[Column]) -> Iterator[tuple[Column, Column, str]]:
    """Give pairs of columns that repeat each other: the earlier one first."""
    groups: dict[Hashable, list[Column]] = defaultdict(list)
    for column in columns:
        print_ = _fingerprint(column)
        if print_ is not None:
            groups[print_].append(column)
    for group in groups.values():
        for other in group[1:]:
            how = _how(group[0], other)
            if how is not None:
                yield group[0], other, how


def _fingerprint(column: Column) -> Hashable | None:
    """Give what equal columns share: numbers scaled by their size, other values by their order."""
    if column.n < FEWEST or column.n_distinct < 2:
        return None
    if column.kind == "number":
        values = np.nan_to_num(column.numbers[:5_000])
        size = float(np.abs(values).max())
        if size == 0:
            return None
        scaled = np.round(np.abs(values) / size, _DIGITS)
        # Plus zero, so that a negative zero is the same as a positive one.
        return "number", (scaled + 0.0).tobytes()
    return column.kind != "time", column.codes[:5_000].tobytes()


def _how(first: Column, other: Column) -> str | None:
    if (first.kind == "number") != (other.kind == "number"):
        return None
    return (
        _how_many_times(first, other) if first.kind == "number" else _in_which_words(first, other)
    )


def _in_which_words(first: Column, other: Column) -> str | None:
    if not np.array_equal(first.codes, other.codes):
        return None
    if first.distinct_texts == other.distinct_texts:
        return "is the same as"
    # Texts that hardly repeat always match one to one.
    return "has other words for the levels of" if first.distinct_share <= MANY else None


def _how_many_times(first: Column, other: Column) -> str | None:
    both = np.isfinite(first.numbers) & np.isfinite(other.numbers)
    if not np.array_equal(np.isfinite(first.numbers), np.isfinite(other.numbers)):
        return None
    mine, theirs = first.numbers[both], other.numbers[both]
    place = int(np.argmax(np.abs(mine)))
    ratio = float(theirs[place] / mine[place])
    if not np.allclose(theirs, ratio * mine, rtol=1e-9, atol=0):
        return None
    return "equals" if ratio == 1 else f"is {ratio:.6g} times"
