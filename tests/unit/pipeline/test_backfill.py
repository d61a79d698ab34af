from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from segmentry.domain.project import Privacy, Project, Source, frozen_mapping
from segmentry.errors import UsageError
from segmentry.pipeline import backfill as of_backfill
from segmentry.pipeline.backfill import backfill, cuts_of, inputs_fingerprint
from segmentry.pipeline.run import run_project
from segmentry.stores.snapshots import SnapshotFolder
from shop import orders, write_csv

COLUMNS = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}


def shop(folder: Path) -> Project:
    write_csv(orders(60), folder / "orders.csv")
    source = Source("orders", "orders.csv", columns=frozen_mapping(COLUMNS))
    return Project("shop", (source,), entity="customer_id", folder=folder)


DAYS = cuts_of(date(2011, 6, 1), date(2011, 8, 31), "month")


def days(first: str, last: str, every: str) -> list[str]:
    found = cuts_of(date.fromisoformat(first), date.fromisoformat(last), every)  # type: ignore[arg-type]
    return [str(d) for d in found]


def test_days_follow_the_calendar() -> None:
    assert days("2024-02-28", "2024-03-01", "day") == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert days("2024-01-01", "2024-01-16", "week") == ["2024-01-01", "2024-01-08", "2024-01-15"]
    assert days("2023-11-30", "2024-03-01", "month")[3:] == ["2024-02-29"]
    assert days("2024-05-31", "2025-02-28", "quarter") == [
        "2024-05-31", "2024-08-31", "2024-11-30", "2025-02-28",
    ]  # fmt: skip
    assert days("2024-05-31", "2024-05-31", "month") == ["2024-05-31"]


def test_a_range_without_end_or_backwards_is_refused() -> None:
    with pytest.raises(UsageError, match="lies before"):
        days("2024-05-02", "2024-05-01", "day")
    with pytest.raises(UsageError, match="more than 5000"):
        days("1900-01-01", "2024-05-01", "day")


def test_a_backfill_writes_each_day_and_keeps_what_is_there(tmp_path: Path) -> None:
    project, out = shop(tmp_path), tmp_path / "out"
    done = backfill(project, DAYS, out)
    assert (len(done.snapshots), done.n_kept) == (3, 0)
    names = [p.name for p in sorted(out.glob("as_of=*"))]
    assert names == [f"as_of={d}" for d in DAYS]
    content = {p: p.read_bytes() for p in out.rglob("*.parquet")}
    (out / "as_of=2011-07-01" / "features.parquet").unlink()
    again = backfill(project, DAYS, out)
    assert again.n_kept == 2
    assert again.snapshots == done.snapshots
    assert {p: p.read_bytes() for p in out.rglob("*.parquet")} == content
    assert backfill(project, DAYS, out).n_kept == 3


def test_other_data_is_built_again(tmp_path: Path) -> None:
    project, out = shop(tmp_path), tmp_path / "out"
    backfill(project, DAYS[:1], out)
    write_csv(orders(61), tmp_path / "orders.csv")
    assert backfill(project, DAYS[:1], out).n_kept == 0


def test_a_backfill_that_is_broken_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, out = shop(tmp_path), tmp_path / "out"
    whole = of_backfill.snapshots

    def broken(*given: object, **more: object) -> object:
        for i, table in enumerate(whole(*given, **more)):  # type: ignore[arg-type]
            if i == 2:
                raise KeyboardInterrupt("stop")
            yield table

    monkeypatch.setattr(of_backfill, "snapshots", broken)
    with pytest.raises(KeyboardInterrupt, match="stop"):
        backfill(project, DAYS, out)
    monkeypatch.undo()
    done = backfill(project, DAYS, out)
    assert (len(done.snapshots), done.n_kept) == (3, 2)


def test_a_snapshot_that_cannot_be_written_ends_the_work_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, out = shop(tmp_path), tmp_path / "out"
    whole = SnapshotFolder.write

    def broken(self: SnapshotFolder, day: date, *given: Any, **more: Any) -> Any:
        if day == DAYS[1]:
            raise OSError("no space")
        return whole(self, day, *given, **more)

    monkeypatch.setattr(SnapshotFolder, "write", broken)
    with pytest.raises(OSError, match="no space"):
        backfill(project, DAYS, out)
    monkeypatch.undo()
    done = backfill(project, DAYS, out)
    assert (len(done.snapshots), done.n_kept) == (3, 1)


def test_with_a_release_entities_are_put_into_its_segments(tmp_path: Path) -> None:
    project = shop(tmp_path)
    run = run_project(project)
    done = backfill(project, DAYS, tmp_path / "out", release=run.release())
    names = set(run.assignments()["segment"].to_pylist())
    for day, told in zip(DAYS, done.snapshots, strict=True):
        place = tmp_path / "out" / f"as_of={day}"
        found = pq.read_table(place / "assignments.parquet", partitioning=None)
        assert found.num_rows == told.n_entities
        assert set(found["segment"].to_pylist()) <= names
        assert {t.isoformat() for t in set(found["as_of"].to_pylist())} == {told.as_of.isoformat()}
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert told["definitions"]["release"] == run.fingerprint


def test_ids_are_hidden_where_the_project_hides_them(tmp_path: Path) -> None:
    project = replace(shop(tmp_path), privacy=Privacy("pseudonym"))
    backfill(project, DAYS[:1], tmp_path / "out")
    path = tmp_path / "out" / f"as_of={DAYS[0]}" / "features.parquet"
    ids = pq.read_table(path, partitioning=None)["entity_id"].to_pylist()
    assert not {str(i) for i in ids} & {str(i) for i in range(61)}


def test_the_fingerprint_of_inputs_follows_files_and_project(tmp_path: Path) -> None:
    project = shop(tmp_path)
    first = inputs_fingerprint(project, None, DAYS[0])
    assert inputs_fingerprint(project, None, DAYS[0]) == first
    assert inputs_fingerprint(replace(project, time_zone="Asia/Tokyo"), None, DAYS[0]) != first
    assert inputs_fingerprint(project, None, DAYS[1]) != first
    write_csv(orders(59), tmp_path / "orders.csv")
    assert inputs_fingerprint(project, None, DAYS[0]) != first
