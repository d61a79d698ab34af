"""Features that a project declares."""

from __future__ import annotations

import pytest

from logs import computed
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.features.declared import declared_features

STEPS = ("signed_up", "invited", "paid")
LOG = [
    {"at": "2024-06-01", "kind": "signed_up"},
    {"at": "2024-06-03", "kind": "paid"},
    {"at": "2024-06-08", "kind": "invited"},
]


def test_windows_of_a_project_get_a_count_and_a_value() -> None:
    specs = declared_features(FeatureChoice(), Windows(also_days=(7.0, 1.5)))
    assert [s.name for s in specs] == [
        *("n_events_7d", "value_7d"),
        *("n_events_1.5d", "value_1.5d"),
    ]


def test_a_milestone_is_reached_in_days() -> None:
    assert computed(LOG, "days_to_kind=paid", milestones=("paid",)) == 2.0


def test_onboarding_is_complete_when_every_step_was_taken() -> None:
    names = ("onboarding_completion", "onboarding_days", "onboarding_velocity")
    assert computed(LOG, *names, onboarding=STEPS) == [1.0, 7.0, pytest.approx(7 * 3 / 8)]
    assert computed(LOG[:2], *names, onboarding=STEPS) == [
        pytest.approx(2 / 3),
        None,
        pytest.approx(7 * 2 / 3),
    ]


def test_a_workflow_counts_steps_in_their_order() -> None:
    assert computed(LOG, "workflow_completion", workflow=STEPS) == pytest.approx(2 / 3)
    assert computed(LOG, "workflow_completion", workflow=("paid", "invited")) == 1.0
    assert computed(LOG, "workflow_completion", workflow=("never", "paid")) == 0.0


def test_begun_workflows_are_compared_with_ended_ones() -> None:
    log = [*LOG, {"at": "2024-06-09", "kind": "signed_up"}]
    assert computed(log, "workflow_finished_share", workflow=STEPS) == 0.5
