"""How well planted segments can be told apart at all, and the spread that makes it so.

The best possible classifier sees the true parameters and knows every segment's density and share.
No method that sees only events can beat it, so its figures are what results are measured against.
Noise users are left out: they have no right answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from segmentry.maths.agreement import adjusted_rand_index
from segmentry.seeds import stream
from segmentry.simulate.population import Population

TARGET_ACCURACY = 0.94
"""Within the band 0.90 to 0.95 that planted segments are held to."""

CALIBRATION_DRAWS = 50_000
MEASURE_DRAWS = 100_000
N_BATCHES = 10
"""Batches of the measurement; their scatter gives the error of the agreement."""

SPREAD_RANGE = (0.1, 4.0)
BISECTIONS = 14


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the best possible classifier reaches, with Monte Carlo standard errors.

    ``accuracy`` is its share of right labels, ``ari`` the adjusted Rand index of its labels
    against the truth.
    """

    accuracy: float
    accuracy_error: float
    ari: float
    ari_error: float


def measure_overlap(population: Population, rng: Generator, n: int = MEASURE_DRAWS) -> Overlap:
    """Run the best possible classifier on fresh draws.

    Parameters
    ----------
    population : Population
    rng : Generator
    n : int, default=100_000
        Users drawn in all.

    Returns
    -------
    Overlap
        With one segment: both figures are 1, without error.
    """
    if population.n_segments == 1:
        return Overlap(1.0, 0.0, 1.0, 0.0)
    accuracies, agreements = [], []
    for _ in range(N_BATCHES):
        labels, scatter = population.draw_scatter(n // N_BATCHES, rng)
        best = population.log_posteriors(population.placed(labels, scatter)).argmax(axis=1)
        accuracies.append(float((best == labels).mean()))
        agreements.append(adjusted_rand_index(labels, best))
    root = np.sqrt(N_BATCHES)
    return Overlap(
        float(np.mean(accuracies)),
        float(np.std(accuracies, ddof=1) / root),
        float(np.mean(agreements)),
        float(np.std(agreements, ddof=1) / root),
    )


def calibrate(population: Population, target: float = TARGET_ACCURACY) -> Population:
    """Set the spread so that the best possible classifier reaches the target accuracy.

    Bisection on draws that are scaled, never redrawn, so that accuracy falls as the spread grows.
    The draws do not depend on a simulation's seed: a scenario's segments are the same for all
    seeds.

    Parameters
    ----------
    population : Population
    target : float, default=0.94

    Returns
    -------
    Population
        The same segments with another spread; one segment stays as it is.
    """
    if population.n_segments == 1:
        return population
    labels, scatter = population.draw_scatter(CALIBRATION_DRAWS, stream(0, "simulate", "calibrate"))
    low, high = SPREAD_RANGE
    for _ in range(BISECTIONS):
        middle = (low * high) ** 0.5
        spread = population.with_spread(middle)
        best = spread.log_posteriors(spread.placed(labels, scatter)).argmax(axis=1)
        if float((best == labels).mean()) > target:
            low = middle
        else:
            high = middle
    return population.with_spread(round((low * high) ** 0.5, 4))
