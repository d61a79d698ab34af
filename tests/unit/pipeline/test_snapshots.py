"""Each snapshot of many is the one that its cut alone would give, in every value and null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pytest

from commands import segmentry
from reading import an_engine, write
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.domain.window import Window
from segmentry.errors import DataError
from segmentry.pipeline.run import run_project
from segmentry.pipeline.snapshots import Definitions, snapshots
from segmentry.pipeline.sources import build_table
from segmentry.projectfile.load import load
from shop import orders, write_csv
from simulated import log

RETAIL = {
    "entity": "customer_id", "time": "ordered_at", "order": "order_id", "item": "product_id",
    "category": "category", "channel": "channel", "amount": "quantity * unit_price",
    "quantity": "quantity",
}  # fmt: skip
SAAS = {
    "entity": "user_id", "time": "occurred_at", "kind": "event", "item": "feature",
    "session": "session_id", "device": "device",
}  # fmt: skip
KINDS = {"login": ("login",), "use": ("feature_used",), "search": ("search",)}


def project_of(folder: Path, scenario: str, columns: dict[str, str], **changes: object) -> Project:
    told = log(folder, scenario, n_users=40)
    source = Source("log", str(told.events), columns=frozen_mapping(columns))
    choice = FeatureChoice(include=("all",))
    return replace(Project("p", (source,), folder=folder, features=choice), **changes)


def at(*days: str) -> list[datetime]:
    return [datetime.fromisoformat(d).replace(tzinfo=UTC) for d in days]


def shared(project: Project, cuts: Sequence[datetime], **more: object) -> list[FeatureTable]:
    with an_engine() as engine:
        return list(
            snapshots(project, engine, cuts, audit=Audit(), progress=Silent(), **more)  # type: ignore[arg-type]
        )


def alone(project: Project, cut: datetime, like: FeatureTable | None) -> FeatureTable:
    """Build one cut by the way that a run and an assignment go."""
    told = project.windows
    window = Window(
        cut, told.lookback_days, told.recent_days, told.decay_half_life_days,
        pause_minutes=told.pause_minutes,
    )  # fmt: skip
    with an_engine() as engine:
        table, _, _ = build_table(
            project,
            engine,
            as_of=cut,
            audit=Audit(),
            allow_bad_rows=False,
            progress=Silent(),
            window=None if like is None else window,
            like=None if like is None else like.columns,
            models=() if like is None else like.texts,
        )
    return table


def check_equal(one: FeatureTable, other: FeatureTable) -> None:
    assert one.as_of == other.as_of
    names = one.data.column_names
    for name in names:
        if name in other.data.column_names:
            assert one.data[name].equals(other.data[name]), name
    assert [c.name for c in one.columns] == names[1:]


@pytest.mark.parametrize(
    ("scenario", "columns", "changes"),
    [
        (
            "retail",
            RETAIL,
            {
                "time_zone": "Asia/Kolkata",
                "windows": Windows(lookback_days=150.5, recent_days=17.25),
            },
        ),
        ("saas", SAAS, {"features": FeatureChoice(include=("all",), kinds=frozen_mapping(KINDS))}),
    ],
    ids=["windows", "kinds"],
)
def test_a_snapshot_of_many_is_the_one_of_its_cut_alone(
    tmp_path: Path, scenario: str, columns: dict[str, str], changes: dict[str, object]
) -> None:
    project = project_of(tmp_path, scenario, columns, **changes)
    cuts = at("2025-03-09T06:30:00.5", "2025-06-01")
    found = shared(project, cuts)
    assert len(found[0].columns) > 50
    check_equal(found[0], alone(project, cuts[0], None))
    for table, cut in zip(found, cuts, strict=True):
        other = alone(project, cut, found[0])
        check_equal(table, other)
        assert set(table.data.column_names) <= set(other.data.column_names)
        assert table.data.column_names == found[0].data.column_names


def test_snapshots_with_a_release_hold_its_columns_with_what_it_learned(tmp_path: Path) -> None:
    project = project_of(tmp_path, "retail", RETAIL, features=FeatureChoice())
    project = replace(project, segments=replace(project.segments, minimum=2, maximum=3))
    release = run_project(project).release()
    cuts = at("2024-12-01", "2025-03-01")
    like = Definitions(release.columns, release.texts, release.window)
    found = shared(project, cuts, like=like)
    for table, cut in zip(found, cuts, strict=True):
        assert release.window is not None
        with an_engine() as engine:
            other, _, _ = build_table(
                project,
                engine,
                as_of=None,
                audit=Audit(),
                allow_bad_rows=False,
                progress=Silent(),
                window=replace(release.window, as_of=cut),
                like=release.columns,
                models=release.texts,
            )
        assert table.data.equals(other.data)
        assert release.assign(table).to_arrow().num_rows == table.n_entities


def test_what_happens_later_changes_no_earlier_snapshot(tmp_path: Path) -> None:
    table = orders(30)
    cuts = at("2011-03-01", "2011-06-01")
    early = table.filter(pc.less(table["ordered_at"].cast("int64"), 1_306_886_400))
    found = []
    for name, rows in (("all.csv", table), ("early.csv", early)):
        write_csv(rows, tmp_path / name)
        columns = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
        source = Source("log", name, columns=frozen_mapping(columns))
        choice = FeatureChoice(include=("all",))
        found.append(shared(Project("p", (source,), folder=tmp_path, features=choice), cuts))
    for one, other in zip(*found, strict=True):
        assert one.data.equals(other.data)


def test_tables_lie_beside_every_snapshot(tmp_path: Path) -> None:
    write_csv(orders(12), tmp_path / "log.csv")
    write(tmp_path / "who.csv", "id,joined\n1,2011-01-01\n2,2011-02-01\n")
    columns = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
    log_ = Source("log", "log.csv", columns=frozen_mapping(columns))
    who = Source("who", "who.csv", Shape.TABLE, frozen_mapping({"entity": "id"}))
    first, second = shared(
        Project("p", (log_, who), folder=tmp_path), at("2011-04-01", "2011-05-01")
    )
    (name,) = [n for n in first.data.column_names if "joined" in n]
    days = [dict(zip(t.data[ENTITY].to_pylist(), t.data[name].to_pylist(), strict=True))[1]
            for t in (first, second)]  # fmt: skip
    assert days == [90.0, 120.0]


def test_a_log_without_time_has_no_snapshots(tmp_path: Path) -> None:
    write(tmp_path / "log.csv", "id,what\n1,a\n2,b\n")
    source = Source("log", "log.csv", columns=frozen_mapping({"entity": "id", "kind": "what"}))
    with pytest.raises(DataError, match="no source holds") as caught:
        shared(Project("p", (source,), folder=tmp_path), at("2011-04-01"))
    assert caught.value.code == "E2009"


def test_a_range_that_begins_before_the_log_is_refused(tmp_path: Path) -> None:
    write_csv(orders(12), tmp_path / "log.csv")
    columns = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
    source = Source("log", "log.csv", columns=frozen_mapping(columns))
    with pytest.raises(DataError, match="there is no event") as caught:
        shared(Project("p", (source,), folder=tmp_path), at("2001-04-01", "2011-04-01"))
    assert caught.value.code == "E2008"


def test_snapshots_of_real_data_are_those_of_their_cuts_alone(
    data_folder: Path, tmp_path: Path
) -> None:
    assert segmentry("init", data_folder / "cdnow" / "cdnow.csv.gz", folder=tmp_path).status == 0
    project = load(tmp_path / "segmentry.yaml").project
    cuts = at("1997-06-01", "1997-12-01", "1998-06-01")
    found = shared(project, cuts)
    check_equal(found[0], alone(project, cuts[0], None))
    for table, cut in zip(found[1:], cuts[1:], strict=True):
        check_equal(table, alone(project, cut, found[0]))
    sizes = [t.n_entities for t in found]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 20_000
