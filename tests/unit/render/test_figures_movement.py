"""The page of movements shows the figures of the movements."""

from __future__ import annotations

import pytest

from moved import moved
from segmentry.render.figures_movement import movement_figure, movement_page, sizes, stays, went


def test_shares_of_a_row_stand_with_their_intervals() -> None:
    bands = {(b.source, b.target): b for b in went(moved()).bands}
    assert bands[0, 1].n == 2
    assert bands[0, 1].share_text.replace("\u202f", " ").startswith("33 % (")


def test_sizes_have_a_point_for_every_day() -> None:
    chart = sizes(moved())
    assert chart.periods == ("2024-01-01", "2024-02-01", "2024-03-01")
    assert [s.mean for s in chart.lines[0].steps] == [0.25] * 3
    assert chart.summary().startswith("On 2024-03-01")


def test_staying_is_drawn_as_far_as_everybody_was_watched() -> None:
    chart = stays(moved())
    assert chart.periods == ("snapshot 1",)
    assert [line.steps[0].mean for line in chart.lines] == pytest.approx([0.8, 1.0])
    assert stays(moved(staying=())).summary() == "No segment is large enough to be told."


def test_the_page_holds_all_three() -> None:
    page = movement_page(moved())
    for chart in movement_figure(moved()).charts:
        assert chart.title in page
