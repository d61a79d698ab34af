"""The rules that name one cause, in their order."""

from __future__ import annotations

import pytest

from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import Drift, Emerging, SegmentShift, Sign
from segmentry.watch.cause import Grounds, moved_by, named_cause
from segmentry.watch.mix import Explained

SHARE = Bounded(0.1, 0.08, 0.12)
REGION = Emerging(300, SHARE, "One", 0.3, 1.0, (("x", 2.0),))
MOVED = Sign("feature", "x", "'x' has moved", 0.0)


def drift(*signs: Sign, emerging: Emerging | None = None, net: float = 0.02) -> Drift:
    segments = (
        SegmentShift("One", 0.5, 0.5 + net, Bounded(net, 0.0, 0.1)),
        SegmentShift("Two", 0.5, 0.5 - net, Bounded(-net, -0.1, 0.0)),
    )
    return Drift(
        "then", None, 9, 9, (), segments, 0.0, SHARE, None, None, emerging, signs, len(signs)
    )


@pytest.mark.parametrize(
    ("grounds", "name"),
    [
        (Grounds(season=0.9, region=0.9, strata=Explained("c", 0.9), own=(0.9, 0.9)), "seasonal"),
        (Grounds(region=0.9, strata=Explained("c", 0.9), own=(0.9, 0.9)), "new segment"),
        (Grounds(region=0.1, strata=Explained("c", 0.9), own=(0.9, 0.9)), "population mix"),
        (Grounds(strata=Explained("c", 0.3), own=(0.9, 0.9)), "behaviour change"),
        (Grounds(own=(0.1, 0.6)), "population mix"),
        (Grounds(), "unexplained"),
    ],
)
def test_the_first_rule_that_fits_names_the_cause(grounds: Grounds, name: str) -> None:
    assert named_cause(drift(MOVED, emerging=REGION), grounds).name == name


@pytest.mark.parametrize("check", ["missing", "constant", "unit", "gone", "type", "levels"])
def test_what_data_break_comes_before_everything(check) -> None:
    grounds = Grounds(season=0.9, own=(0.9, 0.9))
    found = named_cause(drift(MOVED, Sign(check, "x", "broken", 0.0)), grounds)
    assert found.name == "broken pipeline"
    assert "broken" in found.because
    assert found.advice[0] == "look at tracking"


def test_segments_are_left_alone_until_enough_moved() -> None:
    gap = Sign("volume", "gap", "a day without events", 0.0)
    assert named_cause(drift(gap), Grounds()).advice == ("look at tracking",)
    much = drift(gap, net=0.2)
    assert moved_by(much) == pytest.approx(0.2)
    assert named_cause(much, Grounds()).advice == ("look at tracking", "fall back")


def test_a_spike_is_not_broken_and_no_alarm_has_no_cause() -> None:
    spike = Sign("volume", "spike", "a loud day", 0.0)
    assert named_cause(drift(spike), Grounds(own=(0.9, 0.9))).name == "unexplained"
    assert named_cause(drift(), Grounds()).name == "none"


def test_borders_that_blur_ask_for_a_refit() -> None:
    blurred = Sign("cohesion", "segments", "farther from centres", 0.0)
    assert named_cause(drift(MOVED), Grounds(own=(0.9, 0.9))).advice == ("nothing",)
    assert named_cause(drift(MOVED, blurred), Grounds(own=(0.9, 0.9))).advice == ("refit",)
