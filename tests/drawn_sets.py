"""Sets drawn at random, with and without planted groups: what long proofs count verdicts on.

What lives here: raw columns of many shapes and sizes, a set for each number, and how far the best
possible classifier tells planted groups apart. What does not: the few fixed clouds (``clouds``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any

ROWS, COLUMNS = (500, 50_000), (2, 30)
MOST_PLANTED_ROWS, ROWS_PER_COLUMN = 20_000, 100

SPREAD = (0.7548776662466927, 0.5698402909980532)
"""Steps that spread points evenly over a square, however many there are (Roberts 2018, the R2
sequence)."""

TUNING_ROWS, CHECKING_ROWS = 4_000, 20_000
"""Rows on which planted groups are drawn together or apart, and fresh ones on which the best
possible accuracy is then measured: its standard error is below 0.0035."""

LEAST_SHARE = 0.35
"""Share of the smallest planted group: at least so much of an equal one."""

ROOM = 0.15
"""The largest group's share stays so far below the accuracy wanted: always guessing it must not be
as good."""


def size_of(number: int, most_rows: int = ROWS[1]) -> tuple[int, int]:
    """Give rows and columns of a set: spread evenly, rows on the scale of their logarithm."""
    across, along = ((0.5 + number * step) % 1.0 for step in SPREAD)
    d = COLUMNS[0] + int(along * (COLUMNS[1] - COLUMNS[0] + 1))
    least = max(ROWS[0], ROWS_PER_COLUMN * d) if most_rows < ROWS[1] else ROWS[0]
    return round(least * (most_rows / least) ** across), d


def related(rng: Any, n: int, d: int) -> Array:
    """Draw normal columns that share one to three hidden causes, each to a degree of its own."""
    n_causes = int(rng.integers(1, 4))
    loadings = rng.normal(size=(n_causes, d))
    shared = rng.uniform(0.2, 0.9, d)
    loadings *= np.sqrt(shared / (loadings**2).sum(axis=0))
    return rng.normal(size=(n, n_causes)) @ loadings + np.sqrt(1 - shared) * rng.normal(size=(n, d))


def gaussian(rng: Any, n: int, d: int) -> Array:
    """Columns that know nothing of each other."""
    return rng.normal(size=(n, d))


def uniform(rng: Any, n: int, d: int) -> Array:
    """Rows all over a box."""
    return rng.random((n, d))


def skewed(rng: Any, n: int, d: int) -> Array:
    """Lognormal columns of different skew."""
    return np.exp(rng.uniform(0.3, 1.2, d) * related(rng, n, d))


def zero_inflated(rng: Any, n: int, d: int) -> Array:
    """Amounts of which three to eight in ten are zero, as of what not everybody buys."""
    Z = related(rng, n, d)
    left = Z - np.quantile(Z, rng.uniform(0.3, 0.8, d), axis=0).diagonal()
    return np.where(left > 0, np.expm1(rng.uniform(0.5, 1.5, d) * left), 0.0)


def heavy_tailed(rng: Any, n: int, d: int) -> Array:
    """Student's t with three to eight degrees of freedom: a tail for each row, or each value."""
    degrees, width = rng.uniform(3, 8), int(rng.choice([1, d]))
    return related(rng, n, d) / np.sqrt(rng.chisquare(degrees, (n, width)) / degrees)


def with_outliers(rng: Any, n: int, d: int) -> Array:
    """One cloud, of which up to two in a hundred rows lie far out on all sides."""
    far = rng.random((n, 1)) < rng.uniform(0.002, 0.02)
    return related(rng, n, d) * np.where(far, rng.uniform(4, 12, (n, 1)), 1.0)


STRUCTURELESS: dict[str, Callable[[Any, int, int], Array]] = {
    "Gaussian": gaussian,
    "uniform": uniform,
    "skewed (lognormal)": skewed,
    "zero-inflated": zero_inflated,
    "correlated": related,
    "heavy-tailed": heavy_tailed,
    "with outliers": with_outliers,
}


def structureless(family: str, number: int) -> Array:
    """Draw a set of one family."""
    place = list(STRUCTURELESS).index(family)
    # Seeds far from those that the rule was set on.
    rng = np.random.default_rng([51, place, number])
    return STRUCTURELESS[family](rng, *size_of(number))


SHAPES = ("round", "of unequal width", "correlated", "skewed", "heavy-tailed", "noise beside")


@dataclass(frozen=True)
class Planted:
    """Groups that were planted, and how well the best possible classifier tells them apart."""

    X: Array
    labels: Array
    shape: str
    accuracy: float


@dataclass(frozen=True)
class Mixture:
    """Groups around centres: all that is needed to draw rows and to judge them."""

    shares: Array
    centres: Array
    widths: Array
    mixing: Array
    degrees: float

    def draw(self, rng: Any, n: int, scale: float) -> tuple[Array, Array]:
        """Draw rows with the centres so far apart."""
        labels = rng.choice(len(self.shares), n, p=self.shares)
        noise = rng.normal(size=(n, self.centres.shape[1]))
        if np.isfinite(self.degrees):
            noise /= np.sqrt(rng.chisquare(self.degrees, (n, 1)) / self.degrees)
        noise = noise @ self.mixing.T * self.widths[labels, None]
        return scale * self.centres[labels] + noise, labels

    def accuracy(self, rng: Any, n: int, scale: float) -> float:
        """Let the classifier that knows everything say which group rows are of."""
        X, labels = self.draw(rng, n, scale)
        d, back = X.shape[1], np.linalg.inv(self.mixing)
        scores = np.empty((n, len(self.shares)))
        for g, centre in enumerate(self.centres):
            squares = (((X - scale * centre) @ back.T / self.widths[g]) ** 2).sum(axis=1)
            if np.isfinite(self.degrees):
                squares = (self.degrees + d) * np.log1p(squares / self.degrees)
            scores[:, g] = np.log(self.shares[g]) - d * np.log(self.widths[g]) - squares / 2
        return float((scores.argmax(axis=1) == labels).mean())


def planted(number: int, accuracy: float | None = None) -> Planted:
    """Plant groups, so far apart that the best possible classifier is right as often as wanted.

    Without a wish it is right for 95 to 99.5 in a hundred rows, and at least for 95.
    """
    rng = np.random.default_rng([52, number, round(1_000 * (accuracy or 0))])
    shape, (n, d) = SHAPES[number % len(SHAPES)], size_of(number, MOST_PLANTED_ROWS)
    while True:
        wanted = accuracy or rng.uniform(0.952, 0.995)
        mixture = _mixture(rng, shape, d, wanted)
        scale = _scale(mixture, int(rng.integers(2**31)), wanted)
        reached = mixture.accuracy(rng, CHECKING_ROWS, scale)
        if accuracy is not None or reached >= 0.95:
            break
    X, labels = mixture.draw(rng, n, scale)
    if shape == "skewed":  # monotone in each column, so that nothing is harder to tell
        X = np.exp(rng.uniform(0.4, 1.0, d) * (X - X.mean(axis=0)) / X.std(axis=0))
    return Planted(X, labels, shape, reached)


def _mixture(rng: Any, shape: str, d: int, accuracy: float) -> Mixture:
    while True:
        k = int(rng.integers(2, 9))
        shares = (LEAST_SHARE + (1 - LEAST_SHARE) * k * rng.dirichlet(np.full(k, 2.0))) / k
        if shares.max() <= accuracy - ROOM:
            break
    centres, mixing = rng.normal(size=(k, d)), np.eye(d)
    if shape == "noise beside":
        centres[:, max(1, d // 2) :] = 0.0
    if shape == "correlated":
        mixing = np.linalg.cholesky(np.corrcoef(related(rng, 50 * d, d), rowvar=False))
    widths = np.exp(rng.uniform(-0.5, 0.5, k)) if shape == "of unequal width" else np.ones(k)
    return Mixture(shares, centres, widths, mixing, 6.0 if shape == "heavy-tailed" else np.inf)


def _scale(mixture: Mixture, seed: int, wanted: float) -> float:
    """Draw the centres together or apart, always with the same chance, until it is right."""
    low, high = 1e-2, 1e3
    for _ in range(25):
        scale = float(np.sqrt(low * high))
        reached = mixture.accuracy(np.random.default_rng(seed), TUNING_ROWS, scale)
        low, high = (scale, high) if reached < wanted else (low, scale)
    return high


def as_prepared(X: Array) -> Array:
    """Prepare raw columns as a run does."""
    from segmentry.domain.audit import Audit
    from segmentry.pipeline.frames import learn_features, table_of_numbers
    from segmentry.prepare.fit import fit_recipe
    from segmentry.seeds import stream

    audit = Audit()
    table, _ = learn_features(table_of_numbers(X, [f"x{j}" for j in range(X.shape[1])]), audit)
    recipe = fit_recipe(table, weights={}, audit=audit, rng=stream(0, "prepare"))
    return recipe.apply(table).X
