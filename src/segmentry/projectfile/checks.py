"""Checks of a project file that need more than one key.

A value that its own term refused is ``BAD`` and is not judged again here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from segmentry.domain.project import ROW_NUMBER, Shape
from segmentry.engines.connecting import without_secrets
from segmentry.projectfile.defining import check_define
from segmentry.projectfile.keys import A_TABLE
from segmentry.projectfile.preparing import check_prepare
from segmentry.projectfile.terms import BAD, Problems
from segmentry.projectfile.ties import check_accounts, check_ties


def check_together(read: Mapping[str, Any], problems: Problems) -> None:
    """Check what one key alone cannot tell; a value that was refused is not judged again."""
    _check_segments(read["segments"], problems)
    _check_max_share(read["segments"], problems)
    for section, names in (("sources", _source_names), ("outcomes", _outcome_names)):
        if read[section] is not BAD:
            _check_unique(section, names(read[section]), problems)
    for i, source in enumerate(_records(read["sources"])):
        _check_source(source, f"sources[{i}]", problems)
    if read["sources"] is not BAD:
        called = _source_names(read["sources"])
        check_ties(_records(read["sources"]), called, problems)
        check_accounts(read, called, problems)
    _check_times(_records(read["sources"]), problems)
    _check_measures(read, problems)
    check_define(read["features"], problems)
    check_prepare(read["prepare"], problems)
    for i, outcome in enumerate(_records(read["outcomes"])):
        _check_outcome(outcome, f"outcomes[{i}]", problems)
    _check_existing(read, problems)


def _records(values: Any) -> tuple[Mapping[str, Any], ...]:
    """Give the items of a list that were read as records, others as empty ones."""
    if values is BAD:
        return ()
    return tuple({} if v is BAD else v for v in values)


def _check_segments(read: Any, problems: Problems) -> None:
    if read is BAD or BAD in (read["min"], read["max"], read["min_share"]):
        return
    low, high, share = read["min"], read["max"], read["min_share"]
    if low > high:
        problems.add(
            f"min is {low} and max is {high}",
            at="segments.max",
            hint=f"max: {low} or more",
        )
    elif low * share > 1:
        problems.add(
            f"{low} segments of at least {share:g} each are more than everybody",
            at="segments.min_share",
            hint=f"at most {1 / low:.3g} for {low} segments",
        )


def _check_max_share(read: Any, problems: Problems) -> None:
    if read is BAD or BAD in (read["max"], read["max_share"]) or read["max_share"] is None:
        return
    most, share = read["max"], read["max_share"]
    if most * share < 1:
        problems.add(
            f"{most} segments of at most {share:g} each hold not everybody",
            at="segments.max_share",
            hint=f"at least {1 / most:.3g} for {most} segments",
        )


def _check_existing(read: Mapping[str, Any], problems: Problems) -> None:
    """Refuse existing segments that are an outcome, or that shape ours."""
    existing = None if read["segments"] is BAD else read["segments"]["existing"]
    if existing is None or existing is BAD:
        return
    features = {} if read["features"] is BAD else read["features"]
    roles, measures = (features.get(k, BAD) for k in ("roles", "measures"))
    outcomes = _outcome_columns(read["outcomes"])
    outcomes |= {} if roles is BAD else {c: r for c, r in roles.items() if r == "outcome"}
    columns_of = [s.get("columns", BAD) for s in _records(read["sources"])]
    mapped = [c for m in columns_of if m is not BAD for f, c in m.items() if f != "entity"]
    uses = {
        "an outcome": (outcomes, "outcomes and features.roles"),
        "measured as a feature": (() if measures is BAD else measures, "features.measures"),
        "mapped, so that features are made of it": (mapped, "the columns of its source"),
    }
    for use, (columns, place) in uses.items():
        if existing in columns:
            problems.add(
                f"{existing!r} is {use}, and cannot be the segments that there are",
                at="segments.existing",
                hint=f"name another column, or take it from {place}",
            )


def _check_unique(section: str, names: Sequence[str | None], problems: Problems) -> None:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            problems.add(
                f"two {section} are called {name!r}",
                at=f"{section}[{i}].name",
                hint="give each its own 'name'",
            )
        if name is not None:
            seen.add(name)


def _check_source(read: Mapping[str, Any], at: str, problems: Problems) -> None:
    shape, columns = read.get("shape", BAD), read.get("columns", BAD)
    _check_place(read, at, problems)
    if BAD in (shape, columns):
        return
    if shape == Shape.EVENTS:
        _check_events(read, columns, at, problems)
    elif shape == Shape.TABLE:
        _check_table(read, columns, at, problems)


def _check_place(read: Mapping[str, Any], at: str, problems: Problems) -> None:
    """Check that a source says where its rows lie, once."""
    path, table, connection = (read.get(k, BAD) for k in ("path", "table", "connection"))
    if BAD in (path, table, connection):
        return
    if path is not None and "://" in path and connection is None:
        shown = without_secrets(path)
        problems.add(f"{shown!r} is no file, glob or folder", at=f"{at}.path", hint=A_TABLE)
    elif path is None and table is None:
        problems.add("the source does not say what is read", at=f"{at}.path", hint="path: FILE")
    elif path is not None and table is not None:
        problems.add(
            "both 'path' and 'table' say what is read",
            at=f"{at}.table",
            hint="leave one of them out",
        )
    elif table is not None and connection is None:
        problems.add(
            "a table lies in a database",
            at=f"{at}.connection",
            hint="connection: postgresql://USER:${PASSWORD}@HOST/DATABASE",
        )
    elif path is not None and connection is not None and connection.startswith("postgres"):
        problems.add("a database has no files", at=f"{at}.path", hint="table: SCHEMA.TABLE")


def _check_events(
    read: Mapping[str, Any], columns: Mapping[str, Any], at: str, problems: Problems
) -> None:
    if "entity" not in columns:
        problems.add(
            "events need a column that tells whom an event belongs to",
            at=f"{at}.columns.entity",
            hint="columns: {entity: COLUMN}, or shape: table for one row per entity",
        )
    if columns.get("entity") == ROW_NUMBER:
        problems.add(
            f"{ROW_NUMBER!r} makes every event its own entity",
            at=f"{at}.columns.entity",
            hint="name the column that repeats for one entity, or set shape: table",
        )
    if "kind" in columns and read["event"] is not None:
        problems.add(
            "both 'columns.kind' and 'event' tell the kind of event",
            at=f"{at}.event",
            hint="leave one of them out",
        )
    if read["deduplicate"] == "last":
        problems.add(
            "'deduplicate: last' is for tables with one row per entity",
            at=f"{at}.deduplicate",
            hint="for events: rows (equal rows count once) or id (rows of one id do)",
        )
    if (read["deduplicate"] == "id") != ("id" in columns):
        problems.add(
            "'deduplicate: id' and the column of the id need each other",
            at=f"{at}.deduplicate",
            hint="columns: {id: COLUMN} and deduplicate: id, or neither",
        )


def _check_times(sources: Sequence[Mapping[str, Any]], problems: Problems) -> None:
    """Refuse logs with and without a time side by side: one cut cannot go through both."""
    logs = {
        i: "time" in s["columns"] or any("time" in h["take"] for h in _hops(s))
        for i, s in enumerate(sources)
        if s.get("shape") == Shape.EVENTS and s.get("columns", BAD) is not BAD
    }
    if any(logs.values()) and not all(logs.values()):
        for i in (i for i, is_timed in logs.items() if not is_timed):
            problems.add(
                "this log has no time, and another one has",
                at=f"sources[{i}].columns.time",
                hint="columns: {time: COLUMN}, or keep logs without time in a project of their own",
            )


def _hops(source: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the lookups of a source that were read without a problem."""
    hops = source.get("key", BAD)
    return [] if hops is BAD else [h for h in hops if h is not BAD and h["take"] is not BAD]


def _check_measures(read: Mapping[str, Any], problems: Problems) -> None:
    """Refuse measures that have another use, or no events to be measured in."""
    features = read["features"]
    if features is BAD or BAD in (features["measures"], features["roles"], read["sources"]):
        return
    roles = {**features["roles"], **_outcome_columns(read["outcomes"])}
    for i, column in enumerate(features["measures"]):
        role = roles.get(column)
        if role in {"outcome", "treatment", "id", "weight"}:
            problems.add(
                f"{column!r} has the role {role!r}, so it cannot be measured as a feature",
                at=f"features.measures[{i}]",
                hint="leave it out of 'measures', or give it no such role",
            )
    shapes = [s.get("shape") for s in _records(read["sources"])]
    if features["measures"] and shapes and all(s in {Shape.TABLE, Shape.CHANGES} for s in shapes):
        problems.add(
            "'measures' are columns of events, and every source is a table",
            at="features.measures",
            hint="leave it out: number columns of a table are features by themselves",
        )


def _outcome_columns(outcomes: Any) -> dict[str, str]:
    found = (r.get("column") for r in _records(outcomes))
    return {c: "outcome" for c in found if c is not BAD and c is not None}


def _check_table(
    read: Mapping[str, Any], columns: Mapping[str, Any], at: str, problems: Problems
) -> None:
    for name in columns:
        if name != "entity":
            problems.add(
                f"a table has one row per entity, so 'columns' has no {name!r} there",
                at=f"{at}.columns.{name}",
                hint="give columns a role in features.roles, or set shape: events",
            )
    if read["deduplicate"] not in {None, "last", BAD}:
        problems.add(
            f"'deduplicate: {read['deduplicate']}' is for events",
            at=f"{at}.deduplicate",
            hint="deduplicate: last keeps the last row of each entity",
        )
    if read["event"] is not None:
        problems.add(
            "'event' is for events", at=f"{at}.event", hint="leave it out, or set shape: events"
        )


def _check_outcome(read: Mapping[str, Any], at: str, problems: Problems) -> None:
    event, column, horizon = (read.get(k, BAD) for k in ("event", "column", "horizon"))
    if BAD in (event, column, horizon):
        return
    if (event is None) == (column is None):
        problems.add(
            "an outcome is either an event or a column",
            at=at,
            hint="{name: ..., event: purchase, horizon: 90d} or {name: ..., column: COLUMN}",
        )
    elif event is not None and horizon is None:
        problems.add(
            "an event needs a horizon to count in", at=f"{at}.horizon", hint="horizon: 90d"
        )
    elif column is not None and horizon is not None:
        problems.add(
            "'horizon' is for events; a column says what happened by itself",
            at=f"{at}.horizon",
            hint="leave it out",
        )


def _source_names(sources: Any) -> list[str | None]:
    return [None if not r or BAD in (r["name"], r["path"], r["table"]) else source_name(r)
            for r in _records(sources)]  # fmt: skip


def source_name(read: Mapping[str, Any]) -> str:
    """Give the name of a source: its own, or that of its path or table."""
    table = read["table"]
    if read["name"] or not table:
        return str(read["name"] or name_of_path(read["path"] or ""))
    return str(table.rpartition(".")[2].strip('"') or table)


def name_of_path(path: str) -> str:
    """Name a source by its path: ``data/orders.csv.gz`` is ``orders``, ``logs/*.csv`` ``logs``."""
    for part in reversed(PurePath(path).parts):
        stem = part.lstrip(".").split(".")[0]
        if stem and not set(stem) & set("*?[]/\\"):
            return stem
    return "source"


def _outcome_names(outcomes: Any) -> list[str | None]:
    return [None if not r or r["name"] is BAD else r["name"] for r in _records(outcomes)]
