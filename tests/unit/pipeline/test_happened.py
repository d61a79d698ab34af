"""Outcomes by their names, with the features of their entities before them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import (
    FeatureChoice,
    Outcome,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.happened import happened, outcome_called
from segmentry.pipeline.ready import make_ready
from simulated import PURCHASES, log

N = 80


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("happened")
    rng = np.random.default_rng(0)
    left = ["yes" if i % 3 else "no" for i in range(N)]
    left[5] = None
    rows = {
        "id": np.arange(N),
        "visits": rng.normal(size=N),
        "spend": rng.normal(size=N),
        "left": left,
        "plan": list("abcd" * (N // 4)),
        "same": ["x"] * N,
    }
    pq.write_table(pa.table(rows), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    roles = dict.fromkeys(("left", "plan", "same"), Role.OUTCOME)
    return Project(
        "people",
        (source,),
        features=FeatureChoice(roles=frozen_mapping(roles)),
        outcomes=(Outcome("churn", column="left"),),
        folder=home,
    )


def found(project, name):
    ready = make_ready(project, audit=Audit(), steps=Silent())
    return happened(project, ready.table, ready.judging, name)


def test_a_column_goes_by_its_own_name_and_by_that_of_the_outcome(people):
    one, other = found(people, "churn"), found(people, "left")
    assert (one.name, one.is_share) == ("churn", True)
    assert "the column 'left'" in one.basis
    np.testing.assert_array_equal(one.values, other.values)


def test_those_of_whom_it_is_not_known_are_left_out(people):
    one = found(people, "churn")
    assert len(one.values) == one.table.n_entities == N - 1
    assert 5 not in one.places
    np.testing.assert_array_equal(one.values[:5, 0], [0, 1, 1, 0, 1])


def test_an_outcome_of_several_levels_has_a_column_for_each(people):
    one = found(people, "plan")
    assert one.values.shape == (N, 4)
    np.testing.assert_array_equal(one.values.sum(axis=1), np.ones(N))


def test_what_is_the_same_for_everyone_cannot_guide(people):
    with pytest.raises(DataError, match="'same' is the same for everyone") as caught:
        found(people, "same")
    assert caught.value.code == "E2007"


def test_a_name_of_no_outcome_is_wrong_usage_with_the_nearest(people):
    with pytest.raises(UsageError, match="there is no outcome 'chrn'") as caught:
        found(people, "chrn")
    assert caught.value.hint == "did you mean 'churn'?"
    bare = replace(people, outcomes=(), features=FeatureChoice(exclude=("left", "plan", "same")))
    with pytest.raises(UsageError, match="there is no outcome 'churn'") as caught:
        found(bare, "churn")
    assert "give a column the role 'outcome'" in caught.value.hint


def test_what_followed_stands_beside_features_at_the_judging_cut(tmp_path):
    told = log(tmp_path, "retail", n_users=80)
    source = Source("log", str(told.events), columns=frozen_mapping(PURCHASES))
    project = Project("shop", (source,), folder=tmp_path)
    ready = make_ready(project, audit=Audit(), steps=Silent())
    one = happened(project, ready.table, ready.judging, "value_after")
    ids = ready.table.entity_ids.take(pa.array(one.places)).to_pylist()
    assert ids == one.table.entity_ids.to_pylist()
    assert one.table.as_of < ready.table.as_of
    assert not one.is_share
    assert "in the 30 days after" in one.basis


def test_an_event_that_could_not_be_measured_is_no_unknown_name(tmp_path):
    told = log(tmp_path, "retail", n_users=60)
    source = Source("log", str(told.events), columns=frozen_mapping(PURCHASES))
    outcomes = (Outcome("refund", event="refunded"),)
    with pytest.raises(DataError, match="'refund' is the same for everyone, or was not measured"):
        found(Project("shop", (source,), outcomes=outcomes, folder=tmp_path), "refund")


def test_an_outcome_goes_by_its_name_first_and_by_its_column_next():
    outcomes = (Outcome("mark", column="grade"), Outcome("grade", event="exam"))
    project = Project("people", (), outcomes=outcomes)
    assert outcome_called("mark", project) == "mark"
    assert outcome_called("grade", project) == "grade"
    assert outcome_called("grade", replace(project, outcomes=outcomes[:1])) == "mark"
    assert outcome_called("left", project) == "left"


def test_either_side_of_a_split_needs_enough(people):
    one = found(people, "churn")
    with pytest.raises(DataError, match="is known of 79 entities, which leaves 39 on one side"):
        one.learned_from(np.arange(N) % 2 == 0)
