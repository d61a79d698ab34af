"""Choices that all scenarios make."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.seeds import stream
from segmentry.simulate.scenarios.base import (
    CLOCK,
    chosen_from,
    favoured,
    lines_per_visit,
    numbered,
    one_population,
    scrambled,
    segments,
    word_column,
)
from segmentry.simulate.timeline import Visits


def test_a_table_of_segments_is_read_by_the_order_of_the_parameters() -> None:
    (made,) = segments(CLOCK[:2], {"regulars": (0.4, 1.5, 0.7)})
    assert (made.name, made.share) == ("regulars", 0.4)
    assert made.typical == {"visits_per_week": 1.5, "tenure_share": 0.7}


def test_a_segment_with_a_value_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        segments(CLOCK[:2], {"regulars": (0.4, 1.5)})


def test_one_population_is_wider_than_a_segment_and_has_no_noise() -> None:
    alone = one_population(CLOCK[:2], "all", 1.5, 0.7, tenure_share=0.9)
    assert alone.n_segments == 1
    assert alone.noise_share == 0.0
    assert [p.spread for p in alone.parameters] == [0.45, 0.9]


def test_every_visit_has_a_first_line_and_the_wanted_number_on_average() -> None:
    visits = Visits(np.repeat(np.arange(4), 5_000), np.zeros(20_000))
    visit, rank = lines_per_visit(visits, np.array([1.0, 2.0, 3.5, 6.0]), stream(0, "test"))
    per_user = np.bincount(visits.user[visit]) / 5_000
    np.testing.assert_allclose(per_user, [1.0, 2.0, 3.5, 6.0], rtol=0.02)
    np.testing.assert_array_equal(visit[rank == 0], np.arange(20_000))


def test_users_choose_among_their_own_number_of_things() -> None:
    user = np.repeat([0, 1], 5_000)
    chosen = chosen_from(np.array([3.0, 40.0]), user, stream(0, "test"))
    assert set(chosen[user == 0]) == {0, 1, 2}
    assert chosen[user == 1].max() == 39
    assert (chosen[user == 1] < 20).mean() > 0.5


def test_scrambled_numbers_are_fixed_even_and_unlike_each_other() -> None:
    user, thing = np.divmod(np.arange(40_000), 200)
    numbers = scrambled(user, thing)
    np.testing.assert_array_equal(numbers, scrambled(user, thing))
    assert len(np.unique(numbers)) == 40_000
    counts = np.histogram(numbers, bins=20, range=(0.0, 1.0))[0]
    assert abs(counts / 2_000 - 1.0).max() < 0.1
    assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 0.02


def test_words_come_from_the_list_and_minus_one_is_missing() -> None:
    words = word_column(np.array([1, -1, 0]), ("a", "b"))
    assert words.to_pylist() == ["b", None, "a"]


def test_ids_carry_their_prefix() -> None:
    assert numbered("S", np.array([7, 8])).to_pylist() == ["S7", "S8"]
    assert numbered("", np.array([7])).to_pylist() == ["7"]


def test_most_choices_are_the_favourite() -> None:
    user = np.repeat(np.arange(300), 100)
    chosen = favoured(300, user, (0.5, 0.3, 0.2), 0.8, stream(0, "test")).reshape(300, 100)
    most = np.array([np.bincount(row, minlength=3).max() for row in chosen])
    assert most.min() >= 65
    assert np.bincount(chosen.ravel()) / chosen.size == pytest.approx([0.5, 0.3, 0.2], abs=0.06)
