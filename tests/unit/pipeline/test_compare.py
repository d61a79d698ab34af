"""Methods beside each other on a project's own matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import blobs, matrix
from segmentry.domain.project import Outcome, Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.errors import FitError, UsageError
from segmentry.judge.contest import CRITERIA
from segmentry.pipeline.compare import compare_project, compare_rows
from segmentry.pipeline.tournament import Asked

X, TRUTH = blobs(240, k=4, d=3, seed=2)
LEFT = np.random.default_rng(0).random(240) < np.where(TRUTH == 1, 0.8, 0.1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("compared")
    columns = {f"x{j}": X[:, j] for j in range(3)} | {"left": LEFT}
    pq.write_table(pa.table({"id": np.arange(240), **columns}), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    return Project(
        "people",
        (source,),
        segments=SegmentChoice(3, 5),
        outcomes=(Outcome("churn", column="left"),),
        folder=home,
    )


@pytest.fixture(scope="module")
def thorough(project: Project):
    return compare_project(project, Asked(("k-means", "hdbscan"), is_thorough=True))


def test_every_criterion_has_a_figure_or_a_reason_in_every_row(thorough):
    for row in thorough.rows:
        for criterion in CRITERIA:
            assert (criterion.name in row.figures) != (criterion.name in row.missing)


def test_nothing_is_written(project, thorough):
    assert [p.name for p in project.folder.iterdir()] == ["people.parquet"]


def test_the_planted_groups_are_kept_and_foretell_the_outcome(thorough):
    (kept,) = [r for r in thorough.rows if r.is_kept]
    assert kept.name == "k-means, 4 segments"
    assert kept.is_on_front
    assert kept.figures["outcome_explained"] > 0.3
    assert kept.jaccards == pytest.approx((1.0,) * 4)
    assert thorough.outcome.startswith("'churn', on 240 entities (none are held out")
    assert thorough.sentence.startswith("The rule chooses k-means, 4 segments: ")


def test_a_choice_in_need_is_told_in_sentences():
    rows = np.random.default_rng(0).normal(size=(200, 3))
    choice = SegmentChoice(min_share=0.4)
    found = compare_rows(matrix(rows), choice, Asked(("k-means",)), n_segments=4, seed=0)
    assert found.sentence.startswith(
        "The rule chooses k-means, 4 segments. Every candidate has a segment that is too small; "
        "this has the least so. k-means, 4 segments: "
    )


def test_a_method_that_takes_no_number_says_why_it_has_no_gap(thorough):
    (dense,) = [r for r in thorough.rows if r.method == "hdbscan"]
    assert "finds its own number" in dense.missing["gap"]
    assert dense.figures["noise_share"] == 0.0  # blobs as far apart as these leave none astray


def test_agreement_is_between_the_choices(thorough):
    assert thorough.agreeing == tuple(r.name for r in thorough.rows if r.is_choice)
    assert thorough.agreement[0, 1] > 0.9


def test_what_was_not_asked_for_says_how_to_ask(project):
    found = compare_project(project, Asked(("ward",), band=range(3, 6), shows_all=True))
    assert [r.n_segments for r in found.rows] == [3, 4, 5]
    assert [r.is_choice for r in found.rows] == [False, True, False]
    assert found.rows[0].missing["dbcv"] == "costly: asked for by --thorough"
    assert found.notes == ()


def test_methods_that_a_run_would_not_search_are_named(project):
    own = replace(project, segments=replace(project.segments, methods=("ward",)))
    found = compare_project(own, Asked(("k-means", "ward")))
    assert found.notes == (
        "A run of this project searches ward; others are searched where segments.methods names "
        "them.",
    )


def test_a_method_that_there_is_not_is_refused_before_any_work(project):
    with pytest.raises(UsageError, match="no method 'wart'"):
        compare_project(project, Asked(("wart",)))


def test_threads_change_nothing_but_the_seconds(project):
    one, two = (
        compare_project(project, Asked(("k-means", "ward")), threads=n).table for n in (1, 2)
    )
    assert [{**r, "seconds": 0} for r in one] == [{**r, "seconds": 0} for r in two]


def test_rows_of_numbers_are_compared_however_few():
    found = compare_rows(
        matrix(X[:30]), SegmentChoice(), Asked(("k-means",)), n_segments=None, seed=0
    )
    assert found.n_entities == found.n_searched == 30
    exact = compare_rows(matrix(X), SegmentChoice(), Asked(("ward",)), n_segments=3, seed=0)
    assert [r.n_segments for r in exact.rows] == [3]


def test_one_segment_leaves_nothing_to_compare():
    with pytest.raises(FitError, match="leave nothing to compare"):
        compare_rows(matrix(np.ones((9, 2))), SegmentChoice(), Asked(), n_segments=None, seed=0)
