"""Variations as people read them."""

from __future__ import annotations

from segmentry.cli.sensitivity_words import print_sensitivity
from segmentry.domain.comparison import Sensitivity, Variation

NAN = float("nan")
FOUND = Sensitivity(
    "ward",
    2,
    (0.7, 0.3),
    (
        Variation("feature", "without phone", 0.25, (0.9, 0.1), 2, 0.3, kept_share=0.75),
        Variation("entities", "drawn again", 0.9, (0.95, 0.9), 2),
        Variation("radius", "", NAN, missing="ward has none"),
        Variation("linkage", "single linkage", NAN, missing="it found no 2 segments"),
    ),
    "The single decision is the feature.",
    9,
    9,
    ("The choice is ward.",),
)


def test_a_row_has_its_agreement_and_a_figure_for_each_segment(capsys):
    print_sensitivity(FOUND)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "choice: ward, 2 segments"
    assert "feature without phone 2 0.300 75 % 0.25 0.90 0.10" in lines
    assert "entities drawn again 2 0.90 0.95 0.90" in lines
    assert any(line.endswith("shares: 1 70 %, 2 30 %") for line in lines)


def test_what_was_not_measured_says_why_under_the_table(capsys):
    print_sensitivity(FOUND)
    lines = capsys.readouterr().out.splitlines()
    assert "- radius: ward has none" in lines
    assert "- linkage (single linkage): it found no 2 segments" in lines
    assert lines[-2:] == ["The choice is ward.", "The single decision is the feature."]
