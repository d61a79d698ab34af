"""The features of some entities are those of the full batch, bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from reading import an_engine
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import FeatureChoice, Project, Source, frozen_mapping
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.features.arrays.column import BeyondArraysError
from segmentry.pipeline import figures
from segmentry.pipeline.events import canonical_events
from segmentry.pipeline.lake import write_lake
from segmentry.pipeline.microbatch import Prepared, prepared, released_specs
from segmentry.pipeline.opening import opened_sources
from segmentry.pipeline.run import run_project
from segmentry.pipeline.sources import build_table
from segmentry.pipeline.texts import Texts
from segmentry.projectfile.load import load
from segmentry.stores.lake import Lake
from segmentry.stores.lakewriting import append
from simulated import log

RETAIL = {
    "entity": "customer_id", "time": "ordered_at", "order": "order_id", "item": "product_id",
    "category": "category", "channel": "channel", "amount": "quantity * unit_price",
    "quantity": "quantity", "kind": "CASE WHEN quantity > 1 THEN 'many' ELSE 'one' END",
}  # fmt: skip


@dataclass
class Made:
    """A run, its lake, and its features prepared for a few."""

    project: Project
    release: Release
    lake: Lake
    prepared: Prepared
    engine: Any

    def full(self, days: float) -> FeatureTable:
        """Build the features of everybody, some days before the run's cut."""
        assert self.release.window is not None
        table, _, _ = build_table(
            self.project,
            self.engine,
            as_of=None,
            audit=Audit(),
            allow_bad_rows=False,
            progress=Silent(),
            window=self.at(days),
            like=self.release.columns,
            models=self.release.texts,
        )
        return table

    def at(self, days: float) -> Any:
        """Give the run's window some days earlier."""
        window = self.release.window
        assert window is not None
        return replace(window, as_of=window.as_of - timedelta(days=days))


def made(project: Project, folder: Path, engine: Any) -> Made:
    """Run a project, and put its events into a lake."""
    release = run_project(project).release()
    relations = opened_sources(project, engine, Audit(), False, Silent(), release.columns)
    texts = Texts.of(project, Audit(), release.columns, release.texts)
    events = canonical_events(relations, engine, texts, keep_ids=True)
    lake = write_lake(events, engine, folder / "lake", batch="all")
    ready = prepared(lake.manifest.schema, project, release, engine)
    return Made(project, release, lake, ready, engine)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("shop")
    told = log(folder, n_users=120)
    source = Source("log", str(told.events), columns=frozen_mapping(RETAIL))
    include = ("auto", "affinity_category", "share_path")
    choice = FeatureChoice(include=include, roles=frozen_mapping())
    project = Project("p", (source,), folder=folder, features=choice, time_zone="Europe/Berlin")
    with an_engine() as engine:
        yield made(project, folder, engine)


def check_equal(some: FeatureTable, full: FeatureTable, entities: list[Any]) -> None:
    import pyarrow.compute as pc

    wanted = full.data.filter(pc.is_in(full.data[ENTITY], pa.array(entities)))
    assert some.n_entities == wanted.num_rows
    assert len(some.columns) > 15
    for name in some.data.column_names:
        assert some.data[name].combine_chunks().equals(wanted[name].combine_chunks()), name


@pytest.mark.parametrize("days", [0, 45.25])
def test_features_of_some_entities_are_those_of_the_full_batch(shop: Made, days: float) -> None:
    full = shop.full(days)
    ids = full.data[ENTITY].to_pylist()
    asked = [*ids[::7], ids[-1], "nobody"]
    at = shop.at(days).as_of
    check_equal(shop.prepared.of_lake(shop.lake, asked, at), full, asked)


def test_they_can_be_put_into_segments(shop: Made) -> None:
    full = shop.full(0)
    ids = full.data[ENTITY].to_pylist()[:20]
    some = shop.prepared.of_lake(shop.lake, ids, shop.at(0).as_of)
    one, other = (shop.release.assign(t).to_arrow() for t in (some, full))
    assert one.equals(other.slice(0, 20))


def test_an_engine_that_holds_the_events_gives_the_same(shop: Made) -> None:
    full = shop.full(30)
    ids = full.data[ENTITY].to_pylist()[:60]
    relation = shop.engine.take_in(shop.lake.read(None, shop.prepared.fields))
    check_equal(shop.prepared.of_relation(relation, ids, shop.at(30).as_of), full, ids)
    assert shop.prepared.of_relation(relation, [], shop.at(30).as_of).n_entities == 0


def test_numbers_beyond_64_bits_are_computed_by_a_statement(
    shop: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shop.full(0).data[ENTITY].to_pylist()[:5]
    full = shop.prepared.of_lake(shop.lake, ids, shop.at(0).as_of)

    def refused(*args: Any, **more: Any) -> Any:
        raise BeyondArraysError

    monkeypatch.setattr(figures, "compute_features", refused)  # as for amounts of billions
    again = shop.prepared.of_lake(shop.lake, ids, shop.at(0).as_of)
    for name in full.data.column_names:
        if pa.types.is_floating(full.data[name].type):
            here, there = (t.data[name].to_pylist() for t in (again, full))
            assert here == pytest.approx(there, rel=1e-9, abs=1e-9, nan_ok=True), name


def test_late_rows_and_a_batch_that_comes_twice_change_nothing(shop: Made, tmp_path: Path) -> None:
    from segmentry.stores.lakewriting import create_lake

    whole = shop.lake.read()
    folder = tmp_path / "lake"
    create_lake(folder, whole.schema, n_partitions=3)
    half = whole.num_rows // 2
    for batch, rows in (("late", whole.slice(half)), ("late", whole.slice(half)),
                        ("first", whole.slice(0, half))):  # fmt: skip
        append(folder, [rows], batch=batch)
    full = shop.full(10)
    ids = full.data[ENTITY].to_pylist()[::5]
    found = shop.prepared.of_lake(Lake.opened(folder), ids, shop.at(10).as_of)
    check_equal(found, full, ids)


def test_affinities_and_steps_are_among_them(shop: Made) -> None:
    told = {s.share.tells for s in shop.prepared.specs if s.share is not None}
    assert told == {None, "affinity", "steps"}


def test_columns_that_no_event_tells_are_not_built(shop: Made) -> None:
    specs = released_specs(("entity_id", "micros"), shop.project, shop.release.columns)
    assert {s.name for s in specs} >= {"recency_days", "n_events"}
    assert all(s.share is None and "amount" not in s.needs for s in specs)


def test_real_data_gives_the_same(data_folder: Path, tmp_path: Path) -> None:
    from commands import segmentry

    file = data_folder / "online_retail" / "online_retail.parquet"
    assert segmentry("init", file, folder=tmp_path).status == 0
    project = load(tmp_path / "segmentry.yaml").project
    with an_engine() as engine:
        real = made(project, tmp_path, engine)
        for days in (90,):
            full = real.full(days)
            ids = full.data[ENTITY].to_pylist()[::9]
            check_equal(real.prepared.of_lake(real.lake, ids, real.at(days).as_of), full, ids)
