"""Curves are picked from the evidence as it stands there."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render import figures_course

TOLD = documents(n_segments=4)
SEGMENTS, EVIDENCE, SUMMARY = TOLD["segments"]["segments"], TOLD["evidence"], TOLD["summary"]


def test_retention_has_a_line_for_each_segment_and_everyone() -> None:
    chart = figures_course.retention(EVIDENCE, SEGMENTS, "customers")
    assert chart is not None
    assert chart.title == "Share of customers who were active in each month after the judging cut"
    assert [n.label for n in chart.lines] == [*(s["name"] for s in SEGMENTS), "Everyone"]
    told = EVIDENCE["heldout"]["courses"]["segments"]
    for line, own in zip(chart.lines, told, strict=False):
        assert [s.mean for s in line.steps] == [r.get("mean") for r in own["retained"]]
        assert line.n == own["n"]
    assert chart.lines[-1].look is None


def test_value_is_written_as_money() -> None:
    chart = figures_course.value(EVIDENCE, SEGMENTS, SUMMARY, "customer")
    assert chart is not None
    assert chart.title == "Value per customer since the judging cut"
    assert not chart.as_share
    mean = EVIDENCE["heldout"]["courses"]["everyone"]["value"][0]["mean"]
    assert f"{mean:.1f}" in chart.lines[-1].steps[0].text


@pytest.mark.parametrize(("days", "name"), [(7.0, "week 1"), (2.0, "days 1 to 2")])
def test_periods_are_called_by_their_length(days: float, name: str) -> None:
    courses = {**EVIDENCE["heldout"]["courses"], "days": days}
    chart = figures_course.retention({"heldout": {"courses": courses}}, SEGMENTS)
    assert chart is not None
    assert chart.periods[0] == name


def test_runs_without_such_figures_have_no_curves() -> None:
    bare = minimal()["segments"]["segments"]
    assert figures_course.retention({}, bare) is None
    assert figures_course.value({}, bare, SUMMARY) is None
    courses = {k: v for k, v in EVIDENCE["heldout"]["courses"].items() if k != "everyone"}
    courses["everyone"] = {"id": 0, "n": 9, "retained": [], "value": []}
    assert figures_course.value({"heldout": {"courses": courses}}, SEGMENTS, SUMMARY) is None
