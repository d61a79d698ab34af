"""Linear discriminants by hand; equality with another implementation is in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.discriminant import fit_discriminant


def test_planted_groups_are_told_apart_on_rows_not_seen():
    X, truth = blobs(400, k=3)
    model = fit_discriminant(X[:200], truth[:200])
    assert (model.labels(X[200:]) == truth[200:]).mean() > 0.99


def test_larger_classes_reach_farther():
    rows = np.concatenate([np.linspace(-1, 1, 90), np.linspace(9, 11, 10)])[:, None]
    labels = np.repeat([0, 1], [90, 10])
    model = fit_discriminant(rows, labels)
    # Halfway between the means is nearer to the larger class than its density alone would say.
    assert model.labels(np.array([[5.0]])).tolist() == [0]


def test_repeated_columns_do_no_harm():
    X, truth = blobs(200, k=2)
    model = fit_discriminant(np.column_stack([X, X]), truth)
    assert (model.labels(np.column_stack([X, X])) == truth).all()


def test_labels_are_given_back_as_they_came():
    model = fit_discriminant(np.array([[0.0], [1.0], [8.0], [9.0]]), np.array([7, 7, 2, 2]))
    assert model.labels(np.array([[0.5], [8.5]])).tolist() == [7, 2]


def test_as_many_labels_as_rows_are_needed():
    with pytest.raises(MathsError, match="labels have"):
        fit_discriminant(np.zeros((3, 1)), np.zeros(2, dtype=np.int64))
