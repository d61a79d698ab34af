"""Maps from a score to how often it comes true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from segmentry.errors import MathsError
from segmentry.maths.calibration import calibrated, fit_calibration


def drawn(n: int = 20_000, *, seed: int = 0):
    """Draw scores that come true less often than they say."""
    rng = np.random.default_rng(seed)
    scores = rng.uniform(0.5, 1.0, n)
    return scores, rng.random(n) < scores**2


def test_what_is_learned_holds_for_others() -> None:
    table = fit_calibration(*drawn())
    scores, hits = drawn(seed=1)
    told = calibrated(scores, table)
    for low in np.arange(0.3, 1.0, 0.1):
        own = (told >= low) & (told < low + 0.1)
        assert own.sum() > 500
        assert told[own].mean() == pytest.approx(hits[own].mean(), abs=0.03)


def test_with_a_group_for_each_score_it_is_isotonic_regression() -> None:
    rng = np.random.default_rng(2)
    scores = np.arange(30.0)
    hits = rng.random(30) < scores / 30
    table = fit_calibration(scores, hits, least=1)
    wanted = IsotonicRegression().fit(scores, hits).predict(scores)
    np.testing.assert_array_equal(table[0], scores)
    assert table[1] == pytest.approx(wanted)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=200),
    st.integers(1, 30),
)
def test_maps_rise_and_keep_the_share_of_hits(pairs: list, knots: int) -> None:
    scores = np.array([float(s) for s, _ in pairs])
    hits = np.array([h for _, h in pairs])
    places, shares = fit_calibration(scores, hits, knots=knots, least=1)
    assert (np.diff(places) > 0).all()
    assert (np.diff(shares) >= 0).all()
    assert shares[0] >= 0
    assert shares[-1] <= 1
    assert len(places) <= knots
    assert shares.min() - 1e-9 <= hits.mean() <= shares.max() + 1e-9


def test_reading_is_linear_between_places_and_flat_beyond() -> None:
    table = np.array([[0.6, 0.8], [0.2, 1.0]])
    assert calibrated(np.array([0.0, 0.6, 0.7, 0.8, 2.0]), table).tolist() == pytest.approx(
        [0.2, 0.2, 0.6, 1.0, 1.0]
    )
    assert calibrated(np.array([0.1, 0.9]), np.array([[0.5], [0.7]])).tolist() == [0.7, 0.7]


def test_a_score_is_read_alike_alone_and_among_others() -> None:
    table = fit_calibration(*drawn(500))
    scores = drawn(300, seed=3)[0]
    alone = [calibrated(scores[i : i + 1], table)[0] for i in range(300)]
    np.testing.assert_array_equal(calibrated(scores, table), alone)


def test_few_scores_make_few_places() -> None:
    assert fit_calibration(*drawn(499)).shape == (2, 1)
    assert fit_calibration(*drawn(2_600)).shape == (2, 5)
    assert fit_calibration(*drawn(90_000)).shape == (2, 50)


def test_equal_scores_have_one_share() -> None:
    table = fit_calibration(np.full(10, 0.7), np.arange(10) < 4)
    np.testing.assert_allclose(table, [[0.7], [0.4]])


@pytest.mark.parametrize(("n", "m"), [(0, 0), (3, 2)])
def test_scores_without_hits_are_refused(n: int, m: int) -> None:
    with pytest.raises(MathsError, match="one row of each is needed"):
        fit_calibration(np.zeros(n), np.zeros(m, dtype=bool))
