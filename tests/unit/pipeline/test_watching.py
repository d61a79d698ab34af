"""A run's release at work."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents import incident_project
from segmentry.domain.project import Project, Shape, Source
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.run import run_project
from segmentry.pipeline.watching import Asked, watch_history, watch_run
from shop import customers, write_csv

CUT = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Asked]:
    folder = tmp_path_factory.mktemp("broken")
    project = incident_project(folder, n_days=182, breaks_at=174)
    run_project(project, as_of=CUT, output=folder / "out")
    return folder / "out", Asked(folder)


def test_a_kind_that_gives_way_to_an_error_is_a_broken_pipeline(broken) -> None:
    run, asked = broken
    found = watch_run(run, asked)
    assert found.is_alarm
    assert found.cause is not None
    assert found.cause.name == "broken pipeline"
    assert ("levels", "kind error") in {(s.check, s.about) for s in found.alarms}


def test_the_weeks_before_are_quiet(broken) -> None:
    run, asked = broken
    found = watch_run(run, asked, as_of=datetime(2024, 6, 20, tzinfo=UTC))
    assert not found.is_alarm
    assert found.cause is not None
    assert found.cause.advice == ("nothing",)
    assert {s.usual is not None for s in found.shifts} == {True}


def test_a_replay_tells_the_week_in_which_it_broke(broken) -> None:
    run, asked = broken
    cuts = [datetime(2024, 6, d, tzinfo=UTC) for d in (2, 9, 16, 23, 30)]
    found = list(watch_history(run, asked, cuts))
    assert [d.is_alarm for d in found] == [False, False, False, True]
    assert found[-1].then == "2024-06-23"


def test_what_is_not_later_than_the_run_is_refused(broken) -> None:
    run, asked = broken
    with pytest.raises(UsageError, match="not later than the cut of the run"):
        watch_run(run, asked, as_of=datetime(2024, 5, 1, tzinfo=UTC))


def test_a_table_is_watched_as_it_lies_now_and_has_no_history(tmp_path: Path) -> None:
    write_csv(customers(400), tmp_path / "customers.csv")
    source = Source("customers", "customers.csv", Shape.TABLE)
    project = Project("shop", (source,), entity="customer_id", folder=tmp_path)
    run_project(project, output=tmp_path / "out")
    asked = Asked(tmp_path)
    assert not watch_run(tmp_path / "out", asked).is_alarm
    table = customers(400)
    cents = [100.0 * v for v in table["spend"].to_pylist()]
    place = table.schema.get_field_index("spend")
    write_csv(table.set_column(place, "spend", [cents]), tmp_path / "customers.csv")
    found = watch_run(tmp_path / "out", asked)
    assert found.cause is not None
    assert found.cause.name == "broken pipeline"
    assert ("unit", "spend") in {(s.check, s.about) for s in found.alarms}
    with pytest.raises(DataError, match="no history to replay"):
        list(watch_history(tmp_path / "out", asked, [datetime(2024, 1, 1, tzinfo=UTC)]))
