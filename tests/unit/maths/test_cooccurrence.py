"""Nearness of items and the best of them, against the formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics.pairwise import cosine_similarity

from segmentry.errors import MathsError
from segmentry.maths.cooccurrence import (
    PRIOR,
    SHRINK,
    Nearness,
    Scorer,
    incidence,
    nearness,
    popularity,
)


def drawn(seed: int, shape: tuple[int, int] = (60, 8)) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return (rng.random(shape) < rng.random(shape[1])).astype(np.float64)


def sparse(had: NDArray[np.float64]) -> object:
    return incidence(*np.nonzero(had), shape=had.shape)


def test_incidence_counts_a_pair_once() -> None:
    rows, items = np.array([0, 0, 1]), np.array([2, 2, 0])
    assert incidence(rows, items, shape=(2, 3)).toarray().tolist() == [[0, 0, 1], [1, 0, 0]]


def test_cosine_is_that_of_scikit_learn_but_for_shrinkage() -> None:
    had = drawn(0)
    both = had.T @ had
    expected = cosine_similarity(had.T) * both / (both + SHRINK)
    np.fill_diagonal(expected, 0.0)
    assert np.allclose(nearness(sparse(had), "cosine").toarray(), expected)


@pytest.mark.parametrize("kind", ["share", "lift"])
def test_share_and_lift_are_their_formulas(kind: Nearness) -> None:
    had = drawn(1)
    counts, both = np.maximum(had.sum(axis=0), 1), had.T @ had
    plain = both / counts[:, None]
    if kind == "lift":
        plain = plain / (counts[None, :] / len(had))
    expected = plain * both / np.maximum(both + SHRINK, 1e-12)
    np.fill_diagonal(expected, 0.0)
    assert np.allclose(nearness(sparse(had), kind).toarray(), expected)


def test_only_the_nearest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    had = drawn(2)
    whole = nearness(sparse(had), "cosine").toarray()
    monkeypatch.setattr("segmentry.maths.cooccurrence.NEIGHBOURS", 3)
    kept = nearness(sparse(had), "cosine").toarray()
    for row, all_of in zip(kept, whole, strict=True):
        assert (row > 0).sum() <= 3
        assert np.array_equal(np.sort(row)[-3:], np.sort(all_of)[-3:])


def test_another_nearness_is_refused() -> None:
    with pytest.raises(MathsError, match="no nearness 'far'"):
        nearness(sparse(drawn(0)), "far")  # type: ignore[arg-type]


def test_groups_lean_on_everyone() -> None:
    had, groups = drawn(3), np.arange(60) % 2
    overall, within = popularity(sparse(had), groups, 3)
    assert np.allclose(overall, had.mean(axis=0))
    own = had[groups == 1]
    assert np.allclose(within[1], (own.sum(axis=0) + PRIOR * overall) / (len(own) + PRIOR))
    assert np.allclose(within[2], overall)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.0, 0.5]))
def test_the_best_are_the_best_of_all_and_new(seed: int, again: bool, weight: float) -> None:
    had = drawn(seed, (25, 7))
    groups = np.arange(25) % 2
    _, within = popularity(sparse(had), groups, 2)
    scorer = Scorer(within, nearness(sparse(had), "cosine"), weight)
    scores = scorer.scores(sparse(had), groups, again=again)
    ((items, told),) = scorer.best(sparse(had), groups, 3, again=again)
    for i in range(25):
        expected = np.sort(scores[i])[::-1][:3]
        assert np.array_equal(told[i], expected)
        found = items[i][items[i] >= 0]
        assert len(set(found)) == len(found)
        assert again or not had[i, found].any()
        assert (items[i] >= 0).sum() == min(3, 7 if again else int((had[i] == 0).sum()))


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    had, groups = drawn(5), np.zeros(60, dtype=np.int64)
    _, within = popularity(sparse(had), groups, 1)
    scorer = Scorer(within, nearness(sparse(had), "lift"), 0.5)
    ((items, _),) = scorer.best(sparse(had), groups, 2)
    monkeypatch.setattr("segmentry.maths.cooccurrence.CELLS", 7 * 8)
    parts = list(scorer.best(sparse(had), groups, 2))
    assert len(parts) == 9
    assert np.array_equal(np.concatenate([p for p, _ in parts]), items)


def test_who_had_nothing_is_told_what_is_popular() -> None:
    had = np.vstack([drawn(6), np.zeros((1, 8))])
    overall, _ = popularity(sparse(had), np.zeros(61, dtype=np.int64), 1)
    scorer = Scorer(overall[None, :], nearness(sparse(had), "cosine"), 0.0)
    ((items, _),) = scorer.best(sparse(had), np.zeros(61, dtype=np.int64), 1)
    assert items[-1, 0] == int(np.argmax(overall))


def test_of_equal_items_the_first_are_given() -> None:
    rng = np.random.default_rng(0)
    had = incidence(np.arange(40), rng.integers(0, 300, 40), shape=(40, 300))
    popular = rng.integers(0, 3, (1, 300)).astype(np.float64)
    scorer, groups = Scorer(popular), np.zeros(40, dtype=np.int64)
    ((items, scores),) = scorer.best(had, groups, 120)
    own = scorer.scores(had, groups, again=False)
    expected = np.argsort(-own, axis=1, kind="stable")[:, :120]
    np.testing.assert_array_equal(items, expected)
    np.testing.assert_array_equal(scores, np.take_along_axis(own, expected, axis=1))
