"""Events of each day, counted by the engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from incidents import incident_project, visits
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.pipeline.daily import daily_events
from segmentry.pipeline.run import run_project


def test_days_and_kinds_are_counted_as_numpy_does(tmp_path: Path) -> None:
    project = incident_project(tmp_path, n_days=120)
    release = run_project(project, output=tmp_path / "out").release()
    engine = open_engine(url_of(project.sources))
    cut = datetime(2024, 3, 1, 12, tzinfo=UTC)
    found = daily_events(project, engine, release, until=cut)
    whole = daily_events(project, engine, release)
    engine.close()
    assert found is not None
    assert whole is not None
    table = visits(n_days=120)
    first = np.datetime64("2024-01-01", "D")
    days = (table["at"].to_numpy().astype("M8[D]") - first).astype(int)
    kinds = np.array(table["event"].to_pylist())
    daily, end = found
    # The day that the cut parts is left out.
    assert (end, len(daily.totals)) == (cut, 60)
    np.testing.assert_array_equal(daily.totals, np.bincount(days, minlength=120)[:60])
    views = np.bincount(days[kinds == "view"], minlength=120)
    np.testing.assert_array_equal(daily.levels["kind", "view"], views[:60])
    assert len(whole[0].totals) == 120
    np.testing.assert_array_equal(whole[0].levels["kind", "view"], views)
    last = table["at"].to_numpy().max().astype("M8[us]")
    assert whole[1].replace(tzinfo=None) == (last + np.timedelta64(1, "us")).astype(datetime)
