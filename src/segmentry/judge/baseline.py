"""The usual way of grouping, always measured beside ours; a loss is told as plainly as a win.

For entities with a recency, a frequency and a value: quintile scores of the three, added up and
cut into tiers. Else tiers of a total value, or along the direction in which entities differ most.
Read on in ``docs/methods/baseline.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import Baseline
from segmentry.domain.matrix import Matrix
from segmentry.domain.percent import percent
from segmentry.domain.table import FeatureTable
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.comparison import Yardstick, paired_gain
from segmentry.maths.components import leading_components
from segmentry.maths.effect import standardised_ranks
from segmentry.maths.gain import explained_share

SCORES = 5
"""Quintiles: the customary number of scores."""

RECENCY, VALUE = "recency_days", "value_total"
FREQUENCIES = ("n_orders", "n_events")

LEVEL = 0.005
"""Shares of variance closer than this are called equal."""


@dataclass(frozen=True)
class Tiers:
    """A simple grouping, best tier last, and what to call it."""

    name: str
    labels: NDArray[np.int64]


def usual_tiers(matrix: Matrix, table: FeatureTable | None, n_tiers: int) -> Tiers:
    """Group entities the usual way, into as many tiers as there are segments.

    Ties stay together, so that fewer tiers may come out.

    Parameters
    ----------
    matrix : Matrix
    table : FeatureTable or None
        With the matrix's rows.
    n_tiers : int

    Returns
    -------
    Tiers

    References
    ----------
    Hughes, A. M. (1994). Strategic database marketing. Probus, chapter on RFM.
    """
    numbers = {} if table is None else _numbers(table)
    frequency = next((numbers[f] for f in FREQUENCIES if f in numbers), None)
    if RECENCY in numbers and frequency is not None:
        # The fewer days since the last event, the better.
        scores = [_quantiles(-numbers[RECENCY], SCORES), _quantiles(frequency, SCORES)]
        name = "RF quantiles"
        if VALUE in numbers:
            scores.append(_quantiles(numbers[VALUE], SCORES))
            name = "RFM quantiles"
        return Tiers(name, _quantiles(np.sum(scores, axis=0).astype(np.float64), n_tiers))
    if VALUE in numbers:
        return Tiers("value quantiles", _quantiles(numbers[VALUE], n_tiers))
    centred = matrix.X - matrix.X.mean(axis=0)
    _, directions = leading_components(centred, 1)
    return Tiers(
        "quantiles of the first principal component",
        _quantiles(centred @ directions[:, 0], n_tiers),
    )


def judge_baseline(
    X: NDArray[np.float64],
    segment: NDArray[np.int64],
    tiers: Tiers,
    *,
    yardstick: Yardstick,
    rows: NDArray[np.int64],
) -> Baseline | None:
    """Hold segments against tiers on the same entities.

    Parameters
    ----------
    X : ndarray of shape (n_entities, n_columns)
    segment : ndarray of int, shape (n_entities,)
    tiers : Tiers
        Of all entities.
    yardstick : Yardstick
        Over ``X[rows]``.
    rows : ndarray of int, shape (n_rows,)

    Returns
    -------
    Baseline or None
        None where all entities tie.
    """
    n_tiers = len(np.unique(tiers.labels))
    if n_tiers < 2:
        return None
    ours, theirs = yardstick.measure([segment[rows], tiers.labels[rows]])
    explained, usual = explained_share(X, segment), explained_share(X, tiers.labels)
    ari = adjusted_rand_index(segment, tiers.labels)
    _, low, high = paired_gain(ours.mean, ours.replicates, theirs.mean, theirs.replicates)
    apart = 1 if low > 0 else -1 if high < 0 else 0
    more = 0 if abs(explained - usual) < LEVEL else 1 if explained > usual else -1
    return Baseline(
        tiers.name,
        n_tiers,
        theirs.mean,
        theirs.low,
        theirs.high,
        ari,
        usual,
        explained,
        _sentence(
            f"{n_tiers} groups by {tiers.name}",
            (apart, f"{ours.mean:.2f} against {theirs.mean:.2f}"),
            (more, f"{percent(explained)} against {percent(usual)}"),
            ari,
        ),
    )


def _numbers(table: FeatureTable) -> dict[str, NDArray[np.float64]]:
    wanted = {RECENCY, VALUE, *FREQUENCIES}
    present = [c.name for c in table.columns if c.name in wanted]
    return {name: _filled(table.numbers(name)) for name in present}


def _filled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.median(known) if len(known) else 0.0, values)


def _quantiles(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Cut at equal shares; rows with one value stay together, by their middle rank."""
    places = np.floor(standardised_ranks(values) * count).astype(np.int64)
    _, labels = np.unique(np.clip(places, 0, count - 1), return_inverse=True)
    return labels.astype(np.int64)


def _sentence(name: str, apart: tuple[int, str], more: tuple[int, str], ari: float) -> str:
    first = {
        1: f"the segments lie better apart (silhouette {apart[1]})",
        -1: f"the segments lie less well apart (silhouette {apart[1]})",
        0: f"the segments lie as well apart (silhouette {apart[1]}, no clear difference)",
    }[apart[0]]
    second = {
        1: f"explain more of how entities differ ({more[1]} of the variance)",
        -1: f"explain less of how entities differ ({more[1]} of the variance)",
        0: f"explain as much of how entities differ ({more[1]} of the variance)",
    }[more[0]]
    joint = "but" if apart[0] * more[0] < 0 else "and"
    return (
        f"Beside {name}, on the features that the segments were found on, {first}, {joint} "
        f"{second}. Both agree at {ari:.2f} (1: the same)."
    )
