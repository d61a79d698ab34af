from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reading import Built, built, write
from segmentry.domain.project import FeatureChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.pipeline.changes import is_sum_of_open

CUT = datetime(2020, 6, 1, tzinfo=UTC)
LOG = "id,at\n" + "".join(f"{i},2020-0{m}-01\n" for i in "abc" for m in range(1, 8))
HEAD = "id,since,until,plan,seats,renewal\n"
ROWS = (
    "a,2020-01-01,2020-03-01,basic,5,2020-12-01\n"
    "a,2020-03-01,,pro,9,2020-07-01\n"
    "a,2020-06-01,,giant,100,2021-01-01\n"
    "b,2020-02-01,,basic,3,2020-05-01\n"
    "b,2020-01-01,,pro,4,2020-04-01\n"
)


def plans(combine: str = "last", **columns: str) -> Source:
    mapped = {"entity": "id", "time": "since", "until": "until", **columns}
    return Source("plans", "plans.csv", Shape.CHANGES, frozen_mapping(mapped), combine=combine)  # type: ignore[arg-type]


def state(folder: Path, rows: str = ROWS, as_of: datetime = CUT, **facts: Any) -> Built:
    write(folder / "log.csv", LOG)
    write(folder / "plans.csv", HEAD + rows)
    log = Source("log", "log.csv", Shape.EVENTS, frozen_mapping({"entity": "id", "time": "at"}))
    source = facts.pop("source", plans())
    return built(log, source, folder=folder, as_of=as_of, **facts)


def test_the_last_row_before_the_cut_counts_and_never_a_later_one(tmp_path: Path) -> None:
    one = state(tmp_path)
    a, b, c = (one.of(i) for i in "abc")
    assert (a["plan"], a["seats"]) == ("pro", 9)
    assert (b["plan"], b["seats"]) == ("basic", 3)
    assert (c["plan"], c["seats"]) == (None, None)


def test_rows_from_the_cut_on_change_nothing(tmp_path: Path) -> None:
    later = "a,2020-06-01,,x,777,2020-09-09\nc,2020-08-01,,y,888,2020-09-09\n"
    before, after = state(tmp_path), state(tmp_path, ROWS + later)
    assert before.table.data.equals(after.table.data)
    assert before.table.columns == after.table.columns


def test_the_judging_cut_sees_only_what_was_known_then(tmp_path: Path) -> None:
    write(
        tmp_path / "log.csv",
        "id,at\n"
        + "".join(
            f"{i},2020-{m:02}-{d:02}\n" for i in "abc" for m in range(1, 10) for d in (1, 15)
        ),
    )
    write(tmp_path / "plans.csv", HEAD + ROWS)
    log = Source("log", "log.csv", Shape.EVENTS, frozen_mapping({"entity": "id", "time": "at"}))
    one = built(log, plans(), folder=tmp_path)
    assert one.judging is not None
    earlier = one.judging.window.as_of
    given = built(log, plans(), folder=tmp_path, as_of=earlier)
    names = ["seats", "plan", "renewal_in_days", "plans_open"]
    assert one.judging.table.data.select(names).equals(given.table.data.select(names))
    assert [c.name for c in one.judging.table.columns] == [c.name for c in one.table.columns]


def test_rows_that_have_ended_are_not_added_up(tmp_path: Path) -> None:
    one = state(tmp_path, source=plans("sum"))
    assert {i: (one.of(i)["seats"], one.of(i)["plans_open"]) for i in "abc"} == {
        "a": (9, 1),
        "b": (7, 2),
        "c": (None, None),
    }
    assert one.table.column("seats").sentence == "seats, added up over the rows open at the cut"
    assert is_sum_of_open(one.table.column("seats"))
    assert one.of("b")["plan"] == "basic"
    ended = state(tmp_path, "a,2020-01-01,2020-03-01,basic,5,2020-12-01\n", source=plans("sum"))
    assert (ended.of("a")["seats"], ended.of("a")["plans_open"]) == (0, 0)


def test_a_row_that_ends_at_the_cut_is_still_open(tmp_path: Path) -> None:
    rows = (
        "a,2020-01-01,2020-06-01,basic,5,2020-12-01\nb,2020-01-01,2020-05-31,basic,5,2020-12-01\n"
    )
    one = state(tmp_path, rows)
    assert (one.of("a")["plans_open"], one.of("b")["plans_open"]) == (1, 0)


def test_a_date_ahead_becomes_days_until_it(tmp_path: Path) -> None:
    one = state(tmp_path)
    assert (one.of("a")["renewal_in_days"], one.of("b")["renewal_in_days"]) == (30, -31)
    assert one.table.column("renewal_in_days").unit == "days"


def test_attributes_have_roles_as_columns_of_tables_have(tmp_path: Path) -> None:
    roles = {
        "plan": Role.OVERLAY,
        "seats": Role.ID,
        "renewal": Role.OUTCOME,
        "plans_open": Role.OVERLAY,
    }
    one = state(tmp_path, features=FeatureChoice(roles=frozen_mapping(roles)))
    assert one.table.column("plan").role is Role.OVERLAY
    assert one.table.column("renewal_in_days").role is Role.OUTCOME
    assert one.table.column("plans_open").role is Role.OVERLAY
    assert "seats" not in one.table.data.column_names


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10_000))
def test_the_order_of_the_rows_never_matters(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        f"{'abc'[rng.integers(3)]},2020-0{rng.integers(1, 8)}-01,"
        f"{rng.choice(['', '2020-05-01', '2020-07-01'])},{rng.choice(['x', 'y', ''])},"
        f"{rng.integers(3)},2020-08-01\n"
        for _ in range(30)
    ]
    first = state(tmp_path, "".join(rows), source=plans("sum"))
    second = state(tmp_path, "".join(rng.permutation(rows)), source=plans("sum"))
    assert first.table.data.equals(second.table.data)


def test_rows_of_one_instant_are_told_apart_by_their_values(tmp_path: Path) -> None:
    rows = (
        "a,2020-01-01,2020-09-01,zebra,9,2020-12-01\n"
        "a,2020-01-01,,ant,1,2020-12-01\n"
        "a,2020-01-01,,bee,0,2020-12-01\n"
        "b,2020-01-01,2020-09-01,ant,1,2020-12-01\n"
        "b,2020-01-01,2020-10-01,ant,0,2020-12-01\n"
    )
    one = state(tmp_path, rows)
    assert (one.of("a")["plan"], one.of("b")["seats"]) == ("bee", 0)


def test_rows_without_entity_or_time_are_counted(tmp_path: Path) -> None:
    one = state(tmp_path, ROWS + ",2020-01-01,,x,1,2020-12-01\nc,,,x,1,2020-12-01\n")
    assert [f.count for f in one.findings("no_entity")] == [1]
    assert [f.count for f in one.findings("no_time")] == [1]
    assert one.of("c")["plan"] is None


def test_changes_beside_a_table_alone_are_read_as_of_the_last_of_them(tmp_path: Path) -> None:
    write(tmp_path / "people.csv", "id,height\na,1\nb,2\nc,3\n")
    write(tmp_path / "plans.csv", HEAD + ROWS)
    people = Source("people", "people.csv", Shape.TABLE, frozen_mapping({"entity": "id"}))
    one = built(plans(), people, folder=tmp_path)
    assert (one.of("a")["plan"], one.of("c")["plan"]) == ("giant", None)
    earlier = built(plans(), people, folder=tmp_path, as_of=CUT)
    assert earlier.of("a")["plan"] == "pro"


def test_money_is_added_up_exactly(tmp_path: Path) -> None:
    rows = "".join(f"a,2020-01-0{i + 1},,p,0.{i + 1},2020-12-01\n" for i in range(3))
    one = state(tmp_path, rows, source=plans("sum"))
    assert one.of("a")["seats"] == pytest.approx(0.6, abs=0)
