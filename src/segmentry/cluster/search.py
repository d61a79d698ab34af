"""The search: every method and number of segments on one sample, several seeds each.

Searching produces partitions; judging and choosing among them is ``judge``'s work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.aside import name_of, put_aside, taken_up
from segmentry.cluster.catalogue import AUTOMATIC, CATALOGUE, method
from segmentry.cluster.compress import stand_in
from segmentry.cluster.method import Fits, Method, Sample, Weights
from segmentry.domain.aside import Aside
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import STABLE_ARI, Trial
from segmentry.domain.progress import Progress
from segmentry.domain.weights import evened
from segmentry.errors import FitError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.seeds import stream

FIRST_ROWS = 1_000
"""Rows among which enough distinct ones are nearly always found."""


def search(  # noqa: PLR0913 - keyword-only but for two, each with a role of its own
    X: NDArray[np.float64],
    band: range,
    *,
    seed: int,
    progress: Progress,
    methods: Sequence[str] = AUTOMATIC,
    min_share: float = 0.0,
    max_share: float = 1.0,
    crew: Crew | None = None,
    weights: Weights = None,
    aside: Aside | None = None,
) -> tuple[Trial, ...]:
    """Fit every method with every number of segments of the band, each from several seeds.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        The search sample.
    band : range
        Numbers of segments to try.
    seed : int
        The project's seed.
    progress : Progress
    methods : sequence of str, default the automatic ones
    min_share, max_share : float
        Smallest and largest share of a segment, for methods that can see to it.
    crew : Crew or None
        Hands for independent fits; the result does not depend on their number.
    weights : ndarray of shape (n_rows,), positive, or None
        How much each row counts; only their ratios matter.
    aside : Aside or None
        Where the fits of each method are put as they end, and taken from where they are there.

    Returns
    -------
    tuple of Trial
        By method, simplest first, and number of segments, as far as the rows allow. A mixture
        whose components die out gives fewer segments than asked for and is left out.

    Raises
    ------
    FitError
        E4002 if the rows are too few or too alike for any number of the band; E4003 if no method
        found any of these numbers.
    WeightError
        E5071 if a method takes no weights.
    """
    crew = crew or Crew()
    distinct = len(np.unique(X[:FIRST_ROWS], axis=0))
    if distinct < band.stop - 1:
        distinct = len(np.unique(X, axis=0))
    feasible = tuple(k for k in band if k <= distinct and k < len(X))
    if not feasible:
        msg = f"{distinct} distinct entities cannot make {band.start} segments"
        raise FitError(msg, code="E4002", hint="lower segments.min, or add features")
    with single_threaded():
        sample = Sample(X, feasible, seed, crew, min_share, max_share, evened(weights))
        return _searched(sample, methods, progress, aside)


def _searched(
    sample: Sample, methods: Sequence[str], progress: Progress, aside: Aside | None
) -> tuple[Trial, ...]:
    asked = [m for m in CATALOGUE if m.name in methods]
    if sample.weights is not None:
        for one in asked:
            one.check_weighs()
    n_steps = len(asked) + 1
    progress.advance(0, n_steps)
    fits: dict[tuple[str, int], Fits] = {}
    for i, one in enumerate(asked):
        fits |= {(one.name, k): found for k, found in _swept(sample, one, aside).items()}
        progress.advance(i + 1, n_steps)
    if not fits:
        msg = (
            f"{', '.join(m.name for m in asked)} found nothing with {sample.band[0]} to "
            f"{sample.band[-1]} segments"
        )
        hint = (
            "widen segments.min and segments.max, or let other methods be tried "
            "(segments.methods: auto)"
        )
        raise FitError(msg, code="E4003", hint=hint)
    trials = sample.crew.map(lambda key: _trial(sample, fits[key], key), list(fits))
    progress.advance(n_steps, n_steps)
    return trials


def _swept(sample: Sample, one: Method, aside: Aside | None) -> Mapping[int, Fits]:
    if aside is None:
        return one.sweep(sample)
    name = name_of(sample, one)
    kept = taken_up(aside, name, sample, one)
    if kept is not None:
        return sample.once(one.name, lambda: kept)  # other methods begin where these end
    found = one.sweep(sample)
    put_aside(aside, name, found)
    return found


def _trial(sample: Sample, fits: Fits, key: tuple[str, int]) -> Trial:
    X, own = sample.X, fits.partitions[0]
    others = tuple(p.labels for p in fits.partitions[1:])
    if method(own.method).has_centres:
        answers = own.answers(X)
        fidelity = float((answers == own.labels).mean())
        return Trial(
            replace(own, labels=answers), own.labels, others, fidelity, fits.bic, fits.lost
        )
    rng = stream(sample.seed, "prototypes", *key)
    agreement = [adjusted_rand_index(own.labels, labels) for labels in others]
    if agreement and float(np.mean(agreement)) < STABLE_ARI:
        # A matter of luck: one prototype per segment will do to show what it is like.
        best, _ = stand_in(own, X, rng=rng, counts=(1,))
        return Trial(best, own.labels, others, float("nan"), fits.bic, fits.lost)
    best, fidelity = stand_in(own, X, rng=rng)
    return Trial(best, own.labels, others, fidelity, fits.bic, fits.lost)
