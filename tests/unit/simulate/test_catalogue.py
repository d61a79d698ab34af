"""The list of scenarios."""

from __future__ import annotations

import pytest

from segmentry.errors import UsageError
from segmentry.simulate.catalogue import (
    DEFAULT_SEGMENTS,
    SCENARIOS,
    TABLES,
    find_scenario,
    plant,
    plant_table,
)


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


@pytest.mark.parametrize("name", TABLES)
def test_a_table_plants_all_its_segments_unless_told_otherwise(name: str) -> None:
    table = TABLES[name]
    most = table.planted.n_segments
    assert plant_table(table, None).n_segments == most >= 5
    assert plant_table(table, 3).segments == table.planted.segments[:3]
    assert plant_table(table, 1).n_segments == 1
    assert plant_table(table, None).shares.min() > 0.05
    with pytest.raises(UsageError, match=f"{name} cannot plant {most + 1} segments") as told:
        plant_table(table, most + 1)
    assert told.value.hint == f"any number from 1 to {most}"


def test_a_table_is_no_log_and_is_named_where_it_was_meant() -> None:
    with pytest.raises(UsageError, match="no scenario 'markting'") as told:
        find_scenario("markting")
    assert told.value.hint == "did you mean 'marketing'?"
