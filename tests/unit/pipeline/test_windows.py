"""Other windows of time: a planted habit that only the recent weeks show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.pipeline.sensitivity import sensitivity_of_project
from segmentry.pipeline.tournament import Asked
from segmentry.pipeline.windows import windows_varied

START, DAYS, N = datetime(2024, 1, 1, tzinfo=UTC), 160, 150


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A third buys all the time, a third stopped 20 days ago, a third 60 days ago."""
    rng = np.random.default_rng(0)
    who, when, amount = [], [], []
    for i in range(N):
        until = DAYS - (0, 20, 60)[i % 3]
        for day in np.arange(rng.uniform(0, 2), until, 2.0):
            who.append(i)
            when.append(START + timedelta(days=float(day)))
            amount.append(float(rng.normal(50, 2)))
    home = tmp_path_factory.mktemp("windows")
    pq.write_table(pa.table({"who": who, "when": when, "amount": amount}), home / "log.parquet")
    columns = {"entity": "who", "time": "when", "amount": "amount"}
    source = Source("log", "log.parquet", Shape.EVENTS, frozen_mapping(columns))
    return Project(
        "windows",
        (source,),
        windows=Windows(lookback_days=120.0, recent_days=40.0),
        features=FeatureChoice(include=("n_events_recent",)),
        segments=SegmentChoice(3, 3, methods=("k-means",)),
        folder=home,
    )


def varied(project):
    found = sensitivity_of_project(project, Asked())
    return {v.variant: v for v in found.variations if v.decision == "windows"}


def test_windows_are_varied_and_tell_how_many_keep_their_segment(project):
    found = varied(project)
    assert set(found) == {
        "lookback 60 days, not 120",
        "lookback 180 days, not 120",
        "recent 20 days, not 40",
        "recent 80 days, not 40",
    }
    # Who bought until 20 days ago still differs from the others in 80 recent days.
    again = found["recent 80 days, not 40"]
    assert (again.missing, again.ari, again.kept_share) == ("", 1.0, 1.0)
    # In the last 20 days two thirds bought nothing.
    assert found["recent 20 days, not 40"].missing.startswith("2 distinct entities")
    # No feature looks at the lookback.
    assert found["lookback 60 days, not 120"].missing == "it changes nothing here"


def test_entities_that_change_their_segment_are_told(project):
    alone = replace(project, features=FeatureChoice(include=("n_events_recent", "value_mean")))
    shares = [v.kept_share for v in varied(alone).values() if not v.missing]
    assert shares
    assert min(shares) < 0.9


def test_of_all_history_half_is_tried_where_its_length_is_known(project):
    whole = replace(project, windows=Windows(recent_days=40.0))
    known = replace(whole, features=FeatureChoice(include=("n_events", "tenure_days")))
    assert sum(v.startswith("lookback 80 days, not all") for v in varied(known)) == 1
    assert not any(v.startswith("lookback") for v in varied(whole))


def test_bare_rows_have_no_windows():
    (only,) = windows_varied(None)
    assert "there are none" in only.labels()
