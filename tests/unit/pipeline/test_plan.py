"""What a run would do, before it does it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from reading import built, events, table, write
from segmentry.cluster.catalogue import AUTOMATIC, METHODS
from segmentry.domain.project import FeatureChoice, Project, SegmentChoice
from segmentry.engines.catalogue import ENGINES
from segmentry.pipeline.plan import EVENTS_TABLE, plan_run, plan_search

LOG = "id,at,what\n" + "\n".join(
    f"{'ab'[i % 2]},2024-01-{1 + i % 28:02d},{'look' if i % 3 else 'buy'}" for i in range(60)
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = write(tmp_path / "log.csv", LOG + "\n")
    names = ("recency_days", "n_events", "gap_median_days", "n_kinds", "r_score")
    source = events(path, kind="what")
    return Project("test", (source,), features=FeatureChoice(include=names))


def test_a_plan_names_features_and_those_that_could_be_asked_for(project: Project) -> None:
    found = plan_run(project, threads=1)
    assert [s.name for s in found.features] == [*project.features.include]
    assert "burstiness" in {s.name for s in found.left_out}
    assert found.sources[0].n_rows == 60
    assert found.window is not None


def test_the_query_gives_what_a_run_gives(project: Project) -> None:
    found = plan_run(project, threads=1)
    connection = duckdb.connect()
    connection.execute(
        f'CREATE TABLE {EVENTS_TABLE} AS SELECT id AS entity_id, epoch_us("at") AS micros, '
        f"what AS kind FROM read_csv('{project.sources[0].path}', types={{'at': 'TIMESTAMP'}})"
    )
    answers = connection.sql(found.query("duckdb"))
    rows = answers.to_arrow_table().sort_by("entity_id").to_pylist()
    wanted = built(*project.sources, features=project.features).table.data.to_pylist()
    for row, other in zip(rows, wanted, strict=True):
        assert row == {n: pytest.approx(other[n]) if n != "entity_id" else other[n] for n in row}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_query_is_written_for_every_engine(project: Project, engine: str) -> None:
    query = plan_run(project, threads=1).query(engine)
    quote = "`" if engine == "spark" else '"'
    assert f"AS {quote}gap_median_days{quote}" in query
    assert "r_score" not in query


def test_a_table_has_no_query(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", "id,age\na,3\nb,4\n")
    found = plan_run(Project("test", (table(path),)), threads=1)
    assert (found.features, found.types, found.query("duckdb")) == ((), None, "")


def people(n: int) -> str:
    return "id,age,visits\n" + "".join(f"p{i},{20 + i % 47},{i * 7 % 31}\n" for i in range(n))


def test_a_search_is_planned_on_what_would_be_searched(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", people(1_100))
    choice = SegmentChoice(4, 6, search_rows=1_000)
    found = plan_search(Project("test", (table(path),), segments=choice), threads=1)
    assert (found.n_entities, found.n_columns, found.n_searched) == (1_100, 2, 1_000)
    assert (found.band, found.tried) == (range(4, 7), AUTOMATIC)
    assert found.n_candidates == 3 * len(AUTOMATIC)
    assert [m.name for m in found.methods] == list(METHODS)
    why = {m.name: m.reason for m in found.methods}
    assert why["hdbscan"] == "Not tried: it is where it is asked for by name."


def test_few_entities_allow_fewer_segments_and_only_what_was_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", people(60))
    choice = SegmentChoice(4, 8, methods=("ward",))
    found = plan_search(Project("test", (table(path),), segments=choice), threads=1)
    assert (found.band, found.tried, found.n_candidates) == (range(4, 7), ("ward",), 3)
