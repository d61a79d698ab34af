"""A curve tells its end in a sentence, and every figure in its table."""

from __future__ import annotations

from segmentry.render.chart_course import WITHHELD, Course, Line, Step
from segmentry.render.palette import look_of


def line(name: str, number: int | None, *means: float | None) -> Line:
    steps = tuple(
        Step() if m is None else Step(m, m - 1, m + 1, f"{m:g}", f"{m - 1:g} to {m + 1:g}")
        for m in means
    )
    return Line(name, None if number is None else look_of(number), 1_200, steps)


def test_it_tells_both_ends_and_everyone() -> None:
    lines = (line("a", 1, 5, 9), line("b", 2, 4, 2), line("Everyone", None, 5, 6))
    chart = Course("value", "Value", "week", lines, as_share=False)
    assert chart.summary() == (
        "In week 2, lowest b: 2 (1 to 3); highest a: 9 (8 to 10); everyone: 6 (5 to 7)."
    )
    one = Course("value", "Value", "week", (lines[0], lines[2]), as_share=False)
    assert one.summary() == "In week 2, a: 9 (8 to 10); everyone: 6 (5 to 7)."


def test_what_is_withheld_stands_in_the_table_as_few() -> None:
    lines = (line("a", 1, 5, None), line("Everyone", None, 5, 6))
    chart = Course("value", "Value", "week", lines, as_share=False)
    rows = [[c.text for c in row] for row in chart.table().rows]
    assert rows == [
        ["a", "1,200", "5 (4 to 6)", WITHHELD],
        ["Everyone", "1,200", "5 (4 to 6)", "6 (5 to 7)"],
    ]
    assert [c.text for c in chart.table().head] == ["Segment", "Members", "Week 1", "Week 2"]
    assert chart.summary() == "No segment is large enough to be told."
    two = Course("value", "Value", "week", (lines[0], line("b", 2, 4, 2)), as_share=False)
    assert two.summary().startswith("In week 2, b: 2 (1 to 3); withheld: 1 of so few")
