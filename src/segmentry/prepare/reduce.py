"""Fewer columns than features: principal components or common factors, explained in words.

What lives here: fitting the reduction on prepared columns. What does not: applying it
(``domain.reduction``), the formulas (``maths``). Read on in ``docs/methods/reduction.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.crew import single_threaded
from segmentry.domain.percent import percent
from segmentry.domain.preparation import Reduce
from segmentry.domain.reduction import Component, Reduction
from segmentry.errors import DataError
from segmentry.maths.components import leading_components
from segmentry.maths.factors import factor_loadings, score_weights, varimax, with_settled_signs
from segmentry.maths.rounding import round_significant

TOLD_LOADINGS = 4
LEAST_LOADING = 0.3
"""A column whose correlation with a component is smaller is not named with it."""


def fit_reduction(X: NDArray[np.float64], names: tuple[str, ...], asked: Reduce) -> Reduction:
    """Learn the components of prepared columns.

    Parameters
    ----------
    X : ndarray of shape (n_entities, n_columns)
        Prepared columns.
    names : tuple of str
        Of the columns.
    asked : Reduce
        How many components, or which share of the variance they shall keep.

    Returns
    -------
    Reduction

    Raises
    ------
    DataError
        E2007 if more components are asked for than there are columns that vary.
    """
    centre = round_significant(X.mean(axis=0))
    centred = X - centre
    with single_threaded():
        variances, axes = leading_components(centred, X.shape[1])
        count = _count(variances, asked, X.shape[1])
        if asked.method == "pca":
            weights = with_settled_signs(axes[:, :count])
        else:
            covariance = centred.T @ centred / len(centred)
            found, own = factor_loadings(covariance, count)
            weights = score_weights(varimax(found), own)
        weights = round_significant(weights, digits=10)
        scores = centred @ weights
        loadings = _correlations(centred, scores)
        shares = _explained(centred, scores)
    word = "component" if asked.method == "pca" else "factor"
    components = tuple(
        Component(
            f"{word} {i + 1}",
            tuple(float(w) for w in weights[:, i]),
            tuple(float(v) for v in round_significant(loadings[:, i], digits=6)),
            round(float(shares[i]), 6),
            in_words(f"{word} {i + 1}", loadings[:, i], names, float(shares[i])),
        )
        for i in range(count)
    )
    return Reduction(asked.method, tuple(float(c) for c in centre), components)


def _count(variances: NDArray[np.float64], asked: Reduce, n_columns: int) -> int:
    """Give how many components are wanted."""
    whole = float(variances.sum())
    varying = int((variances > 1e-12 * max(whole, 1e-300)).sum())
    if asked.components < 1.0:
        kept = np.cumsum(variances) / max(whole, 1e-300)
        count = int(np.searchsorted(kept, asked.components - 1e-12)) + 1
        return min(count, varying)
    count = int(asked.components)
    if count > varying:
        raise DataError(
            f"{count} components are asked for, and the {n_columns} prepared columns hold "
            f"{varying} directions",
            code="E2007",
            hint=f"prepare.reduce.components: {varying} or fewer, or a share such as 0.9",
        )
    return count


def _correlations(centred: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate columns with components; 0 where one of them does not vary."""
    scores = scores - scores.mean(axis=0)
    norms = np.sqrt(np.outer((centred**2).sum(axis=0), (scores**2).sum(axis=0)))
    result: NDArray[np.float64] = centred.T @ scores / np.where(norms > 0, norms, np.inf)
    return result


def _explained(centred: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of the columns' variance that goes along with each component."""
    whole = float((centred**2).sum())
    squares = (scores**2).sum(axis=0)
    along = ((centred.T @ scores) ** 2).sum(axis=0) / np.where(squares > 0, squares, np.inf)
    result: NDArray[np.float64] = along / max(whole, 1e-300)
    return result


def in_words(name: str, loadings: NDArray[np.float64], names: tuple[str, ...], share: float) -> str:
    """Say what a component is made of.

    Examples
    --------
    >>> from segmentry.domain.percent import NARROW_SPACE
    >>> told = in_words("component 1", np.array([0.9, -0.5, 0.1]), ("orders", "gap", "x"), 0.4)
    >>> told.replace(NARROW_SPACE, " ")
    'component 1 (40 % of the variance): high orders (0.90), low gap (-0.50)'
    """
    order = np.argsort(-np.abs(loadings), kind="stable")[:TOLD_LOADINGS]
    strong = [j for j in order if abs(loadings[j]) >= LEAST_LOADING] or list(order[:1])
    told = ", ".join(
        f"{'high' if loadings[j] > 0 else 'low'} {names[j]} ({loadings[j]:.2f})" for j in strong
    )
    return f"{name} ({percent(share)} of the variance): {told}"
