"""Columns that can carry a segmentation, and the reasons against the others."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextOf
from segmentry.prepare.screen import screen_columns

VARIED = [float(i) for i in range(1_000)]


def screened(column, **described):
    audit = Audit()
    kept, left_out = screen_columns(feature_table({"x": column}, **described), audit)
    return [c.name for c in kept], left_out, audit


def test_a_varied_column_stays():
    assert screened(VARIED)[:2] == (["x"], ())


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ([None] * 1_000, "has no values"),
        ([7.0] * 1_000, "is the same for everyone"),
        ([7.0] * 600 + [None] * 400, "is the same for everyone"),
        ([None] * 601 + VARIED[:399], "is missing for 60\u202f% of entities (limit 60\u202f%)"),
        ([0.0] * 996 + [1.0, 2.0, 3.0, 4.0], "has one value for 99.6\u202f% of entities"),
        (["a"] * 1_000, "is the same for everyone"),
        (["a"] * 999 + ["b"], "has one value for 99.9\u202f% of entities"),
    ],
)
def test_a_column_that_tells_nobody_apart_is_left_out_with_the_reason(column, reason):
    kept, left_out, _ = screened(column)
    assert kept == []
    assert [(c.column, c.reason) for c in left_out] == [("x", reason)]


@pytest.mark.parametrize(
    "column", [[None] * 600 + VARIED[:400], [0.0] * 995 + [1.0] * 5, ["a"] * 995 + ["b"] * 5]
)
def test_a_column_on_the_border_stays(column):
    assert screened(column)[0] == ["x"]


def test_a_missing_value_with_a_meaning_is_no_gap():
    assert screened([None] * 900 + VARIED[:100], null_is=0.0)[0] == ["x"]


def test_one_known_value_against_a_meaning_of_missing_tells_entities_apart():
    assert screened([None] * 400 + [5.0] * 600, null_is=0.0)[0] == ["x"]


def test_a_column_that_is_nearly_always_missing_with_a_meaning_has_one_value():
    _, left_out, _ = screened([None] * 999 + [5.0], null_is=0.0)
    assert left_out[0].reason == "has one value for 99.9\u202f% of entities"


def test_a_column_without_any_value_is_left_out_whatever_missing_means():
    assert screened([None] * 10, null_is=0.0)[1][0].reason == "has no values"


def test_what_is_left_out_is_told_in_the_audit():
    finding = screened([7.0] * 50)[2].findings[0]
    assert finding.code == "constant_column"
    assert finding.sentence == "'x' is the same for everyone."
    assert (finding.column, finding.total, finding.severity) == ("x", 50, "info")
    assert finding.done == "left out of the segmentation"


@pytest.mark.parametrize("role", [Role.OVERLAY, Role.OUTCOME, Role.TREATMENT, Role.ID])
def test_only_columns_meant_for_it_may_shape_segments(role):
    assert screened(VARIED, role=role)[:2] == ([], ())


@pytest.mark.parametrize(("n", "code"), [(9, "few_features"), (51, "many_features")])
def test_too_few_or_too_many_features_are_used_with_a_warning(n, code):
    audit = Audit()
    table = feature_table({f"x{j}": np.arange(20.0) for j in range(n)})
    kept, _ = screen_columns(table, audit)
    assert len(kept) == n
    assert [(f.code, f.severity, f.count) for f in audit.findings] == [(code, "warning", n)]


@pytest.mark.parametrize("n", [10, 50])
def test_a_fair_number_of_features_needs_no_warning(n):
    audit = Audit()
    screen_columns(feature_table({f"x{j}": np.arange(20.0) for j in range(n)}), audit)
    assert audit.findings == []


def test_one_feature_is_spoken_of_in_the_singular():
    assert screened(VARIED)[2].warnings[0].startswith("Only 1 feature can shape")


def test_topics_of_a_text_are_not_too_many_features():
    data = {f"topic_text={j}": np.random.default_rng(j).normal(size=90) for j in range(60)}
    columns = tuple(
        FeatureColumn(name, Role.CLUSTER, text=TextOf("text", "topic", j))
        for j, name in enumerate(data)
    )
    audit = Audit()
    screen_columns(FeatureTable.of(feature_table(data).data, columns), audit)
    assert audit.warnings == ()
