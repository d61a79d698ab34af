"""Category columns: indicators, one ordered number, or how frequent a level is.

Whatever the encoding, a category has the variance of one standardised number, so that one Euclidean
distance holds for all columns. Read on in ``docs/methods/categories.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import gaps_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.preparation import Preparation
from segmentry.domain.recipe import OTHER, CategoryStep, GapStep, LeftOut, ScoreStep
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.rounding import rounded

MOST_LEVELS = 12

Weigh = Callable[[FeatureColumn], float]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The steps of all categories, and levels that were left out."""

    indicators: tuple[CategoryStep, ...]
    scores: tuple[ScoreStep, ...]
    left_out: tuple[LeftOut, ...]


def fit_categories(
    table: FeatureTable,
    columns: Sequence[FeatureColumn],
    asked: Preparation,
    *,
    weigh: Weigh,
    audit: Audit,
) -> Encoded:
    """Learn how categories become matrix columns.

    Parameters
    ----------
    table : FeatureTable
    columns : sequence of FeatureColumn
        Numbers among them are passed over.
    asked : Preparation
        Its encodings, orders and rare levels.
    weigh : callable
        Gives the weight of a column.
    audit : Audit
        Is told of levels that an order does not name.

    Returns
    -------
    Encoded
    """
    indicators: list[CategoryStep] = []
    scores: list[ScoreStep] = []
    left_out: list[LeftOut] = []
    seen: dict[bytes, str] = {}
    for column in columns:
        if column.kind is not Kind.CATEGORY:
            continue
        weight = weigh(column)
        if column.name in asked.order:
            scores.append(_ordinal(table, column, asked.order[column.name], weight, audit))
        elif asked.encode.of(column.name) == "frequency":
            scores.append(_frequency(table, column, weight))
        else:
            step, repeats = _indicators(table, column, asked, weight, seen)
            left_out += repeats
            indicators += [] if step is None else [step]
    return Encoded(tuple(indicators), tuple(scores), tuple(left_out))


def _indicators(
    table: FeatureTable,
    column: FeatureColumn,
    asked: Preparation,
    weight: float,
    seen: dict[bytes, str],
) -> tuple[CategoryStep | None, list[LeftOut]]:
    codes, levels = table.categories(column.name)
    shares = np.bincount(codes[codes >= 0], minlength=len(levels)) / len(codes)
    common = [i for i in np.argsort(-shares, kind="stable") if shares[i] >= asked.rare_share]
    chosen: list[int] = []
    repeats: list[LeftOut] = []
    for i in common[:MOST_LEVELS]:
        # Two levels that mark the very same entities ("No internet service" under six
        # columns) are one fact; counted six times it would shape every segment.
        marks = np.packbits(codes == i).tobytes()
        if marks in seen:
            repeats.append(
                LeftOut(f"{column.name}={levels[i]}", f"marks the same as {seen[marks]!r}")
            )
            continue
        seen[marks] = f"{column.name}={levels[i]}"
        chosen.append(int(i))
    told = {levels[i]: float(shares[i]) for i in chosen}
    # What is folded: rare levels and those beyond the most, not what repeats another column.
    rest = float(shares.sum()) - sum(float(shares[i]) for i in common[:MOST_LEVELS])
    folds = asked.fold_rare and rest > 1e-12 and not repeats and OTHER not in told
    if folds:
        told[OTHER] = rest
    if not chosen:
        return None, repeats
    spread = sum(p * (1.0 - p) for p in told.values())
    scale = rounded(1.0 / float(np.sqrt(spread))) if spread > 0 else 1.0
    names = (*sorted(levels[i] for i in chosen), *((OTHER,) if folds else ()))
    return CategoryStep(column.name, names, scale, weight, folds), repeats


def _ordinal(
    table: FeatureTable,
    column: FeatureColumn,
    order: tuple[str, ...],
    weight: float,
    audit: Audit,
) -> ScoreStep:
    """Give each level its place in the order; what the order does not name stands in the middle."""
    codes, levels = table.categories(column.name)
    places = {level: float(i) for i, level in enumerate(order)}
    unnamed = [level for level in levels if level not in places]
    if unnamed:
        audit.add(
            Finding(
                "level_without_place",
                f"prepare.order of {column.name!r} does not name "
                f"{', '.join(map(repr, unnamed[:3]))}{' and others' if unnamed[3:] else ''}.",
                "warning",
                column=column.name,
                count=int(np.isin(codes, [levels.index(u) for u in unnamed]).sum()),
                total=table.n_entities,
                done="put at the average place; name all levels from lowest to highest",
            )
        )
    values = np.array([places.get(level, np.nan) for level in levels] + [np.nan])[codes]
    return _scored(column, "ordinal", order, tuple(places.values()), values, weight)


def _frequency(table: FeatureTable, column: FeatureColumn, weight: float) -> ScoreStep:
    """Score each level by its share of entities; an unseen level has the share 0."""
    codes, levels = table.categories(column.name)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    shares = [rounded(float(c)) for c in counts / max(int(counts.sum()), 1)]
    values = np.array([*shares, np.nan])[codes]
    step = _scored(column, "frequency", levels, tuple(shares), values, weight)
    return replace(step, unseen=0.0)


def _scored(
    column: FeatureColumn,
    kind: str,
    levels: tuple[str, ...],
    scores: tuple[float, ...],
    values: NDArray[np.float64],
    weight: float,
) -> ScoreStep:
    known = values[~np.isnan(values)]
    centre = rounded(float(known.mean())) if len(known) else 0.0
    # A gap stands at the average, where it makes no difference; it lowers the spread.
    spread = float(np.where(np.isnan(values), centre, values).std())
    scale = rounded(spread) if spread > 0 else 1.0
    return ScoreStep(column.name, kind, levels, scores, centre, centre, centre, scale, weight)


def fit_gaps(
    table: FeatureTable,
    columns: Sequence[FeatureColumn],
    asked: Preparation,
    *,
    weigh: Weigh,
) -> tuple[GapStep, ...]:
    """Learn the columns that mark gaps, each with the variance of one standardised number.

    A column that hardly anybody or nearly everybody misses gets none, nor does one whose gaps mean
    something already. Columns that are missing together get one mark, for it is one fact.
    """
    steps: list[GapStep] = []
    seen: set[bytes] = set()
    for column in columns:
        if asked.indicate_missing != "all" and column.name not in asked.indicate_missing:
            continue
        if column.null_is is not None:
            continue
        gaps = gaps_of(table.data[column.name])
        share = float(gaps.mean())
        marks = np.packbits(gaps).tobytes()
        if min(share, 1.0 - share) < asked.rare_share or marks in seen:
            continue
        seen.add(marks)
        scale = rounded(float(np.sqrt(share * (1.0 - share))))
        steps.append(GapStep(column.name, rounded(share), scale, weigh(column)))
    return tuple(steps)
