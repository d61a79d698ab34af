"""Rows of every kind give the same features wherever they lie, through the public pipeline."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from places import Built, Place, events_of
from segmentry.domain.project import FeatureChoice, Outcome, Project, Shape, frozen_mapping
from segmentry.domain.role import Role
from segmentry.domain.table import ENTITY
from segmentry.errors import DataError, ProjectFileError

START = datetime(2024, 1, 1)  # noqa: DTZ001 - a time without zone


def log(n: int = 240, **columns: Any) -> pa.Table:
    """Make a log of a few entities; every seventh row lacks something."""
    at = [START + timedelta(hours=31 * i, seconds=i % 50, microseconds=i * 37) for i in range(n)]
    made = {
        "who": pa.array([i * 7 % 23 for i in range(n)], pa.int64()),
        "at": pa.array([None if i % 70 == 69 else t for i, t in enumerate(at)], pa.timestamp("us")),
        "paid": pa.array(
            [None if i % 7 == 3 else Decimal(i * 37 % 1000) / 100 for i in range(n)],
            pa.decimal128(12, 2),
        ),
        "units": pa.array([None if i % 11 == 5 else i % 4 for i in range(n)], pa.int32()),
        "what": pa.array([None if i % 13 == 7 else "äbcZ"[i % 4] for i in range(n)]),
        "basket": pa.array([f"b{i // 3}" for i in range(n)]),
    }
    return pa.table(made | columns)


COLUMNS = {
    "entity": "who",
    "time": "at",
    "amount": "paid * units",
    "quantity": "units",
    "category": "what",
    "order": "basket",
}


def project(source: Any, **more: Any) -> Project:
    return Project("contract", (source,), **more)


def both(place: Place, rows: pa.Table, columns: dict[str, str], **more: Any) -> tuple[Built, Built]:
    """Build the same project here and on DuckDB."""
    where = more.pop("where", None)
    found = []
    for one in (place, place.beside):
        source = events_of(one, rows, columns, where=where)
        built, _ = one.built(project(source, **more))
        found.append(built)
    return found[0], found[1]


def assert_same(found: Built, expected: Built) -> None:
    for one, other in zip(found[0].columns, expected[0].columns, strict=True):
        assert one == other
    assert found[0].data.equals(expected[0].data)
    assert found[1] == expected[1]
    assert (found[2] is None) == (expected[2] is None)
    if found[2] is not None and expected[2] is not None:
        assert found[2].table.data.equals(expected[2].table.data)
        for one, other in zip(found[2].followed, expected[2].followed, strict=True):
            assert one.name == other.name
            assert one.values.tolist() == other.values.tolist()


def test_nulls_decimals_and_whole_ids_give_the_same_features(place: Place) -> None:
    found, expected = both(place, log(), COLUMNS, time_zone="Europe/Berlin")
    assert found[0].n_entities == 23
    assert_same(found, expected)


def test_ids_and_words_in_text_keep_their_order_by_bytes(place: Place) -> None:
    names = ["ä", "Z", "a", "_x", "é", "B", "-1", "10", "9", "", "日", "a b"]
    who = [names[i * 7 % len(names)] for i in range(240)]
    rows = log(who=pa.array(who), what=pa.array(["zÄa_B9"[i % 6] for i in range(240)]))
    found, expected = both(place, rows, COLUMNS)
    ids = found[0].data[ENTITY].to_pylist()
    assert ids == sorted(set(who) - {""}, key=lambda name: name.encode())
    assert_same(found, expected)


def test_times_with_zone_and_the_hours_that_a_clock_skips_or_repeats(place: Place) -> None:
    night = datetime(2024, 3, 31, tzinfo=UTC)
    autumn = datetime(2024, 10, 27, tzinfo=UTC)
    hours = [t + timedelta(minutes=20 * i) for t in (night, autumn) for i in range(-60, 60)]
    for type_ in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        plain = [t.replace(tzinfo=None) for t in hours] if type_.tz is None else hours
        rows = log(at=pa.array(plain, type_))
        for zone in ("Europe/Berlin", "America/St_Johns"):
            found, expected = both(place, rows, COLUMNS, time_zone=zone)
            assert_same(found, expected)


def test_days_floats_truths_and_where(place: Place) -> None:
    n = 240
    rows = log(
        at=pa.array([date(2024, 1, 1) + timedelta(days=i) for i in range(n)]),
        paid=pa.array([float("nan") if i % 9 == 8 else i * 0.1 - 3 for i in range(n)]),
        is_web=pa.array([None if i % 5 == 4 else i % 2 == 0 for i in range(n)]),
    )
    columns = COLUMNS | {"amount": "paid", "channel": "is_web"}
    choice = FeatureChoice(
        measures=("units",),
        roles=frozen_mapping({"what": Role.OVERLAY, "is_web": Role.CLUSTER}),
    )
    outcomes = (Outcome("spent", column="paid"),)
    found, expected = both(
        place, rows, columns, where="units >= 1 OR is_web", features=choice, outcomes=outcomes
    )
    assert_same(found, expected)


def test_a_log_without_time_and_a_table_beside_it(place: Place) -> None:
    columns = {k: v for k, v in COLUMNS.items() if k != "time"}
    people = pa.table(
        {
            "who": pa.array([*range(20), None], pa.int64()),
            "age": pa.array([None if i % 6 == 5 else 20 + i for i in range(21)], pa.int16()),
            "plan": pa.array(["free" if i % 3 else "paid" for i in range(21)]),
            "since": pa.array([date(2023, 1, 1) + timedelta(days=i) for i in range(21)]),
            "score": pa.array([i / 7 for i in range(21)]),
        }
    )
    found = []
    for one in (place, place.beside):
        sources = (
            events_of(one, log(), columns),
            dataclasses.replace(
                one.source(people, shape=Shape.TABLE, columns={"entity": "who"}), name="people"
            ),
        )
        built, audit = one.built(Project("contract", sources))
        found.append((built, [(f.code, f.count) for f in audit.findings]))
    (here, told), (there, expected) = found
    assert told == expected
    assert_same(here, there)


def test_what_is_found_in_the_data_is_told_alike(place: Place) -> None:
    at = log()["at"].to_pylist()
    at[17], at[40] = datetime(2031, 5, 1), datetime(1970, 1, 1)  # noqa: DTZ001
    rows = log(
        at=pa.array(at, pa.timestamp("us")),
        who=pa.array([None if i % 40 == 39 else i % 9 for i in range(240)], pa.int64()),
    )
    told = []
    for one in (place, place.beside):
        _, audit = one.built(
            project(events_of(one, rows, COLUMNS)), datetime(2024, 9, 1, tzinfo=UTC)
        )
        told.append([dataclasses.replace(f, source="") for f in audit.findings])
    assert told[0] == told[1]
    assert {"no_entity", "no_time", "stray_date"} <= {f.code for f in told[0]}


def test_nothing_is_left_to_build_from(place: Place) -> None:
    for rows, where, code in (
        (log().slice(0, 0), None, "E2003"),
        (log(), "units > 100", "E2009"),
        (log(who=pa.nulls(240, pa.int64())), None, "E2009"),
    ):
        source = events_of(place, rows, COLUMNS, where=where)
        with pytest.raises(DataError, match=r".") as refused:
            place.built(project(source))
        assert refused.value.code == code


def test_a_number_too_large_to_be_summed_is_an_error_on_every_engine(place: Place) -> None:
    rows = log(paid=pa.array([1e30] * 240))
    for one in (place, place.beside):
        with pytest.raises(Exception, match="too large") as refused:
            one.built(project(events_of(one, rows, COLUMNS)))
        assert refused.value.code == "E3003"  # type: ignore[attr-defined]


def test_a_column_that_is_not_there_is_named_with_the_nearest(place: Place) -> None:
    source = events_of(place, log(), COLUMNS | {"amount": "payd"})
    with pytest.raises(ProjectFileError, match="no column 'payd'") as refused:
        place.built(project(source))
    assert (refused.value.code, refused.value.hint) == ("E1004", "did you mean 'paid'?")


def test_only_entities_and_words_leave_the_engine(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = log(basket=pa.array([f"b{i}" for i in range(240)]))
    source = events_of(place, rows, COLUMNS)
    engine, _ = place.opened(source)
    engine.close()
    fetched: list[tuple[int, list[str]]] = []
    plain = type(engine).to_arrow

    def watched(self: Any, expression: Any) -> pa.Table:
        found = plain(self, expression)
        fetched.append((found.num_rows, found.column_names))
        return found

    monkeypatch.setattr(type(engine), "to_arrow", watched)
    built, _ = place.built(project(source, time_zone="UTC"))
    # One row per entity and word at most; days are counted, not listed.
    most = built[0].n_entities * 5
    assert [f for f in fetched if f[0] > most and "day" not in f[1]] == []
    assert not any("b17" in str(names) for _, names in fetched)
