"""What the best possible classifier reaches."""

from __future__ import annotations

import pytest
from scipy import stats

from segmentry.seeds import stream
from segmentry.simulate.catalogue import find_scenario, plant
from segmentry.simulate.overlap import calibrate, measure_overlap
from simulated import SCENARIOS, two_segments


def test_measured_accuracy_is_the_known_one_of_two_equal_normals() -> None:
    overlap = measure_overlap(two_segments(3.0), stream(0, "test"))
    assert overlap.accuracy == pytest.approx(stats.norm.cdf(1.5), abs=4 * overlap.accuracy_error)
    assert 0.0 < overlap.accuracy_error < 0.002


def test_agreement_of_the_best_labels_is_below_their_accuracy_and_has_an_error() -> None:
    overlap = measure_overlap(two_segments(3.0), stream(0, "test"))
    # With two equal segments the index is (2 a - 1) squared, up to sampling.
    known = (2 * stats.norm.cdf(1.5) - 1) ** 2
    assert overlap.ari == pytest.approx(known, abs=4 * overlap.ari_error)
    assert 0.0 < overlap.ari_error < 0.005


def test_the_spread_is_set_so_that_the_target_is_reached() -> None:
    population = calibrate(two_segments(3.0), 0.9)
    assert 1.5 / population.spread == pytest.approx(stats.norm.ppf(0.9), abs=0.03)


def test_one_segment_is_told_without_fault_and_keeps_its_spread() -> None:
    alone = plant(find_scenario("saas"), 1)
    assert calibrate(alone) is alone
    overlap = measure_overlap(alone, stream(0, "test"))
    assert (overlap.accuracy, overlap.ari, overlap.accuracy_error) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("n_segments", [2, 5, 8])
def test_planted_segments_overlap_as_promised_for_any_seed(scenario: str, n_segments: int) -> None:
    population = calibrate(plant(find_scenario(scenario), n_segments))
    for seed in range(3):
        overlap = measure_overlap(population, stream(seed, "test", scenario), n=40_000)
        assert overlap.accuracy - 3 * overlap.accuracy_error > 0.90
        assert overlap.accuracy + 3 * overlap.accuracy_error < 0.95
