"""The column of existing segments: found, read, and refused where it holds none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.errors import MathsError
from segmentry.pipeline.existing_labels import (
    MOST_SEGMENTS,
    existing_column,
    given_labels,
    labels_of,
    unusable,
)

N = MOST_SEGMENTS + 10


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    words = Kind.CATEGORY
    columns = (
        FeatureColumn("spend", Role.CLUSTER),
        FeatureColumn("tier", Role.OVERLAY, words),
        FeatureColumn("code", Role.OVERLAY),
        FeatureColumn("amount", Role.OVERLAY),
        FeatureColumn("name", Role.OVERLAY, words),
        FeatureColumn("nothing", Role.OVERLAY, words),
        FeatureColumn("spend (people)", Role.OVERLAY, words),
        FeatureColumn("visits", Role.CLUSTER),
        FeatureColumn("visits (old)", Role.OVERLAY, words),
        FeatureColumn("rank (column)", Role.OVERLAY, words),
        FeatureColumn("rank (people)", Role.OVERLAY, words),
        FeatureColumn("all", Role.OVERLAY, words),
    )
    values = {
        "spend": [1.0] * N,
        "tier": ["gold", None, "basic"] + ["gold"] * (N - 3),
        "code": [1.0, None, 2.0] + [10.0] * (N - 3),
        "amount": [0.5] * N,
        "name": [f"n{i}" for i in range(N)],
        "nothing": pa.nulls(N, pa.string()),
        "spend (people)": ["high"] * (N - 1) + ["low"],
        "visits": [1.0] * N,
        "visits (old)": ["x"] * (N - 1) + ["y"],
        "rank (column)": ["x"] * (N - 1) + ["y"],
        "rank (people)": ["x"] * (N - 1) + ["y"],
        "all": ["one"] * N,
    }
    return FeatureTable.of(pa.table({ENTITY: list(range(N)), **values}), columns)


def project(existing: str | None) -> Project:
    people = Source("people", "people.csv", Shape.TABLE, frozen_mapping({"entity": "id"}))
    choice = replace(SegmentChoice(), existing=existing)
    return Project("p", (people,), folder=Path(), segments=choice)


def test_texts_and_whole_numbers_are_read_as_they_are_written(table):
    assert labels_of(table, "tier")[:3] == ("gold", None, "basic")
    assert labels_of(table, "code")[:4] == ("1", None, "2", "10")


def test_a_column_whose_name_a_feature_took_is_found(table):
    assert existing_column(table, project("spend")) == "spend (people)"
    assert existing_column(table, project("tier")) == "tier"
    assert existing_column(table, project("other")) is None
    assert existing_column(table, project(None)) is None


def test_a_column_that_only_begins_like_it_is_another_one(table):
    assert existing_column(table, project("visits")) is None


@pytest.mark.parametrize("name", [None, "tier", "code", "spend"])
def test_segments_are_taken(table, name):
    assert unusable(project(name), table) == []


@pytest.mark.parametrize(
    ("name", "what", "hint"),
    [
        ("teir", "no column 'teir' lies beside the entities", "did you mean 'tier'?"),
        ("amount", "'amount' holds amounts, not segments", "few texts or whole numbers"),
        ("name", "'name' has 210 different values, and at most 200", "few texts"),
        ("nothing", "no entity has a value in 'nothing'", "few texts"),
        ("all", "'all' holds one value only, 'one', so that it tells nobody apart", "few texts"),
        ("visits", "no column 'visits' lies beside the entities", ""),
        ("rank", "'rank' may be 'rank (column)' and 'rank (people)'", "another name"),
    ],
)
def test_what_holds_no_segments_is_refused_by_its_key(table, name, what, hint):
    (problem,) = unusable(project(name), table)
    assert what in str(problem)
    assert hint in str(problem.hint)
    assert (problem.key, problem.exit_status) == ("segments.existing", 2)


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        (["a", None, "b"], ("a", None, "b")),
        ([1.0, float("nan"), 2.0], ("1", None, "2")),
        ([True, False, None], ("True", "False", None)),
    ],
)
def test_labels_handed_in_are_written_as_those_of_a_column(given, labels):
    assert given_labels(given, 3) == labels
    assert given_labels(None, 3) is None


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (["a", "b"], r"existing has shape \(2,\), but there are 3 rows"),
        ([0.5, 1.0, 2.0], "'existing' holds amounts such as 0.5, not segments"),
        ([None] * 3, "no entity has a value in 'existing'"),
        (["a", "a", None], "'existing' holds one value only, 'a'"),
        (list(map(str, range(300))), "'existing' has 300 different values, and at most 200"),
    ],
)
def test_what_is_handed_in_and_holds_no_segments_is_refused(given, match):
    with pytest.raises(MathsError, match=match):
        given_labels(given, 300 if len(given) == 300 else 3)
