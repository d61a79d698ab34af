"""k-prototypes, against Huang's algorithm written out in plain Python on words and numbers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.errors import MathsError
from segmentry.maths.kprototypes import Category, kprototypes, settle
from segmentry.maths.lloyd import kmeans

WORDS = ("free", "pro", "team"), ("web", "app"), ("at", "be", "ch", "de")
GAMMAS = (1.3, 0.7, 2.1)
CATEGORIES = (Category(2, 5), Category(5, 7), Category(7, 11))


def people(n: int, seed: int):
    """Draw two numbers and three words of each."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n, 2)).tolist()
    return numbers, [tuple(str(rng.choice(levels)) for levels in WORDS) for _ in range(n)]


def matrix(numbers, words):
    """Mark every word in a column of its own, so far that two words lie gamma apart."""
    marks = [
        [
            np.sqrt(gamma / 2) * (own[c] == level)
            for c, gamma in enumerate(GAMMAS)
            for level in WORDS[c]
        ]
        for own in words
    ]
    return np.hstack([np.array(numbers), np.array(marks)])


def unlike(number, word, prototype) -> float:
    """Measure as the paper does: squared gaps of numbers, gamma for each word that differs."""
    mean, mode = prototype
    squares = sum((a - b) ** 2 for a, b in zip(number, mean, strict=True))
    return squares + sum(g * (a != b) for g, a, b in zip(GAMMAS, word, mode, strict=True))


def huang(numbers, words, starts, weights=None):
    """Allocate, take means and modes, and again until nobody moves; a mode is a first word."""
    weights = weights or [1] * len(numbers)
    prototypes = [(numbers[s], words[s]) for s in starts]
    labels: list[int] = []
    while True:
        rows = list(zip(numbers, words, strict=True))
        found = [min(range(len(prototypes)), key=lambda j: unlike(*row, prototypes[j]))
                 for row in rows]  # fmt: skip
        if found == labels:
            return (
                labels,
                prototypes,
                sum(
                    w * unlike(*row, prototypes[j])
                    for w, row, j in zip(weights, rows, labels, strict=True)
                ),
            )
        labels, prototypes = found, [
            prototype(rows, weights, [i for i, g in enumerate(found) if g == j])
            for j in range(len(prototypes))
        ]  # fmt: skip


def prototype(rows, weights, members):
    """Give the mean of numbers and the most frequent words of a cluster that has members."""
    total = sum(weights[i] for i in members)
    mean = [sum(weights[i] * rows[i][0][j] for i in members) / total for j in range(2)]
    counts: list[Counter[str]] = [Counter() for _ in WORDS]
    for i in members:
        for c, word in enumerate(rows[i][1]):
            counts[c][word] += weights[i]
    modes = tuple(max(WORDS[c], key=lambda w, c=c: counts[c][w]) for c in range(3))
    return mean, modes


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [2, 5])
def test_it_ends_where_the_published_algorithm_ends_from_the_same_starts(seed, k):
    numbers, words = people(120, seed)
    starts = list(range(k))
    labels, prototypes, cost = huang(numbers, words, starts)
    X = matrix(numbers, words)
    found = settle(X, X[starts], CATEGORIES)
    assert found.labels.tolist() == labels
    assert found.inertia == pytest.approx(cost, rel=1e-9)
    expected = matrix(*zip(*prototypes, strict=True))
    np.testing.assert_allclose(found.centres, expected, atol=1e-9)


def test_weights_are_so_many_equal_rows_to_the_published_algorithm():
    numbers, words = people(80, 3)
    weights = np.random.default_rng(0).integers(1, 5, 80).tolist()
    labels, _, cost = huang(numbers, words, [0, 1, 2], weights)
    X = matrix(numbers, words)
    found = settle(X, X[:3], CATEGORIES, weights=np.array(weights, dtype=float))
    assert found.labels.tolist() == labels
    assert found.inertia == pytest.approx(cost, rel=1e-9)
    many = settle(np.repeat(X, weights, axis=0), X[:3], CATEGORIES)
    np.testing.assert_allclose(found.centres, many.centres, atol=1e-9)
    heavy = np.array(weights, dtype=float)
    drawn = kprototypes(X, 3, CATEGORIES, rng=np.random.default_rng(0), weights=heavy)
    assert drawn.inertia <= found.inertia * 1.05


def test_several_starts_find_no_worse_than_the_best_of_twenty_plain_ones():
    numbers, words = people(100, 1)
    rng = np.random.default_rng(0)
    plain = min(
        huang(numbers, words, rng.choice(100, 4, replace=False).tolist())[2] for _ in range(20)
    )
    X = matrix(numbers, words)
    found = kprototypes(X, 4, CATEGORIES, rng=np.random.default_rng(1), n_starts=20)
    assert found.inertia <= plain * 1.01


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_modes_are_the_most_frequent_levels_and_rows_have_the_nearest_prototype(seed, k):
    X = matrix(*people(60, seed))
    found = kprototypes(X, k, CATEGORIES, rng=np.random.default_rng(seed))
    for j in range(k):
        members = X[found.labels == j]
        np.testing.assert_allclose(found.centres[j, :2], members[:, :2].mean(axis=0), atol=1e-9)
        for category in CATEGORIES:
            own = found.centres[j, category.columns]
            counts = (members[:, category.columns] > 0).sum(axis=0)
            assert np.count_nonzero(own) == 1
            assert counts[own.argmax()] == counts.max()
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    assert found.inertia == pytest.approx(gaps.min(axis=1).sum(), rel=1e-9)
    np.testing.assert_allclose(gaps[np.arange(60), found.labels], gaps.min(axis=1), atol=1e-9)


def test_numbers_alone_are_k_means():
    X = np.random.default_rng(0).normal(size=(300, 3)) + 6.0 * np.eye(3)[np.arange(300) % 3]
    ours = kprototypes(X, 3, (), rng=np.random.default_rng(0))
    theirs = kmeans(X, 3, rng=np.random.default_rng(0), n_starts=4)
    assert ours.inertia == pytest.approx(theirs.inertia, rel=1e-6)


def test_a_column_of_two_values_has_one_of_them_as_its_mode():
    X = np.array([[-0.5, 0.0], [-0.5, 0.1], [2.0, 0.2], [2.0, 9.0], [2.0, 9.1], [-0.5, 9.2]])
    found = settle(X, X[[0, 3]], (Category(0, 1),))
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.centres[:, 0].tolist() == [-0.5, 2.0]


def test_a_level_that_nobody_has_is_no_mode():
    X = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.0], [9.0, 1.0, 0.0], [9.1, 0.0, 1.0]])
    found = settle(X, X[[0, 2]], (Category(1, 3),))
    assert found.centres[:, 1:].tolist() == [[0.0, 0.0], [1.0, 0.0]]


def test_no_cluster_is_empty_where_rows_differ():
    X = np.repeat(np.arange(5.0), 20)[:, None]
    found = settle(X, np.zeros((5, 1)), ())
    assert np.bincount(found.labels, minlength=5).tolist() == [20] * 5
    assert found.inertia == pytest.approx(0.0, abs=1e-12)


def test_what_cannot_be_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kprototypes(np.eye(3), 4, (), rng=rng)
    with pytest.raises(MathsError, match="as many weights"):
        kprototypes(np.eye(3), 2, (), rng=rng, weights=np.ones(2))
