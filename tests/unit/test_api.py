from __future__ import annotations

from pathlib import Path

import pytest

import segmentry as package
from commands import segmentry
from segmentry.errors import ProjectFileError, StoreError, UsageError
from shop import customers, write_csv
from simulated import log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(customers(), tmp_path / "customers.csv")
    assert segmentry("init", tmp_path / "customers.csv", folder=tmp_path).status == 0
    return tmp_path


def test_a_project_opens_by_folder_or_file_and_runs(folder: Path) -> None:
    run = package.open_project(folder).run()
    assert run.verdict in {"clear", "weak", "none"}
    assert package.open_run(run.folder).fingerprint == run.fingerprint
    assert package.open_project(folder / "segmentry.yaml").project.entity == "customer_id"


def test_new_rows_are_assigned(folder: Path) -> None:
    run = package.open_project(folder).run()
    answers = package.assign(folder / "customers.csv", run=run.folder)
    assert answers.equals(run.assignments())


def test_a_missing_column_is_told_with_file_and_line(folder: Path) -> None:
    write_csv(
        customers().rename_columns(["client", "visits", "spend", "items"]), folder / "customers.csv"
    )
    with pytest.raises(ProjectFileError, match=r"segmentry.yaml:\d+"):
        package.open_project(folder).run()


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a run"):
        package.open_run(tmp_path)


def test_every_public_name_is_there() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018


def test_methods_are_compared_and_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.iterdir())
    opened = package.open_project(folder)
    found = opened.compare(["k-means", "ward"], numbers=range(4, 6))
    assert [row["method"] for row in found.table] == ["k-means", "ward"]
    assert found.sentence.startswith("The rule chooses ")
    assert sorted(folder.iterdir()) == before


def test_a_comparison_tells_a_missing_column_with_file_and_line(folder: Path) -> None:
    write_csv(
        customers().rename_columns(["client", "visits", "spend", "items"]), folder / "customers.csv"
    )
    with pytest.raises(ProjectFileError, match=r"segmentry.yaml:\d+"):
        package.open_project(folder).compare(["k-means"])


def test_decisions_are_varied_and_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.iterdir())
    found = package.open_project(folder).sensitivity(["k-means"], numbers=range(4, 5))
    assert {row["decision"] for row in found.table} >= {"seed", "feature", "windows"}
    assert sorted(folder.iterdir()) == before


def test_segments_are_held_against_earlier_cuts(tmp_path: Path) -> None:
    told = log(tmp_path, "retail", n_users=120)
    assert segmentry("init", told.events, folder=tmp_path).status == 0
    found = package.open_project(tmp_path).over_time(["k-means"], numbers=range(4, 5))
    assert (found.method, found.n_segments) == ("k-means", 4)
    assert [one.days for one in found.slices] == [30.0, 60.0]


def test_features_are_weighed_by_an_outcome(tmp_path: Path) -> None:
    told = log(tmp_path, "retail", n_users=250)
    assert segmentry("init", told.events, folder=tmp_path).status == 0
    opened = package.open_project(tmp_path)
    found = opened.guided("events_after", ["k-means"], numbers=range(4, 5), threads=1)
    assert (found.outcome, found.n_segments) == ("events_after", 4)
    with pytest.raises(UsageError, match="there is no outcome 'churn'"):
        opened.guided("churn")


def test_other_preparations_stand_beside_the_projects_own(folder: Path) -> None:
    found = package.open_project(folder).preparations(["k-means"], numbers=range(4, 5))
    assert found.rows[0].name == "the project's own"
    assert 0 <= found.preferred < len(found.rows)
