"""One way of writing a share."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.percent import NARROW_SPACE, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.00049, "under 0.1 %"),
        (0.0005, "0.1 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.30, "30 %"),
        (0.9904, "99 %"),
        (0.9914, "99.1 %"),
        (0.9996, "over 99.9 %"),
        (1.0, "100 %"),
        (1.5, "150 %"),
        (-0.05, "−5 %"),
        (-0.0001, "under −0.1 %"),
    ],
)
def test_a_share_is_written_so(share, text):
    assert percent(share) == text.replace(" %", f"{NARROW_SPACE}%")


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9))
def test_what_is_neither_nothing_nor_all_is_never_written_as_either(share):
    assert percent(share) not in {f"0{NARROW_SPACE}%", f"100{NARROW_SPACE}%"}


@given(st.floats(min_value=0.001, max_value=0.999))
def test_the_figure_is_the_share_to_half_a_unit_of_its_last_digit(share):
    figure = re.search(r"[\d.]+", percent(share))
    assert figure is not None
    assert float(figure[0]) == pytest.approx(100 * share, abs=0.5)
