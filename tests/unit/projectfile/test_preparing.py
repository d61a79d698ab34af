"""The keys ``prepare`` and ``split``: what they may be, and both directions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segmentry.domain.preparation import Fill, PerColumn, Preparation, Reduce, Split
from segmentry.errors import ProjectFileError
from segmentry.projectfile.preparing import preparation_data
from segmentry.projectfile.schema import as_data, from_data

SOURCES = [{"path": "a.csv", "shape": "table", "columns": {"entity": "id"}}]

FULL = {
    "impute": {
        "default": "mean",
        "columns": {
            "a": "zero",
            "b": {"constant": 3.0},
            "c": {"by": "plan"},
            "d": {"by_segment": "runs/20260301T101500-3f9a1c"},
            "e": {"model": "neighbours"},
        },
    },
    "indicate_missing": ["a"],
    "max_missing": 0.5,
    "max_missing_share": 0.8,
    "transform": {"default": "auto", "columns": {"a": "quantile-normal"}},
    "scale": "robust",
    "rare_share": 0.05,
    "fold_rare": True,
    "encode": {"default": "indicators", "columns": {"city": "frequency"}},
    "order": {"plan": ["free", "pro", "enterprise"]},
    "balance": "facets",
    "reduce": {"method": "factor", "components": 3},
    "select": "objective",
    "compare_with": "runs/latest",
}


def read(**keys):
    return from_data({"sources": SOURCES, **keys}, folder=Path())


def test_every_key_reaches_its_place():
    asked = read(prepare=FULL).prepare
    assert asked.impute.of("other") == Fill("mean")
    assert asked.impute.of("b") == Fill("constant", constant=3.0)
    assert asked.impute.of("c") == Fill("by", column="plan")
    assert asked.impute.of("d").run == "runs/20260301T101500-3f9a1c"
    assert asked.impute.of("e") == Fill("model", model="neighbours")
    assert asked.transform.of("a") == "quantile-normal"
    assert asked.scale == PerColumn("robust")
    assert (asked.max_missing, asked.max_missing_share, asked.rare_share) == (0.5, 0.8, 0.05)
    assert asked.order["plan"] == ("free", "pro", "enterprise")
    assert asked.reduce == Reduce("factor", 3.0)
    assert (asked.balance, asked.select, asked.fold_rare) == ("facets", "objective", True)


def test_data_and_value_turn_into_each_other():
    assert as_data(read(prepare=FULL))["prepare"] == FULL
    assert as_data(read(split={"train": 0.7}))["split"] == {"train": 0.7, "by": "entity"}


def test_the_house_way_is_absent_and_off_is_off():
    project = read()
    assert (project.prepare, project.split) == (Preparation(), None)
    assert not {"prepare", "split"} & set(as_data(project))
    # Every key but those that are off is told, for who writes a file with comments.
    assert set(FULL) - set(preparation_data(project.prepare)) == {
        "max_missing", "reduce", "compare_with"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Fill("constant", constant=3.0)),
        ("model", Fill("model")),
        ({"model": "ridge"}, Fill("model")),
    ],
)
def test_a_rule_may_be_written_shortly(value, expected):
    assert read(prepare={"impute": value}).prepare.impute == PerColumn(expected)


def test_all_gaps_may_be_marked():
    assert read(prepare={"indicate_missing": "all"}).prepare.indicate_missing == "all"


def test_a_split_has_a_default_share():
    assert read(split={}).split == Split(0.8)


@pytest.mark.parametrize(
    ("prepare", "key", "words"),
    [
        ({"impute": "average"}, "prepare.impute", "median, mean, zero"),
        ({"impute": {"columns": {"a": "average"}}}, "prepare.impute.columns.a", "median"),
        ({"impute": {"by": ""}}, "prepare.impute.by", "a column"),
        ({"impute": {"model": "forest"}}, "prepare.impute.model", "'ridge' or 'neighbours'"),
        ({"impute": {"by_segment": "runs/latest"}}, "prepare.impute.by_segment", "confirm them"),
        ({"impute": {"by_segment": "self"}}, "prepare.impute.by_segment", "confirm themselves"),
        ({"transform": "sqrt"}, "prepare.transform", "'auto' or 'none'"),
        ({"scale": {"default": "big"}}, "prepare.scale.default", "'standard' or"),
        ({"reduce": {"method": "umap"}}, "prepare.reduce.method", "could not be assigned"),
        ({"reduce": {"components": 2}}, "prepare.reduce.method", "missing"),
        ({"reduce": {"method": "pca", "components": 1.5}}, "prepare.reduce.components", "whole"),
        ({"reduce": {"method": "pca", "components": 0}}, "prepare.reduce.components", "whole"),
        ({"reduce": {"method": "pca", "components": True}}, "prepare.reduce.components", "whole"),
        ({"order": {"plan": ["a", "a"]}}, "prepare.order.plan", "twice"),
        ({"order": {"p": ["a"]}, "encode": {"columns": {"p": "frequency"}}}, "prepare.order.p",
         "an order and an encoding"),
        ({"fold_rare": "maybe"}, "prepare.fold_rare", "true or false"),
        ({"weights": {}}, "prepare.weights", "segments.weights"),
        ({"max_missing": 1.5}, "prepare.max_missing", "at most 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(prepare, key, words):
    with pytest.raises(ProjectFileError, match=re.escape(words)) as caught:
        read(prepare=prepare)
    assert caught.value.key == key or caught.value.problems[0].key == key


def test_a_split_of_everybody_is_refused():
    with pytest.raises(ProjectFileError, match=r"at most 0\.99"):
        read(split={"train": 1.0})
