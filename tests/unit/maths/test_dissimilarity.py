"""Dissimilarities against scipy, and where it has no answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from segmentry.errors import MathsError
from segmentry.maths import dissimilarity
from segmentry.maths.dissimilarity import cosine_gaps, jaccard_gaps


@pytest.mark.parametrize("seed", range(3))
def test_gaps_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    A, B = rng.random((40, 9)) < 0.3, rng.random((25, 9)) < 0.3
    A[:, 0] = True
    np.testing.assert_allclose(jaccard_gaps(A, B), cdist(A, B, "jaccard"), atol=1e-6)
    A, B = rng.poisson(1.0, (40, 9)) + 0.1, rng.poisson(1.0, (25, 9)) + 0.1
    np.testing.assert_allclose(cosine_gaps(A, B), cdist(A, B, "cosine"), atol=1e-6)


def test_rows_without_anything_are_alike_and_unlike_all_others():
    rows = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    wanted = [[0, 0, 1], [0, 0, 1], [1, 1, 0]]
    assert jaccard_gaps(rows > 0, rows > 0).tolist() == wanted
    assert cosine_gaps(rows, rows).tolist() == wanted


@pytest.mark.parametrize("scale", [1e-200, 1e9, 1e200])
def test_the_amount_does_not_matter_to_the_mix(scale):
    rows = np.random.default_rng(0).random((10, 4))
    np.testing.assert_allclose(cosine_gaps(rows * scale, rows), cosine_gaps(rows, rows), atol=1e-6)


def test_blocks_change_nothing(monkeypatch):
    rows = np.random.default_rng(0).poisson(0.5, (50, 6)).astype(float)
    whole = cosine_gaps(rows, rows), jaccard_gaps(rows > 0, rows > 0)
    monkeypatch.setattr(dissimilarity, "BLOCK_CELLS", 300)
    np.testing.assert_allclose(cosine_gaps(rows, rows), whole[0], atol=1e-6)
    np.testing.assert_array_equal(jaccard_gaps(rows > 0, rows > 0), whole[1])


def test_no_rows_have_no_gaps():
    assert cosine_gaps(np.empty((0, 3)), np.ones((2, 3))).shape == (0, 2)
    assert jaccard_gaps(np.ones((2, 3), bool), np.empty((0, 3), bool)).shape == (2, 0)


@pytest.mark.parametrize("gaps", [jaccard_gaps, cosine_gaps])
def test_rows_of_other_widths_are_refused(gaps):
    with pytest.raises(MathsError, match=r"rows have shape \(2, 3\) but others have \(2, 4\)"):
        gaps(np.ones((2, 3), bool), np.ones((2, 4), bool))
