"""Other entities, or the same ones behaving otherwise."""

from __future__ import annotations

import numpy as np

from drifting import NUMBERS, Case, behaviour, mix, quiet
from segmentry.watch.mix import by_strata, explained, is_newcomer, same_entities


def test_weighing_the_region_takes_a_change_of_mix_away_and_no_change_of_behaviour() -> None:
    case = Case.drawn(11, 2_000)
    grid = case.moment.sketch.grid
    found = by_strata(mix(case), case.then, NUMBERS, grid)
    assert found is not None
    assert found.by == "region"
    assert found.share > 0.6
    assert by_strata(behaviour(case), case.then, NUMBERS, grid) is None


def test_entities_known_at_both_times_show_what_they_changed_themselves() -> None:
    case = Case.drawn(5, 2_000)
    own = same_entities(behaviour(case), case.then, NUMBERS, case.moment.sketch.grid)
    assert own is not None
    assert own[0] > 0.7
    assert 0.9 < own[1] < 1.0
    other = same_entities(mix(case), case.then, NUMBERS, case.moment.sketch.grid)
    assert other is not None
    assert other[0] < 0.2


def test_without_the_entities_that_moved_nothing_moved() -> None:
    case = Case.drawn(5, 2_000)
    table = mix(case)
    weights = (~is_newcomer(table, case.then)).astype(float)
    assert is_newcomer(quiet(case), case.then).mean() < 0.1
    grid = case.moment.sketch.grid
    assert explained(table, case.then, NUMBERS, grid, np.ones(len(weights))) == 0.0
