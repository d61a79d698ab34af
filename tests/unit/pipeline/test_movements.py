"""Snapshots of a run are read, answered for again, and followed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from segmentry.domain.project import Project, Source, frozen_mapping
from segmentry.errors import StoreError, UsageError
from segmentry.pipeline.backfill import backfill, cuts_of
from segmentry.pipeline.movements import Asked, Era, movements, movements_of_project, usual_days
from segmentry.pipeline.run import run_project
from segmentry.stores.runfolder import RunFolder, open_run
from shop import orders, write_csv

COLUMNS = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
DAYS = cuts_of(date(2011, 6, 1), date(2011, 10, 1), "month")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, RunFolder]:
    folder = tmp_path_factory.mktemp("shop")
    write_csv(orders(60), folder / "orders.csv")
    source = Source("orders", "orders.csv", columns=frozen_mapping(COLUMNS))
    project = Project("shop", (source,), entity="customer_id", folder=folder)
    return project, open_run(run_project(project).folder)


def test_changes_are_those_of_the_assignments(made: tuple[Project, RunFolder]) -> None:
    project, stored = made
    found = movements_of_project(project, stored, DAYS)
    folder = project.folder / "history" / stored.folder.name
    answers = []
    for day in DAYS:
        rows = pq.read_table(folder / f"as_of={day}" / "assignments.parquet", partitioning=None)
        ids = map(str, rows["entity_id"].to_pylist())
        answers.append(dict(zip(ids, rows["segment_id"].to_pylist(), strict=True)))
    changed = sum(
        before[e] != now for before, after in pairwise(answers)
        for e, now in after.items() if e in before
    )  # fmt: skip
    assert found.days == tuple(DAYS)
    assert found.n_changes == changed
    assert set(map(str, found.entity_ids.to_pylist())) == set().union(*answers)
    assert found.growth[0].sizes == tuple(
        sum(s == found.segment_ids[0] for s in own.values()) for own in answers
    )
    assert len(found.warnings) == len(found.segment_ids)
    again = movements_of_project(project, stored, DAYS)
    assert again.to_arrow().equals(found.to_arrow())


def test_a_second_release_answers_from_the_day_on_which_it_takes_over(
    made: tuple[Project, RunFolder], tmp_path: Path
) -> None:
    project, stored = made
    release = stored.release()
    backfill(project, DAYS[:3], tmp_path / "a", release=release)
    backfill(project, DAYS[2:], tmp_path / "b", release=release)
    found = movements([Era(stored, tmp_path / "a"), Era(stored, tmp_path / "b")])
    # The same release twice: nothing is a refit, and all else is as in one piece.
    backfill(project, DAYS, tmp_path / "c", release=release)
    whole = movements([Era(stored, tmp_path / "c")])
    assert found.days == whole.days
    np.testing.assert_array_equal(found.counts, whole.counts)
    assert "refit" not in found.to_arrow()["cause"].to_pylist()
    with pytest.raises(StoreError, match="those before end at") as told:
        movements([Era(stored, tmp_path / "b"), Era(stored, tmp_path / "a")])
    assert told.value.code == "E5121"


def test_snapshots_of_others_and_damaged_ones_are_refused(
    made: tuple[Project, RunFolder], tmp_path: Path
) -> None:
    project, stored = made
    with pytest.raises(StoreError, match="not made with this run") as told:
        movements([Era(stored, tmp_path / "nowhere")])
    assert told.value.code == "E5120"
    backfill(project, DAYS[:1], tmp_path / "one", release=stored.release())
    with pytest.raises(StoreError, match="movement needs 2"):
        movements([Era(stored, tmp_path / "one")])
    (tmp_path / "one" / f"as_of={DAYS[0]}" / "features.parquet").write_bytes(b"other")
    with pytest.raises(StoreError, match="differs from what was written"):
        movements([Era(stored, tmp_path / "one")])


def test_the_usual_days_end_at_the_cut_and_begin_with_the_first_window(
    made: tuple[Project, RunFolder],
) -> None:
    _, stored = made
    window = stored.release().window
    assert window is not None
    days = usual_days(stored, "month")
    assert days[-1] == window.as_of.date()
    assert days[0] > date(2011, 1, 31)
    assert usual_days(stored, "week")[0] > days[0]


def test_wrong_wishes_are_told(made: tuple[Project, RunFolder], tmp_path: Path) -> None:
    project, stored = made
    with pytest.raises(UsageError, match="dwell of 0"):
        Asked(dwell=0)
    backfill(project, DAYS[:2], tmp_path, release=stored.release())
    with pytest.raises(UsageError, match="there is no segment 'nobody'"):
        movements([Era(stored, tmp_path)], Asked(toward=("nobody",)))
