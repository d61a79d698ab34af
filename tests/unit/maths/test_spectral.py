"""The graph of neighbours and its eigenvectors, against scikit-learn and by law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import kneighbors_graph

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths import spectral
from segmentry.maths.spectral import neighbour_graph, spectral_embedding


def cloud(n=200, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 3))


def shared(graph):
    A = graph.toarray()
    roots = np.sqrt(A.sum(axis=1))
    return A / roots[:, None] / roots


@pytest.mark.parametrize("seed", range(3))
def test_the_graph_is_that_of_scikit_learn(seed):
    X = cloud(seed=seed)
    theirs = kneighbors_graph(X, 10, include_self=True).toarray()
    np.testing.assert_array_equal(neighbour_graph(X, 10).toarray(), (theirs + theirs.T) / 2)


@pytest.mark.parametrize("n", [200, 700])
def test_eigenvectors_are_those_of_the_whole_matrix(n):
    graph = neighbour_graph(cloud(n), 8)
    found = spectral_embedding(graph, 5)
    values = np.linalg.eigvalsh(shared(graph))[::-1][:5]
    np.testing.assert_allclose(shared(graph) @ found, found * values, atol=1e-7)
    np.testing.assert_allclose(found.T @ found, np.eye(5), atol=1e-7)


def test_parts_without_a_link_have_a_dimension_each_the_largest_first():
    X = np.vstack([blobs(40, k=1, d=2)[0], blobs(90, k=1, d=2)[0] + 100, cloud(20)[:, :2] - 100])
    found = spectral_embedding(neighbour_graph(X, 6), 3)
    wanted = np.repeat([1, 0, 2], [40, 90, 20])
    for d in range(3):
        np.testing.assert_array_equal(found[:, d] > 0, wanted == d)
        np.testing.assert_array_equal(found[:, d] != 0, wanted == d)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1.0, 1e9]))
def test_order_and_scale_change_no_embedding(seed, scale):
    X = cloud(60, seed)
    order = np.random.default_rng(seed).permutation(60)
    plain = spectral_embedding(neighbour_graph(X, 10), 2)
    moved = spectral_embedding(neighbour_graph(X[order] * scale, 10), 2)
    # Signs are a matter of which entry is largest, which rounding may decide.
    np.testing.assert_allclose(np.abs(moved), np.abs(plain[order]), atol=1e-6)


def test_blocks_change_nothing(monkeypatch):
    whole = neighbour_graph(cloud(), 7).toarray()
    monkeypatch.setattr(spectral, "BLOCK_CELLS", 1_000)
    np.testing.assert_array_equal(neighbour_graph(cloud(), 7).toarray(), whole)


def test_few_rows_and_equal_rows():
    assert spectral_embedding(neighbour_graph(np.zeros((1, 2)), 10), 1).tolist() == [[1.0]]
    assert neighbour_graph(cloud(3), 10).toarray().tolist() == [[1.0] * 3] * 3
    alike = neighbour_graph(np.zeros((30, 2)), 5)
    assert (alike.diagonal() == 1.0).all()
    assert np.isfinite(spectral_embedding(alike, 3)).all()


def test_bad_arguments_are_refused():
    with pytest.raises(MathsError, match="a graph of 0 neighbours links nothing"):
        neighbour_graph(cloud(), 0)
    with pytest.raises(MathsError, match="3 rows have no embedding in 4 dimensions"):
        spectral_embedding(neighbour_graph(cloud(3), 2), 4)
