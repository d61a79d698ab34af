"""Who the simulated users are: planted segments as distributions over behaviour parameters.

Every parameter is a monotone function (its *link*) of a latent number, and within a segment the
latent numbers are normal: independent, or correlated alike in all segments. Densities are
therefore exact, and the best possible classifier on the true parameters is known (``overlap``).
What users then do with their parameters is told in ``timeline`` and ``scenarios``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError

Link = Literal["identity", "exp", "share"]

NOISE = -1
"""Label of a user who belongs to no segment."""

NOISE_NAME = "noise"

NOISE_BREADTH = 1.3
"""Noise users are drawn this many times wider than all segments together, and independently
per parameter: between, across and beyond the segments."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One side of a user's behaviour.

    ``spread`` is the standard deviation within a segment on the latent scale: of the logarithm
    for ``exp``, of the log-odds for ``share``, of the number itself for ``identity``. ``above`` is
    added after ``exp``, for counts that cannot be less.
    """

    name: str
    link: Link
    spread: float
    above: float = 0.0

    def latent(self, value: float) -> float:
        """Turn a natural value into its latent number.

        Raises
        ------
        MathsError
            If the value lies outside the parameter's range.
        """
        if self.link == "identity":
            return value
        if self.link == "exp" and value > self.above:
            return float(np.log(value - self.above))
        if self.link == "share" and 0.0 < value < 1.0:
            return float(np.log(value / (1.0 - value)))
        msg = f"{self.name} cannot be {value}"
        raise MathsError(msg)

    def natural(self, latent: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn latent numbers into natural values."""
        if self.link == "identity":
            return latent
        if self.link == "exp":
            return np.asarray(np.exp(latent) + self.above)
        return np.asarray(1.0 / (1.0 + np.exp(-latent)))


@dataclass(frozen=True, slots=True)
class PlantedSegment:
    """A way to behave that many users share: a name, a share of the users, typical values."""

    name: str
    share: float
    typical: Mapping[str, float]


@dataclass(frozen=True)
class Population:
    """Planted segments over a scenario's parameters.

    ``spread`` multiplies every parameter's spread: the larger, the more segments overlap.
    ``correlations`` are those of pairs of parameters within a segment; others are 0.
    """

    parameters: tuple[Parameter, ...]
    segments: tuple[PlantedSegment, ...]
    spread: float = 1.0
    noise_share: float = 0.03
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    centres: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    """Latent centres, of shape (n_segments, n_parameters)."""
    mixing: NDArray[np.float64] | None = field(init=False, repr=False, compare=False)
    """Lower triangle that correlates standard scatter; None where nothing is correlated."""

    def __post_init__(self) -> None:
        rows = [[p.latent(s.typical[p.name]) for p in self.parameters] for s in self.segments]
        object.__setattr__(self, "centres", np.array(rows, dtype=np.float64))
        object.__setattr__(self, "mixing", self._mixing())

    @property
    def n_segments(self) -> int:
        """Count the planted segments."""
        return len(self.segments)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Give the segments' shares of the users that are not noise; they sum to 1."""
        shares = np.array([s.share for s in self.segments])
        return np.asarray(shares / shares.sum())

    @property
    def spreads(self) -> NDArray[np.float64]:
        """Give the latent standard deviation per parameter."""
        return np.array([p.spread for p in self.parameters]) * self.spread

    def with_spread(self, spread: float) -> Population:
        """Give the same segments, overlapping more or less."""
        return replace(self, spread=spread)

    def merged(self, name: str) -> Population:
        """Give one population without groups, of the same middle, spreads and correlations."""
        apart = self.centres - self._middle()
        within = np.eye(len(self.spreads)) if self.mixing is None else self.mixing @ self.mixing.T
        covariance = within * np.outer(self.spreads, self.spreads)
        covariance += (self.shares[:, None] * apart).T @ apart
        wide = np.sqrt(np.diag(covariance))
        names = [p.name for p in self.parameters]
        pairs = {
            (one, names[k]): float(covariance[j, k] / (wide[j] * wide[k]))
            for j, one in enumerate(names)
            for k in range(j)
        }
        typical = {
            p.name: float(p.natural(self._middle())[j]) for j, p in enumerate(self.parameters)
        }
        broad = tuple(
            replace(p, spread=float(w)) for p, w in zip(self.parameters, wide, strict=True)
        )
        alone = (PlantedSegment(name, 1.0, typical),)
        return Population(broad, alone, noise_share=0.0, correlations=pairs)

    def draw_scatter(self, n: int, rng: Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw segment labels, noise left out, and standard normal scatter.

        Returns
        -------
        labels : ndarray of shape (n,), int, position in ``segments``
        scatter : ndarray of shape (n, n_parameters)
        """
        labels = rng.choice(self.n_segments, size=n, p=self.shares).astype(np.int64)
        return labels, rng.standard_normal((n, len(self.parameters)))

    def placed(
        self, labels: NDArray[np.int64], scatter: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Put scatter around the segments' centres: latent numbers."""
        if self.mixing is not None:
            scatter = scatter @ self.mixing.T
        return np.asarray(self.centres[labels] + scatter * self.spreads)

    def draw_users(self, n: int, rng: Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw users as they come: members of segments, and noise users labelled -1."""
        labels, scatter = self.draw_scatter(n, rng)
        latent = self.placed(labels, scatter)
        is_noise = rng.random(n) < self.noise_share
        labels[is_noise] = NOISE
        wide = rng.standard_normal(scatter.shape) * self._total_spreads() * NOISE_BREADTH
        broad = self._middle() + wide
        latent[is_noise] = broad[is_noise]
        return labels, latent

    def log_posteriors(self, latent: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give log share plus log density per segment, up to a constant per row.

        The link functions are monotone and the same for all segments, so their Jacobians cancel
        between segments, and densities may be compared on the latent scale.

        Parameters
        ----------
        latent : ndarray of shape (n, n_parameters)

        Returns
        -------
        ndarray of shape (n, n_segments)
        """
        scaled, centres = latent / self.spreads, self.centres / self.spreads
        if self.mixing is not None:
            unmixed = np.linalg.inv(self.mixing).T
            scaled, centres = scaled @ unmixed, centres @ unmixed
        fit = scaled @ centres.T - 0.5 * (centres**2).sum(axis=1)
        return np.asarray(fit + np.log(self.shares))

    def natural(self, latent: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        """Give the parameters in their natural units, by name."""
        return {p.name: p.natural(latent[:, j]) for j, p in enumerate(self.parameters)}

    def name_of(self, label: int) -> str:
        """Name a label; noise has a name of its own."""
        return NOISE_NAME if label == NOISE else self.segments[label].name

    def _mixing(self) -> NDArray[np.float64] | None:
        if not self.correlations:
            return None
        place = {p.name: j for j, p in enumerate(self.parameters)}
        correlated = np.eye(len(self.parameters))
        for (one, other), value in self.correlations.items():
            correlated[place[one], place[other]] = correlated[place[other], place[one]] = value
        return np.asarray(np.linalg.cholesky(correlated), dtype=np.float64)

    def _middle(self) -> NDArray[np.float64]:
        return np.asarray(self.shares @ self.centres)

    def _total_spreads(self) -> NDArray[np.float64]:
        between = self.shares @ (self.centres - self._middle()) ** 2
        return np.asarray(np.sqrt(between + self.spreads**2))
