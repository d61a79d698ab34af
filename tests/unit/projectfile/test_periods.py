"""One measure in many columns, month by month."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from segmentry.projectfile.periods import period_notes
from surveys import column

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")


def notes(names: Iterable[str]) -> list[str]:
    return period_notes([column(n, [1.5, 2.0, 3.5]) for n in names])


@pytest.mark.parametrize(
    ("names", "noun"),
    [
        (MONTHS, "month"),
        ([f"2024-{m:02d}" for m in range(1, 13)], "month"),
        ([f"usage_2024_{m:02d}" for m in range(1, 13)], "month"),
        ([f"m{m}" for m in range(1, 13)], "month"),
        ([f"month_{m}_spend" for m in range(1, 13)], "month"),
        ([f"logins {m}-23" for m in MONTHS], "month"),
        ([f"w{w}" for w in range(1, 13)], "week"),
        ([f"2023Q{q}" for q in (1, 2, 3, 4)] + [f"2024Q{q}" for q in range(1, 5)], "quarter"),
        ([f"sales {y}" for y in range(2013, 2025)], "year"),
    ],
)
def test_columns_that_differ_in_the_period_alone_are_told(names: list[str], noun: str) -> None:
    (note,) = notes(names)
    assert note.startswith(f"{len(names)} columns, {names[0]!r} to {names[-1]!r}")
    assert f"{noun} by {noun}" in note


def test_each_measure_is_told_by_itself() -> None:
    told = notes([f"{what}_{m}" for m in MONTHS[:4] for what in ("visits", "spend")])
    wanted = [" 'visits_Jan' to 'visits_Apr'", " 'spend_Jan' to 'spend_Apr'"]
    assert [t.split(",")[1] for t in told] == wanted


@pytest.mark.parametrize(
    "names",
    [
        ["jan", "feb", "mar"],  # too few
        ["marital", "marketing", "maybe", "decile", "october_fest_x1"],
        ["q1", "q2", "q3", "q4", "q5"],  # questions
        ["spend_3m", "spend_6m", "spend_12m", "spend_24m"],  # windows, not months
        ["PAY_1", "PAY_2", "PAY_3", "PAY_4"],
        ["visits", "spend", "orders", "returns"],
    ],
)
def test_other_columns_are_not(names: list[str]) -> None:
    assert notes(names) == []
