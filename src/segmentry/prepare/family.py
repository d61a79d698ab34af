"""Columns that count together: shares of one field, and features of one aspect.

What lives here: how a composition becomes matrix columns, whether it does, and how features that
refine one side of behaviour share its weight. What does not: columns by themselves (``fit``). Read
on in ``docs/methods/shares.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import ShareOf
from segmentry.domain.recipe import NumberStep
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.rounding import rounded

LIMIT = 5.0

RELATED = 0.05
"""Share of a family's variance that the other features must explain for it to shape segments."""

FEWEST_OTHERS = 6
"""With fewer other columns too little else is known to call a family unrelated to it."""


def fit_share(table: FeatureTable, column: FeatureColumn, weight: float) -> NumberStep:
    """Fit the step of a share or topic: as it is, and everyone's where nothing is known.

    They are not bent: differences of shares mean the same wherever they lie, and what all
    levels gain and lose must add up to nothing.
    """
    values, share = table.numbers(column.name), column.share
    known = values[~np.isnan(values)]
    everyone = known.mean()
    if share and share.strength > 0:
        everyone = 0.0 if share.tells == "affinity" else share.prior / share.strength
    return NumberStep(
        column=column.name,
        impute=rounded(float(everyone)),
        impute_reason=_everyones(share),
        transform="identity",
        exponent=1.0,
        centre=rounded(float(np.where(np.isnan(values), everyone, values).mean())),
        scale=1.0,
        weight=weight,
        limit=LIMIT,
    )


def _everyones(share: ShareOf | None) -> str:
    if share is None:
        return "everyone's weight"
    return "everyone's affinity" if share.tells == "affinity" else "everyone's share"


def unrelated_families(X: NDArray[np.float64], fields: Sequence[str | None]) -> dict[str, float]:
    r"""Find the families that go along with nothing else.

    Such a family cannot sharpen groups, only multiply them (every group once for each of its
    levels), while it adds to every distance.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Prepared columns.
    fields : sequence of str or None
        The family of each column; None for those that are of none.

    Returns
    -------
    dict of str to float
        For each such family, the share of its variance that all other columns explain: adjusted
        :math:`R^2` of a linear regression, summed over its columns.

    References
    ----------
    Fowlkes, E. B., Gnanadesikan, R. and Kettenring, J. R. (1988). Variable selection in
    clustering. J. Classification 5, 205-228.
    """
    found = {}
    for field in sorted({f for f in fields if f is not None}):
        own = np.array([f == field for f in fields])
        n, n_others = len(X), int((~own).sum())
        if n_others < FEWEST_OTHERS or n <= 2 * n_others:
            continue
        others = X[:, ~own] - X[:, ~own].mean(axis=0)
        family = X[:, own] - X[:, own].mean(axis=0)
        fit, *_ = np.linalg.lstsq(others, family, rcond=None)
        left, total = ((family - others @ fit) ** 2).sum(), (family**2).sum()
        explained = 1.0 - left / total * (n - 1) / (n - 1 - n_others) if total > 0 else 0.0
        if explained < RELATED:
            found[field] = max(float(explained), 0.0)
    return found


def weighed_as_families(table: FeatureTable, steps: Sequence[NumberStep]) -> list[NumberStep]:
    r"""Give shares of a field, and topics of a text, one scale: together they weigh as one feature.

    Parameters
    ----------
    table : FeatureTable
    steps : sequence of NumberStep
        Those that stay; steps of shares have a scale of 1.

    Returns
    -------
    list of NumberStep
        In the same order.

    Notes
    -----
    The squared distance of two entities adds up over the levels. With a scale of

    .. math:: s^2 = \sum_l \frac{p_l(1 - p_l)}{1 + \text{strength}}

    which is the variance between entities that is real (that of the Dirichlet distribution behind
    the shares), the levels together have the variance of one standardised feature where entities
    have many events, and less where what is seen is partly luck. One variable counts once, however
    many columns hold it: Gower's argument for categories. A common scale also keeps a rare level
    as small as it is.

    References
    ----------
    Gower, J. C. (1971). A general coefficient of similarity and some of its properties. Biometrics
    27, 857-871.
    """
    members: dict[str, list[NumberStep]] = {}
    for step in steps:
        family = table.column(step.column).family
        if family is not None:
            members.setdefault(family, []).append(step)
    scales: dict[str, float] = {}
    for found in members.values():
        scales |= dict.fromkeys((step.column for step in found), _scale(table, found))
    return [replace(s, scale=scales.get(s.column, s.scale)) for s in steps]


def _scale(table: FeatureTable, family: Sequence[NumberStep]) -> float:
    """Give the spread of a family: what is real of it, or what is seen where that is more."""
    real = seen = 0.0
    for step in family:
        share = table.column(step.column).share
        values = table.numbers(step.column)
        seen += float(np.var(values[~np.isnan(values)]))
        if share is not None and share.strength > 0 and share.tells != "affinity":
            p = share.prior / share.strength
            real += p * (1.0 - p) / (1.0 + share.strength)
    spread = max(real, seen)
    return rounded(float(np.sqrt(spread))) if spread > 0 else 1.0


def sharing_aspects(table: FeatureTable, steps: Sequence[NumberStep]) -> list[NumberStep]:
    r"""Let features that refine an aspect share its weight instead of adding to it.

    An aspect with :math:`c` features of its own and :math:`r` refinements has the variance of
    :math:`\max(c, 1)` features, each member the same part of it; the shares of one field are one
    member. So how finely a side is measured does not decide how much it counts.

    Parameters
    ----------
    table : FeatureTable
    steps : sequence of NumberStep

    Returns
    -------
    list of NumberStep
        In the same order.
    """
    members: dict[str, dict[str, bool]] = {}
    for step in steps:
        column = table.column(step.column)
        if column.aspect is not None:
            members.setdefault(column.aspect, {})[_member(column)] = column.refines
    parts = {
        aspect: np.sqrt(max(sum(not r for r in found.values()), 1) / len(found))
        for aspect, found in members.items()
    }
    result = []
    for step in steps:
        part = parts.get(table.column(step.column).aspect or "", 1.0)
        result.append(
            replace(step, weight=step.weight if part == 1.0 else rounded(step.weight * part))
        )
    return result


def _member(column: FeatureColumn) -> str:
    return column.family or column.name
