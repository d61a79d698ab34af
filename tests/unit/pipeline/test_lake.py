"""Events into the lake and back: the same features, however the events came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakes import SCHEMA, lake_events, rows_of
from reading import an_engine, events, without_time, write
from reading import log as a_log
from segmentry.domain.audit import Audit
from segmentry.domain.project import FeatureChoice, Project, Windows
from segmentry.domain.window import Window
from segmentry.errors import DataError
from segmentry.features.choose import choose
from segmentry.features.compile import compile_features
from segmentry.pipeline import lake as of_lake
from segmentry.pipeline.events import Events, canonical_events
from segmentry.pipeline.lake import write_lake
from segmentry.pipeline.texts import Texts
from segmentry.stores.lake import Lake
from segmentry.stores.lakewriting import append, compact, create_lake

CUT = datetime(2023, 12, 31, tzinfo=UTC)
SPECS = choose(
    ("at", "amount", "category"),
    FeatureChoice(include=("n_events", "value_total", "gap_median_days", "n_categories")),
    Windows(),
)


def features_of(table: pa.Table) -> list[tuple[object, ...]]:
    found = compile_features(SPECS, ibis.memtable(table), Window(CUT), time_zone="UTC")
    return rows_of(ibis.duckdb.connect().to_pyarrow(found))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_split_and_order_of_batches_gives_the_same_features(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = lake_events(60, entities=6, seed=data.draw(st.integers(0, 99)))
    shuffled = table.take(pa.array(data.draw(st.permutations(range(table.num_rows)))))
    cuts = sorted(data.draw(st.sets(st.integers(1, 59), max_size=3)))
    is_removed = data.draw(st.booleans())
    folder = tmp_path_factory.mktemp("lake") / "lake"
    duplicates = "remove" if is_removed else "keep"
    create_lake(folder, SCHEMA, n_partitions=3, duplicates=duplicates)  # type: ignore[arg-type]
    for i, (low, high) in enumerate(zip([0, *cuts], [*cuts, 60], strict=True)):
        piece = shuffled.slice(low, high - low)
        append(folder, [piece], batch=str(i))
        if data.draw(st.booleans()):
            compact(folder)
        if is_removed:
            append(folder, [piece], batch=f"{i} once more")
    rows = table.group_by(table.column_names).aggregate([]) if is_removed else table
    assert features_of(Lake.opened(folder).read()) == features_of(rows)


def canonical(
    folder: Path, engine: object, text: str, *, keep_ids: bool = True, **columns: str
) -> Events:
    source = events(write(folder / "log.csv", text), amount="amount", **columns)
    project = Project("p", (source,), folder=folder)
    relation = engine.open(source, folder=str(folder), audit=Audit())  # type: ignore[attr-defined]
    texts = Texts.of(project, Audit(), None, ())
    return canonical_events([relation], engine, texts, keep_ids=keep_ids)  # type: ignore[arg-type]


def test_the_events_of_a_project_lie_in_the_lake_with_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_lake, "PIECE_EVENTS", 100)
    with an_engine() as engine:
        found = canonical(tmp_path, engine, a_log())
        lake = write_lake(found, engine, tmp_path / "lake", batch="one", n_partitions=2)
        again = write_lake(found, engine, tmp_path / "lake", batch="one")
        source = engine.to_arrow(found.table.order_by("entity_id", "micros"))
    assert again.manifest == lake.manifest
    assert lake.manifest.n_rows == 300
    table = lake.read().sort_by([("entity_id", "ascending"), ("micros", "ascending")])
    assert table["entity_id"].to_pylist() == found.named(source)["entity_id"].to_pylist()
    assert table["amount"].to_pylist() == source["amount"].to_pylist()


def test_ids_of_sessions_lie_in_the_lake_as_they_are_written(tmp_path: Path) -> None:
    log = "id,at,amount,visit\n" + "".join(
        f"{i % 3},2026-01-{i + 1:02d},1,s{i // 2}\n" for i in range(9)
    )
    with an_engine() as engine:
        found = canonical(tmp_path, engine, log, session="visit")
        lake = write_lake(found, engine, tmp_path / "lake", batch="one")
        numbers = canonical(tmp_path, engine, log, keep_ids=False, session="visit")
        with pytest.raises(ValueError, match="keep_ids"):
            write_lake(numbers, engine, tmp_path / "lake", batch="two")
    assert sorted(lake.read()["session_id"].to_pylist()) == sorted(f"s{i // 2}" for i in range(9))


def test_events_without_time_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "id,what\n1,a\n2,b\n")
    source = without_time(path, kind="what")
    project = Project("p", (source,), folder=tmp_path)
    with an_engine() as engine:
        relation = engine.open(source, folder=str(tmp_path), audit=Audit())
        found = canonical_events([relation], engine, Texts.of(project, Audit(), None, ()))
        with pytest.raises(DataError, match="without time") as caught:
            write_lake(found, engine, tmp_path / "lake", batch="one")
    assert caught.value.code == "E2020"
