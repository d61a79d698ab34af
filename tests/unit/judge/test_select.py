"""The rule, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from builders import candidate
from segmentry.judge.select import select

ROWS = np.arange(100)


def selected(*candidates, min_share=0.02):
    return select(candidates, ROWS, min_share=min_share)


def reason_against(selection, n_segments):
    return next(c.reason for c in selection.candidates if c.n_segments == n_segments)


def test_the_highest_silhouette_is_chosen():
    found = selected(candidate(4, silhouette=0.3), candidate(5, silhouette=0.5))
    assert found.chosen.n_segments == 5
    assert "the highest silhouette of the candidates that pass the conditions (2 of 2)" in (
        found.reason
    )


def test_of_those_as_good_as_the_best_the_one_with_fewest_segments_is_chosen():
    found = selected(
        candidate(6, silhouette=0.50),
        candidate(5, silhouette=0.49),
        candidate(4, silhouette=0.485),
        candidate(3, silhouette=0.47),
    )
    assert found.chosen.n_segments == 4
    assert "as good as the highest silhouette (0.500 with 6) within its interval" in found.reason
    assert reason_against(found, 6) == "Rejected: as good as 4 segments, but with more of them."


def test_the_reason_names_the_figures_of_the_chosen_one():
    found = selected(candidate(4, silhouette=0.3))
    assert found.reason.startswith("k-means, 4 segments: ")
    assert found.reason.endswith(
        "silhouette 0.300 (0.280 to 0.320), seed agreement 0.95, smallest segment 10.0%."
    )


def test_a_lower_silhouette_is_rejected_with_both_figures():
    found = selected(candidate(4, silhouette=0.3), candidate(5, silhouette=0.5))
    assert reason_against(found, 4) == "Rejected: silhouette 0.300 against 0.500 of 5 segments."


def test_a_tiny_segment_is_rejected_however_good_the_silhouette():
    found = selected(candidate(4), candidate(5, silhouette=0.9, smallest_share=0.004))
    assert found.chosen.n_segments == 4
    assert reason_against(found, 5) == (
        "Rejected: its smallest segment holds 0.4%, less than the 2.0% asked for."
    )
    assert "(1 of 2)" in found.reason


def test_an_unstable_candidate_is_rejected_with_its_agreement():
    found = selected(candidate(4), candidate(5, silhouette=0.9, seed_ari=0.61))
    assert found.chosen.n_segments == 4
    assert reason_against(found, 5) == (
        "Rejected: other seeds agree with it only at 0.61 (needs 0.80)."
    )


def test_a_candidate_is_told_everything_that_speaks_against_it():
    found = selected(candidate(4), candidate(5, seed_ari=0.5, smallest_share=0.01))
    assert "holds 1.0%" in reason_against(found, 5)
    assert "only at 0.50" in reason_against(found, 5)


@pytest.mark.parametrize("scores", [{"smallest_share": 0.02}, {"seed_ari": 0.8}])
def test_a_candidate_on_the_border_passes(scores):
    assert selected(candidate(4), candidate(5, silhouette=0.9, **scores)).chosen.n_segments == 5


def test_where_no_candidate_is_stable_the_steadiest_is_taken_and_said_to_be():
    found = selected(candidate(4, seed_ari=0.5), candidate(5, seed_ari=0.7))
    assert found.chosen.n_segments == 5
    assert found.reason.startswith("No candidate is stable across seeds; this is the steadiest. ")


def test_where_every_candidate_has_a_tiny_segment_the_fullest_is_taken_and_said_to_be():
    found = selected(candidate(4, smallest_share=0.01), candidate(5, smallest_share=0.015))
    assert found.chosen.n_segments == 5
    assert found.reason.startswith("Every candidate has a segment that is too small")


def test_exactly_one_candidate_is_kept_and_all_have_a_reason():
    found = selected(*(candidate(k, silhouette=0.1 * k) for k in range(4, 9)))
    assert [c.n_segments for c in found.candidates if c.kept] == [found.chosen.n_segments]
    assert found.chosen.kept
    assert all(c.reason.endswith(".") for c in found.candidates)
    np.testing.assert_array_equal(found.rows, ROWS)


def test_large_enough_segments_go_before_stability_where_no_candidate_has_both():
    found = selected(
        candidate(4, seed_ari=0.4),
        candidate(5, seed_ari=0.99, smallest_share=0.001),
        candidate(6, seed_ari=0.5, silhouette=0.1),
    )
    assert found.chosen.n_segments == 6
    assert "the best that the conditions leave" in found.reason
