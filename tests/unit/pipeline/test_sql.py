"""A run's statement, held against the run: all entities, several methods and preparations."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from builders import feature_table, number_step
from mixed import mixed_run
from releases import as_release
from segmentry.domain.recipe import Recipe
from segmentry.errors import UsageError
from segmentry.pipeline import sql
from segmentry.pipeline.sql import Trial, close_rows, statement_of, trial, tried

WISHES = {
    "k-means": "transform: {columns: {balance: quantile-uniform}}, encode: {columns: {word: "
    "frequency}}, indicate_missing: all, impute: {columns: {age: {by: tier}}}",
    "jaccard medoids": "",
    "average linkage": "order: {tier: [low, mid, high]}, scale: robust, fold_rare: true",
    "ward": "reduce: {method: pca, components: 4}, transform: none",
}
"""Methods, one of them with many prototypes for a segment, each with another preparation."""


@pytest.fixture(scope="module", params=WISHES)
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixed")
    return mixed_run(folder, request.param, WISHES[request.param])


def test_all_entities_of_a_run_get_their_segment(run):
    found = tried(run.stored, threads=1)
    assert found.n_entities == len(run.assignments()) == 400
    assert found.n_other == 0
    # Rows on a border are counted and not left out of the comparison.
    assert found.n_other_close <= found.n_close < 5


def test_the_statement_runs_over_the_file_of_features(run):
    text = run.sql().replace("from features\n", f"from '{run.folder / 'features.parquet'}'\n")
    with duckdb.connect() as con:
        rows = con.sql(text).to_arrow_table().sort_by("entity_id")
    told = run.assignments().sort_by("entity_id").select(["entity_id", "segment_id", "segment"])
    assert rows.column_names == told.column_names
    n_close = int(close_rows(run.release(), run.features()).sum())
    differ = np.array(rows["segment"].to_pylist()) != np.array(told["segment"].to_pylist())
    assert differ.sum() <= n_close


def test_the_script_of_a_run_gives_all_entities_their_segment(run, tmp_path):
    (tmp_path / "segments.py").write_text(run.code())
    words = [sys.executable, "segments.py", str(run.folder / "features.parquet"), "labels.parquet"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    found = pq.read_table(tmp_path / "labels.parquet").sort_by("entity_id")["segment"].to_pylist()
    told = run.assignments().sort_by("entity_id")["segment"].to_pylist()
    close = close_rows(run.release(), run.features())
    assert [f for f, c in zip(found, close, strict=True) if not c] == [
        t for t, c in zip(told, close, strict=True) if not c
    ]


def test_one_of_the_methods_has_several_prototypes_for_a_segment(run, request):
    counts = np.bincount(run.release().assigner.groups)
    if request.node.callspec.params["run"] == "jaccard medoids":
        assert counts.max() > 1


def test_a_dialect_or_table_that_there_is_not_is_refused(run):
    with pytest.raises(UsageError, match="no dialect 'mysql'"):
        run.sql(dialect="mysql")
    with pytest.raises(UsageError, match="no name of a table"):
        run.sql(table="a..b")
    assert statement_of(run.stored, dialect=sql.Dialect.SPARK, table="x") == run.sql(
        dialect="spark", table="x"
    )


def line(*values):
    """Place rows on a line with a segment at 0 and one at 2."""
    rows = feature_table({"spend": list(values)})
    recipe = Recipe((number_step("spend", limit=1e100),))
    return rows, as_release(rows, recipe, np.array([[0.0], [2.0]]), np.array([0, 1]))


def test_rows_within_rounding_of_a_border_are_counted():
    rows, release = line(1.0, 1.0 + 1e-10, 1.0 - 1e-10, 1.0 + 1e-7, 5.0, 0.0)
    assert close_rows(release, rows.data).tolist() == [True] * 3 + [False] * 3
    found = trial(release, rows.data, release.assign(rows).to_arrow(), threads=1)
    assert found == Trial(6, 3, 0, 0)


def test_one_segment_has_no_border():
    rows, _ = line(1.0, 2.0)
    recipe = Recipe((number_step("spend"),))
    alone = as_release(rows, recipe, np.array([[0.0]]), np.array([0]))
    assert not close_rows(alone, rows.data).any()


def test_a_trial_counts_who_gets_another_segment():
    rows, release = line(0.0, 1.0, 1.5, 2.0)
    answers = release.assign(rows).to_arrow()
    place = answers.schema.get_field_index("segment_id")
    wrong = answers.set_column(place, "segment_id", [[2, 2, 2, 1]])
    found = trial(release, rows.data, wrong, threads=1)
    assert found == Trial(4, 1, 1, 2)
    assert not found.is_equal
    assert found.sentence.endswith("4 entities of the run: 1 get their segment; 1 lie on a border")


def test_many_entities_are_tried_in_part(run, monkeypatch):
    monkeypatch.setattr(sql, "TRIED_ROWS", 50)
    assert tried(run.stored).n_entities == 50
