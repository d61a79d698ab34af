"""Preparations as people read them."""

from __future__ import annotations

import numpy as np

from segmentry.cli.preparations_words import print_preparations
from segmentry.domain.bounded import Bounded
from segmentry.domain.preparations import Preparations, Prepared

FIGURE = Bounded(0.5, 0.4, 0.6)
AGAIN = np.full(20, 0.9)
OWN = Prepared(
    "", "", 5, 4, 0.1, 0.4, float("nan"), AGAIN, 0.8, 0.95, FIGURE, 0.25, Bounded(1.0, 1.0, 1.0)
)
OTHER = Prepared(
    "scale", "robust", 5, 4, 0.01, 0.4, 0.9, AGAIN, 0.7, 0.9, FIGURE, 0.2, FIGURE, ("crumbs",)
)
FOUND = Preparations(
    "ward", 4, (OWN, OTHER), {"transform: log1p": "it changes nothing here"}, 0, "It would keep.",
    900, 800, ("The choice is ward.",),
)  # fmt: skip


def test_rows_marks_and_what_cannot_be_compared(capsys):
    print_preparations(FOUND)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "choice: ward, 4 segments, 800 rows"
    own = "= the project's own 5 4 0.100 0.400 - 0.90 (0.90 to 0.90) 0.80 0.250 - 0.95 0.50"
    assert any(line.startswith(own) for line in lines)
    other = "! scale robust 5 4 0.010 0.400 0.90 0.90 (0.90 to 0.90) 0.70 0.200 0.50 (0.40"
    assert any(line.startswith(other) for line in lines)
    assert "! scale: robust: crumbs" in lines
    assert "- transform: log1p: it changes nothing here" in lines
    assert "- in seeds: nothing about the method is drawn" in lines
    assert any("cannot be compared from row to row" in line for line in lines)
    assert lines[-2:] == ["The choice is ward.", "It would keep."]
