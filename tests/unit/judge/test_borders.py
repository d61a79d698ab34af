"""What neighbours say of borders."""

from __future__ import annotations

import pytest

from builders import candidate
from segmentry.judge.borders import agreement, cuts_less, is_clean, spaced


def of(n_segments, share, silhouette=0.4):
    return candidate(n_segments, neighbour_agreement=share, silhouette=silhouette)


def test_a_candidate_whose_neighbours_were_not_looked_at_is_not_clean():
    assert agreement(candidate(4)) == 0.0
    assert not is_clean(candidate(4))


@pytest.mark.parametrize(
    ("ours", "theirs", "less"),
    [
        (1.0, 0.99, True),
        (0.995, 0.985, True),
        (0.995, 0.992, False),  # more than half as many
        (0.985, 0.95, False),  # not clean itself
        (1.0, 0.9998, False),  # a single row between two groups
    ],
)
def test_clean_borders_cut_less_where_half_as_many_neighbours_lie_across(ours, theirs, less):
    assert cuts_less(of(4, ours), of(4, theirs)) is less


def test_empty_space_speaks_for_a_candidate_beside_the_roundest_of_its_number_and_the_choice():
    choice, round_two, ring_two = of(5, 0.97, 0.6), of(2, 0.98, 0.5), of(2, 1.0, 0.2)
    assert spaced([choice, round_two, ring_two], choice) == [ring_two]


def test_what_the_roundest_finds_too_is_no_matter_of_shape():
    choice, round_two, other_two = of(5, 0.97, 0.6), of(2, 0.9996, 0.5), of(2, 1.0, 0.2)
    assert spaced([choice, round_two, other_two], choice) == []


def test_the_finest_comes_first_as_far_as_cutting_further_cuts_no_closer():
    choice = of(8, 0.97, 0.6)
    rings = [of(k, share, 0.2) for k, share in ((2, 1.0), (3, 1.0), (4, 0.995))]
    round_ones = [of(k, 0.96, 0.5) for k in (2, 3, 4)]
    found = spaced([choice, *round_ones, *rings], choice)
    assert [c.n_segments for c in found] == [3, 2]


def test_beside_a_clean_choice_coarser_ones_are_no_news():
    choice, coarse, fine = of(5, 0.995, 0.6), of(2, 1.0, 0.2), of(6, 1.0, 0.2)
    round_ones = [of(2, 0.98, 0.5), of(6, 0.98, 0.5)]
    assert spaced([choice, *round_ones, coarse, fine], choice) == [fine]
