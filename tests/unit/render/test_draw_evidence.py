"""Pictures of the evidence show the figures of their charts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.render import draw_evidence
from segmentry.render.chart_evidence import (
    Band,
    Estimate,
    Intervals,
    LineWithBand,
    Shape,
    Silhouettes,
    Strip,
)
from segmentry.render.palette import look_of


def option(drawings):
    (drawing,) = drawings
    return drawing.option


def test_a_band_is_its_low_end_and_its_width():
    band = Band("k-means", (0.2, 0.3), (0.1, 0.25), (0.3, 0.35))
    chart = LineWithBand("s", "S", (4, 5), (band,), 5, "higher")
    low, width, line = option(draw_evidence.line_with_band(chart))["series"]
    assert low["data"] == [0.1, 0.25]
    assert width["data"] == pytest.approx([0.2, 0.1])
    assert [p["symbol"] for p in line["data"]] == ["circle", "diamond"]
    assert line["markLine"]["data"] == [{"xAxis": "5"}]


def test_methods_differ_in_dash_and_symbol_and_one_alone_is_marked():
    bands = (Band("k-means", (0.2, 0.3)), Band("ward", (0.1, 0.2)))
    chart = LineWithBand("s", "S", (4, 5), bands, 5, "higher", marked_band="ward")
    first, second = option(draw_evidence.line_with_band(chart))["series"]
    assert first["lineStyle"]["type"] != second["lineStyle"]["type"]
    assert [p["symbol"] for p in first["data"]] == ["circle", "circle"]
    assert [p["symbol"] for p in second["data"]] == ["rect", "diamond"]
    assert ("markLine" in first, "markLine" in second) == (False, True)


def test_a_strip_draws_every_draw_and_the_data():
    dots, own = option(draw_evidence.strip(Strip("s", "N", "silhouette", (0.1, 0.3, 0.2), 0.4)))[
        "series"
    ]
    assert sorted(d["value"][0] for d in dots["data"]) == [0.1, 0.2, 0.3]
    assert own["data"][0]["value"][0] == 0.4


def forest(**more):
    estimates = (
        Estimate("A", look_of(1), 0.1, 0.05, 0.15, 90, "10 %", "5 % to 15 %"),
        Estimate("B", look_of(2), 0.4, 0.3, 0.5, 40, "40 %", "30 % to 50 %"),
    )
    facts = {"overall": 0.2, "overall_text": "20 %", "as_share": True, **more}
    return option(draw_evidence.intervals(Intervals("o", "Churned", estimates, **facts)))


def test_a_forest_plot_draws_estimates_intervals_and_everyone_in_percent():
    dots, everyone = forest()["series"]
    assert [d["value"] for d in dots["data"]] == [[10.0, 0], [40.0, 1]]
    lines = [(a["coord"][0], b["coord"][0]) for a, b in dots["markLine"]["data"]]
    assert lines == [pytest.approx((5.0, 15.0)), pytest.approx((30.0, 50.0))]
    assert everyone["markLine"]["data"] == [{"xAxis": 20.0}]


def test_a_forest_plot_tells_its_figures_at_the_right():
    assert forest()["yAxis"][1]["data"] == ["10 % (5 % to 15 %)", "40 % (30 % to 50 %)"]


def test_a_forest_plot_has_room_for_every_interval_and_starts_at_zero_where_it_can():
    axis = forest()["xAxis"]
    assert axis["min"] <= 5
    assert axis["max"] >= 50
    near_zero = forest(overall=0.01)["xAxis"]
    assert near_zero["min"] == 0.0


def test_a_forest_plot_with_limits_keeps_them_and_may_do_without_everyone():
    drawn = forest(overall=None, overall_text="", as_share=False, limits=(0.0, 1.0))
    assert (drawn["xAxis"]["min"], drawn["xAxis"]["max"]) == (0.0, 1.0)
    assert len(drawn["series"]) == 1


def shapes(*shares):
    found = tuple(
        Shape(f"S{i}", look_of(i + 1), share, (0.6, 0.2, -0.1), 0.2, None, None, 0.1)
        for i, share in enumerate(shares)
    )
    return option(draw_evidence.silhouettes(Silhouettes("s", "Outlines", found)))


def test_a_silhouette_is_as_tall_as_its_segment_is_large_and_falls_from_best_to_worst():
    first, second = shapes(0.75, 0.25)["series"]
    assert len(first["data"]) == pytest.approx(3 * len(second["data"]), abs=2)
    values = [v for v, _ in first["data"]]
    assert values == sorted(values, reverse=True)
    assert (values[0], values[-1]) == (0.6, -0.1)


def test_silhouettes_do_not_overlap_and_each_is_named_once():
    drawn = shapes(0.9, 0.08, 0.02)
    rows = [{y for _, y in s["data"]} for s in drawn["series"]]
    assert not rows[0] & rows[1]
    assert not rows[1] & rows[2]
    assert [label for label in drawn["yAxis"]["data"] if label] == ["S0", "S1", "S2"]
    assert min(len(r) for r in rows) == draw_evidence.FEWEST_ROWS


@given(
    st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=60),
    st.integers(1, 300),
)
def test_resampled_values_stay_sorted_and_keep_their_ends(values, n):
    ordered = tuple(sorted(values, reverse=True))
    found = draw_evidence.resampled(ordered, n)
    assert len(found) == n
    assert found[0] == ordered[0]
    assert n == 1 or found[-1] == pytest.approx(ordered[-1])
    assert all(a >= b - 1e-12 for a, b in pairwise(found))
