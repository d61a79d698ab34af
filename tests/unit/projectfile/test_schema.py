"""Between plain data and a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segmentry.domain.project import ROW_NUMBER, Outcome, Shape
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.projectfile.schema import as_data, from_data

FULL = {
    "version": 1,
    "project": "online-retail",
    "owner": "ada",
    "objective": "retention",
    "decision": "who gets the win-back campaign",
    "entity": "customer_id",
    "time_zone": "Europe/Berlin",
    "currency": "GBP",
    "sources": [
        {
            "name": "orders",
            "path": "data/*.parquet",
            "shape": "events",
            "columns": {"entity": "CustomerID", "time": "at", "amount": "Quantity * UnitPrice"},
            "types": {"at": "%d/%m/%Y"},
            "event": "purchase",
            "where": "CustomerID is not null",
        }
    ],
    "windows": {
        "lookback": "365d",
        "recent": "30d",
        "decay_half_life": "60.5d",
        "outcome": "45d",
        "session_pause_minutes": 20.0,
        "also": ["7d"],
    },
    "features": {
        "include": ["n_events"],
        "exclude": ["trend"],
        "measures": ["minutes"],
        "kinds": {"purchase": ["paid", "sold"]},
        "milestones": ["first_export"],
        "onboarding": ["signed_up", "paid"],
        "workflow": ["begun", "done"],
        "roles": {"Country": "overlay"},
    },
    "text": {"topics": 12, "sentiment": False},
    "segments": {
        "min": 3,
        "max": 6,
        "min_share": 0.05,
        "methods": ["kmeans"],
        "weights": {"recency_days": 2.0},
        "max_share": 0.5,
        "must_differ_in": "repurchase",
        "distinct": 2,
        "act_upon": ["n_events"],
        "existing": "tier",
        "micro": 3,
        "guided_by": "churned",
        "search_rows": 50_000,
    },
    "outcomes": [
        {"name": "repurchase", "event": "purchase", "horizon": "90d"},
        {"name": "left", "column": "churned"},
    ],
    "privacy": {"ids": "pseudonym"},
    "namer": {"endpoint": "https://models.example/v1", "model": "small"},
    "seed": 7,
}


def test_every_key_reaches_its_place() -> None:
    project = from_data(FULL, folder=Path("there"))
    assert (project.name, project.owner, project.seed) == ("online-retail", "ada", 7)
    assert (project.windows.lookback_days, project.windows.decay_half_life_days) == (365.0, 60.5)
    assert project.features.roles["Country"] is Role.OVERLAY
    assert (project.segments.minimum, project.segments.maximum) == (3, 6)
    assert project.segments.weights["recency_days"] == 2.0
    assert (project.segments.max_share, project.segments.distinct) == (0.5, 2)
    assert project.segments.must_differ_in == "repurchase"
    assert project.segments.act_upon == ("n_events",)
    assert (project.segments.existing, project.segments.micro) == ("tier", 3)
    assert project.segments.guided_by == "churned"
    assert project.segments.most_searched == project.segments.search_rows == 50_000
    assert project.outcomes[0] == Outcome("repurchase", event="purchase", horizon_days=90.0)
    assert project.outcomes[1] == Outcome("left", column="churned")
    assert project.sources[0].types["at"] == "%d/%m/%Y"
    assert project.folder == Path("there")


def test_data_and_project_turn_into_each_other() -> None:
    assert as_data(from_data(FULL, folder=Path())) == FULL


@pytest.mark.parametrize(("written", "read"), [(True, 1), (False, 0), (3, 3)])
def test_distinct_is_yes_no_or_a_number(written: object, read: int) -> None:
    data = {**FULL, "segments": {"distinct": written}}
    assert from_data(data, folder=Path()).segments.distinct == read


def test_what_is_not_asked_of_segments_is_not_written() -> None:
    data = as_data(from_data({**FULL, "segments": {}}, folder=Path()))
    assert list(data["segments"]) == ["min", "max", "min_share", "methods", "weights"]


def test_plain_data_is_json() -> None:
    assert json.loads(json.dumps(as_data(from_data(FULL, folder=Path())))) == FULL


def test_a_table_without_a_key_is_numbered() -> None:
    project = from_data({"sources": [{"path": "a.csv", "shape": "table"}]}, folder=Path())
    assert project.sources[0].shape is Shape.TABLE
    assert project.sources[0].columns["entity"] == ROW_NUMBER


def test_the_values_of_a_project_cannot_be_changed() -> None:
    project = from_data(FULL, folder=Path())
    with pytest.raises(TypeError, match="does not support item assignment"):
        project.features.roles["Country"] = Role.ID  # type: ignore[index]


def test_an_unknown_version_is_told_alone() -> None:
    with pytest.raises(ProjectFileError, match="format version 2 is not known") as caught:
        from_data({"version": 2, "nonsense": 1}, folder=Path())
    assert (caught.value.code, caught.value.problems) == ("E1006", ())


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ProjectFileError, match="objectve") as caught:
        from_data(
            {**FULL, "seed": -1, "objectve": "x", "windows": {"recent": 3}, "min_share": 0.1},
            folder=Path(),
        )
    assert caught.value.code == "E1008"
    assert {p.key for p in caught.value.problems} == {
        "seed",
        "objectve",
        "windows.recent",
        "min_share",
    }


@pytest.mark.parametrize(("written", "held"), [(True, 1), (False, 0), (2, 2)])
def test_micro_segments_are_switched_on_or_counted(written: bool | int, held: int) -> None:
    project = from_data({**FULL, "segments": {"micro": written}}, folder=Path("there"))
    assert project.segments.micro == held
    assert from_data(as_data(project), folder=Path("there")) == project


@pytest.mark.parametrize(("written", "most"), [("all", 1_000_000), (1_000, 1_000)])
def test_the_rows_of_the_search_are_a_number_or_all(written: str | int, most: int) -> None:
    project = from_data({**FULL, "segments": {"search_rows": written}}, folder=Path("there"))
    assert project.segments.most_searched == most
    assert from_data(as_data(project), folder=Path("there")) == project


def test_the_usual_rows_of_the_search_are_not_written_down() -> None:
    project = from_data({**FULL, "segments": {"search_rows": 10_000}}, folder=Path("there"))
    assert "search_rows" not in as_data(project)["segments"]


@pytest.mark.parametrize("written", [999, 1_000_001, "some", True, 2.5])
def test_other_rows_of_the_search_are_refused(written: object) -> None:
    with pytest.raises(ProjectFileError, match=r"segments\.search_rows"):
        from_data({**FULL, "segments": {"search_rows": written}}, folder=Path("there"))
