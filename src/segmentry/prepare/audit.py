"""The features before they are prepared: how complete, in one unit, how far out; with proposals.

What lives here: what can be seen in the table of features alone. What does not: raw columns of
files (``projectfile.findings``), features that are left out (``screen``, ``correlation``), those
that tell an outcome (``leaks``), and comparison with an earlier run (``drift``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import gaps_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.notes import Gaps
from segmentry.domain.percent import percent
from segmentry.domain.recipe import NumberStep, Recipe, bent
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.clouds import two_clouds
from segmentry.prepare.proposals import for_column, leaving_out

FAR_OUT = 5.0
"""Robust standard deviations beyond which a value counts as an outlier."""

OFTEN = 0.01
"""Share of outliers from which on a column is told of."""

HEAPED = 0.25
"""Share of one value from which on a column has no middle to measure distances from."""

MOST_ROWS = 20_000

UNIT_FACTORS = (60.0, 100.0, 1000.0, 3600.0)
"""Minutes for hours, cents for euros, milliseconds for seconds, seconds for hours."""

NORMAL_MAD = 1.4826022185056018
"""The deviation of a normal curve over its median absolute deviation."""

LEVELS = (0.1, 0.25, 0.5)
"""Shares of features that an entity may miss, by which entities are counted."""


def features_of(table: FeatureTable) -> tuple[FeatureColumn, ...]:
    """Give the features that may shape segments."""
    return table.with_role(Role.CLUSTER)


def missing_shares(table: FeatureTable, columns: tuple[FeatureColumn, ...]) -> NDArray[np.float64]:
    """Give each entity's share of features that are missing; a gap that means something is none.

    Parameters
    ----------
    table : FeatureTable
    columns : tuple of FeatureColumn

    Returns
    -------
    ndarray of shape (n_entities,), in [0, 1]
    """
    total = np.zeros(table.n_entities)
    for column in columns:
        if column.null_is is None:
            total += gaps_of(table.data[column.name])
    return total / max(len(columns), 1)


def sparse_rows(
    table: FeatureTable, columns: tuple[FeatureColumn, ...], limit: float
) -> NDArray[np.int64]:
    """Give the rows of entities that miss no larger share of their features than a limit."""
    return np.flatnonzero(missing_shares(table, columns) <= limit)


def gaps_note(table: FeatureTable, recipe: Recipe) -> Gaps:
    """Count what was filled in, by column and by entity, among the features that are in."""
    used = tuple(dict.fromkeys(recipe.features))
    columns = tuple(table.column(name) for name in used)
    n = max(table.n_entities, 1)
    counts = [(name, table.data[name].null_count / n) for name in used]
    total = np.zeros(table.n_entities)
    for column in columns:
        total += gaps_of(table.data[column.name])
    shares = total / max(len(columns), 1)
    told = tuple((level, float((shares >= level).mean())) for level in LEVELS) if n else ()
    return Gaps(
        tuple((name, round(share, 6)) for name, share in counts if share > 0),
        told,
        float(shares.mean()) if len(shares) else 0.0,
    )


def tell_features(table: FeatureTable, audit: Audit) -> None:
    """Tell how complete the features are, and which of them seem to hold two units.

    Parameters
    ----------
    table : FeatureTable
    audit : Audit
        Gets the findings, each with the edit of the project file that would act on it.
    """
    columns = features_of(table)
    _tell_completeness(table, columns, audit)
    for column in columns:
        if column.kind is Kind.NUMBER and column.family is None:
            _tell_units(column, table.numbers(column.name), audit)


def _tell_completeness(
    table: FeatureTable, columns: tuple[FeatureColumn, ...], audit: Audit
) -> None:
    shares = missing_shares(table, columns)
    if not columns or not shares.any():
        return
    sparse = int((shares > 0.5).sum())
    proposal = ""
    if sparse:
        proposal = "prepare: {max_missing: 0.5} leaves out who misses more than half"
    audit.add(
        Finding(
            "completeness",
            f"{percent(1.0 - float(shares.mean()))} of the features' values are known; "
            f"{percent(float((shares == 0).mean()))} of the entities have all of them.",
            count=int((shares > 0).sum()),
            total=table.n_entities,
            done="gaps are filled, each with its reason",
            proposal=proposal,
        )
    )


def _tell_units(column: FeatureColumn, values: NDArray[np.float64], audit: Audit) -> None:
    known = np.abs(values[~np.isnan(values)])
    # A handful of distinct values are levels, however far apart they lie.
    if len(np.unique(known[:MOST_ROWS])) <= 30:
        return
    clouds = two_clouds(known, factors=UNIT_FACTORS)
    if clouds is None:
        return
    is_rare = known > clouds.border if clouds.is_upper_rarer else known < clouds.border
    side = "above" if clouds.is_upper_rarer else "below"
    audit.add(
        Finding(
            "unit_mix",
            f"{column.name!r} falls into two groups about a factor {clouds.factor:g} apart with "
            f"nothing between ({int(is_rare.sum())} of {len(known)} {side} {clouds.border:.3g}): "
            "two units in one column?",
            "warning",
            column=column.name,
            count=int(is_rare.sum()),
            total=len(known),
            done="used as it is",
            proposal="bring it to one unit under 'columns' of the source, or leave it out: "
            + leaving_out(column),
        )
    )


def tell_outliers(table: FeatureTable, recipe: Recipe, audit: Audit) -> None:
    """Tell which bent columns still hold many values far from their middle.

    Parameters
    ----------
    table : FeatureTable
    recipe : Recipe
    audit : Audit

    Notes
    -----
    Measured by the modified z-score, the distance to the median over 1.4826 times the median
    absolute deviation. A column that heaps, a quarter of it being one value, has two parts and no
    one middle: nothing is told of it.

    References
    ----------
    Iglewicz, B. and Hoaglin, D. C. (1993). How to detect and handle outliers. ASQC Quality Press.
    """
    for step in recipe.numbers:
        if table.column(step.column).family is not None:
            continue
        share = outlier_share(table.numbers(step.column), step)
        if share < OFTEN:
            continue
        audit.add(
            Finding(
                "many_outliers",
                f"{percent(share)} of the values of {step.column!r} lie beyond {FAR_OUT:g} robust "
                "standard deviations, after it was bent.",
                column=step.column,
                count=round(share * table.n_entities),
                total=table.n_entities,
                done="kept, and pulled in at the limit inside the matrix only",
                proposal=for_column("transform", step.column, "quantile-normal"),
            )
        )


def outlier_share(values: NDArray[np.float64], step: NumberStep) -> float:
    """Give the share of entities whose bent value is an outlier by the modified z-score."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0
    known = known[:: max(1, len(known) // MOST_ROWS)]
    _, counts = np.unique(known, return_counts=True)
    if counts.max() > HEAPED * len(known):
        return 0.0
    column = bent(known, step)
    middle = float(np.median(column))
    spread = NORMAL_MAD * float(np.median(np.abs(column - middle)))
    if spread <= 0 or not np.isfinite(spread):
        return 0.0
    return float((np.abs(column - middle) > FAR_OUT * spread).mean())
