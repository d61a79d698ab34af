"""Segments held against earlier cuts: who moved is planted, and so is when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.preparation import Split
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.overtime import over_time_of_project
from segmentry.pipeline.run import run_project
from segmentry.pipeline.tournament import Asked

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS, HORIZON, SWITCH = 180, 30, 140
N, MOVERS = 240, 24
"""Entities, of which the first 24 of the frequent ones become rare buyers on day 140."""


def bought(folder: Path) -> None:
    """Write events of three kinds of buyers: frequent and cheap, frequent and dear, rare."""
    rng = np.random.default_rng(0)
    who, when, amount = [], [], []
    for i in range(N):
        kind = i % 3
        gap = 12.0 if kind == 2 else 2.0
        at = rng.uniform(0, gap)
        while at < DAYS:
            if kind == 0 and i < 3 * MOVERS and at >= SWITCH:
                gap = 12.0
            who.append(i)
            when.append(START + timedelta(days=float(at)))
            amount.append(float(rng.normal(100 if kind == 1 else 10, 1.0)))
            at += gap * rng.uniform(0.8, 1.2)
    table = pa.table({"who": who, "when": when, "amount": amount})
    pq.write_table(table, folder / "log.parquet")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("moving")
    bought(home)
    columns = {"entity": "who", "time": "when", "amount": "amount"}
    source = Source("log", "log.parquet", Shape.EVENTS, frozen_mapping(columns))
    return Project(
        "moving",
        (source,),
        windows=Windows(outcome_days=HORIZON),
        features=FeatureChoice(include=("n_events_recent", "value_mean")),
        segments=SegmentChoice(3, 3, methods=("k-means",)),
        folder=home,
    )


@pytest.fixture(scope="module")
def found(project: Project):
    return over_time_of_project(project, Asked())


def test_the_first_cut_lies_before_the_switch_for_those_who_are_looked_at(found):
    assert [s.days for s in found.slices] == [30.0, 60.0]
    assert [s.n_known for s in found.slices] == [N, N]
    assert [found.as_of - s.cut for s in found.slices] == [timedelta(30), timedelta(60)]


def test_who_moved_is_found_where_it_was_planted(found):
    for one in found.slices:
        assert one.stayed.value == pytest.approx(1 - MOVERS / N, abs=0.01)
        assert one.stayed.low < 1 - MOVERS / N < one.stayed.high
        left = [s for s in one.segments if s.stayed.value < 0.9]
        assert len(left) == 1
        assert left[0].n_then == pytest.approx(N / 3, abs=2)
        grown = one.segments[left[0].moved_to - 1]
        assert grown.n_now - grown.n_then == pytest.approx(MOVERS, abs=2)


def test_borders_come_back_though_entities_moved(found):
    for one in found.slices:
        assert one.missing == ""
        assert one.borders.value > 0.97
        assert one.anew.value < 0.85


def test_the_first_cut_says_what_a_run_says_of_its_judging_cut(project, found, tmp_path):
    run = run_project(project, output=tmp_path / "run")
    checks = {c["name"]: c for c in run.documents["evidence"]["checks"]}
    then = checks["time_stability"]
    first = found.slices[0].stayed
    assert (first.value, first.low, first.high) == pytest.approx(
        (then["estimate"], then["low"], then["high"])
    )
    assert list(found.shares) == pytest.approx([s["share"] for s in run.segments])


def test_the_result_does_not_hang_on_threads(project, found):
    again = over_time_of_project(project, Asked(), threads=1)
    assert [s.as_dict() for s in again.slices] == [s.as_dict() for s in found.slices]


def test_nothing_is_written(project, found):
    assert [p.name for p in project.folder.iterdir()] == ["log.parquet"]
    assert found.notes[0].startswith("The choice is k-means, 3 segments")


def test_a_split_learns_borders_anew_from_its_own_side(project):
    halved = over_time_of_project(replace(project, split=Split(0.5)), Asked())
    assert halved.n_entities == N
    assert halved.slices[0].n_known == N
    assert halved.slices[0].borders.value > 0.95


def test_where_too_few_were_known_by_then_only_movement_is_told(project, tmp_path):
    rng = np.random.default_rng(1)
    rows = [
        (i, START + timedelta(days=float(d)), float(10 + 90 * (i % 3)))
        for i in range(60)
        for d in np.sort(rng.uniform(1.5 * i, 90, 20))
    ]
    who, when, amount = (list(column) for column in zip(*rows, strict=True))
    pq.write_table(pa.table({"who": who, "when": when, "amount": amount}), tmp_path / "log.parquet")
    short = replace(project, folder=tmp_path, windows=Windows(outcome_days=28))
    young = over_time_of_project(short, Asked())
    late, early = young.slices
    assert (late.missing, late.n_known + late.n_later) == ("", 60)
    assert early.missing == f"{early.n_known} entities were known by then, too few for 3 segments"
    assert early.borders is None
    assert 0.0 < early.stayed.value <= 1.0


def test_a_method_that_finds_its_own_number_is_asked_for_no_other(project):
    own = over_time_of_project(project, Asked(("hdbscan",), range(2, 7)))
    assert own.method == "hdbscan"
    assert all(s.borders is not None for s in own.slices)


def test_a_history_that_is_too_short_is_refused(project):
    with pytest.raises(DataError, match="too short to look back") as caught:
        over_time_of_project(project, Asked(), as_of=START + timedelta(days=60))
    assert caught.value.code == "E2008"


def test_tables_have_no_earlier_cut(tmp_path):
    rows = pa.table({"id": np.arange(60), "x": np.arange(60.0), "y": np.arange(60.0) % 7})
    pq.write_table(rows, tmp_path / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    with pytest.raises(DataError, match="no earlier cut") as caught:
        over_time_of_project(Project("p", (source,), folder=tmp_path), Asked())
    assert caught.value.code == "E2009"


def test_a_method_that_there_is_not_is_refused(project):
    with pytest.raises(UsageError, match="there is no method 'k-meens'"):
        over_time_of_project(project, Asked(("k-meens",)))
