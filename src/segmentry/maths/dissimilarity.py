"""How unlike rows are where common zeros say nothing: Jaccard of yes and no, cosine of counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

BLOCK_CELLS = 1_000_000
"""Dissimilarities worked on at a time: beside the result itself nothing large is held."""


def jaccard_gaps(A: NDArray[np.bool_], B: NDArray[np.bool_]) -> NDArray[np.float32]:
    r"""Measure which share of what either of two rows has is not common to both.

    Parameters
    ----------
    A : ndarray of bool, shape (n_rows, n_columns)
    B : ndarray of bool, shape (n_others, n_columns)

    Returns
    -------
    ndarray of float32, shape (n_rows, n_others)
        0 to 1. Two rows without anything are alike (0).

    Raises
    ------
    MathsError
        If the numbers of columns differ.

    Notes
    -----
    .. math:: 1 - |a \cap b| / |a \cup b|

    References
    ----------
    Jaccard, P. (1901). Bull. Soc. Vaudoise Sci. Nat. 37, 547-579.

    Examples
    --------
    >>> jaccard_gaps(np.array([[True, True, False]]), np.array([[True, False, False]]))
    array([[0.5]], dtype=float32)
    """
    _check_columns(A, B)
    ones, others = A.astype(np.float32), B.astype(np.float32)
    sizes = others.sum(axis=1)
    result = np.empty((len(A), len(B)), dtype=np.float32)
    for rows in _blocks(len(A), len(B)):
        common = ones[rows] @ others.T
        either = ones[rows].sum(axis=1)[:, None] + sizes - common
        shares = np.ones_like(common)
        np.divide(common, either, out=shares, where=either > 0)
        np.subtract(np.float32(1.0), shares, out=result[rows])
    return result


def cosine_gaps(A: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float32]:
    r"""Measure how far two rows differ in their mix, whatever their amount.

    Parameters
    ----------
    A : ndarray of shape (n_rows, n_columns), finite
    B : ndarray of shape (n_others, n_columns), finite

    Returns
    -------
    ndarray of float32, shape (n_rows, n_others)
        0 to 1 where nothing is negative, else to 2. Two rows of zeros are alike (0); a row of
        zeros and another one are not (1).

    Raises
    ------
    MathsError
        If the numbers of columns differ.

    Notes
    -----
    .. math:: 1 - a \cdot b / (|a| |b|)

    Examples
    --------
    >>> cosine_gaps(np.array([[1.0, 1.0]]), np.array([[5.0, 5.0], [1.0, -1.0]])).round(6)
    array([[0., 1.]], dtype=float32)
    """
    _check_columns(A, B)
    a, b = _unit(A), _unit(B)
    result = np.empty((len(A), len(B)), dtype=np.float32)
    for rows in _blocks(len(A), len(B)):
        # In double precision: a gap of nothing is the difference of two numbers near 1.
        np.clip(1.0 - a[rows] @ b.T, 0.0, 2.0, out=result[rows], casting="same_kind")
    result[np.ix_(~a.any(axis=1), ~b.any(axis=1))] = 0.0
    return result


def _blocks(n_rows: int, n_others: int) -> Iterator[slice]:
    step = max(1, BLOCK_CELLS // max(n_others, 1))
    return (slice(start, start + step) for start in range(0, n_rows, step))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    # The largest value first, so that squares neither overflow nor vanish.
    peaks = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    scaled = rows / np.where(peaks > 0, peaks, 1.0)
    lengths = np.sqrt((scaled**2).sum(axis=1, keepdims=True))
    result: NDArray[np.float64] = scaled / np.where(lengths > 0, lengths, 1.0)
    return result


def _check_columns(
    A: NDArray[np.float64] | NDArray[np.bool_], B: NDArray[np.float64] | NDArray[np.bool_]
) -> None:
    if A.ndim != 2 or B.ndim != 2 or A.shape[1] != B.shape[1]:
        msg = f"rows have shape {A.shape} but others have {B.shape}"
        raise MathsError(msg)
