"""Events of each day against their own history."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.watch.volume import Daily, mix_signs, volume_signs


def daily(seed: int = 0, n_days: int = 84, size: float = 400.0) -> Daily:
    """Draw twelve weeks with quiet weekends, of three kinds."""
    rng = np.random.default_rng(seed)
    rhythm = np.where(np.arange(n_days) % 7 < 5, 1.0, 0.3)
    totals = rng.poisson(size * rhythm)
    parts = rng.multinomial(totals, [0.6, 0.3, 0.1])
    return Daily(19_000, totals, {("kind", k): parts[:, i] for i, k in enumerate("abc")})


def material(signs: list) -> set[tuple[str, str]]:
    return {(s.check, s.about) for s in signs if s.is_material and s.p_value < 1e-3}


def test_quiet_weeks_are_quiet() -> None:
    loud = 0
    for seed in range(60):
        found = daily(seed)
        loud += bool(volume_signs(found, 7) or material(mix_signs(found)))
    assert loud <= 3


@pytest.mark.parametrize(("factor", "about"), [(0.0, "gap"), (0.3, "drop"), (4.0, "spike")])
def test_a_day_unlike_its_weekday_is_told(factor: float, about: str) -> None:
    found = daily()
    totals = found.totals.copy()
    totals[-3] = round(totals[-3] * factor)
    (sign,) = volume_signs(Daily(found.first_day, totals, {}), 7)
    assert (sign.check, sign.about) == ("volume", about)
    assert str(np.datetime64(19_000 + 81, "D")) in sign.sentence


def test_kinds_that_are_new_or_far_more_frequent_are_told() -> None:
    found = daily()
    levels = {k: v.copy() for k, v in found.levels.items()}
    levels["kind", "c"][-7:] *= 4
    fresh = np.zeros_like(found.totals)
    fresh[-2:] = 4
    levels["kind", "error"] = fresh
    told = material(mix_signs(Daily(found.first_day, found.totals, levels)))
    assert told == {("mix", "kind c"), ("levels", "kind error")}


def test_nothing_is_usual_in_the_first_weeks() -> None:
    assert volume_signs(daily().until(20), 7) == []
    assert mix_signs(daily().until(30)) == []
