"""What watching found, in words."""

from __future__ import annotations

import pytest

from drifting import Case, behaviour, quiet
from segmentry.cli.watch_words import print_drift, print_replay, verdict


def test_the_cause_comes_first_and_features_by_their_effect(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = Case.drawn(22, 2_000)
    found = case.watch(behaviour(case))
    print_drift(found)
    told = capsys.readouterr().out
    assert "ALARM: behaviour change" in told
    first = found.shifts[0].feature
    assert told.index("ALARM") < told.index("puts elsewhere") < told.index(f" {first} ")
    assert "far from every segment" in told


def test_a_replay_has_a_line_for_each_cut(capsys: pytest.CaptureFixture[str]) -> None:
    case = Case.drawn(22, 1_000)
    still, moved = case.watch(quiet(case)), case.watch(behaviour(case))
    assert verdict(still) == "no alarm: nothing moved that matters"
    print_replay([still, moved])
    assert "1 of 2 cuts with an alarm" in capsys.readouterr().out
