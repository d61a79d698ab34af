"""A project is complete and frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from segmentry.domain.project import (
    OBJECTIVES,
    Objective,
    Project,
    SegmentChoice,
    Source,
    frozen_mapping,
)


def test_a_project_needs_a_name_and_sources_only():
    project = Project("shop", (Source("sales", "sales.csv"),))
    assert (project.segments.minimum, project.segments.maximum) == (4, 8)
    assert (project.seed, project.time_zone, project.privacy.ids) == (0, "UTC", "raw")
    assert project.sources[0].shape == "events"


def test_a_project_cannot_be_changed():
    with pytest.raises(FrozenInstanceError, match="seed"):
        Project("shop", ()).seed = 1


def test_projects_that_say_the_same_are_equal():
    assert Project("shop", (Source("a", "b"),)) == Project("shop", (Source("a", "b"),))


def test_the_listed_objectives_are_those_of_the_type():
    assert get_args(Objective) == OBJECTIVES


def test_a_frozen_mapping_refuses_change():
    with pytest.raises(TypeError, match="does not support item assignment"):
        frozen_mapping({"a": 1})["b"] = 2


def test_a_frozen_mapping_does_not_follow_its_original():
    weights = {"spend": 2.0}
    choice = SegmentChoice(weights=frozen_mapping(weights))
    weights["spend"] = 9.0
    assert choice.weights["spend"] == 2.0
