"""Structureless data of a table's own kind: one hump per column, the same ranks going together.

What lives here: telling columns that vary smoothly from columns that sit on a few values, turning
ties into the intervals they stand for, and drawing clouds without groups. What does not: how
grouped a cloud looks (``grouping``, ``dip``), or the verdict (``judge``). Read on in
``docs/methods/structure.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.dip import nearest_hump

EDGE_SHARE = 0.05
"""Share of rows at the smallest or the largest value from which that value is an atom."""

INNER_SHARE = 0.10
"""The same for values in between, where rounding alone heaps rows too."""

SWEEPS = 8
"""Rounds of drawing tied rows' scores given the other columns."""

MOST_BENDING = 6
"""Columns whose squares and products may bend the cloud."""

ROWS_PER_TERM = 20


def atom_share(column: NDArray[np.float64]) -> float:
    """Measure which share of a column sits on single values instead of varying.

    Parameters
    ----------
    column : ndarray of shape (n,)

    Returns
    -------
    float
        Share of rows at values that hold 5 % of rows at an end of the range, 10 % inside.

    Examples
    --------
    >>> atom_share(np.r_[np.zeros(30), np.arange(1.0, 71.0)])
    0.3
    """
    shares, _ = _shares(column)
    return float(shares[_atoms(shares)].sum())


def between_ends(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the rows of a column that do not sit on an atom at an end of its range.

    An atom in the middle stays: without it, its two sides would look like two humps.

    Parameters
    ----------
    column : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n_between,)

    Examples
    --------
    >>> between_ends(np.r_[np.zeros(30), np.arange(1.0, 71.0)])[:3]
    array([1., 2., 3.])
    """
    shares, place = _shares(column)
    at_end = np.zeros(len(shares), dtype=bool)
    at_end[0], at_end[-1] = shares[0] >= EDGE_SHARE, shares[-1] >= EDGE_SHARE
    between: NDArray[np.float64] = column[~at_end[place]]
    return between


def _atoms(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    atoms = shares >= INNER_SHARE
    atoms[0] |= shares[0] >= EDGE_SHARE
    atoms[-1] |= shares[-1] >= EDGE_SHARE
    return atoms


def _shares(
    column: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the share of rows at each value, in ascending order, and each row's value."""
    _, place, counts = np.unique(column, return_inverse=True, return_counts=True)
    return counts / len(column), place


def spread_ties(column: NDArray[np.float64], rng: Generator) -> NDArray[np.float64]:
    """Spread rows that share a value evenly over the range that rounds to it.

    Heaps of equal values are humps to a test that takes values as exact; rounding made them.

    Parameters
    ----------
    column : ndarray of shape (n,)
    rng : Generator

    Returns
    -------
    ndarray of shape (n,)
        Between the midpoints to the next values; a value that only one row has stays.
    """
    values, place, counts = np.unique(column, return_inverse=True, return_counts=True)
    return _spread(column, values, place, counts > 1, rng)


def spread_atoms(X: NDArray[np.float64], rng: Generator) -> NDArray[np.float64]:
    """Spread rows that sit on atoms over the ranges that these stand for, in every column.

    The empty space beside a value that many rows share was made by counting or rounding, not by
    groups. Values that few rows share stay: a gap beside them is one.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    rng : Generator

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        ``X`` itself where no column has an atom.
    """
    spread = X
    for j, column in enumerate(X.T):
        values, place = np.unique(column, return_inverse=True)
        atoms = _atoms(np.bincount(place) / len(column))
        if atoms.any():
            spread = X.copy() if spread is X else spread
            spread[:, j] = _spread(column, values, place, atoms, rng)
    return spread


def _spread(
    column: NDArray[np.float64],
    values: NDArray[np.float64],
    place: NDArray[np.int64],
    moved: NDArray[np.bool_],
    rng: Generator,
) -> NDArray[np.float64]:
    """Spread the rows of some values between the midpoints to the values beside them."""
    if len(values) == 1:
        return column.copy()
    middles = (values[1:] + values[:-1]) / 2
    low = np.concatenate([values[:1], middles])[place]
    high = np.concatenate([middles, values[-1:]])[place]
    return np.where(moved[place], low + (high - low) * rng.random(len(column)), column)


def latent_scores(X: NDArray[np.float64], rng: Generator) -> NDArray[np.float64]:
    r"""Turn columns into normal scores, tied rows lying where the other columns put them.

    A value that many rows share stands for a range that was not told apart. Its rows are spread
    over that range of the normal curve, each given its other columns, so that neither the heap
    nor chance adds a group that is not there.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator
        Draws the scores of tied rows.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        Standard normal in each column, in the order of its values.

    References
    ----------
    Hoff, P. D. (2007). Extending the rank likelihood for semiparametric copula estimation.
    Annals of Applied Statistics 1, 265-283.
    """
    from scipy.special import ndtri

    n = len(X)
    low, high = np.empty_like(X), np.empty_like(X)
    for j, column in enumerate(X.T):
        _, place, counts = np.unique(column, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        low[:, j], high[:, j] = (ends - counts)[place], ends[place]
    tied = high - low > 1
    shares = np.where(tied, low + (high - low) * rng.random(X.shape), (low + high) / 2) / n
    Z: NDArray[np.float64] = ndtri(np.clip(shares, 0.5 / n, 1 - 0.5 / n))
    if X.shape[1] > 1 and tied.any():
        floor, ceiling = ndtri(low / n), ndtri(high / n)
        for _ in range(SWEEPS):
            _sweep(Z, tied, floor, ceiling, rng)
    return normal_scores(Z)


def normal_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Replace each column by the normal quantiles of its ranks.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        Of equal values, the earlier row comes first.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        The same set of values in every column.
    """
    scores = np.empty(values.shape)
    order = np.argsort(values, axis=0, kind="stable")
    np.put_along_axis(scores, order, _normal_quantiles(len(values))[:, None], axis=0)
    return scores


def _normal_quantiles(n: int) -> NDArray[np.float64]:
    from scipy.special import ndtri

    quantiles: NDArray[np.float64] = ndtri((np.arange(n) + 0.5) / n)
    return quantiles


def _sweep(
    Z: NDArray[np.float64],
    tied: NDArray[np.bool_],
    floor: NDArray[np.float64],
    ceiling: NDArray[np.float64],
    rng: Generator,
) -> None:
    """Draw the tied scores of each column anew, given the others (one Gibbs round, in place)."""
    precision = np.linalg.inv(correlations(Z))
    for j in range(Z.shape[1]):
        rows = tied[:, j]
        if not rows.any():
            continue
        slopes = -precision[j] / precision[j, j]
        slopes[j] = 0.0
        centre, spread = Z[rows] @ slopes, float(1 / np.sqrt(precision[j, j]))
        low, high = (floor[rows, j] - centre) / spread, (ceiling[rows, j] - centre) / spread
        Z[rows, j] = centre + spread * _truncated_normal(low, high, rng)


def _truncated_normal(
    low: NDArray[np.float64], high: NDArray[np.float64], rng: Generator
) -> NDArray[np.float64]:
    """Draw standard normals between bounds, by inversion on the side where the tail is thin."""
    from scipy.special import ndtr, ndtri

    mirrored = low > 0
    a, b = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    mass = ndtr(a)
    drawn = ndtri(np.clip(mass + (ndtr(b) - mass) * rng.random(len(a)), 1e-300, 1 - 1e-16))
    inside: NDArray[np.float64] = np.clip(drawn, a, b)
    return np.where(mirrored, -inside, inside)


def correlations(Z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure correlations, kept invertible where columns repeat each other."""
    rho = np.atleast_2d(np.corrcoef(Z, rowvar=False))
    kept: NDArray[np.float64] = 0.999 * np.nan_to_num(rho) + 0.001 * np.eye(Z.shape[1])
    return kept


def _one_hump(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ascending values with a single hump, at the column's centre and spread."""
    places, shares = nearest_hump(column)
    values = np.interp((np.arange(len(column)) + 0.5) / len(column), shares, places)
    scale = float(column.std()) / (float(values.std()) or 1.0)
    hump: NDArray[np.float64] = column.mean() + (values - values.mean()) * scale
    return hump


@dataclass(frozen=True, slots=True)
class _Given:
    """One column given those drawn before it: a bent mean, and a spread that may change."""

    mean: NDArray[np.float64]
    log_spread: NDArray[np.float64]
    scale: float


@dataclass(frozen=True)
class OneCloud:
    """A cloud without groups, fitted to data: draw from it as often as needed."""

    order: tuple[int, ...]
    n_bending: int
    columns: tuple[_Given, ...]
    values: NDArray[np.float64]
    """The values of each column, of shape (n_columns, n_rows), ascending: a draw deals them out."""

    def draw(self, rng: Generator) -> NDArray[np.float64]:
        """Draw as many rows as the data had.

        Parameters
        ----------
        rng : Generator

        Returns
        -------
        ndarray of shape (n_rows, n_columns)
        """
        noise = rng.standard_normal(self.values.shape)
        drawn = np.empty(noise.shape[::-1])
        terms = _Terms(len(noise), noise.shape[1], self.n_bending)
        for j, column in zip(self.order, self.columns, strict=True):
            before = terms.so_far
            spread = np.exp(np.clip(column.log_spread @ before, -3.0, 3.0))
            scores = column.mean @ before + column.scale * spread * noise[j]
            drawn[np.argsort(scores), j] = self.values[j]
            terms.add(scores)
        return drawn


class _Terms:
    """A constant, columns one after the other, and squares and products of the first few."""

    def __init__(self, n_columns: int, n_rows: int, n_bending: int) -> None:
        self._n_bending = min(n_bending, n_columns)
        products = self._n_bending * (self._n_bending + 1) // 2
        self._terms = np.ones((1 + n_columns + products, n_rows))
        self._places: list[int] = []
        self._filled = 1

    @property
    def so_far(self) -> NDArray[np.float64]:
        """Give the terms of the columns so far, of shape (n_terms, n_rows)."""
        return self._terms[: self._filled]

    def add(self, scores: NDArray[np.float64]) -> None:
        """Take in the next column, pulled in, since squares of far-out scores rule a fit."""
        place = self._filled
        column = np.clip(scores, -3.0, 3.0, out=self._terms[place])
        self._filled += 1
        if len(self._places) < self._n_bending:
            self._places.append(place)
            for other in self._places:
                np.multiply(column, self._terms[other], out=self._terms[self._filled])
                self._filled += 1
            self._terms[self._filled - 1] -= 1.0  # the square's own mean


def fit_one_cloud(
    X: NDArray[np.float64], scores: NDArray[np.float64], *, latent: NDArray[np.bool_]
) -> OneCloud:
    r"""Fit a cloud with one hump to data, keeping how its columns go together.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        No constant column.
    scores : ndarray of shape (n_rows, n_columns)
        Normal scores of the columns, from ``latent_scores``.
    latent : ndarray of bool, shape (n_columns,)
        Columns for which ``scores`` stand in place of the values: they stay normal.

    Returns
    -------
    OneCloud

    Raises
    ------
    MathsError
        If a column is constant or shapes differ.

    Notes
    -----
    The normal scores :math:`z_1, z_2, \dots` are drawn one column after the other,

    .. math:: z_1 \sim N(0, 1), \quad
        z_j = m_j(z_1 \dots z_{j-1}) + s_j(z_1 \dots z_{j-1})\, \varepsilon_j

    with m and log s linear in all columns before and quadratic in the first few, by ridge
    regression. The first few are those that say most about the others. With m linear and s
    constant this is the Gaussian copula; the quadratic terms let the cloud bend and fan out, as
    one population's behaviour does, without falling apart. Each column's ranks then pass through
    the distribution with one hump that lies nearest to the column's own, at the column's centre
    and spread.
    """
    if X.shape != scores.shape or latent.shape != X.shape[1:]:
        msg = f"X has shape {X.shape}, its scores {scores.shape}, latent {latent.shape}"
        raise MathsError(msg)
    if (np.ptp(X, axis=0) == 0).any():
        msg = "a constant column has no distribution to fit"
        raise MathsError(msg)
    normal = _normal_quantiles(len(X))
    values = [
        normal if is_latent else _one_hump(column)
        for column, is_latent in zip(X.T, latent, strict=True)
    ]
    n_bending = _n_bending(len(X))
    order = _telling_first(scores, n_bending)
    terms = _Terms(scores.shape[1], len(scores), n_bending)
    columns = []
    for j in order:
        columns.append(_fit_given(terms.so_far, scores[:, j]))
        terms.add(scores[:, j])
    return OneCloud(order, n_bending, tuple(columns), np.stack(values))


def _n_bending(n_rows: int) -> int:
    """Give the number of columns with quadratic terms: at least twenty rows for each term."""
    most = MOST_BENDING
    while most > 0 and (most + 1) * (most + 2) / 2 > n_rows / ROWS_PER_TERM:
        most -= 1
    return most


def _telling_first(scores: NDArray[np.float64], n_first: int) -> tuple[int, ...]:
    """Put first the columns that leave least of the others unexplained, one after the other.

    Of a bow (a column and its square) the square says little about the column, but the column
    all about the square: only in this order does a draw bend.
    """
    left = list(range(scores.shape[1]))
    chosen: list[int] = []
    while left and len(chosen) < n_first:
        rests = [_unexplained(scores, [*chosen, j], n_first) for j in left]
        chosen.append(left.pop(int(np.argmin(rests))))
    return (*chosen, *left)


def _unexplained(scores: NDArray[np.float64], given: list[int], n_bending: int) -> float:
    others = np.delete(scores, given, axis=1)
    known = _Terms(len(given), len(scores), n_bending)
    for j in given:
        known.add(scores[:, j])
    rest = others - known.so_far.T @ _ridge(known.so_far, others)
    return float((rest**2).sum())


def _ridge(terms: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    normal = terms @ terms.T + np.eye(len(terms))
    return np.asarray(np.linalg.solve(normal, terms @ values), dtype=np.float64)


def _fit_given(terms: NDArray[np.float64], column: NDArray[np.float64]) -> _Given:
    if len(terms) == 1:
        return _Given(np.zeros(1), np.zeros(1), 1.0)
    mean = _ridge(terms, column)
    rest = column - mean @ terms
    # The small constant keeps rows that happen to lie on the curve from ruling the logarithm.
    log_spread = _ridge(terms, np.log(rest**2 + 0.05)) / 2
    scale = float((rest / np.exp(np.clip(log_spread @ terms, -3.0, 3.0))).std())
    return _Given(mean, log_spread, scale)
