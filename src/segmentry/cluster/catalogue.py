"""The methods that can be searched, simplest first: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster import kmeans, mixture, ward
from segmentry.cluster.method import Method

CATALOGUE: tuple[Method, ...] = (kmeans.METHOD, ward.METHOD, mixture.METHOD)

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
        manner = candidate.manner(X)
        reason = f"Tried: {candidate.sentence}{', ' if manner else ''}{manner}."
        if against:
            reason = f"{reason[:-1]}, as asked for, although {against}."
        plan.append(Tried(candidate.name, is_tried=True, reason=reason))
    return tuple(plan)
