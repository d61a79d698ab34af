"""Axes, rotations, associations and parts against scikit-learn, numpy and counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls
from scipy.sparse import csr_matrix
from sklearn.decomposition import NMF, TruncatedSVD

from segmentry.errors import MathsError
from segmentry.maths.topics import (
    association,
    leading_axes,
    nonnegative_parts,
    nonnegative_weights,
    varimax,
    with_fixed_signs,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def sparse(n: int = 60, p: int = 25, seed: int = 0) -> csr_matrix:
    dense = rng(seed).random((n, p)) * (rng(seed + 1).random((n, p)) < 0.3)
    return csr_matrix(dense)


def test_leading_axes_are_those_of_scikit_learn() -> None:
    matrix = sparse()
    values, axes = leading_axes(matrix, 5, rng())
    other = TruncatedSVD(5, algorithm="arpack", random_state=0).fit(matrix)
    assert values == pytest.approx(other.singular_values_)
    same = np.abs((axes * other.components_.T).sum(axis=0))
    assert same == pytest.approx(np.ones(5))


def test_leading_axes_do_not_depend_on_the_draw_that_begins_them() -> None:
    one, other = leading_axes(sparse(), 4, rng(1))[1], leading_axes(sparse(), 4, rng(2))[1]
    assert one == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("shape", [(3, 2), (1, 9), (9, 1), (6, 6)])
def test_small_matrices_have_as_many_axes_as_they_can(shape: tuple[int, int]) -> None:
    matrix = csr_matrix(rng().random(shape))
    values, axes = leading_axes(matrix, 50, rng())
    assert axes.shape == (shape[1], min(shape))
    assert values == pytest.approx(np.linalg.svd(matrix.toarray(), compute_uv=False))


def test_an_empty_matrix_has_no_axes() -> None:
    assert leading_axes(csr_matrix((4, 3)), 2, rng())[1].shape == (3, 0)
    assert leading_axes(csr_matrix((0, 3)), 2, rng())[1].shape == (3, 0)


def test_axes_of_zero_strength_are_left_out() -> None:
    matrix = csr_matrix(np.outer(np.arange(1, 13), np.ones(11)))
    assert leading_axes(matrix, 3, rng())[1].shape == (11, 1)


def test_signs_follow_the_few_large_entries() -> None:
    axes = np.array([[-0.9, 0.1], [0.3, 0.2], [0.3, 0.9]])
    assert with_fixed_signs(axes)[0, 0] == 0.9
    assert with_fixed_signs(axes)[2, 1] == 0.9


def test_a_rotation_changes_no_distance() -> None:
    loadings = rng().standard_normal((40, 6))
    rotation = varimax(loadings)
    assert rotation.T @ rotation == pytest.approx(np.eye(6), abs=1e-12)


def test_a_rotation_finds_axes_that_were_mixed() -> None:
    plain = np.kron(np.eye(3), np.ones((5, 1))) * np.array([3.0, 2.0, 1.0])
    mixed = plain @ np.linalg.qr(rng().standard_normal((3, 3)))[0]
    assert mixed @ varimax(mixed) == pytest.approx(plain, abs=1e-4)


def test_a_rotation_never_lowers_what_it_maximises() -> None:
    def criterion(loadings: np.ndarray) -> float:
        return float((loadings**2).var(axis=0).sum())

    loadings = rng(3).standard_normal((30, 4))
    assert criterion(loadings @ varimax(loadings)) >= criterion(loadings)


def test_one_axis_is_only_turned_to_its_large_entries() -> None:
    assert varimax(np.array([[-2.0], [0.5]])) == pytest.approx(np.array([[-1.0]]))
    assert varimax(np.empty((3, 0))).shape == (0, 0)


def test_association_is_the_logarithm_of_seen_over_expected() -> None:
    presence = csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=float))
    found = association(presence, smoothing=1.0).toarray()
    # Pairs in both orders: a-b twice, a-c and b-c once: 8 in all; a is in 3 of them, c in 2.
    total, a, b, c = 8.0, 3.0, 3.0, 2.0
    assert found[0, 1] == pytest.approx(np.log(2.0 / (a * b / total)))
    assert found[0, 2] == pytest.approx(np.log(1.0 / (a * c / total)))
    assert np.diag(found).tolist() == [0.0, 0.0, 0.0]
    assert found == pytest.approx(found.T)


def test_words_that_meet_less_often_than_by_chance_have_no_association() -> None:
    presence = np.zeros((40, 4))
    presence[:20, [0, 1]] = 1
    presence[20:, [2, 3]] = 1
    presence[0, 2] = 1
    found = association(csr_matrix(presence)).toarray()
    assert found[0, 1] > 0
    assert found[0, 2] == 0


def test_the_order_of_rows_changes_no_association() -> None:
    presence = (sparse(80, 12) > 0).astype(float)
    turned = presence[rng(4).permutation(80)]
    assert (association(presence) != association(turned)).nnz == 0


def test_parts_explain_as_much_as_those_of_scikit_learn() -> None:
    matrix = sparse(50, 12)
    parts = nonnegative_parts(matrix, 4, rng())
    left = matrix - nonnegative_weights(matrix, parts) @ parts.T
    other = NMF(4, init="nndsvd", max_iter=2000, tol=1e-7).fit(matrix)
    assert np.linalg.norm(left) == pytest.approx(other.reconstruction_err_, rel=0.03)
    assert (parts >= 0).all()
    assert (parts**2).sum(axis=0) == pytest.approx(np.ones(4))


def test_weights_are_those_of_least_squares_without_negatives() -> None:
    parts = nonnegative_parts(sparse(50, 12), 4, rng())
    new = sparse(20, 12, seed=9)
    found = nonnegative_weights(new, parts)
    for row, weights in zip(new.toarray(), found, strict=True):
        assert weights == pytest.approx(nnls(parts, row)[0], abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 19))
def test_a_row_has_the_same_weights_alone_and_in_a_batch(n: int) -> None:
    parts = nonnegative_parts(sparse(50, 12), 4, rng())
    new = sparse(20, 12, seed=5)
    assert np.array_equal(nonnegative_weights(new, parts)[:n], nonnegative_weights(new[:n], parts))


def test_parts_of_negative_numbers_are_refused() -> None:
    with pytest.raises(MathsError, match="entries of zero or more"):
        nonnegative_parts(csr_matrix(np.array([[1.0, -1.0]])), 1, rng())


def test_there_are_no_parts_of_nothing() -> None:
    assert nonnegative_parts(csr_matrix((5, 3)), 2, rng()).shape == (3, 0)
