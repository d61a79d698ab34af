"""The methods that can be searched, simplest first: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster import kmeans, mixture, ward

Fit = Callable[[NDArray[np.float64], int, Generator], NDArray[np.int64]]
Objection = Callable[[NDArray[np.float64]], str]


@dataclass(frozen=True)
class Method:
    """A way to find groups.

    ``sentence`` says what its segments are like, ``objection`` why it suits data of some kind
    badly (nothing where it may serve), and ``fit`` labels rows from scratch for resampling.
    """

    name: str
    sentence: str
    fit: Fit
    objection: Objection = lambda _: ""


CATALOGUE = (
    Method(kmeans.NAME, "round segments of much the same width", kmeans.fit_labels),
    Method(ward.NAME, "segments that grow by merging what is nearest", ward.fit_labels),
    Method(mixture.NAME, "bell-shaped clouds, long or wide", mixture.fit_labels, mixture.objection),
)

METHODS = tuple(method.name for method in CATALOGUE)
"""Names, simplest first: of equal candidates the simpler method's is chosen."""


@dataclass(frozen=True)
class Tried:
    """A method, whether it is tried on this data, and why or why not."""

    name: str
    is_tried: bool
    reason: str


def method(name: str) -> Method:
    """Give the method of that name."""
    return next(m for m in CATALOGUE if m.name == name)


def plan_methods(
    X: NDArray[np.float64], asked: Literal["auto"] | tuple[str, ...]
) -> tuple[Tried, ...]:
    """Decide which methods are tried.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        The search sample.
    asked : "auto" or tuple of str
        ``auto`` tries every method that suits the data; names are tried whatever the data.

    Returns
    -------
    tuple of Tried
        One per method of the catalogue.
    """
    plan = []
    for candidate in CATALOGUE:
        if asked != "auto" and candidate.name not in asked:
            plan.append(Tried(candidate.name, is_tried=False, reason="Not asked for."))
            continue
        against = candidate.objection(X)
        if asked == "auto" and against:
            plan.append(Tried(candidate.name, is_tried=False, reason=f"Not tried: {against}."))
            continue
        reason = f"Tried: {candidate.sentence}{_how(candidate.name, len(X))}."
        if against:
            reason = f"{reason[:-1]}, as asked for, although {against}."
        plan.append(Tried(candidate.name, is_tried=True, reason=reason))
    return tuple(plan)


def _how(name: str, n_rows: int) -> str:
    if name == ward.NAME and not ward.is_exact(n_rows):
        return f", on {ward.MICRO_CLUSTERS:,} small clusters that stand for {n_rows:,} rows"
    return ""
