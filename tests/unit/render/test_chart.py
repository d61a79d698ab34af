"""Cells say how they are set, and nothing else does."""

from __future__ import annotations

import pytest

from segmentry.render.chart import Cell, named, numbers, texts


@pytest.mark.parametrize(
    ("cell", "classes"),
    [
        (Cell("a"), ""),
        (Cell("1", is_number=True), "number"),
        (Cell("1", is_number=True, tint=-4), "number tint-m4"),
        (Cell("1", tint=0), "tint-p0"),
        (Cell("a", is_marked=True, tone="bad"), "marked tone-bad"),
    ],
)
def test_a_cell_names_its_style_classes(cell, classes):
    assert cell.classes == classes


def test_columns_of_figures_are_told_from_columns_of_words():
    assert [c.is_number for c in (*texts("a", "b"), *numbers("1"))] == [False, False, True]


def test_a_head_may_be_explained_by_the_glossary():
    assert named("Interval", "interval") == Cell("Interval", is_number=True, term="interval")
