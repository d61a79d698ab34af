"""Why an entity lies in one segment and not in another: which features make the difference.

What lives here: the parts that features have in an assigner's answer. What does not: what would
have to change (``counterfactual``). Read on in ``docs/methods/why.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.recipe import MISSING, Recipe
from segmentry.domain.reduction import Reduction
from segmentry.domain.why import Reason
from segmentry.explain.word import figure, phrase
from segmentry.maths.directions import seen_from
from segmentry.maths.prototypes import squared_distances

MOST_REASONS, MOST_AGAINST = 5, 3

LEAST_WEIGHT = 0.03
"""Part of all that speaks for the segment below which a feature is no reason."""

Value = float | str | None
Usual = tuple[str, Value, Value, Value]
"""By what it is told, and what is usual in the own segment, in the other one, and for everyone."""


def margins(
    recipe: Recipe, assigner: Assigner, prepared: NDArray[np.float64], own: int, other: int
) -> dict[str, float]:
    """Divide among features how much nearer a row lies to one segment than to another.

    Parameters
    ----------
    recipe : Recipe
    assigner : Assigner
    prepared : ndarray of shape (n_columns,)
        The row, prepared and not reduced.
    own, other : int
        Segments of the assigner.

    Returns
    -------
    dict of str to float
        By feature. They add up to the squared distance to the other segment's nearest prototype
        less that to the own one's; above 0 speaks for the own segment.

    Notes
    -----
    With :math:`p` and :math:`q` the nearest prototypes of both segments,
    :math:`|x - q|^2 - |x - p|^2` is a sum over columns of
    :math:`2 (x_j - m_j)(p_j - q_j)`, :math:`m` their midpoint: an exact division, since nearest
    prototypes decide by exactly this number. Where columns are added up to components, the
    part of a component is divided by what each column adds to it, up or down. Of directions it is
    the same sum over the row brought to length one.
    """
    reduction = recipe.reduction
    row = prepared if reduction is None else reduction.apply(prepared[None, :])[0]
    seen = seen_from(row[None, :], assigner.origin)
    distances = squared_distances(seen, assigner.prototypes)[0]
    p, q = (_nearest(assigner, distances, segment) for segment in (own, other))
    parts = 2.0 * (seen[0] - (p + q) / 2) * (p - q)
    if assigner.origin is not None:  # a row with nothing has it by all columns alike
        parts = parts[:-1] + parts[-1] / len(row)
    if reduction is not None:
        parts = _carried_back(reduction, prepared, parts)
    found: dict[str, float] = {}
    for feature, part in zip(recipe.features, parts, strict=True):
        found[feature] = found.get(feature, 0.0) + float(part)
    return found


def _carried_back(
    reduction: Reduction,
    prepared: NDArray[np.float64],
    parts: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Divide the parts of components among the columns that make them up, here and now."""
    weights = np.array([c.weights for c in reduction.components])
    given = np.abs((prepared - np.array(reduction.centre)) * weights)
    total = given.sum(axis=1, keepdims=True)
    # A component of which no column gives anything is everybody's.
    shares = np.where(total > 0, given / np.where(total > 0, total, 1.0), 1.0 / len(prepared))
    return parts @ shares


def _nearest(
    assigner: Assigner, distances: NDArray[np.float64], segment: int
) -> NDArray[np.float64]:
    places = np.flatnonzero(assigner.groups == segment)
    nearest: NDArray[np.float64] = assigner.prototypes[places[distances[places].argmin()]]
    return nearest


def reasons(
    parts: Mapping[str, float],
    values: Mapping[str, Value],
    typical: Mapping[str, Usual],
    names: tuple[str, str],
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Tell the strongest reasons for a segment, and those for the runner-up.

    Parameters
    ----------
    parts : mapping of str to float
        Of ``margins``.
    values : mapping of str to float, str or None
        The entity's own features.
    typical : mapping of str to (str, value, value, value)
        What is usual in its segment, in the runner-up, and for everyone.
    names : tuple of two str
        Of both segments.

    Returns
    -------
    for_, against : tuple of Reason
        Strongest first.
    """
    total = sum(part for part in parts.values() if part > 0) or 1.0
    sides = []
    for sign, most in ((1.0, MOST_REASONS), (-1.0, MOST_AGAINST)):
        weights = {f: sign * part / total for f, part in parts.items()}
        ranked = sorted(weights, key=lambda f: (-round(weights[f], 9), f))
        told = [f for f in ranked if weights[f] >= LEAST_WEIGHT][:most]
        sides.append(tuple(_reason(f, values[f], typical[f], weights[f], names) for f in told))
    return sides[0], sides[1]


def _reason(
    feature: str,
    value: Value,
    typical: Usual,
    weight: float,
    names: tuple[str, str],
) -> Reason:
    kind, own, other, everyone = typical
    told = "not known" if value is None else spoken(value)
    beside = ", ".join(
        f"{name} {kind} {spoken(usual)}"
        for name, usual in zip(names, (own, other), strict=True)
        if usual is not None
    )
    sentence = f"{phrase(feature.removesuffix(MISSING))} {told}" + (
        f" ({beside})" if beside else ""
    )
    return Reason(feature, value, kind, own, other, everyone, round(weight, 6), sentence)


def spoken(value: float | str) -> str:
    """Write a value as it is read."""
    return repr(" ".join(value.split())[:40]) if isinstance(value, str) else figure(value)
