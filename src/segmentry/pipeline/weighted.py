"""The column by which entities count, as the matrix that methods see carries it.

What lives here: finding the column among those of a table. What does not: what may be a weight
(``domain.weights``), what weights shape (``cluster``). Read on in ``docs/methods/weights.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from segmentry.domain.matrix import Matrix
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
