from __future__ import annotations

import numpy as np
import pytest

from segmentry.pipeline.cut import FEWEST_EVENTS, bulk_of


def bulk(days: list[int], counts: list[int] | None = None):
    return bulk_of(np.array(days), np.array(counts or [1] * len(days)))


def test_a_date_far_after_all_others_is_stray() -> None:
    found = bulk([*range(300), 32_000])
    assert (found.last_day, found.n_after, found.n_before) == (299, 1, 0)


def test_a_date_far_before_all_others_is_stray() -> None:
    found = bulk([-40_000, *range(300)])
    assert (found.first_day, found.n_before, found.n_after) == (0, 1, 0)


def test_several_stray_dates_are_all_stray() -> None:
    found = bulk([*range(300), 20_000, 32_000], [10] * 300 + [2, 3])
    assert found.n_after == 5


def test_a_year_of_silence_is_borne() -> None:
    assert bulk([*range(100), 460]).n_after == 0
    assert bulk([*range(100), 470]).n_after == 1


def test_a_log_of_ten_years_bears_a_silence_of_nine() -> None:
    assert bulk([*range(0, 3650, 10), 3650 + 3200]).n_after == 0


def test_a_thin_tail_without_a_silence_is_no_stray() -> None:
    days = [*range(100), *range(100, 3000, 100)]
    assert bulk(days, [1000] * 100 + [1] * 29).n_after == 0


def test_a_few_events_have_no_bulk() -> None:
    assert bulk([0, 40_000]).n_after == 0
    assert bulk([0] * 1 + [40_000], [FEWEST_EVENTS - 2, 1]).n_after == 0


def test_more_than_one_in_twenty_is_no_accident() -> None:
    assert bulk([0, 1, 2, 40_000], [30, 30, 30, 10]).n_after == 0


@pytest.mark.parametrize("seed", range(20))
def test_ordinary_logs_have_no_stray_date(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.integers(10, 4000))
    shape = rng.choice(["even", "growing", "fading", "seasons"])
    share = {
        "even": rng.random(5000),
        "growing": rng.beta(5, 1, 5000),
        "fading": rng.beta(1, 5, 5000),
        "seasons": (rng.integers(0, 5, 5000) + rng.beta(2, 2, 5000) / 3) / 5,
    }[str(shape)]
    days, counts = np.unique((share * span).astype(np.int64), return_counts=True)
    found = bulk_of(days, counts)
    assert (found.n_before, found.n_after) == (0, 0)
