"""Earlier cuts as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

from segmentry.cli.overtime_words import print_over_time
from segmentry.domain.bounded import Bounded
from segmentry.domain.overtime import OverTime, SegmentThen, Slice

HALF = Bounded(0.5, 0.4, 0.6)
LATE = Slice(
    datetime(2024, 5, 1, tzinfo=UTC), 30.0, 1_200, 34, Bounded(0.9, 0.88, 0.92), 0.42,
    HALF, HALF, HALF,
    (SegmentThen(1, 700, 800, HALF, 2, HALF, HALF), SegmentThen(2, 0, 400, None, None, HALF, None)),
)  # fmt: skip
EARLY = Slice(
    datetime(2024, 4, 1, tzinfo=UTC), 60.0, 20, 1_214, HALF, 0.5, HALF, None, None,
    (SegmentThen(1, 20, 20, HALF, None, None, None),), "20 entities were known by then",
)  # fmt: skip
FOUND = OverTime(
    "ward", 2, datetime(2024, 5, 31, tzinfo=UTC), (0.7, 0.3), (LATE, EARLY), "Most stayed.", 1_234,
    ("The choice is ward.",),
)  # fmt: skip


def printed(capsys):
    print_over_time(FOUND)
    told = capsys.readouterr().out.replace("\u202f", " ").splitlines()
    return [" ".join(line.split()) for line in told]


def test_each_cut_has_a_row_and_a_table_of_its_segments(capsys):
    lines = printed(capsys)
    assert lines[0] == "choice: ward, 2 segments, at 2024-05-31"
    figure = "0.50 (0.40 to 0.60)"
    assert f"2024-05-01 30 1,200 34 90 % (88 % to 92 %) 42 % {figure} {figure} {figure}" in lines
    assert "segments at 2024-05-01:" in lines
    assert any(line.startswith("1 70 % 700 800 50 % (40 % to 60 %) 2") for line in lines)
    assert "2 30 % 0 400 - - 0.50 (0.40 to 0.60) -" in lines


def test_what_both_kinds_of_change_are_stands_under_the_tables(capsys):
    lines = printed(capsys)
    assert any(line.startswith("stayed: ") and "nothing was fitted again" in line for line in lines)
    assert any(
        line.startswith("anew: ") and "both movement and fitting again" in line for line in lines
    )
    assert "- in anew, borders (2024-04-01): 20 entities were known by then" in lines
    assert lines[-2:] == ["The choice is ward.", "Most stayed."]
