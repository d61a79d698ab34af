"""Knees: the curve of the paper, lines, and curves that do not fall."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.knee import knee


def test_the_curve_of_the_paper_bends_where_the_paper_says():
    # y = -1 / (x + 0.1) + 5 on ten points over 0 .. 1 bends at 0.22; here it falls instead.
    x = np.linspace(0.0, 1.0, 10)
    assert knee(range(10), 1.0 / (x + 0.1)) == 2


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_units_and_shifts_do_not_move_a_knee(scale):
    curve = np.array([100.0, 50.0, 10.0, 8.0, 6.0, 4.0])
    assert knee(range(2, 8), scale * (curve + 3.0)) == 4


@pytest.mark.parametrize(
    "curve", [[3.0, 2.0, 1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [10.0, 9.0, 7.0, 0.0]]
)
def test_lines_and_curves_without_a_bend_have_no_knee(curve):
    assert knee(range(len(curve)), curve) is None


def test_more_sensitivity_asks_for_a_clearer_bend():
    curve = [10.0, 6.0, 4.5, 3.0, 1.5, 0.0]
    assert knee(range(6), curve, sensitivity=0.1) == 1
    assert knee(range(6), curve, sensitivity=5.0) is None


@pytest.mark.parametrize("numbers", [[1, 2], [1, 3, 2], [1, 2, 3, 4]])
def test_numbers_that_make_no_curve_are_refused(numbers):
    with pytest.raises(MathsError, match="three or more ascending numbers"):
        knee(numbers, [3.0, 2.0, 1.0])
