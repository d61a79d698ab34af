"""An estimator's parameters: what each may be, and what they ask of segments.

What lives here: checks of plain values. What does not: names of columns, which only the data can
confirm (``demands``), and the estimator that takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from segmentry.cluster.catalogue import METHODS, ROBUST
from segmentry.domain.project import FEWEST_SEARCH_ROWS, MOST_SEARCH_ROWS, SegmentChoice

PREPARED = (None, "auto")


def choice_of(given: Mapping[str, Any]) -> SegmentChoice:
    """Check the parameters of an estimator and say what they ask.

    Parameters
    ----------
    given : mapping of str to object
        By the names that ``Segmenter`` gives them; others are not looked at.

    Returns
    -------
    SegmentChoice

    Raises
    ------
    ValueError
        With the parameter, its value and what it may be.
    """
    _check_numbers(given)
    _check_shares(given)
    if given["prepare"] not in PREPARED:
        raise ValueError(f"prepare must be None or 'auto', got {given['prepare']!r}")
    outcome, distinct = given["must_differ_in"], given["distinct"]
    if not (outcome is None or isinstance(outcome, str)):
        raise ValueError(f"must_differ_in must be None or the name of a column, got {outcome!r}")
    if not (isinstance(distinct, bool | np.bool_) or is_count(distinct, 0)):
        raise ValueError(f"distinct must be a bool or a number of features, got {distinct!r}")
    return SegmentChoice(
        minimum=given["min_segments"],
        maximum=given["max_segments"],
        min_share=float(given["min_share"]),
        methods=_methods(given["methods"]),
        max_share=float(given["max_share"]),
        must_differ_in=outcome,
        distinct=int(distinct),
        act_upon=_names("act_upon", given["act_upon"]),
        search_rows=_search_rows(given["search_rows"]),
    )


def is_count(value: Any, least: int) -> bool:
    """Tell whether something is a whole number of at least so much."""
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= least


def seed_of(random_state: Any) -> int:
    """Give the seed of a search; a number is taken as it is, as a project's seed is.

    Parameters
    ----------
    random_state : None, int or RandomState

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If it is none of these.
    """
    from sklearn.utils import check_random_state

    if is_count(random_state, 0):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def _check_numbers(given: Mapping[str, Any]) -> None:
    k, low, high = given["n_segments"], given["min_segments"], given["max_segments"]
    if not (k == "auto" or is_count(k, 1)):
        raise ValueError(f"n_segments must be 'auto' or an int of at least 1, got {k!r}")
    for name, value in (("min_segments", low), ("max_segments", high)):
        if not is_count(value, 2):
            raise ValueError(f"{name} must be an int of at least 2, got {value!r}")
    if low > high:
        raise ValueError(f"min_segments={low} is more than max_segments={high}")


def _check_shares(given: Mapping[str, Any]) -> None:
    low, high = given["min_share"], given["max_share"]
    if not (isinstance(low, Real) and 0.0 <= float(low) <= 0.5):
        raise ValueError(f"min_share must be a number in [0, 0.5], got {low!r}")
    if not (isinstance(high, Real) and 0.0 < float(high) <= 1.0):
        raise ValueError(f"max_share must be a number above 0, at most 1, got {high!r}")
    if high < low:
        raise ValueError(f"max_share={high} is less than min_share={low}")
    most = given["max_segments"] if given["n_segments"] == "auto" else given["n_segments"]
    if most * high < 1.0 - 1e-9:
        raise ValueError(
            f"max_share={high} is too little: {most} segments of so much each hold not everybody; "
            f"it must be at least {1 / most:.3g}"
        )


def _methods(value: Any) -> Literal["auto"] | tuple[str, ...]:
    if isinstance(value, str) and value == "robust":
        return ROBUST
    names = _names("methods", value)
    unknown = [n for n in names if n not in METHODS] if names != "auto" else []
    if unknown:
        known = ", ".join(map(repr, METHODS))
        raise ValueError(f"there is no method {unknown[0]!r}; known are {known}")
    return names


def _search_rows(value: Any) -> int | Literal["all"]:
    if isinstance(value, str) and value == "all":
        return "all"
    if not is_count(value, FEWEST_SEARCH_ROWS) or value > MOST_SEARCH_ROWS:
        raise ValueError(
            f"search_rows must be 'all' or an int from {FEWEST_SEARCH_ROWS} to "
            f"{MOST_SEARCH_ROWS}, got {value!r}"
        )
    return int(value)


def _names(parameter: str, value: Any) -> Literal["auto"] | tuple[str, ...]:
    """Read one name, or several, as a tuple of names."""
    if isinstance(value, str):
        return "auto" if value == "auto" else (value,)
    if isinstance(value, list | tuple) and value and all(isinstance(n, str) for n in value):
        return tuple(value)
    raise ValueError(f"{parameter} must be 'auto', a name or a tuple of names, got {value!r}")
