from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pytest

from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.formula import Aggregate, Measure
from segmentry.domain.project import FeatureChoice
from segmentry.domain.role import Facet
from segmentry.domain.window import Window
from segmentry.features.choose import choose
from segmentry.features.compile import compile_features
from segmentry.features.families import share_feature
from segmentry.features.rows import micros_of

CUT = datetime(2020, 1, 31, tzinfo=UTC)
LOG = """
    SELECT *, epoch_us("at") AS micros FROM (VALUES
        (1, TIMESTAMP '2020-01-01 00:00:00', 0.1), (1, TIMESTAMP '2020-01-01 00:00:00', 0.2),
        (1, TIMESTAMP '2020-01-11 12:00:00.5', 0.3), (2, TIMESTAMP '2020-01-30 00:00:00', NULL),
        (3, TIMESTAMP '2020-01-31 00:00:00', 9)
    ) log(entity_id, "at", amount)
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    connection = ibis.duckdb.connect(threads=1)
    connection.raw_sql(f"CREATE TABLE log AS {LOG}")
    yield connection
    connection.disconnect()


def rows(connection: Any, specs: Any, **window: Any) -> dict[int, dict[str, Any]]:
    found = compile_features(specs, connection.table("log"), Window(CUT, **window), time_zone="UTC")
    answers = connection.con.sql(connection.compile(found)).to_arrow_table().to_pylist()
    return {row.pop("entity_id"): row for row in answers}


def built(connection: Any, *names: str, **window: Any) -> dict[int, dict[str, Any]]:
    choice = FeatureChoice(include=names)
    return rows(connection, choose(("at", "amount"), choice), **window)


def test_an_event_at_the_cut_is_outside(connection: Any) -> None:
    assert set(built(connection, "n_events")) == {1, 2}


def test_money_is_summed_exactly(connection: Any) -> None:
    assert built(connection, "value_total")[1]["value_total"] == 0.6


def test_an_unknown_amount_is_not_a_value_of_zero(connection: Any) -> None:
    assert built(connection, "value_total", "value_mean")[2] == {
        "value_total": None,
        "value_mean": None,
    }


def test_nothing_in_the_window_is_a_value_of_zero(connection: Any) -> None:
    found = built(connection, "value_recent", "n_events_recent", recent_days=5.0)
    assert found[1] == {"value_recent": 0.0, "n_events_recent": 0.0}


def test_days_have_fractions(connection: Any) -> None:
    found = built(connection, "recency_days", "tenure_days")[1]
    assert found["recency_days"] == (19.5 * 86_400 - 0.5) / 86_400
    assert found["tenure_days"] == 30.0


def test_repeated_instants_make_no_gap(connection: Any) -> None:
    found = built(connection, "gap_median_days")
    assert found[1]["gap_median_days"] == (10.5 * 86_400 + 0.5) / 86_400
    assert found[2]["gap_median_days"] is None


def test_look_back_limits_counts_but_not_recency(connection: Any) -> None:
    found = built(
        connection,
        "n_events",
        "tenure_days",
        "decayed_activity",
        "weekend_share",
        lookback_days=5.0,
    )
    assert found[1] == {
        "n_events": 0.0,
        "tenure_days": 30.0,
        "decayed_activity": 0.0,
        "weekend_share": None,
    }


def test_aggregates_are_shared_between_features(connection: Any) -> None:
    choice = FeatureChoice(include=("n_events", "weekend_share", "value_total"))
    specs = choose(("at", "amount"), choice)
    found = compile_features(specs, connection.table("log"), Window(CUT), time_zone="UTC")
    sql = str(connection.compile(found))
    assert sql.count("SUM(") == 1
    assert sql.count("GROUP BY") == 1


def test_an_aggregate_may_look_at_any_span(connection: Any) -> None:
    spec = FeatureSpec(
        "n_ever",
        Aggregate(Measure.COUNT, span="history"),
        Facet.ENGAGEMENT,
        "events",
        "x",
        "x",
    )
    assert rows(connection, [spec], lookback_days=1.0)[1] == {"n_ever": 3.0}


def test_microseconds_are_exact_before_and_after_1970(connection: Any) -> None:
    early, late = "1969-12-31 23:59:59.999999", "2250-01-01 00:00:00.000001"
    values = f"(VALUES (TIMESTAMP '{early}'), (TIMESTAMP '{late}'))"
    connection.raw_sql(f'CREATE OR REPLACE TABLE times AS SELECT * FROM {values} t("at")')
    table = connection.table("times")
    sql = connection.compile(table.select(micros=micros_of(table["at"])))
    found = [int(micros) for (micros,) in connection.con.sql(sql).fetchall()]
    epoch, last = datetime(1970, 1, 1, tzinfo=UTC), datetime.fromisoformat(f"{late}+00:00")
    assert found == [-1, (last - epoch) // timedelta(microseconds=1)]


def test_what_each_part_needs_is_read_apart(connection: Any) -> None:
    names = ("n_events", "gap_median_days", "active_days", "events_per_active_day")
    specs = choose(("at",), FeatureChoice(include=names))
    found = compile_features(specs, connection.table("log"), Window(CUT), time_zone="UTC")
    sql = str(connection.compile(found))
    assert (sql.count("GROUP BY"), sql.count("LAG(")) == (2, 1)


def test_days_are_counted_one_by_one_where_clocks_lead_back_into_the_day_before(
    connection: Any,
) -> None:
    """In 1990 clocks of St. John's were put back at 00:01, from Sunday into Saturday."""
    change = datetime(1990, 10, 28, 2, 31, tzinfo=UTC)
    at = [change + timedelta(seconds=s) for s in (-120, -30, 30, 3570, 3630)]
    values = ", ".join(f"(1, {int(t.timestamp()) * 1_000_000})" for t in at)
    connection.raw_sql(
        f"CREATE OR REPLACE TABLE nights AS SELECT * FROM (VALUES {values}) t(entity_id, micros)"
    )
    specs = choose(("at",), FeatureChoice(include=("active_days",)))
    found = compile_features(
        specs, connection.table("nights"), Window(CUT), time_zone="America/St_Johns"
    )
    assert "LAG(" not in str(connection.compile(found))
    assert connection.con.sql(connection.compile(found)).fetchall() == [(1, 2.0)]


def test_a_word_without_a_number_is_in_no_event(connection: Any) -> None:
    log = "SELECT * FROM (VALUES (1, 0), (1, 1), (2, NULL)) t(entity_id, kind)"
    connection.raw_sql(f"CREATE OR REPLACE TABLE coded AS {log}")
    share = ShareOf("kind", ("sold",), is_rest=False, prior=1.0, strength=2.0)
    found = compile_features(
        [share_feature(share)],
        connection.table("coded"),
        None,
        time_zone="UTC",
        codes={"kind": {"a": 0, "b": 1}},
    )
    answers = dict(connection.con.sql(connection.compile(found)).fetchall())
    assert answers == {1: 0.25, 2: None}
