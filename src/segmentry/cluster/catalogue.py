"""The methods that can be searched, simplest first: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster import (
    bisecting,
    consensus,
    cosine,
    dbscan,
    hdbscan,
    jaccard,
    kmeans,
    kprototypes,
    linkages,
    mixture,
    personas,
    robust,
    sized,
    spectral,
    spherical,
    ward,
)
from segmentry.cluster.method import Method

CATALOGUE: tuple[Method, ...] = (
    kmeans.METHOD,
    bisecting.METHOD,
    sized.METHOD,
    kprototypes.METHOD,
    jaccard.METHOD,
    cosine.METHOD,
    spherical.METHOD,
    personas.METHOD,
    ward.METHOD,
    *linkages.METHODS,
    robust.METHOD,
    dbscan.METHOD,
    hdbscan.METHOD,
    spectral.METHOD,
    mixture.METHOD,
    consensus.METHOD,
)

METHODS = tuple(method.name for method in CATALOGUE)
"""Names, simplest first: of equal candidates the simpler method's is chosen."""

AUTOMATIC = tuple(method.name for method in CATALOGUE if method.is_automatic)
"""Names of those that are tried where nobody asks for others."""

ROBUST = tuple(method.name for method in CATALOGUE if method.is_robust)
"""Names of those whose segments do not follow a few rows far from all others."""


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
        ``auto`` tries the automatic methods that suit the data; names are tried whatever the data.

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
        if asked == "auto" and not candidate.is_automatic:
            reason = "Not tried: it is where it is asked for by name."
            plan.append(Tried(candidate.name, is_tried=False, reason=reason))
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
