"""Checks across keys: each wrong combination is told at its key, with a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segmentry.errors import ProjectFileError
from segmentry.projectfile.checks import name_of_path
from segmentry.projectfile.schema import from_data

EVENTS = {"path": "a.csv", "columns": {"entity": "id", "time": "at"}}
TABLE = {"path": "a.csv", "shape": "table", "columns": {"entity": "id"}}


def refused(**data: Any) -> ProjectFileError:
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        from_data({"sources": [EVENTS], **data}, folder=Path())
    return caught.value


@pytest.mark.parametrize(
    ("data", "key", "says"),
    [
        ({"segments": {"min": 9, "max": 8}}, "segments.max", "min is 9 and max is 8"),
        ({"segments": {"min": 4, "min_share": 0.3}}, "segments.min_share", "at most 0.25"),
        ({"segments": {"max_share": 0.1}}, "segments.max_share", "hold not everybody"),
        (
            {
                "outcomes": [{"name": "left", "column": "churned"}],
                "segments": {"existing": "churned"},
            },
            "segments.existing",
            "'churned' is an outcome",
        ),
        (
            {
                "features": {"roles": {"churned": "outcome"}},
                "segments": {"existing": "churned"},
            },
            "segments.existing",
            "'churned' is an outcome",
        ),
        (
            {"features": {"measures": ["level"]}, "segments": {"existing": "level"}},
            "segments.existing",
            "'level' is measured as a feature",
        ),
        (
            {
                "sources": [{**EVENTS, "columns": {**EVENTS["columns"], "category": "plan"}}],
                "segments": {"existing": "plan"},
            },
            "segments.existing",
            "'plan' is mapped, so that features are made of it",
        ),
        ({"sources": [EVENTS, EVENTS]}, "sources[1].name", "two sources are called 'a'"),
        ({"sources": [{**EVENTS, "path": "s3://b/a.csv"}]}, "sources[0].path", "'s3://b/a.csv'"),
        (
            {"sources": [EVENTS, {"path": "b.csv", "columns": {"entity": "id"}}]},
            "sources[1].columns.time",
            "this log has no time, and another one has",
        ),
        (
            {"sources": [TABLE], "features": {"measures": ["x"]}},
            "features.measures",
            "every source is a table",
        ),
        (
            {"features": {"measures": ["x", "y"], "roles": {"y": "outcome"}}},
            "features.measures[1]",
            "'y' has the role 'outcome'",
        ),
        (
            {"features": {"measures": ["c"]}, "outcomes": [{"name": "a", "column": "c"}]},
            "features.measures[0]",
            "'c' has the role 'outcome'",
        ),
        (
            {"sources": [{"path": "a.csv", "columns": {"time": "at"}}]},
            "sources[0].columns.entity",
            "whom an event belongs to",
        ),
        (
            {"sources": [{"path": "a.csv", "columns": {"entity": "row_number", "time": "at"}}]},
            "sources[0].columns.entity",
            "every event its own entity",
        ),
        (
            {"sources": [{**EVENTS, "columns": {**EVENTS["columns"], "kind": "k"}, "event": "e"}]},
            "sources[0].event",
            "both 'columns.kind' and 'event'",
        ),
        ({"sources": [{**EVENTS, "deduplicate": "last"}]}, "sources[0].deduplicate", "tables"),
        ({"sources": [{**TABLE, "event": "buy"}]}, "sources[0].event", "'event' is for events"),
        (
            {"sources": [{**TABLE, "columns": {"entity": "id", "amount": "x"}}]},
            "sources[0].columns.amount",
            "one row per entity",
        ),
        ({"outcomes": [{"name": "a"}]}, "outcomes[0]", "either an event or a column"),
        (
            {"outcomes": [{"name": "a", "event": "e", "column": "c"}]},
            "outcomes[0]",
            "either an event or a column",
        ),
        ({"outcomes": [{"name": "a", "event": "e"}]}, "outcomes[0].horizon", "needs a horizon"),
        (
            {"outcomes": [{"name": "a", "column": "c", "horizon": "9d"}]},
            "outcomes[0].horizon",
            "says what happened by itself",
        ),
        (
            {"outcomes": [{"name": "a", "column": "c"}, {"name": "a", "column": "d"}]},
            "outcomes[1].name",
            "two outcomes are called 'a'",
        ),
    ],
)
def test_a_wrong_combination_is_told_at_its_key(data: dict[str, Any], key: str, says: str) -> None:
    error = refused(**data)
    assert error.key == key
    assert says in str(error)
    assert error.hint


@pytest.mark.parametrize(
    ("lies", "key"),
    [
        ({"table": "shop.orders"}, "sources[0].connection"),
        ({"connection": "postgresql://db/shop"}, "sources[0].path"),
        ({"path": "a.csv", "table": "a", "connection": "spark"}, "sources[0].table"),
        ({"path": "a.csv", "connection": "postgresql://db/shop"}, "sources[0].path"),
    ],
)
def test_a_source_says_once_where_its_rows_lie(lies: dict[str, str], key: str) -> None:
    error = refused(sources=[{"columns": {"entity": "a"}, **lies}])
    assert (error.code, error.key) == ("E1002", key)


def test_a_url_in_place_of_a_path_is_shown_without_its_password() -> None:
    path = "postgresql://ann:hush@db/shop"
    error = refused(sources=[{"path": path, "columns": {"entity": "a"}}])
    assert "hush" not in str(error)


def test_a_table_gives_its_source_a_name() -> None:
    lies = {"table": 'shop."Orders"', "connection": "postgresql://db/shop"}
    project = from_data({"sources": [{"columns": {"entity": "a"}, **lies}]}, folder=Path())
    assert project.sources[0].name == "Orders"


def test_a_value_that_was_refused_is_not_judged_again() -> None:
    assert refused(segments={"min": "many", "max": 3}).key == "segments.min"
    assert refused(sources="a.csv").key == "sources"
    assert refused(sources=[5]).key == "sources[0]"
    assert refused(outcomes=[5]).key == "outcomes[0]"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/orders.csv.gz", "orders"),
        ("logs/*.csv", "logs"),
        ("exports/2024/", "2024"),
        (".hidden.csv", "hidden"),
        ("*", "source"),
    ],
)
def test_a_source_is_named_by_its_path(path: str, name: str) -> None:
    assert name_of_path(path) == name


@pytest.mark.parametrize("extra", [{}, {"item": "track"}])
def test_events_may_lack_a_time_where_all_do(extra: dict[str, str]) -> None:
    logs = [{"path": f"{n}.csv", "columns": {"entity": "id", **extra}} for n in "ab"]
    project = from_data({"sources": [*logs, {**TABLE, "name": "t"}]}, folder=Path())
    assert all("time" not in s.columns for s in project.sources)
