"""One number for each stretch of rows that lie together: counts, exact sums, extremes, medians.

What lives here: reductions of an array over stretches ``low[g]:high[g]`` of its rows, none of which
depends on how many other stretches there are. What does not: what a stretch stands for.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]

_WHOLE = 2**63 - 1
_ROOM = 63
"""Bits of a whole number beside its sign."""


def edges_of(sorted_values: NDArray[Any]) -> Places:
    """Find where equal neighbours begin; the number of rows stands last.

    Parameters
    ----------
    sorted_values : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n_groups + 1,)
    """
    n = len(sorted_values)
    if not n:
        return np.zeros(1, np.int64)
    begins = np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1
    return np.concatenate(([0], begins, [n])).astype(np.int64)


def shared_out(edges: Places, most: int) -> list[int]:
    """Share groups out into parts of about as many rows, none of them cut.

    Parameters
    ----------
    edges : ndarray of int of shape (n_groups + 1,)
    most : int
        Rows of a part, or those of one group where this has more.

    Returns
    -------
    list of int
        Where the groups of each part begin; the number of groups stands last.
    """
    n_rows, n_groups = int(edges[-1]), len(edges) - 1
    n = max(-(-n_rows // most), 1)
    begins = np.searchsorted(edges, np.arange(n) * n_rows // n, side="left")
    return [*(np.unique(begins[begins < n_groups]).tolist() or [0]), n_groups]


def owners(edges: Places) -> NDArray[np.int32]:
    """Give the group of each row, out of the edges of all groups."""
    return np.repeat(np.arange(len(edges) - 1, dtype=np.int32), np.diff(edges))


def counted(mask: Mask, low: Places, high: Places) -> Places:
    """Count the rows of each stretch that a mask holds.

    Parameters
    ----------
    mask : ndarray of bool of shape (n,)
    low, high : ndarray of int of shape (n_groups,)
        With ``low <= high``.

    Returns
    -------
    ndarray of int of shape (n_groups,)
    """
    upto = np.zeros(len(mask) + 1, np.int32)
    np.cumsum(mask, dtype=np.int32, out=upto[1:])
    return (upto[high] - upto[low]).astype(np.int64)


def summed(values: NDArray[np.integer[Any]], low: Places, high: Places) -> Numbers:
    """Add up whole numbers of each stretch exactly; only the result is rounded.

    Parameters
    ----------
    values : ndarray of int of shape (n,)
    low, high : ndarray of int of shape (n_groups,)

    Returns
    -------
    ndarray of float of shape (n_groups,)
    """
    if not len(values) or not len(low):
        return np.zeros(len(low))
    longest = int((high - low).max())
    largest = max(abs(int(values.max())), abs(int(values.min())))
    if largest * longest <= _WHOLE:
        # The running total may wrap around; differences of it do not.
        return _between(values, low, high).astype(np.float64)
    above = _between(values >> 32, low, high).astype(np.longdouble)
    below = _between(values & 0xFFFFFFFF, low, high).astype(np.longdouble)
    return (above * 2**32 + below).astype(np.float64)


def _between(values: NDArray[Any], low: Places, high: Places) -> Places:
    upto = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, dtype=np.int64, out=upto[1:])
    return upto[high] - upto[low]


def squared(values: NDArray[np.int64], low: Places, high: Places) -> Numbers:
    """Add up the squares of whole numbers, exactly where a square has no more than 64 bits.

    Raises
    ------
    MathsError
        E7001 if a number has more than 47 bits.
    """
    largest = max(abs(int(values.max())), abs(int(values.min()))) if len(values) else 0
    if largest**2 <= _WHOLE:
        return summed(values * values, low, high)
    if largest >= 2**47:
        raise MathsError(f"{largest} is too large to be squared: it has more than 47 bits")
    # A silence of a century in seconds: the square of a sum of two parts.
    a, b = values >> 16, values & 0xFFFF
    parts = [summed(part, low, high) for part in (a * a, a * b, b * b)]
    return parts[0] * 2.0**32 + parts[1] * 2.0**17 + parts[2]


def extreme(
    values: NDArray[Any], group: NDArray[Any], n_groups: int, which: Literal["least", "most"]
) -> Numbers:
    """Give the least or the largest value of each group.

    Parameters
    ----------
    values : ndarray of shape (n,)
    group : ndarray of int of shape (n,)
        Ascending.
    n_groups : int
    which : {'least', 'most'}

    Returns
    -------
    ndarray of float of shape (n_groups,)
        NaN for groups without a value.
    """
    result = np.full(n_groups, np.nan)
    edges = edges_of(group)[:-1]
    if len(group):
        ufunc = np.minimum if which == "least" else np.maximum
        result[group[edges]] = ufunc.reduceat(values, edges)
    return result


def medians(values: NDArray[Any], group: NDArray[Any], n_groups: int) -> Numbers:
    """Give the median of each group: the mean of the two in the middle where they are even.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Whole numbers, or floats without NaN.
    group : ndarray of int of shape (n,)
        Ascending.
    n_groups : int

    Returns
    -------
    ndarray of float of shape (n_groups,)
        NaN for groups without a value.
    """
    result = np.full(n_groups, np.nan)
    if not len(values):
        return result
    edges = edges_of(group)
    ordered = sorted_within(values, group)
    first, n = edges[:-1], np.diff(edges)
    middle = ordered[first + (n - 1) // 2].astype(np.float64)
    other = ordered[first + n // 2].astype(np.float64)
    result[group[first]] = middle + (other - middle) / 2
    return result


def sorted_within(values: NDArray[Any], group: NDArray[Any]) -> NDArray[Any]:
    """Sort the values of each group, which lie together and stay there."""
    if values.dtype.kind in "iu":
        low = int(values.min())
        width = int(values.max()) - low + 1
        if (int(group[-1]) + 1) * width <= _WHOLE:
            # One number tells group and value, and numbers sort fastest by themselves.
            key = group.astype(np.int64) * width + (values.astype(np.int64) - low)
            key.sort()
            return key - group.astype(np.int64) * width + low
    return values[np.lexsort((values, group))]


def value_counts(
    values: NDArray[Any], group: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Places]:
    """Count the rows of each distinct value of each group.

    Parameters
    ----------
    values : ndarray of int of shape (n,)
    group : ndarray of int of shape (n,)
        Ascending.

    Returns
    -------
    group, value, n : ndarray of shape (n_pairs,)
        Ascending by group and value.
    """
    none = np.zeros(0, np.int64)
    if not len(values):
        return none, none, none
    low, n_groups = int(values.min()), int(group[-1]) + 1
    width = int(values.max()) - low + 1
    if n_groups * width <= max(4 * len(values), _SMALL):
        place = group.astype(np.int64) * width + (values.astype(np.int64) - low)
        n = np.bincount(place, minlength=n_groups * width)
        there = np.flatnonzero(n)
        return there // width, there % width + low, n[there]
    if n_groups * width <= _WHOLE:
        key = group.astype(np.int64) * width + (values.astype(np.int64) - low)
        key.sort()
        edges = edges_of(key)
        found = key[edges[:-1]]
        return found // width, found % width + low, np.diff(edges)
    order = np.lexsort((values, group))
    of, value = group[order].astype(np.int64), values[order].astype(np.int64)
    same = (of[1:] == of[:-1]) & (value[1:] == value[:-1])
    first = np.concatenate(([0], np.flatnonzero(~same) + 1))
    return of[first], value[first], np.diff(np.append(first, len(of)))


_SMALL = 2**16


def ordered_by(group: NDArray[np.int64], then: NDArray[np.int64] | None) -> Places:
    """Give the order of rows by group, and inside a group by another number.

    Parameters
    ----------
    group : ndarray of int of shape (n,)
    then : ndarray of int of shape (n,) or None

    Returns
    -------
    ndarray of int of shape (n,)
        Rows that are equal in both may stand in any order.
    """
    n = len(group)
    if not n:
        return np.zeros(0, np.int64)
    low, bits = int(group.min()), _bits(n - 1)
    start = 0 if then is None else int(then.min())
    fine = 0 if then is None else _bits(int(then.max()) - start)
    # Numbers sort several times faster than places do, so a row's place goes along in its number,
    # and of the other number as much as there is room for.
    room = _ROOM - bits - _bits(int(group.max()) - low)
    if room < 0 or fine > _ROOM:
        return np.argsort(group) if then is None else np.lexsort((then, group))
    key = group - low
    if then is not None:
        coarse = min(fine, room)
        key <<= coarse
        key |= (then - start) >> (fine - coarse)
    key <<= bits
    key |= np.arange(n)
    key.sort()
    order: Places = key & ((1 << bits) - 1)
    if then is not None and fine > room:
        _part_ties(order, key >> bits, group, then)
    return order


def _bits(most: int) -> int:
    return max(most, 1).bit_length()


def _part_ties(
    order: Places, key: NDArray[np.int64], group: NDArray[np.int64], then: NDArray[np.int64]
) -> None:
    """Put rows that a key cannot tell apart, and that lie together, in their order."""
    alike = key[1:] == key[:-1]
    tied = np.concatenate(([False], alike))
    tied[:-1] |= alike
    rows = order[tied]
    order[tied] = rows[np.lexsort((then[rows], group[rows]))]
