"""A reduction is a matrix product, the same for one row and for many."""

from __future__ import annotations

import numpy as np

from segmentry.domain.reduction import Component, Reduction

RNG = np.random.default_rng(0)
WEIGHTS, CENTRE, X = RNG.normal(size=(5, 2)), RNG.normal(size=5), RNG.normal(size=(100, 5))
REDUCTION = Reduction(
    "pca",
    tuple(CENTRE),
    tuple(Component(f"component {i + 1}", tuple(WEIGHTS[:, i]), (0.0,) * 5, 0.5) for i in (0, 1)),
)


def test_applying_is_the_matrix_product():
    np.testing.assert_allclose(REDUCTION.apply(X), (X - CENTRE) @ WEIGHTS, atol=1e-12)
    assert REDUCTION.names == ("component 1", "component 2")


def test_one_row_and_many_agree_to_the_bit():
    whole = REDUCTION.apply(X)
    for i in range(len(X)):
        assert REDUCTION.apply(X[i : i + 1]).tobytes() == whole[i : i + 1].tobytes()
