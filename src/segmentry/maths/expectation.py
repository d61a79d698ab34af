"""Gaussian mixtures of many rows: expectation and maximisation block by block, single precision.

What lives here: passes over rows that fit the memory but whose products of columns do not. What
does not: the fit of few rows in double precision, and what a mixture costs (``maths.mixture``);
where to begin (``cluster.mixture``). Read on in ``docs/methods/mixture.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.mixture import Covariances
from segmentry.maths.pieces import Spread

BLOCK_CELLS = 86_016
"""Whitened cells held at a time: two such arrays stay in a core's cache."""

PIECE_ROWS = 65_536
"""Rows of one piece of work. Sums are added up piece by piece, whoever carries them out."""

FARTHEST = -60.0
"""Least logarithm of a share: less is nothing beside rounding, and slow where it underflows."""

LEAST_SIZE = 1e-6
"""Rows of a component below which it keeps the shape that it had, and dies out by itself."""

RELATIVE_RIDGE = 1e-6
"""Share of a column's variance that is added to it where no other is asked for."""

_Singles = NDArray[np.float32]
_Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Scale:
    """Where the rows lie and how widely: passes work on columns of mean 0 and deviation 1."""

    origin: NDArray[np.float64]
    deviations: NDArray[np.float64]

    @classmethod
    def of(cls, X: _Floats, covariances: Covariances = "full") -> Scale:
        """Measure columns; one that does not vary keeps its unit.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns), finite
        covariances : {"full", "tied", "diagonal", "spherical"}
            What is round must stay round: spherical clouds have one unit for all columns.

        Returns
        -------
        Scale
        """
        origin = X[0].astype(np.float64)
        sums, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
        for start in range(0, len(X), PIECE_ROWS):
            # From the first row, for squares of what lies far from zero lose their digits.
            part = X[start : start + PIECE_ROWS] - origin
            sums += part.sum(axis=0)
            squares += np.einsum("ij,ij->j", part, part)
        means = sums / len(X)
        variances = np.maximum(squares / len(X) - means**2, 0.0)
        variances[variances <= 1e-14 * squares / len(X)] = 0.0
        if covariances == "spherical":
            variances[:] = variances.mean()
        deviations = np.sqrt(np.where(variances > 0, variances, 1.0))
        # An origin that rows can express leaves their differences exact.
        return cls((origin + means).astype(X.dtype).astype(np.float64), deviations)

    def singles(self, X: _Floats) -> _Singles:
        """Bring rows on to the scale, a row of ones below: one row per column of them."""
        columns = np.array(X.T, order="C")
        columns -= self.origin.astype(X.dtype)[:, None]
        result = np.ones((len(columns) + 1, len(X)), dtype=np.float32)
        np.multiply(
            columns,
            (1.0 / self.deviations).astype(X.dtype)[:, None],
            out=result[:-1],
            casting="same_kind",
        )
        return result


@dataclass(frozen=True)
class Components:
    """Weights, means and covariances of a mixture, in the units of the columns."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    covariances: NDArray[np.float64]


@dataclass(frozen=True)
class Blockwise:
    """Where the passes ended.

    ``entropy`` is that of the rows' shares in the components, in nats, over all rows.
    """

    components: Components
    labels: NDArray[np.int64]
    log_likelihood: float
    entropy: float
    n_steps: int


def components_of(
    X: _Floats,
    labels: NDArray[np.int64],
    *,
    covariances: Covariances = "full",
    ridge: float = RELATIVE_RIDGE,
) -> Components:
    """Describe the clusters of a partition as components of a mixture.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)
        0 .. n_components - 1, each occurring.
    covariances : {"full", "tied", "diagonal", "spherical"}
    ridge : float
        Share of each column's variance that is added to it.

    Returns
    -------
    Components

    Raises
    ------
    MathsError
        If shapes differ or a cluster is empty.
    """
    counts = np.bincount(labels)
    if labels.shape != (len(X),) or (counts == 0).any():
        msg = f"a start needs a component for each of {len(X)} rows and rows for each component"
        raise MathsError(msg)
    scale = Scale.of(X, covariances)
    means, spreads = [], []
    for k in range(len(counts)):
        rows = (X[labels == k] - scale.origin) / scale.deviations
        means.append(rows.mean(axis=0))
        centred = rows - means[-1]
        spreads.append(centred.T @ centred / len(rows))
    shaped = _shaped(np.array(spreads), counts.astype(np.float64), covariances, ridge)
    return _unscaled(counts / len(X), np.array(means), shaped, scale)


def fit_blockwise(
    X: _Floats,
    start: Components,
    *,
    covariances: Covariances = "full",
    ridge: float = RELATIVE_RIDGE,
    tolerance: float = 1e-3,
    max_iterations: int = 100,
    spread: Spread = map,
) -> Blockwise:
    r"""Fit a Gaussian mixture to many rows from known components.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Single or double precision; held as it is, never copied whole.
    start : Components
    covariances : {"full", "tied", "diagonal", "spherical"}
    ridge : float
        Share of each column's variance that is added to it, so that no component shrinks on to a
        few equal rows whatever the units.
    tolerance : float, default=0.001
        Gain in mean log-likelihood below which the fit is done.
    max_iterations : int
    spread : callable, default=map
        Carries out the pieces of a pass; results do not depend on how many hands it has, as long
        as the numeric libraries work with one thread in each.

    Returns
    -------
    Blockwise

    Raises
    ------
    MathsError
        If the start does not fit the rows.

    Notes
    -----
    With the Cholesky factor :math:`\Sigma_k = C_k C_k^\top`, rows are whitened around each mean,
    :math:`y = C_k^{-1}(x - \mu_k)`, all components by one matrix product; another one sums
    :math:`r_k\,y\,x^\top`. Both are linear in what is subtracted, so single precision loses no
    more than a component's distance from the origin in its own widths, where plain second moments
    would lose its square. Sums of blocks are added in double precision. Cost
    O(n_rows n_components n_columns^2) a pass.

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data
    via the EM algorithm. J. R. Statist. Soc. B 39, 1-38.
    """
    if start.means.shape != (len(start.weights), X.shape[1]) or not len(X):
        msg = f"components of shape {start.means.shape} cannot start on rows of shape {X.shape}"
        raise MathsError(msg)
    scale = Scale.of(X, covariances)
    weights, means, spreads = _scaled(start, scale)
    before, n_steps = -np.inf, 0
    while True:
        n_steps += 1
        pieces = _passed(X, _Pass.of(weights, means, spreads, scale), spread)
        log_likelihood = sum(p.log_likelihood for p in pieces)
        if log_likelihood / len(X) - before < tolerance or n_steps > max_iterations:
            break
        before = log_likelihood / len(X)
        moments = np.sum([p.moments for p in pieces], axis=0)
        weights, means, spreads = _maximised(moments, means, spreads, covariances, ridge)
    return Blockwise(
        _unscaled(weights, means, spreads, scale),
        np.concatenate([p.labels for p in pieces]),
        log_likelihood - len(X) * float(np.log(scale.deviations).sum()),
        sum(p.entropy for p in pieces),
        n_steps,
    )


@dataclass(frozen=True)
class _Sums:
    """What a pass adds up over a piece of the rows."""

    moments: NDArray[np.float64]
    log_likelihood: float
    entropy: float
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class _Pass:
    """Components ready for rows: what whitens them, and the heights of their densities."""

    whitening: _Singles
    """Of shape (n_components * (n_columns + 1), n_columns + 1): each component's last row is 1."""
    heights: _Singles
    scale: Scale

    @classmethod
    def of(
        cls,
        weights: NDArray[np.float64],
        means: NDArray[np.float64],
        spreads: NDArray[np.float64],
        scale: Scale,
    ) -> _Pass:
        k, d = means.shape
        factors = np.linalg.cholesky(spreads)
        inverses = np.linalg.inv(factors)
        whitening = np.zeros((k, d + 1, d + 1))
        whitening[:, :d, :d] = inverses
        whitening[:, :d, d] = -(inverses @ means[:, :, None])[:, :, 0]
        whitening[:, d, d] = 1.0
        log_dets = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
        # The ones of the last rows are among the squares, and are taken out here.
        heights = np.log(weights) - log_dets - d / 2 * np.log(2 * np.pi) + 0.5
        flat = whitening.reshape(k * (d + 1), d + 1)
        return cls(flat.astype(np.float32), heights.astype(np.float32)[:, None], scale)

    def sums(self, X: _Floats) -> _Sums:
        """Take the rows of one piece, block by block."""
        size, width = self.whitening.shape
        step = max(64, BLOCK_CELLS // size)
        moments = np.zeros((size, width))
        log_likelihood = entropy = 0.0
        labels = np.empty(len(X), dtype=np.int64)
        for start in range(0, len(X), step):
            block = slice(start, start + step)
            rows = self.scale.singles(X[block])
            white = (self.whitening @ rows).reshape(len(self.heights), width, -1)
            logs = self.heights - 0.5 * np.einsum("kij,kij->kj", white, white)
            top = logs.max(axis=0)
            labels[block] = logs.argmax(axis=0)
            logs -= top
            np.maximum(logs, FARTHEST, out=logs)
            shares = np.exp(logs)
            totals = shares.sum(axis=0)
            shares /= totals
            own = np.log(totals)
            log_likelihood += float(top.sum(dtype=np.float64) + own.sum(dtype=np.float64))
            entropy += float(own.sum(dtype=np.float64) - np.vdot(shares, logs))
            white *= shares[:, None, :]
            moments += white.reshape(size, -1) @ rows.T
        return _Sums(moments.reshape(-1, width, width), log_likelihood, entropy, labels)


def _passed(X: _Floats, step: _Pass, spread: Spread) -> list[_Sums]:
    starts = range(0, len(X), PIECE_ROWS)
    return list(spread(lambda start: step.sums(X[start : start + PIECE_ROWS]), starts))


def _maximised(
    moments: NDArray[np.float64],
    means: NDArray[np.float64],
    spreads: NDArray[np.float64],
    covariances: Covariances,
    ridge: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Turn summed moments into weights, means and covariances."""
    d = means.shape[1]
    sizes = moments[:, d, d]
    alive = sizes > LEAST_SIZE
    held = np.where(alive, sizes, 1.0)[:, None]
    factors = np.linalg.cholesky(spreads)
    shifts = (factors @ (moments[:, :d, d] / held)[:, :, None])[:, :, 0]
    # Sums of y x' less those of y times the old mean are sums of y (x - mean)'.
    crossed = (moments[:, :d, :d] - moments[:, :d, d:] * means[:, None, :]) / held[:, :, None]
    around = factors @ crossed
    around = (around + around.transpose(0, 2, 1)) / 2 - shifts[:, :, None] * shifts[:, None, :]
    around = np.where(alive[:, None, None], around, spreads)
    moved = np.where(alive[:, None], means + shifts, means)
    sizes = np.maximum(sizes, LEAST_SIZE)
    return sizes / sizes.sum(), moved, _shaped(around, sizes, covariances, ridge)


def _shaped(
    spreads: NDArray[np.float64],
    sizes: NDArray[np.float64],
    covariances: Covariances,
    ridge: float,
) -> NDArray[np.float64]:
    """Bring covariances into the form that is fitted, and keep them from being flat."""
    d = spreads.shape[1]
    if covariances == "tied":
        pooled = np.tensordot(sizes / sizes.sum(), spreads, axes=1)
        spreads = np.broadcast_to(pooled, spreads.shape)
    elif covariances != "full":
        variances = np.diagonal(spreads, axis1=1, axis2=2)
        if covariances == "spherical":
            variances = np.repeat(variances.mean(axis=1, keepdims=True), d, axis=1)
        spreads = variances[:, :, None] * np.eye(d)
    values, vectors = np.linalg.eigh(spreads)
    # Rounding may leave a direction without variance a little below zero.
    kept: NDArray[np.float64] = (vectors * (np.maximum(values, 0.0) + ridge)[:, None, :]) @ (
        vectors.transpose(0, 2, 1)
    )
    return kept


def _scaled(
    components: Components, scale: Scale
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    means = (components.means - scale.origin) / scale.deviations
    spreads = components.covariances / np.multiply.outer(scale.deviations, scale.deviations)
    return components.weights, means, spreads


def _unscaled(
    weights: NDArray[np.float64],
    means: NDArray[np.float64],
    spreads: NDArray[np.float64],
    scale: Scale,
) -> Components:
    units = np.multiply.outer(scale.deviations, scale.deviations)
    return Components(weights, means * scale.deviations + scale.origin, spreads * units)
