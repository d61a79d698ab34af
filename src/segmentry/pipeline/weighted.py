"""The column by which entities count, as the matrix that methods see carries it.

What lives here: finding the column among those of a table. What does not: what may be a weight
(``domain.weights``), what weights shape (``cluster``). Read on in ``docs/methods/weights.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.matrix import Matrix
from segmentry.domain.percent import percent
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.domain.weights import checked, evened
from segmentry.errors import WeightError


def weighted(matrix: Matrix, table: FeatureTable) -> Matrix:
    """Let the rows of a matrix count by the column of the table that has the role *weight*.

    Parameters
    ----------
    matrix : Matrix
    table : FeatureTable
        Of the same entities.

    Returns
    -------
    Matrix
        As it was where there is no such column.

    Raises
    ------
    WeightError
        E5070 if there are several such columns, or one of text, or a weight is no number of 0 or
        more.
    """
    columns = table.with_role(Role.WEIGHT)
    if not columns:
        return matrix
    names = [c.name for c in columns]
    if len(names) > 1:
        msg = f"{len(names)} columns have the role weight: {', '.join(map(repr, names))}"
        raise WeightError(msg, code="E5070", hint="give one column that role in features.roles")
    if columns[0].kind is not Kind.NUMBER:
        msg = f"the column {names[0]!r} has the role weight, and holds text"
        raise WeightError(msg, code="E5070", hint="name a column of numbers in features.roles")
    ids = [repr(i) for i in table.entity_ids.to_pylist()]
    values = checked(table.numbers(names[0]), name=names[0], rows=ids)
    return replace(matrix, weights=evened(values))


def tell_weights(matrix: Matrix, table: FeatureTable, audit: Audit) -> None:
    """Say by which column entities count, and how unequally.

    Parameters
    ----------
    matrix : Matrix
        As ``weighted`` gave it.
    table : FeatureTable
    audit : Audit
    """
    for column in table.with_role(Role.WEIGHT):
        if matrix.weights is None:
            sentence = f"All entities have the same {column.name}, so that it weighs nothing."
            audit.add(Finding("equal_weights", sentence, column=column.name, done="not heeded"))
            continue
        n, counting = len(matrix.X), len(matrix.counting)
        sentence = (
            f"Entities count by {column.name} where segments are found: {counting:,} of {n:,} have "
            f"some weight, and {heaviest(matrix.weights)} "
            "of all weight. Segments stand in the order of their weight."
        )
        done = "shapes segments through how much each entity counts"
        audit.add(
            Finding("weighted", sentence, column=column.name, count=counting, total=n, done=done)
        )


def heaviest(weights: NDArray[np.float64]) -> str:
    """Say what share of the weight the heaviest tenth holds, or the heaviest one of a few.

    Examples
    --------
    >>> from segmentry.domain.percent import NARROW_SPACE
    >>> heaviest(np.array([3.0, 1.0])).replace(NARROW_SPACE, " ")
    'the heaviest entity has 75 %'
    """
    n_most = max(len(weights) // 10, 1)
    share = percent(float(np.sort(weights)[-n_most:].sum() / weights.sum()))
    who = "entity has" if n_most == 1 else "tenth has"
    return f"the heaviest {who} {share}"


def weighed(matrix: Matrix, segment: NDArray[np.int64]) -> tuple[str, ...]:
    """Say that entities counted by weights, and each segment's share of weight and of entities.

    Parameters
    ----------
    matrix : Matrix
    segment : ndarray of int, shape (n_entities,)
        From 0, each occurring.

    Returns
    -------
    tuple of str
        Nothing where all count the same.
    """
    if matrix.weights is None:
        return ()
    n = len(segment)
    shares = zip(matrix.shares(segment), np.bincount(segment) / n, strict=True)
    held = ", ".join(f"{percent(float(w))} ({percent(float(e))})" for w, e in shares)
    none = n - len(matrix.counting)
    left = f" {none:,} of no weight shaped nothing and have a segment all the same." if none else ""
    return (
        f"Entities were counted by their weights: {heaviest(matrix.weights)} "
        f"of all weight.{left} Of the weight, and of entities "
        f"in brackets, the segments hold {held}.",
    )


def weighted_by(given: Any, matrix: Matrix) -> Matrix:
    """Let the rows of a matrix count by an array of weights.

    Parameters
    ----------
    given : array-like of shape (n_rows,), or None
        None leaves all alike.
    matrix : Matrix

    Returns
    -------
    Matrix

    Raises
    ------
    WeightError
        E5070 if they are not as many numbers of 0 or more as there are rows.
    """
    if given is None:
        return matrix
    hint = "give as many numbers of 0 or more as X has rows"
    try:
        weights = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"sample_weight holds what is no number: {error}"
        raise WeightError(msg, code="E5070", hint=hint) from error
    if weights.shape != (len(matrix.X),):
        msg = f"sample_weight has shape {weights.shape}, and X has {len(matrix.X)} rows"
        raise WeightError(msg, code="E5070", hint=hint)
    return replace(matrix, weights=evened(checked(weights, name="sample_weight")))
