"""The recommendation in words: each sentence with its figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from builders import candidate, feature_table, matrix, standardised, structure
from segmentry.domain.evidence import StructureTest
from segmentry.domain.matrix import Matrix
from segmentry.judge.rationale import characterise, rationale
from segmentry.judge.select import select

RNG = np.random.default_rng


def labelled(found, labels, method="k-means"):
    partition = replace(found.partition, labels=np.asarray(labels), method=method)
    return replace(found, partition=partition)


def told(*candidates, data=None, verdict="clear", anomaly_share=0.02, **changes):
    data = data or characterise(matrix(RNG(0).normal(size=(50, 3))), None)
    selection = select(candidates or (candidate(4),), np.arange(9), min_share=0.02)
    found = replace(structure(verdict), **changes)
    return rationale(data, selection, found, anomaly_share=anomaly_share)


def told_of(word, *candidates, **changes):
    return next(s for s in told(*candidates, **changes) if word in s)


def test_the_data_is_described_by_its_numbers_and_categories():
    table = feature_table({"spend": RNG(0).lognormal(2, 2, 60), "plan": ["a", "b", "c"] * 20})
    numbers = standardised(table)
    both = Matrix(
        np.column_stack([numbers.X, np.tile(np.eye(3), (20, 1))]),
        numbers.ids,
        ("spend", "plan=a", "plan=b", "plan=c"),
        ("spend", "plan", "plan", "plan"),
    )
    data = characterise(both, table)
    assert (data.n_entities, data.n_numbers, data.n_categories, data.n_skewed) == (60, 1, 1, 1)
    assert "60 entities are described by 1 number and 1 category." in told(data=data)[0]
    assert "1 of 1 number has a long tail" in told_of("tail", data=data)


def test_directions_that_hold_most_of_the_variance_are_counted():
    rng = RNG(0)
    line = rng.normal(size=(400, 1)) * [5.0, 4.0, 3.0] + rng.normal(size=(400, 3)) * 0.1
    assert characterise(matrix(line), None).n_directions == 1
    assert characterise(matrix(rng.normal(size=(400, 5))), None).n_directions >= 4


def test_the_feature_with_most_gaps_is_named():
    table = feature_table({"spend": [1.0, None, None, 4.0], "age": [1.0, 2.0, None, 4.0]})
    data = characterise(standardised(table), table)
    assert data.most_missing == ("spend", 0.5)
    assert told_of("gaps", data=data) == (
        "'spend' has the most gaps: it is unknown for 50\u202f% of entities."
    )


def test_whole_tables_have_no_sentence_of_gaps():
    assert not any("gaps" in s for s in told())


def test_few_gaps_are_not_called_none():
    data = replace(characterise(matrix(np.eye(3)), None), most_missing=("age", 0.001))
    assert "unknown for 0.1\u202f% of" in told_of("gaps", data=data)


def test_anomalies_are_told_with_their_share():
    assert "3\u202f% of entities lie far outside" in told_of("far outside", anomaly_share=0.03)


def test_a_clear_best_number_is_told_beside_the_others():
    found = told_of(
        "silhouette is", *(candidate(k, silhouette=s) for k, s in ((4, 0.5), (5, 0.3), (6, 0.2)))
    )
    assert (
        found
        == "With 4 segments the silhouette is highest: 0.50, against 0.30 with 5, 0.20 with 6. "
        "4 are the fewest that were tried."
    )


def test_a_choice_below_others_is_not_called_among_the_highest():
    found = told_of(
        "not the highest",
        candidate(4, silhouette=0.6, smallest_share=0.001),
        candidate(5, silhouette=0.3),
    )
    assert found == "With 5 segments the silhouette is 0.30, not the highest: 0.60 with 4."


def test_fewer_are_recommended_only_where_fewer_were_chosen():
    flat = [candidate(k, silhouette=0.3, smallest_share=s) for k, s in ((4, 0.001), (5, 0.1))]
    assert "Fewer are easier" not in told_of("hardly matters", *flat)


def test_a_flat_curve_is_told_to_be_flat():
    found = told_of("hardly matters", *(candidate(k, silhouette=0.3) for k in (4, 5)))
    assert "Fewer are easier to act on." in found
    assert "silhouette 0.30 with 4, and 0.30 with 5" in found


def test_a_single_number_is_told_to_be_the_only_one():
    assert told_of("Only 4 segments were tried")


A, B = np.arange(60) % 4, (np.arange(60) // 4) % 4


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (A, "Other methods find much the same 4 segments: ward at 1.00"),
        (B, "Other methods draw other borders: ward at -0.0"),
        (np.where(np.arange(60) < 12, B, A), "Other methods agree in part: ward at 0."),
    ],
)
def test_agreement_of_methods_is_told(labels, said):
    ours = labelled(candidate(4, silhouette=0.5), A)
    assert told_of("ther methods", ours, labelled(candidate(4), labels, "ward")).startswith(said)


def test_borders_that_no_other_method_draws_are_not_called_emptier_space():
    ours = labelled(candidate(4, silhouette=0.5), A)
    apart = [labelled(candidate(4), B, name) for name in ("ward", "mixture", "robust")]
    found = told(ours, *apart, p_value=0.0001)
    ari = f"{adjusted_rand_score(A, B):.2f}"
    assert any(f"ward at {ari}, mixture at {ari} and robust at {ari} (1" in s for s in found)
    assert found[-1].startswith("The data is more than one cloud (structure test, p < 0.001), but")
    clean = labelled(candidate(4, silhouette=0.5, neighbour_agreement=0.995), A)
    alike = told(clean, labelled(candidate(4), A, "ward"), p_value=0.0001)
    assert alike[-1].startswith("These are groups with emptier space between them")


def test_methods_are_held_against_each_other_for_the_same_number_only():
    ours = labelled(candidate(4, silhouette=0.5), A)
    assert not any("ther methods" in s for s in told(ours, labelled(candidate(5), B, "ward")))


def test_seeds_and_resamples_are_told():
    found = told_of("starting points", candidate(4, seed_ari=0.97, jaccard_min=0.81))
    assert "again at 0.97 of 1" in found
    assert "comes back at 0.81" in found


def test_where_nothing_is_drawn_no_starting_point_is_spoken_of():
    drawn = candidate(4, jaccard_min=0.81)
    scores = {k: v for k, v in drawn.scores.items() if not k.startswith("seed_")}
    found = told_of("every seed finds these", replace(drawn, scores=scores))
    assert found.startswith("Nothing about the method is drawn")
    assert "comes back at 0.81" in found


@pytest.mark.parametrize(
    ("verdict", "changes", "said"),
    [
        ("clear", {"p_value": 0.001, "dip_p_value": 0.4}, "emptier space between them"),
        ("weak", {"p_value": 0.04, "dip_p_value": 1.0}, "p = 0.04"),
        ("none", {"p_value": 0.3, "dip_p_value": 0.2}, "slices of a continuum"),
    ],
)
def test_whether_there_are_groups_is_told_last(verdict, changes, said):
    assert said in told(verdict=verdict, **changes)[-1]


@pytest.mark.parametrize(("near", "are_groups"), [(0.995, True), (0.888, False)])
def test_segments_are_called_groups_only_where_their_borders_are_empty(near, are_groups):
    ours = candidate(4, neighbour_agreement=near)
    found = told(ours, verdict="clear", p_value=0.001, test=StructureTest.COMPARISON)[-1]
    assert found.startswith("These are groups") == are_groups
    assert ("88.8\u202f% of nearest neighbours" in found) != are_groups


def test_a_verdict_is_told_with_the_test_that_speaks_for_it():
    told_by_humps = told(
        verdict="clear", p_value=0.4, dip_p_value=0.0001, test=StructureTest.HUMPS
    )[-1]
    assert "(dip test, p < 0.001)" in told_by_humps
    assert "all features together show no more than one cloud does (p = 0.4)" in told_by_humps
    both = told(verdict="clear", p_value=0.02, dip_p_value=0.0001, test=StructureTest.HUMPS)[-1]
    assert "all features together show signs of groups (p = 0.02)" in both
    assert "These are groups" not in told_by_humps
    along = told(verdict="clear", p_value=0.002, test=StructureTest.DIRECTION)[-1]
    assert along.startswith("Along one direction through several features there are groups")
    assert "(structure test, p = 0.002); the segments need not be those groups" in along
    assert "could not be tested" in told(verdict="none", test=StructureTest.NOTHING)[-1]
    assert "p = 0.3" in told(verdict="none", p_value=0.3, dip_p_value=0.2)[-1]


def test_groups_in_a_few_columns_are_told_with_their_number():
    clean = candidate(4, neighbour_agreement=0.995)
    few = {"columns": ("balance", "limit"), "n_columns": 12, "p_value": 0.0001}
    found = told(clean, verdict="clear", **few)[-1]
    assert found.startswith("2 of 12 columns can be compared with data without groups")
    assert "need not be those groups" in found
    humps = told(clean, verdict="clear", test=StructureTest.HUMPS, **few)[-1]
    assert "the 2 of 12 columns that can be compared show signs of groups" in humps
