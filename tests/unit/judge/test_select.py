"""The rule, case by case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import candidate
from segmentry.judge.select import RULE, SHORTLIST, faults_of, select, shortlist

ROWS = np.arange(100)
RNG = np.random.default_rng


def of(method, n_segments=4, **scores):
    """Give a candidate of another method."""
    found = candidate(n_segments, **scores)
    return replace(found, partition=replace(found.partition, method=method))


def selected(*candidates, min_share=0.02):
    return select(candidates, ROWS, min_share=min_share)


def listed(*candidates):
    return [candidates[i].name for i in shortlist(candidates, min_share=0.02)]


def reason_against(selection, n_segments, method="k-means"):
    return next(
        c.reason
        for c in selection.candidates
        if c.n_segments == n_segments and c.partition.method == method
    )


def test_the_highest_silhouette_is_chosen():
    found = selected(candidate(4, silhouette=0.3), candidate(5, silhouette=0.5))
    assert found.chosen.n_segments == 5
    assert "the highest silhouette of the candidates that pass the conditions (2 of 2 pass)" in (
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
    assert "as good as the highest silhouette (0.500 with 6 segments) within its interval" in (
        found.reason
    )
    assert reason_against(found, 6) == "Rejected: as good as 4 segments, but with more of them."


def test_as_good_is_told_by_the_paired_difference_where_there_is_one():
    noise = 0.02 * RNG(0).normal(size=20)
    best = replace(candidate(6, silhouette=0.50), replicates=0.50 + noise)
    # The same rows left out move both alike: the difference of 0.01 is certain.
    close = replace(candidate(5, silhouette=0.49), replicates=0.49 + noise)
    assert selected(best, close).chosen.n_segments == 6
    loose = replace(close, replicates=0.49 + 0.02 * RNG(1).normal(size=20))
    assert selected(best, loose).chosen.n_segments == 5


def test_of_methods_as_good_with_one_number_the_simplest_stands():
    found = selected(of("k-means", silhouette=0.49), of("ward", silhouette=0.5))
    assert found.chosen.partition.method == "k-means"
    assert reason_against(found, 4, "ward") == (
        "Rejected: as good as k-means, 4 segments, but less simple."
    )


def test_a_better_method_stands_for_its_number():
    found = selected(of("k-means", silhouette=0.4), of("ward", silhouette=0.5))
    assert found.chosen.partition.method == "ward"
    assert (
        reason_against(found, 4) == "Rejected: silhouette 0.400 against 0.500 of ward, 4 segments."
    )


def test_the_reason_names_the_figures_of_the_chosen_one():
    found = selected(candidate(4, silhouette=0.3, jaccard_min=0.91))
    assert found.reason.startswith("k-means, 4 segments: ")
    assert found.reason.endswith(
        "silhouette 0.300 (0.280 to 0.320), seed agreement 0.95, smallest segment 10\u202f%, "
        "weakest segment drawn again 0.91."
    )


def test_a_lower_silhouette_is_rejected_with_both_figures():
    found = selected(candidate(4, silhouette=0.3), candidate(5, silhouette=0.5))
    assert reason_against(found, 4) == "Rejected: silhouette 0.300 against 0.500 of 5 segments."


def test_a_tiny_segment_is_rejected_however_good_the_silhouette():
    found = selected(candidate(4), candidate(5, silhouette=0.9, smallest_share=0.004))
    assert found.chosen.n_segments == 4
    assert reason_against(found, 5) == (
        "Rejected: its smallest segment holds 0.4\u202f%, less than the 2\u202f% asked for."
    )
    assert "(1 of 2 pass)" in found.reason


def test_an_unstable_candidate_is_rejected_with_its_agreement():
    found = selected(candidate(4), candidate(5, silhouette=0.9, seed_ari=0.61))
    assert found.chosen.n_segments == 4
    assert reason_against(found, 5) == (
        "Rejected: other seeds agree with it only at 0.61 (needs 0.80)."
    )


def test_prototypes_that_lose_labels_are_rejected_with_what_they_keep():
    found = selected(candidate(4), of("ward", 4, silhouette=0.9, fidelity=0.951))
    assert found.chosen.partition.method == "k-means"
    assert reason_against(found, 4, "ward") == (
        "Rejected: prototypes keep only 95.1\u202f% of its labels (needs 98\u202f%), so it "
        "could not be used as it was found."
    )


def test_a_candidate_is_told_everything_that_speaks_against_it():
    found = selected(candidate(4), candidate(5, seed_ari=0.5, smallest_share=0.01))
    assert "holds 1\u202f%" in reason_against(found, 5)
    assert "only at 0.50" in reason_against(found, 5)


@pytest.mark.parametrize(
    "scores", [{"smallest_share": 0.02}, {"seed_ari": 0.8}, {"fidelity": 0.98}]
)
def test_a_candidate_on_the_border_passes(scores):
    assert selected(candidate(4), candidate(5, silhouette=0.9, **scores)).chosen.n_segments == 5


def test_a_segment_that_dissolves_sets_a_candidate_aside():
    found = selected(
        candidate(4, silhouette=0.3, jaccard_min=0.9),
        candidate(5, silhouette=0.5, jaccard_min=0.59),
    )
    assert found.chosen.n_segments == 4
    assert reason_against(found, 5) == (
        "Rejected: a segment of it dissolves when entities are drawn again (Jaccard index 0.59)."
    )
    assert "pass the conditions and do not dissolve" in found.reason


def test_where_all_dissolve_the_highest_silhouette_is_chosen_all_the_same():
    found = selected(
        candidate(4, silhouette=0.3, jaccard_min=0.5), candidate(5, silhouette=0.5, jaccard_min=0.4)
    )
    assert found.chosen.n_segments == 5


def test_of_equally_good_ones_the_steady_goes_before_the_doubtful():
    found = selected(
        candidate(4, silhouette=0.49, jaccard_min=0.7),
        candidate(5, silhouette=0.5, jaccard_min=0.8),
    )
    assert found.chosen.n_segments == 5
    assert "is doubtful" in reason_against(found, 4)


@pytest.mark.parametrize(("jaccard", "chosen"), [(0.95, 5), (0.93, 5), (0.91, 4), (0.8, 4)])
def test_of_equally_good_ones_the_finest_that_comes_back_for_sure_is_chosen(jaccard, chosen):
    found = selected(
        candidate(4, silhouette=0.5, jaccard_min=0.95),
        candidate(5, silhouette=0.49, jaccard_min=jaccard),
        candidate(6, silhouette=0.4, jaccard_min=0.99),
    )
    assert found.chosen.n_segments == chosen
    if chosen == 5:
        assert "tells more apart, with segments that all come back" in found.reason
        assert reason_against(found, 4) == "Rejected: as good as 5 segments, but tells less apart."
    else:
        assert f"less sure to come back (Jaccard index {jaccard:.2f})" in reason_against(found, 5)


def test_a_doubtful_segment_is_no_reason_against_a_better_silhouette():
    found = selected(
        candidate(4, silhouette=0.3, jaccard_min=0.9), candidate(5, silhouette=0.5, jaccard_min=0.7)
    )
    assert found.chosen.n_segments == 5


CLEAN = {"neighbour_agreement": 0.995, "jaccard_min": 0.9}
BLURRED = {"neighbour_agreement": 0.93, "jaccard_min": 0.9}


def test_clean_borders_of_another_method_replace_a_choice_that_cuts_through():
    found = selected(
        of("k-means", silhouette=0.5, **BLURRED),
        of("gaussian mixture", silhouette=0.46, **CLEAN),
    )
    assert found.chosen.partition.method == "gaussian mixture"
    assert "its borders run through empty space (99.5\u202f% of nearest neighbours" in found.reason
    assert reason_against(found, 4) == (
        "Rejected: the borders of gaussian mixture, 4 segments run through empty space "
        "(silhouette 0.500 against 0.460 of gaussian mixture, 4 segments)."
    )


def test_the_finest_of_clean_candidates_is_taken():
    found = selected(*(candidate(k, silhouette=0.5, **CLEAN) for k in (3, 4, 5, 6)))
    assert found.chosen.n_segments == 6


@pytest.mark.parametrize(
    ("n_segments", "scores"),
    [
        (4, {"silhouette": 0.44, **CLEAN}),  # too low a silhouette
        (4, {"silhouette": 0.49, "neighbour_agreement": 0.995, "jaccard_min": 0.5}),  # dissolves
        (4, {"silhouette": 0.46, "neighbour_agreement": 0.995}),  # not known to come back
        (3, {"silhouette": 0.46, **CLEAN}),  # coarser
    ],
)
def test_a_clean_candidate_does_not_replace_the_choice_without_more(n_segments, scores):
    nearly = {"neighbour_agreement": 0.9897, "jaccard_min": 0.9}
    found = selected(of("k-means", silhouette=0.5, **nearly), of("ward", n_segments, **scores))
    assert found.chosen.partition.method == "k-means"


def test_empty_space_that_the_roundest_cuts_through_goes_before_any_silhouette():
    ring = of("robust linkage", 2, silhouette=0.2, neighbour_agreement=1.0, jaccard_min=0.9)
    found = selected(
        of("k-means", 5, silhouette=0.5, **BLURRED),
        of("k-means", 2, silhouette=0.4, **BLURRED),
        ring,
    )
    assert found.chosen.partition.method == "robust linkage"
    assert "and it cuts less than k-means, 5 segments (93\u202f%" in found.reason


def test_empty_space_does_not_speak_for_what_dissolves():
    torn = of("robust linkage", 2, silhouette=0.2, neighbour_agreement=1.0, jaccard_min=0.4)
    found = selected(
        of("k-means", 5, silhouette=0.5, **BLURRED), of("k-means", 2, silhouette=0.4), torn
    )
    assert found.chosen.partition.method == "k-means"


def test_what_only_empty_space_speaks_for_is_resampled():
    ring = of("robust linkage", 2, silhouette=0.1, neighbour_agreement=1.0)
    round_ones = [candidate(k, silhouette=0.5 - 0.01 * k, neighbour_agreement=0.9) for k in (2, 3)]
    assert ring.name in listed(*round_ones, ring)


def test_a_clean_choice_is_not_replaced_by_another_of_its_size():
    found = selected(of("k-means", silhouette=0.5, **CLEAN), of("ward", silhouette=0.47, **CLEAN))
    assert found.chosen.partition.method == "k-means"


def test_where_no_candidate_is_stable_the_steadiest_is_taken_and_said_to_be():
    found = selected(candidate(4, seed_ari=0.5), candidate(5, seed_ari=0.7))
    assert found.chosen.n_segments == 5
    assert found.reason.startswith("No candidate is stable across seeds; this is the steadiest. ")


def test_where_every_candidate_has_a_tiny_segment_the_fullest_is_taken_and_said_to_be():
    found = selected(candidate(4, smallest_share=0.01), candidate(5, smallest_share=0.015))
    assert found.chosen.n_segments == 5
    assert found.reason.startswith("Every candidate has a segment that is too small")


def test_what_could_not_be_used_is_not_even_taken_in_need():
    unfaithful = of("ward", 4, seed_ari=0.79, fidelity=0.9)
    found = selected(candidate(4, seed_ari=0.5), unfaithful)
    assert found.chosen.partition.method == "k-means"


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


def test_the_best_numbers_of_segments_are_worth_resampling():
    found = listed(*(candidate(k, silhouette=0.1 * k) for k in range(2, 9)))
    assert found == [f"k-means, {k} segments" for k in (8, 7, 6, 5)]
    assert len(found) == SHORTLIST


def test_one_method_stands_for_each_number_in_the_shortlist():
    assert listed(of("k-means", silhouette=0.5), of("ward", silhouette=0.5)) == [
        "k-means, 4 segments"
    ]


def test_finer_candidates_with_clean_borders_are_resampled_too():
    low = [candidate(k, silhouette=0.5 - 0.001 * k, neighbour_agreement=0.9) for k in range(2, 7)]
    clean = of("ward", 9, silhouette=0.47, neighbour_agreement=0.999)
    assert "ward, 9 segments" in listed(*low, clean)


def test_who_was_resampled_is_said_to_be_shortlisted():
    found = selected(candidate(4, silhouette=0.5, jaccard_min=0.8), candidate(5))
    assert [c.shortlisted for c in found.candidates] == [True, False]


def test_candidates_that_fail_are_not_worth_resampling():
    assert listed(candidate(4), candidate(5, silhouette=0.9, seed_ari=0.1)) == [
        "k-means, 4 segments"
    ]


def test_of_those_that_miss_least_the_rule_chooses_not_the_steadiest():
    found = selected(
        replace(candidate(4, silhouette=0.3, seed_ari=0.99), unmet=("a is not held",)),
        replace(candidate(5, silhouette=0.5, seed_ari=0.85), unmet=("a is not held",)),
        replace(candidate(6, silhouette=0.9, seed_ari=0.99), unmet=("a", "b")),
    )
    assert found.chosen.n_segments == 5
    assert "among the ones that miss fewest of its demands the same rule chooses" in RULE
    assert found.told("It is").startswith(
        "It is k-means, 5 segments. No candidate meets all that the project asks of segments; "
    )


def test_the_rule_is_one_paragraph_with_its_thresholds():
    assert "\n" not in RULE
    for figure in ("98\u202f%", "0.80", "0.6", "0.75", "99\u202f%", "90\u202f%", "95 %"):
        assert figure in RULE


def test_cutting_further_must_not_cut_closer():
    coarse = of("k-means", 5, silhouette=0.40, neighbour_agreement=0.998, jaccard_min=0.9)
    finer = {"silhouette": 0.40, "jaccard_min": 0.9}
    closer = selected(coarse, of("ward", 6, neighbour_agreement=0.995, **finer))
    as_far = selected(coarse, of("ward", 6, neighbour_agreement=0.9975, **finer))
    assert (closer.chosen.n_segments, as_far.chosen.n_segments) == (5, 6)
    assert "but its borders cut closer" in reason_against(closer, 6, "ward")


@pytest.mark.parametrize(("silhouette", "expected"), [(0.46, 6), (0.48, 5)])
def test_a_steady_candidate_that_comes_near_leads_before_a_doubtful_one(silhouette, expected):
    found = selected(
        candidate(5, silhouette=silhouette, jaccard_min=0.95),
        candidate(6, silhouette=0.50, jaccard_min=0.7),
    )
    assert found.chosen.n_segments == expected


ALIKE = "its segments 2 and 3 differ in nothing"


def asking(found, *unmet):
    return replace(found, unmet=unmet)


def test_what_the_project_asks_goes_before_the_silhouette_and_is_told():
    found = selected(candidate(6, silhouette=0.5), asking(candidate(15, silhouette=0.9), ALIKE))
    assert found.chosen.n_segments == 6
    assert reason_against(found, 15) == f"Rejected: {ALIKE}."
    assert found.reason.endswith(
        f" k-means, 15 segments would have a higher silhouette (0.900), but {ALIKE}."
    )


def test_a_candidate_that_would_not_be_chosen_anyway_is_not_told_of():
    for other in (
        asking(candidate(15, silhouette=0.4), ALIKE),
        asking(candidate(15, silhouette=0.9, seed_ari=0.1), ALIKE),
    ):
        assert "would have" not in selected(candidate(6, silhouette=0.5), other).reason


def test_where_none_holds_all_the_one_that_misses_least_is_taken_and_says_what():
    found = selected(
        asking(candidate(5, silhouette=0.9), ALIKE, "its largest segment is large"),
        asking(candidate(6, silhouette=0.5), ALIKE),
        candidate(7, silhouette=0.95, seed_ari=0.1),
    )
    assert found.chosen.n_segments == 6
    assert found.reason.startswith("No candidate meets all that the project asks of segments; ")
    assert found.reason.endswith(f" But {ALIKE}.")


def test_faults_are_those_of_the_rule_and_of_the_project():
    assert faults_of(candidate(4), min_share=0.02) == ()
    found = asking(candidate(4, smallest_share=0.01), ALIKE)
    first, last = faults_of(found, min_share=0.02)
    assert first.startswith("its smallest segment holds")
    assert last == ALIKE


def test_a_negative_silhouette_can_be_the_highest():
    found = selected(candidate(4, silhouette=-0.2), candidate(5, silhouette=-0.1))
    assert found.chosen.n_segments == 5
