"""The list of scenarios."""

from __future__ import annotations

import pytest

from segmentry.errors import UsageError
from segmentry.simulate.catalogue import DEFAULT_SEGMENTS, SCENARIOS, find_scenario, plant


def test_an_unknown_scenario_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="no scenario 'retial'") as told:
        find_scenario("retial")
    assert told.value.hint == "did you mean 'retail'?"


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_scenario_plants_one_to_eight_segments_of_sensible_size(scenario: object) -> None:
    found = find_scenario(scenario.name)  # type: ignore[attr-defined]
    for n in range(1, 9):
        population = plant(found, n)
        assert population.n_segments == n
        assert len({s.name for s in population.segments}) == n
        assert population.shares.sum() == pytest.approx(1.0)
        assert population.shares.min() > 0.08
    assert plant(found, None).n_segments == DEFAULT_SEGMENTS == 5


@pytest.mark.parametrize("n_segments", [0, 9, -1])
def test_other_numbers_of_segments_are_refused(n_segments: int) -> None:
    with pytest.raises(UsageError, match=f"cannot plant {n_segments} segments"):
        plant(find_scenario("retail"), n_segments)


def test_one_population_has_no_noise_users() -> None:
    assert all(plant(s, 1).noise_share == 0.0 for s in SCENARIOS.values())
