"""Path signatures: which kinds of events follow which, reduced to a few columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import INSTANT, FeatureSpec
from segmentry.domain.formula import Learned
from segmentry.domain.role import Facet
from segmentry.features.derived.family import Known, Unfit, Values
from segmentry.features.terms import from_to

NAME = "paths"
N_COLUMNS = 3
MOST_KINDS = 8
"""Kinds whose steps are told apart: 64 pairs."""

LEAST_ENTITIES = 50
"""Entities with a step without whom there is nothing to learn from."""

FIT_ROWS = 50_000
_NAMES = tuple(f"path_{i + 1}" for i in range(N_COLUMNS))
_TOLD = 2


class Paths:
    """Principal directions of the shares of steps from kind to kind."""

    name = NAME
    meaning = None
    features = tuple(
        FeatureSpec(
            name,
            Learned(NAME),
            Facet.ENGAGEMENT,
            "",
            "one of the directions in which entities differ most in what follows what",
            "fewer than two events of known kinds",
            objectives=("engagement", "adoption"),
            aspect="paths",
            is_core=False,
            source="Hellinger distance of bigram shares; truncated singular value decomposition: "
            "Eckart, C. and Young, G. (1936). Psychometrika 1, 211-218",
            also_needs=(INSTANT, "kind"),
        )
        for name in _NAMES
    )

    def inputs(self, known: Known) -> tuple[FeatureSpec, ...]:
        """Give the steps between each pair of the most common kinds."""
        return tuple(step_spec(a, b) for a, b in pairs_of(known.kinds))

    def fit(self, values: Values, known: Known) -> Mapping[str, Any]:
        """Learn the mean and the directions.

        Notes
        -----
        Shares of steps are compared by their square roots, whose Euclidean distance is Hellinger's:
        a pair that is rare for all does not drown in one that is common.
        """
        pairs = pairs_of(known.kinds)
        roots, is_known = _roots(np.column_stack([values[_step(*p)] for p in pairs]))
        if is_known.sum() < LEAST_ENTITIES:
            msg = f"only {int(is_known.sum())} entities have two events in a row"
            raise Unfit(msg)
        rows = np.flatnonzero(is_known)
        rows = rows[np.unique(np.linspace(0, len(rows) - 1, FIT_ROWS).astype(np.int64))]
        centre = roots[rows].mean(axis=0)
        gaps = roots[rows] - centre
        _, weights, directions = np.linalg.svd(gaps.T @ gaps, hermitian=True)
        told = directions[:N_COLUMNS][weights[:N_COLUMNS] > 1e-9 * len(rows)]
        if not len(told):
            msg = "what follows what is the same for all entities"
            raise Unfit(msg)
        # The sign of a direction is nobody's choice: its largest loading is made positive.
        largest = told[np.arange(len(told)), np.abs(told).argmax(axis=1)]
        told = told * np.sign(largest)[:, None]
        digits = 12
        return {
            "pairs": [list(p) for p in pairs],
            "centre": np.round(centre, digits).tolist(),
            "directions": np.round(told, digits).tolist(),
        }

    def inputs_of(self, model: Mapping[str, Any]) -> tuple[FeatureSpec, ...]:
        """Give the steps between the pairs of the model."""
        pairs, _, _ = _checked(model)
        return tuple(step_spec(a, b) for a, b in pairs)

    def apply(self, model: Mapping[str, Any], values: Values) -> dict[str, NDArray[np.float64]]:
        """Project each entity's steps."""
        pairs, centre, directions = _checked(model)
        roots, is_known = _roots(np.column_stack([values[_step(a, b)] for a, b in pairs]))
        # Added up column by column, so that one entity and a million get the same digits.
        found = {}
        for name, direction in zip(_NAMES, directions, strict=False):
            place = np.zeros(len(roots))
            for j, loading in enumerate(direction):
                place += (roots[:, j] - centre[j]) * loading
            place[~is_known] = np.nan
            found[name] = place
        return found

    def sentences(self, model: Mapping[str, Any]) -> Mapping[str, str]:
        """Say what goes up and what goes down along each direction."""
        pairs, _, directions = _checked(model)
        found = {}
        for name, direction in zip(_NAMES, directions, strict=False):
            order = np.argsort(-direction, kind="stable")
            more = [pairs[i] for i in order[:_TOLD] if direction[i] > 0]
            less = [pairs[i] for i in order[::-1][:_TOLD] if direction[i] < 0]
            told = [f"more of {_told(more)}"] + ([f"less of {_told(less)}"] if less else [])
            found[name] = f"direction of what follows what: {', '.join(told)}"
        return found


def pairs_of(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Give each pair of the first kinds, a kind with itself among them.

    Parameters
    ----------
    kinds : sequence of str
        The most common first; those beyond the first eight are in no pair.
    """
    told = kinds[:MOST_KINDS]
    return [(a, b) for a in told for b in told]


def _step(before: str, after: str) -> str:
    return f"step from {before!r} to {after!r}"


def step_spec(before: str, after: str) -> FeatureSpec:
    """Count the steps from one kind to another."""
    return FeatureSpec(
        _step(before, after),
        from_to(before, after),
        Facet.ENGAGEMENT,
        "steps",
        "number of steps",
        "never missing",
    )


def _told(pairs: Sequence[tuple[str, str]]) -> str:
    return " and ".join(f"'{a}' then '{b}'" for a, b in pairs)


def _roots(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    n = counts.sum(axis=1)
    known = n > 0
    shares = counts / np.where(known, n, 1.0)[:, None]
    return np.sqrt(shares), known


def _checked(
    model: Mapping[str, Any],
) -> tuple[list[tuple[str, str]], NDArray[np.float64], NDArray[np.float64]]:
    if set(model) != {"pairs", "centre", "directions"}:
        msg = f"a model of paths has no {sorted(model)}"
        raise ValueError(msg)
    pairs = [(str(a), str(b)) for a, b in model["pairs"]]
    centre = np.array(model["centre"], dtype=np.float64)
    directions = np.array(model["directions"], dtype=np.float64)
    shapes = (centre.shape, directions.shape[1:])
    if not pairs or shapes != ((len(pairs),), (len(pairs),)) or len(directions) > N_COLUMNS:
        msg = "the arrays of a model of paths do not fit its pairs"
        raise ValueError(msg)
    if not (np.isfinite(centre).all() and np.isfinite(directions).all()):
        msg = "a model of paths has a number that is not finite"
        raise ValueError(msg)
    return pairs, centre, directions
