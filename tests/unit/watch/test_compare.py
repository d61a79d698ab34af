"""All checks together: planted causes are named, quiet months are quiet."""

from __future__ import annotations

import numpy as np
import pytest

from drifting import PLANTED, Case, behaviour, held, quiet, season_of
from segmentry.watch import compare
from segmentry.watch.compare import Usual, moment_of, watched


@pytest.mark.parametrize("name", list(PLANTED))
def test_a_planted_cause_is_named(name: str) -> None:
    plant, cause = PLANTED[name]
    case = Case.drawn(21, 2_000)
    found = case.watch(plant(case))
    assert found.is_alarm
    assert found.cause is not None
    assert found.cause.name == cause


def test_a_season_is_known_by_the_year_before() -> None:
    case = Case.drawn(21, 2_000)
    now, usual = season_of(case)
    found = case.watch(now, usual)
    assert found.cause is not None
    assert (found.cause.name, found.cause.advice) == ("seasonal", ("nothing",))


def test_quiet_months_raise_no_alarm() -> None:
    found = [case.watch(quiet(case)) for case in (Case.drawn(s, 1_000) for s in range(5))]
    assert sum(d.is_alarm for d in found) == 0
    assert {d.cause.name for d in found if d.cause} == {"none"}


def test_features_stand_in_the_order_of_their_effect_on_segments() -> None:
    case = Case.drawn(22, 2_000)
    found = case.watch(behaviour(case))
    effects = [s.effect.value for s in found.shifts if s.effect is not None]
    assert effects == sorted(effects, reverse=True)
    assert effects[0] > 0.0


def test_what_moved_as_much_before_is_no_news_and_without_history_nothing_grown_is() -> None:
    case = Case.drawn(22, 2_000)
    now = behaviour(case)
    moment = held(now, case.then, case.release)
    sketches = [case.moment.sketch, moment.sketch]
    for usual in (Usual.of(sketches, case.release), Usual.of(sketches[:1], case.release)):
        assert not case.watch(now, usual).is_alarm
    assert case.watch(now).is_alarm


def test_many_entities_are_counted_all_and_looked_at_in_part(monkeypatch) -> None:
    monkeypatch.setattr(compare, "SAMPLE_ROWS", 500)
    case = Case.drawn(23, 2_000)
    table = quiet(case)
    halves = [table.take(np.arange(0, 1_000)), table.take(np.arange(1_000, table.n_entities))]
    grid = case.moment.sketch.grid
    moment = moment_of(halves, grid, case.release, n_entities=table.n_entities)
    assert moment.sketch.n == table.n_entities
    assert 350 < moment.rows.n_entities < 650
    then = held(case.then, case.then, case.release)
    # The same entities are kept at both times.
    kept, had = (set(m.rows.entity_ids.to_pylist()) for m in (moment, then))
    assert len(kept & had) > 0.85 * len(kept)
    told = watched(moment, then, case.release, told_then="then")
    assert not told.is_alarm
