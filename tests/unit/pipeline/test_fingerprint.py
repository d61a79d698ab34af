"""What a fingerprint covers, and what it leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from builders import assigner, feature_table, number_step
from segmentry.domain.recipe import Recipe
from segmentry.domain.role import Role
from segmentry.pipeline.fingerprint import config_digest, data_digest, fingerprint

COLUMNS = {"spend": [1.0, None], "plan": ["free", "pro"]}
PROJECT = {"name": "shop", "seed": 0, "sources": [{"name": "sales", "path": "a.csv"}]}


def digest(**changes):
    facts = {
        "project": PROJECT,
        "table": feature_table(COLUMNS),
        "recipe": Recipe((number_step(),)),
        "assigner": assigner((0.0,), (1.0,)),
        "names": ("Small", "Big"),
    }
    return fingerprint(**{**facts, **changes})


def test_a_fingerprint_is_a_sha256_and_repeats():
    assert re.fullmatch(r"[0-9a-f]{64}", digest())
    assert digest() == digest()


def test_the_same_data_at_another_path_has_the_same_fingerprint():
    moved = {**PROJECT, "sources": [{"name": "sales", "path": "/elsewhere/b.csv"}]}
    assert digest(project=moved) == digest()


def test_the_order_of_keys_does_not_matter():
    assert digest(project=dict(reversed(PROJECT.items()))) == digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"project": {**PROJECT, "seed": 1}},
        {"project": {**PROJECT, "sources": [{"name": "other", "path": "a.csv"}]}},
        {"table": feature_table({**COLUMNS, "spend": [1.0, 2.0]})},
        {"table": feature_table({**COLUMNS, "spend": [None, 1.0]})},
        {"table": feature_table({**COLUMNS, "plan": ["free", "max"]})},
        {"table": feature_table({**COLUMNS, "plan": ["free", None]})},
        {"table": feature_table(COLUMNS, ids=["a", "b"])},
        {"table": feature_table(COLUMNS, role=Role.OVERLAY)},
        {"recipe": Recipe((number_step(centre=0.1),))},
        {"assigner": assigner((0.0,), (1.0 + 1e-12,))},
        {"assigner": replace(assigner((0.0,), (1.0,)), radii=np.array([1.0, 2.0]))},
        {"assigner": replace(assigner((0.0,), (1.0,)), groups=np.array([1, 0]))},
        {"assigner": replace(assigner((0.0,), (1.0,)), origin=np.array([0.0]))},
        {"names": ("Big", "Small")},
    ],
)
def test_any_other_input_spec_or_result_has_another_fingerprint(changes):
    assert digest(**changes) != digest()


def test_ids_count_where_they_are_not_those_of_the_order():
    assert digest(segment_ids=(1, 2)) == digest()
    assert digest(segment_ids=(2, 1)) != digest()


def test_data_and_intent_are_digested_apart():
    table = feature_table(COLUMNS)
    assert data_digest(table) == data_digest(feature_table(COLUMNS))
    assert data_digest(table) != data_digest(feature_table({**COLUMNS, "spend": [1.0, 2.0]}))
    moved = {**PROJECT, "sources": [{"name": "sales", "path": "/elsewhere/b.csv"}]}
    assert config_digest(moved) == config_digest(PROJECT)
    assert config_digest({**PROJECT, "seed": 1}) != config_digest(PROJECT)
