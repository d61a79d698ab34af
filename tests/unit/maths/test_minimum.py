from __future__ import annotations

from math import cos, exp, inf, log

import pytest
from scipy.optimize import minimize_scalar

from segmentry.maths.minimum import lowest_between


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (lambda x: (x - 2.0) ** 2, 0.0, 5.0),
        (lambda x: (x - 0.3) ** 4, -3.0, 5.0),
        (lambda x: exp(x) - 3 * x, -3.0, 5.0),
        (lambda x: x - log(x), 0.01, 9.0),
        (lambda x: abs(x - 1.5), 0.0, 4.0),
        (cos, 1.0, 5.0),
    ],
)
def test_the_lowest_place_is_that_of_scipy(function, low, high) -> None:
    expected = minimize_scalar(
        function, bounds=(low, high), method="bounded", options={"xatol": 1e-9}
    )
    assert function(lowest_between(function, low, high)) <= function(expected.x) + 1e-5


@pytest.mark.parametrize(("sign", "end"), [(1, 0.0), (-1, 4.0)])
def test_a_slope_ends_at_its_lower_bound(sign: int, end: float) -> None:
    assert lowest_between(lambda x: sign * x, 0.0, 4.0) == pytest.approx(end, abs=1e-4)


def test_infinity_is_a_wall() -> None:
    found = lowest_between(lambda x: inf if x > 2 else (x - 1.0) ** 2, -3.0, 5.0)
    assert found == pytest.approx(1.0, abs=1e-4)


def test_few_looks_are_enough() -> None:
    looks: list[float] = []

    def smooth(x: float) -> float:
        looks.append(x)
        return exp(x) - 3 * x

    lowest_between(smooth, -3.0, 5.0)
    assert len(looks) < 25
    assert all(-3.0 < x < 5.0 for x in looks)
