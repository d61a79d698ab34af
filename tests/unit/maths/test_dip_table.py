"""The simulated table hangs together; that it is right is an oracle test."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.dip_table import LEVELS, QUANTILES, SIZES


def test_there_is_one_row_per_size_and_one_column_per_level() -> None:
    assert np.shape(QUANTILES) == (len(SIZES), len(LEVELS))


def test_quantiles_never_fall_along_a_row() -> None:
    assert (np.diff(QUANTILES, axis=1) >= 0).all()


def test_no_quantile_is_below_the_smallest_or_above_the_largest_dip() -> None:
    table, sizes = np.array(QUANTILES), np.array(SIZES)[:, None]
    smallest = 1 / (2 * sizes)
    assert (table >= np.sqrt(sizes) * smallest - 1e-4).all()
    assert (table <= np.sqrt(sizes) * 0.25 + 1e-4).all()


def test_large_samples_share_one_limit() -> None:
    limit = dict(zip(LEVELS, QUANTILES[-1], strict=True))
    for row in QUANTILES[-4:-1]:
        assert dict(zip(LEVELS, row, strict=True))[0.95] == pytest.approx(limit[0.95], rel=0.02)
