"""Values that stand for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from looks import look_at, only
from segmentry.projectfile.findings.sentinels import sentinels, unknown_words
from segmentry.seeds import stream

RNG = stream(0, "sentinels")


@pytest.mark.parametrize("stand_in", [-1, -999, 999, 9999])
def test_a_stand_in_at_an_edge_is_counted(stand_in: int) -> None:
    values = np.concatenate([RNG.integers(0, 300, 400), [stand_in] * 17])
    found = only(sentinels, look_at({"pdays": values}))
    assert (found.count, found.examples) == (17, (str(stand_in),))


@pytest.mark.parametrize(
    "values",
    [
        RNG.integers(-1, 6, 400),  # a scale that starts at -1
        RNG.integers(0, 1000, 4000),  # 999 as the largest of many
        np.concatenate([RNG.integers(0, 99, 400), [99] * 5]),  # a score up to 99
        np.concatenate([RNG.integers(-50, 300, 400), [-1] * 9]),  # negative anyway
        np.concatenate([RNG.integers(0, 300, 400), [999]]),  # once is an extreme
    ],
)
def test_ordinary_extremes_are_no_stand_ins(values: np.ndarray) -> None:
    assert not list(sentinels(look_at({"x": values})))


def test_a_mapped_amount_is_read_without_its_stand_in() -> None:
    amounts = [float(v) for v in range(1, 60)] + [-1.0] * 5
    columns = {"who": ["a", "b"] * 32, "at": ["2024-01-01"] * 64, "amount": amounts}
    look = look_at(columns, {"entity": "who", "time": "at", "amount": "amount"})
    found = only(sentinels, look)
    assert found.edit is not None
    assert look.rows.ask(f"count({found.edit.value})") == [(59,)]


def test_words_for_nothing_are_counted_in_every_spelling() -> None:
    words = ["red"] * 50 + ["Unknown"] * 3 + ["?"] * 2 + [None]
    found = only(unknown_words, look_at({"colour": words}))
    assert (found.count, found.severity) == (5, "info")
    assert not list(unknown_words(look_at({"colour": ["red", "blue"] * 20})))


def test_a_column_of_nothing_else_is_not_told() -> None:
    assert not list(unknown_words(look_at({"colour": ["unknown"] * 50})))
