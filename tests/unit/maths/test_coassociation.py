"""Co-association by counting pairs."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.coassociation import coassociation


def test_shares_are_those_of_counted_pairs():
    votes = list(np.random.default_rng(0).integers(0, 4, (6, 20)))
    found = coassociation(votes, np.arange(20))
    for a in range(20):
        for b in range(20):
            assert found[a, b] == pytest.approx(np.mean([v[a] == v[b] for v in votes]))


def test_points_of_many_rows_have_the_mean_share_of_their_pairs():
    rng = np.random.default_rng(1)
    votes, points = list(rng.integers(0, 3, (5, 30))), np.sort(rng.integers(0, 4, 30))
    rows, found = coassociation(votes, np.arange(30)), coassociation(votes, points)
    for a in range(4):
        for b in range(4):
            wanted = 1.0 if a == b else rows[np.ix_(points == a, points == b)].mean()
            assert found[a, b] == pytest.approx(wanted)


def test_names_of_clusters_do_not_matter():
    votes = list(np.random.default_rng(2).integers(0, 3, (4, 12)))
    renamed = [np.array([2, 0, 1])[v] for v in votes]
    np.testing.assert_allclose(
        coassociation(votes, np.arange(12)), coassociation(renamed, np.arange(12))
    )


def test_without_partitions_nothing_is_said():
    with pytest.raises(MathsError, match="no partition says nothing"):
        coassociation([], np.arange(3))
