"""Rules of a run: read from its folder, tried on its entities, the same every time."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from mixed import mixed_run
from segmentry.errors import DataError
from segmentry.explain.rules import rules_statement
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.pipeline.rules import rules_of, units_of
from segmentry.stores.runfolder import RunFolder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return mixed_run(tmp_path_factory.mktemp("mixed"), "k-means", n=900)


def test_rules_tell_the_segments_of_the_run_and_how_well(run):
    found = run.rules()
    assert [s.name for s in found.segments] == [s["name"] for s in run.segments]
    assert found.fidelity.n == 300
    told = run.documents["evidence"]["surrogate"]
    # The same tree as that of the evidence, whose thresholds are not rounded.
    assert found.fidelity.estimate == pytest.approx(told["accuracy"], abs=0.02)
    assert found.fidelity.estimate > found.chance + 0.2


def test_the_statement_of_rules_agrees_with_the_run_as_often_as_it_says(run):
    found = run.rules()
    sql = rules_statement(found, units_of(run.stored), dialect=Dialect.DUCKDB)
    with duckdb.connect() as con:
        con.register("features", run.features())
        rows = con.sql(sql).to_arrow_table().sort_by("entity_id")["segment"].to_pylist()
    same = np.mean(
        [a == b for a, b in zip(rows, run.assignments()["segment"].to_pylist(), strict=True)]
    )
    low, _ = found.fidelity.interval
    assert None not in rows
    # Two thirds of these made the rules, so they are not worse than on the others.
    assert same > low


def test_the_same_run_has_the_same_rules(run):
    assert run.rules() == rules_of(run.stored)
    assert run.rules(depth=1) != run.rules()
    assert run.rules(depth=1).depth == 1


def test_too_few_entities_have_no_rules(run, tmp_path, monkeypatch):
    def few(stored, name):
        return pq.read_table(stored.folder / f"{name}.parquet").slice(0, 20)

    monkeypatch.setattr(RunFolder, "table", few)
    with pytest.raises(DataError, match=r"20 entities in \d segments have no rules") as refused:
        rules_of(run.stored)
    assert refused.value.code == "E2006"
