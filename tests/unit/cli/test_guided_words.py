"""Guided segments as people read them."""

from __future__ import annotations

from segmentry.cli.guided_words import MOST_FEATURES, print_guided
from segmentry.domain.bounded import Bounded
from segmentry.domain.guidance import Guide, Guided, SegmentAhead, Side

HALF = Bounded(0.5, 0.4, 0.6)
PLAIN = Side(HALF, HALF, HALF, None, 0.1, "weak", (), (SegmentAhead(1, 1_900, HALF),))
GUIDED = Side(HALF, HALF, HALF, 0.7, 0.1, "clear", ("luck",), (SegmentAhead(1, 9, None),))
GUIDES = tuple(Guide(f"feature {i}", 0.04, 1.2) for i in range(MOST_FEATURES + 2))
FOUND = Guided(
    "churn", "the column 'Churn'", "ward", 4, 4_000, 2_000, 0.52, GUIDES, PLAIN, GUIDED,
    HALF, (0.05, -0.01), HALF, HALF, "It is no gain.", ("The choice is ward.",),
)  # fmt: skip


def test_both_sides_stand_beside_each_other_with_what_speaks_against_them(capsys):
    print_guided(FOUND)
    told = capsys.readouterr().out.replace("\u202f", " ")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0] == "choice: ward, 4 segments; outcome: churn (the column 'Churn')"
    assert lines[1].startswith("4,000 entities learned from, 2,000 held out; the forecast")
    assert "feature 0 4 % 1.20" in lines
    assert "and 2 features that tell less" in lines
    figure = "0.50 (0.40 to 0.60)"
    assert f"plain weak 50 % (40 % to 60 %) {figure} {figure} - 0.100" in lines
    assert f"guided clear 50 % (40 % to 60 %) {figure} {figure} 0.70 0.100" in lines
    assert "plain 1 1,900 0.5 (0.4 to 0.6)" in lines
    assert "guided 1 9 -" in lines
    assert "gain in points, of each of 2 splits: +5.0, -1.0" in lines
    assert "! guided: luck" in lines
    assert lines[-2:] == ["The choice is ward.", "It is no gain."]
