"""The feature table: canonical at birth, plain to read."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from builders import feature_table
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.errors import DataError


def test_rows_are_sorted_by_entity():
    table = feature_table({"spend": [3.0, 1.0, 2.0]}, ids=["c", "a", "b"])
    assert table.entity_ids.to_pylist() == ["a", "b", "c"]
    assert table.numbers("spend").tolist() == [1.0, 2.0, 3.0]


def test_entities_that_repeat_are_refused():
    with pytest.raises(DataError, match=r"entities repeat .*\(E2005\)"):
        feature_table({"spend": [1.0, 2.0]}, ids=["a", "a"])


def test_numbers_are_rounded_so_that_the_order_of_summing_is_not_seen():
    table = feature_table({"spend": [0.1 + 0.2, 0.3]})
    assert len(set(table.numbers("spend").tolist())) == 1


@pytest.mark.parametrize("value", [None, np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_null(value):
    table = feature_table({"spend": [1.0, value]})
    assert table.data["spend"].null_count == 1
    assert np.isnan(table.numbers("spend")[1])


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, 0], type=pa.int32()),
        pa.array([True, False]),
        pa.array(["1.0", "0"]).cast(pa.decimal128(9, 2)),
    ],
)
def test_any_number_like_type_becomes_float(values):
    data = pa.table({"entity_id": ["a", "b"], "x": values})
    table = FeatureTable.of(data, (FeatureColumn("x", Role.CLUSTER),))
    assert table.numbers("x").tolist() == [1.0, 0.0]


def test_a_category_is_text_whatever_it_was():
    data = pa.table({"entity_id": [1, 2], "store": [20, 3]})
    table = FeatureTable.of(data, (FeatureColumn("store", Role.CLUSTER, Kind.CATEGORY),))
    codes, levels = table.categories("store")
    assert (codes.tolist(), levels) == ([0, 1], ("20", "3"))


def test_levels_are_sorted_and_nulls_have_code_minus_one():
    codes, levels = feature_table({"plan": ["pro", None, "free", "pro"]}).categories("plan")
    assert levels == ("free", "pro")
    assert codes.tolist() == [1, -1, 0, 1]


def test_a_category_without_values_has_no_levels():
    data = pa.table({"entity_id": [1, 2], "plan": pa.nulls(2)})
    table = FeatureTable.of(data, (FeatureColumn("plan", Role.CLUSTER, Kind.CATEGORY),))
    codes, levels = table.categories("plan")
    assert (codes.tolist(), levels) == ([-1, -1], ())


def test_columns_that_are_not_described_are_left_behind():
    data = pa.table({"entity_id": [1], "x": [1.0], "y": [2.0]})
    table = FeatureTable.of(data, (FeatureColumn("x", Role.CLUSTER),))
    assert table.data.column_names == ["entity_id", "x"]


def test_columns_are_found_by_role_and_by_name():
    data = pa.table({"entity_id": [1], "x": [1.0], "age": [30.0]})
    columns = (FeatureColumn("x", Role.CLUSTER), FeatureColumn("age", Role.OVERLAY))
    table = FeatureTable.of(data, columns)
    assert table.with_role(Role.OVERLAY, Role.OUTCOME) == (columns[1],)
    assert table.column("x") is columns[0]


def test_rows_can_be_taken_in_any_order():
    table = feature_table({"spend": [1.0, 2.0, 3.0]}, ids=["a", "b", "c"])
    some = table.take(np.array([2, 0]))
    assert some.entity_ids.to_pylist() == ["c", "a"]
    assert some.numbers("spend").tolist() == [3.0, 1.0]
    assert some.n_entities == 2


@pytest.mark.parametrize("name", ["select", 'a "quoted" name', "line\nbreak", "🛒"])
def test_a_column_may_have_any_name(name):
    assert feature_table({name: [1.0]}).numbers(name).tolist() == [1.0]
