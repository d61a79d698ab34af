"""What was made by hand, as the report shows it."""

from __future__ import annotations

from factories_render import documents
from segmentry.render import trust
from segmentry.render.report import render_report
from segmentry.render.reshaped_view import reshaped_view, scores_by_hand

FIGURES = [
    {"name": "silhouette", "before": 0.3, "before_low": 0.25, "before_high": 0.35,
     "after": 0.123, "after_low": 0.1, "after_high": 0.15},
    {"name": "stability of 'B'", "after": 0.6, "after_low": 0.5, "after_high": 0.7},
    {"name": "smallest share", "before": 0.2, "after": 0.3},
]  # fmt: skip


def told():
    base = documents(n_segments=2)
    reshaped = {
        "sentence": "By hand, 'A' was split.",
        "from_run": "20260101T000000-aaaaaa",
        "price": {"figures": FIGURES},
    }
    return {**base, "evidence": {**base["evidence"], "reshaped": reshaped}}


def test_a_run_that_nobody_changed_shows_nothing() -> None:
    assert reshaped_view(documents(n_segments=2)) is None
    assert scores_by_hand({}) is None
    assert "Made by hand" not in render_report(documents(n_segments=2))


def test_figures_stand_side_by_side_and_what_there_was_not_is_absent() -> None:
    table = reshaped_view(told())["table"]
    rows = [[cell.text for cell in row] for row in table.rows]
    assert [row[0] for row in rows] == [f["name"] for f in FIGURES]
    assert rows[0][1].startswith("0.30 (0.25")
    assert rows[1][1] == rows[1][1].strip() != rows[1][2]
    assert rows[2][1:] == ["0.20", "0.30"]


def test_the_report_shows_it_and_compares_with_the_figures_after() -> None:
    page = render_report(told())
    assert "Made by hand" in page
    assert "20260101T000000-aaaaaa" in page
    row = trust.baseline_table(told()).rows[0]
    assert any("0.12" in cell.text for cell in row)
    assert not any("0.12" in c.text for c in trust.baseline_table(documents(n_segments=2)).rows[0])
