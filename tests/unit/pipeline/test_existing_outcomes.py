"""Outcomes on which two segmentations are compared: enough is known, or it is said why not."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, with_roles
from segmentry.domain.existing import Unmeasured
from segmentry.domain.project import Outcome as Declared
from segmentry.domain.project import Project, SegmentChoice
from segmentry.domain.role import Role
from segmentry.maths.gain import explained_gain
from segmentry.pipeline.existing_outcomes import Outcome, codes_of, measured, outcomes_of

N = 200
OURS = np.arange(N) % 4
THEIRS = tuple("ab"[i % 2] for i in range(N))
LEFT = (np.arange(N) % 4 < 2).astype(float)[:, None]


def outcome(values=LEFT, segment=OURS, existing=THEIRS, name="left"):
    return Outcome(name, values, segment, existing)


def known_of(rows):
    return np.where(np.isin(np.arange(N), rows)[:, None], LEFT, np.nan)


def test_a_gain_is_that_of_the_rows_where_everything_is_known():
    labels = (None, *THEIRS[1:])
    values = LEFT.copy()
    values[5] = np.nan
    rows = [i for i in range(N) if i not in (0, 5)]
    ((gain,), lacking) = measured([outcome(values, existing=labels)])
    wanted = explained_gain(values[rows], OURS[rows], codes_of([labels[i] for i in rows]))
    assert (gain.n, gain.low, gain.high) == (N - 2, wanted.low, wanted.high)
    assert lacking == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"values": known_of(range(29))}, "it is known of fewer than 30 entities"),
        ({"values": known_of(range(36))}, "fewer than 10 entities for each new segment"),
        ({"values": known_of(range(0, N, 2))}, "it is known of one existing segment only"),
        ({"values": np.zeros((N, 1))}, "fewer than 10 entities differ from the others in it"),
        (
            {"values": (np.arange(N) < 9).astype(float)[:, None]},
            "fewer than 10 entities differ from the others in it",
        ),
        ({"existing": (None,) * N}, "it is known of fewer than 30 entities"),
    ],
)
def test_where_too_little_is_known_that_is_said(changes, reason):
    gains, (lacking,) = measured([outcome(**changes)])
    assert gains == ()
    assert reason in lacking.reason


def test_ten_entities_that_differ_and_ten_for_each_segment_are_enough():
    ten = (np.arange(N) < 10).astype(float)[:, None]
    assert len(measured([outcome(ten)])[0]) == 1
    assert len(measured([outcome(known_of(range(40)))])[0]) == 1


def test_groups_that_are_small_among_the_known_are_folded_there():
    """Each of a hundred groups is its own in full, and a handful of rows where it is known."""
    many = tuple(f"shop {i % 15}" for i in range(N))
    values = known_of(range(120))
    ((gain,), _) = measured([outcome(values, existing=("a",) * 60 + many[60:])])
    rows, one = slice(0, 120), np.repeat([0, 1], 60)
    wanted = explained_gain(LEFT[rows], OURS[rows], one)
    assert (gain.existing, gain.low) == (wanted.second, wanted.low)


def test_intervals_of_many_outcomes_hold_all_together():
    rng = np.random.default_rng(0)
    many = [outcome(rng.random((N, 1)), name=f"o{i}") for i in range(10)]
    (alone,), _ = measured(many[:1])
    together, _ = measured([*many, Unmeasured("x", "y")])
    ratio = (together[0].high - together[0].low) / (alone.high - alone.low)
    assert ratio == pytest.approx(2.807 / 1.960, rel=1e-3)  # 99.5 % against 95 %


def test_of_many_outcomes_without_a_difference_hardly_any_set_tells_one():
    """At 95 % each, two sets in three would."""
    rng = np.random.default_rng(1)
    found = 0
    for _ in range(100):
        segment, labels = rng.integers(0, 4, N), tuple(rng.choice(["a", "b"], N))
        many = [outcome(rng.random((N, 1)), segment, labels) for _ in range(20)]
        found += any(g.sign for g in measured(many)[0])
    assert found <= 10


class Prepared:
    """What outcomes are gathered from, without a run around it."""

    unseen = None
    guidance = None

    def __init__(self, **columns):
        table = feature_table({"spend": [1.0] * 60, **columns})
        self.table = with_roles(table, dict.fromkeys(columns, Role.OUTCOME))
        self.prepared = self


def test_no_outcome_vanishes_without_a_word():
    names = {"town": [f"t{i}" for i in range(60)], "left": ["yes", "no"] * 30}
    declared = (
        Declared("bought", event="order", horizon_days=30.0),
        Declared("gone", column="left"),
    )
    project = Project("p", (), outcomes=declared, segments=SegmentChoice(existing="tier"))
    found = outcomes_of(Prepared(**names), project, None, OURS[:60], THEIRS[:60])
    told = {o.name: getattr(o, "reason", "") for o in found}
    assert told == {
        "bought": "nothing was counted after an earlier cut",
        "town": "it has no value, or more than 50",
        "gone": "",
    }


def test_codes_follow_the_order_of_names():
    assert codes_of(["b", None, "a", "b"]).tolist() == [1, -1, 0, 1]
