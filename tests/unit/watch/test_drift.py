"""What two sketches tell."""

from __future__ import annotations

import numpy as np
import pytest

from drifting import Case, dropped, held, lost, quiet, stuck, with_numbers
from segmentry.watch.drift import (
    blur,
    gap_signs,
    schema_signs,
    segment_shifts,
    share_signs,
    shifts,
    sized_signs,
    stability,
)


@pytest.fixture
def case() -> Case:
    return Case.drawn(3, 1_500)


def checks(signs: list) -> set[tuple[str, str]]:
    return {(s.check, s.about) for s in signs if s.is_material and s.p_value < 1e-3}


def test_a_table_has_not_moved_against_itself(case: Case) -> None:
    here = case.moment.sketch
    assert all(s.stability.value == 0.0 for s in shifts(here, here, {}))
    found = shifts(here, here, {})
    assert checks(sized_signs(here, here, found, case.release)) == set()
    assert {s.change.value for s in segment_shifts(here, here, case.release)} == {0.0}


def test_a_shift_by_a_deviation_is_measured_as_one(case: Case) -> None:
    values = case.then.numbers("visits")
    moved = with_numbers(case.then, "visits", values + values.std())
    now = held(moved, case.then, case.release).sketch
    shift = next(
        s for s in shifts(now, case.moment.sketch, {"visits": 0.2}) if s.feature == "visits"
    )
    assert shift.distance is not None
    # What lies beyond the earlier range counts as its end.
    assert 0.8 < shift.distance.value <= 1.0
    assert shift.stability.low > 0.25
    assert shift.usual == 0.2
    assert stability(now, case.moment.sketch, "minutes").value == 0.0


def test_values_lost_and_stuck_are_told(case: Case) -> None:
    then = case.moment.sketch
    assert any(c == "missing" for c, _ in checks(gap_signs(
        held(lost(case), case.then, case.release).sketch, then)))  # fmt: skip
    assert any(c == "constant" for c, _ in checks(gap_signs(
        held(stuck(case), case.then, case.release).sketch, then)))  # fmt: skip
    now = held(quiet(case), case.then, case.release).sketch
    assert checks(gap_signs(now, then)) == set()


def test_a_column_that_is_gone_is_told_by_whether_it_is_needed(case: Case) -> None:
    table = dropped(case)
    needs = frozenset(case.release.recipe.needs)
    (sign,) = schema_signs(table.columns, case.then.columns, needs)
    assert sign.check == "gone"
    assert sign.is_material == (sign.about in needs)
    (new,) = schema_signs(case.then.columns, table.columns, needs)
    assert (new.check, new.is_material) == ("new column", False)


def test_who_moves_away_from_centres_blurs_them(case: Case) -> None:
    rng = np.random.default_rng(0)
    table = case.then
    for name in ("visits", "minutes", "age_days"):
        values = table.numbers(name)
        table = with_numbers(table, name, values + rng.normal(0.0, values.std(), len(values)))
    now, then = held(table, case.then, case.release).sketch, case.moment.sketch
    separation, cohesion, signs = blur(now, then)
    assert separation is not None
    assert separation.high < 0
    assert cohesion is not None
    assert cohesion.low > 0
    assert ("cohesion", "segments") in checks(signs)


def test_segments_of_other_sizes_are_told(case: Case) -> None:
    rows = np.flatnonzero(case.release.assign(case.then).answers.segment != 0)
    now = held(case.then.take(rows), case.then, case.release).sketch
    assert ("shares", "segments") in checks(share_signs(now, case.moment.sketch, case.release))
