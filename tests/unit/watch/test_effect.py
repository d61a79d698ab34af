"""Effects on segments, and units."""

from __future__ import annotations

import numpy as np

from drifting import Case, held, with_numbers
from segmentry.watch.drift import shifts
from segmentry.watch.effect import effect_on_segments, unit_sign


def moved(case: Case, table, name: str):
    sketch = held(table, case.then, case.release).sketch
    return next(s for s in shifts(sketch, case.moment.sketch, {}) if s.feature == name)


def test_the_effect_is_who_goes_elsewhere_when_values_are_put_back() -> None:
    case = Case.drawn(1, 1_200)
    values = case.then.numbers("visits")
    table = with_numbers(case.then, "visits", 3.0 * values + 7.0)
    shift = moved(case, table, "visits")
    found = effect_on_segments(
        table, shift, case.moment.sketch, case.release, np.random.default_rng(0)
    )
    here = case.release.assign(table).answers.segment
    there = case.release.assign(case.then).answers.segment
    truth = float((here != there).mean())
    assert truth > 0.02
    # A monotone change is undone but for the width of bins.
    assert abs(found.value - truth) < 0.01
    assert found.low <= found.value <= found.high


def test_gaps_beyond_the_earlier_share_are_filled() -> None:
    case = Case.drawn(1, 1_200)
    rng = np.random.default_rng(1)
    values = np.where(rng.random(1_200) < 0.7, np.nan, case.then.numbers("visits"))
    table = with_numbers(case.then, "visits", values)
    shift = moved(case, table, "visits")
    found = effect_on_segments(table, shift, case.moment.sketch, case.release, rng)
    # Gaps stood for the median, which moves nobody far: values drawn in their place do.
    assert found.low > 0.0


def test_one_factor_for_everybody_is_a_unit_and_a_shift_is_not() -> None:
    case = Case.drawn(1, 1_200)
    then = case.moment.sketch
    values = case.then.numbers("orders")
    for factor in (100.0, 1 / 60.0):
        table = with_numbers(case.then, "orders", values * factor)
        sign = unit_sign(table.numbers("orders"), moved(case, table, "orders"), then)
        assert sign is not None
        assert sign.check == "unit"
    for other in (values + 30.0, values * 1.8, values**2):
        table = with_numbers(case.then, "orders", other)
        assert unit_sign(other, moved(case, table, "orders"), then) is None
