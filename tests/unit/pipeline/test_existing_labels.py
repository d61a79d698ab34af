"""The column of existing segments: found, read, and refused where it holds none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.domain.project import Project, SegmentChoice
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.pipeline.existing_labels import (
    MOST_SEGMENTS,
    existing_column,
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
    )
    values = {
        "spend": [1.0] * N,
        "tier": ["gold", None, "basic"] + ["gold"] * (N - 3),
        "code": [1.0, None, 2.0] + [10.0] * (N - 3),
        "amount": [0.5] * N,
        "name": [f"n{i}" for i in range(N)],
        "nothing": pa.nulls(N, pa.string()),
        "spend (people)": ["high"] * N,
    }
    return FeatureTable.of(pa.table({ENTITY: list(range(N)), **values}), columns)


def project(existing: str | None) -> Project:
    return Project("p", (), folder=Path(), segments=replace(SegmentChoice(), existing=existing))


def test_texts_and_whole_numbers_are_read_as_they_are_written(table):
    assert labels_of(table, "tier")[:3] == ("gold", None, "basic")
    assert labels_of(table, "code")[:4] == ("1", None, "2", "10")


def test_a_column_whose_name_a_feature_took_is_found(table):
    assert existing_column(table, "spend") == "spend (people)"
    assert existing_column(table, "tier") == "tier"
    assert existing_column(table, "other") is None


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
    ],
)
def test_what_holds_no_segments_is_refused_by_its_key(table, name, what, hint):
    (problem,) = unusable(project(name), table)
    assert what in str(problem)
    assert hint in str(problem.hint)
    assert (problem.key, problem.exit_status) == ("segments.existing", 2)
