"""Rules in plain words, in SQL, and for machines."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pytest
import sqlglot
from sqlglot import ErrorLevel

from builders import feature_table
from segmentry.domain.percent import NARROW_SPACE
from segmentry.domain.ruleset import Condition, Counted, Rule, RuleSet, SegmentRules
from segmentry.explain.rules import (
    in_words,
    mistaken,
    rules_document,
    rules_statement,
    shown,
    summary,
    worth,
)
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.maths.intervals import wilson_interval

INF = np.inf
UNITS = {"recency_days": "days", "n_orders": "orders", "weekend_share": "share", "spend": "money"}


def rule(*conditions, hits=80, n=100, members=160):
    return Rule(conditions, Counted(hits, n), Counted(hits, members))


def words(*conditions):
    return in_words(rule(*conditions), UNITS)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("recency_days", upto=30.0), "recency of at most 30 days"),
        (Condition("recency_days", over=30.5), "recency of more than 30.5 days"),
        (Condition("n_orders", over=5.0, is_whole=True), "at least 6 orders"),
        (Condition("n_orders", upto=5.0, is_whole=True), "at most 5 orders"),
        (Condition("n_orders", over=2.0, upto=5.0, is_whole=True), "3 to 5 orders"),
        (Condition("n_orders", over=4.0, upto=5.0, is_whole=True), "exactly 5 orders"),
        (Condition("n_orders", upto=1.0, is_whole=True), "number of orders of at most 1"),
        (Condition("n_orders", over=0.0, is_whole=True), "number of orders of at least 1"),
        (Condition("n_events_7d", over=2.0, is_whole=True), "at least 3 events in the last 7 days"),
        (Condition("weekend_share", over=0.357), "weekend share of more than 35.7 %"),
        (Condition("spend", over=12300.0), "spend of more than 12,300"),
        (Condition("spend", over=-0.5, upto=2.0), "spend of more than -0.5 up to 2"),
        (Condition("spend", upto=9.0, has_gaps=True), "spend of at most 9, or unknown"),
        (Condition("spend", upto=9.0, has_gaps=True, keeps_gaps=False), "spend of at most 9"),
        (Condition("spend", upto=9.0), "spend of at most 9"),
        (Condition("plan", "pro", over=0.0), "plan is pro"),
        (Condition("plan", "pro", upto=0.0), "plan is not pro"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_plain_words(condition, said):
    assert words(condition) == said


def test_conditions_are_joined_and_none_is_everyone():
    both = Condition("recency_days", upto=30.0), Condition("n_orders", over=5.0, is_whole=True)
    assert words(*both) == "recency of at most 30 days and at least 6 orders"
    assert words() == "everyone"


def test_a_share_is_shown_with_its_interval():
    assert shown(Counted(80, 100)).replace(NARROW_SPACE, " ") == "80 % (71 % to 87 %)"
    assert shown(Counted(0, 0)) == "an unknown share"


def test_a_rule_that_nobody_passes_has_no_figures():
    assert worth(rule(hits=0, n=0)) == "None of the entities that it was tried on passes it."


def drawn(seed=0):
    """Rules that cut a plane of numbers with gaps, and a category, into disjoint parts."""
    rng = np.random.default_rng(seed)
    n = 300
    gaps = rng.random(n) < 0.2
    rows = {
        "recency_days": np.where(gaps, np.nan, rng.uniform(0, 60, n)),
        "n_orders": rng.integers(0, 12, n).astype(float),
        "plan": [v or None for v in rng.choice(["pro", "it's", ""], n)],
    }
    near = Condition("recency_days", upto=30.0, has_gaps=True, keeps_gaps=False)
    far = Condition("recency_days", over=30.0, has_gaps=True)
    many = Condition("n_orders", over=5.0, is_whole=True)
    few = Condition("n_orders", upto=5.0, is_whole=True)
    its, other = Condition("plan", "it's", over=0.0), Condition("plan", "it's", upto=0.0)
    parts = {
        "Regulars": [rule(near, many)],
        "Won't \\ say\n": [rule(near, few, its), rule(far)],
        "Others": [rule(near, few, other)],
        "Nobody": [],
    }
    segments = tuple(
        SegmentRules(i, name, tuple(rules), Counted(80, 100), Counted(80, 160))
        for i, (name, rules) in enumerate(parts.items(), 1)
    )
    confusion = ((60, 3, 0, 0), (1, 70, 7, 0), (2, 5, 50, 0), (2, 0, 0, 0))
    return feature_table(rows), RuleSet(segments, Counted(180, 200), 0.4, 4, 400, confusion)


def expected(table, found):
    """Ask the conditions themselves."""
    answer = np.full(table.n_entities, "", dtype=object)
    for segment in found.segments:
        for told in segment.rules:
            inside = np.ones(table.n_entities, dtype=bool)
            for c in told.conditions:
                if c.level is None:
                    inside &= c.holds(table.numbers(c.feature))
                else:
                    codes, levels = table.categories(c.feature)
                    inside &= c.holds((codes == levels.index(c.level)).astype(float))
            assert not answer[inside].any()
            answer[inside] = segment.name
    return answer.tolist()


@pytest.mark.parametrize("dialect", list(Dialect))
def test_the_statement_says_what_the_rules_say_in_every_dialect(dialect):
    table, found = drawn()
    sql = rules_statement(found, UNITS, dialect=dialect, table="shop.features")
    (translated,) = sqlglot.transpile(
        sql, read=dialect.value, write="duckdb", unsupported_level=ErrorLevel.RAISE
    )
    with duckdb.connect() as con:
        con.execute("create schema shop")
        con.register("data", table.data)
        con.execute("create table shop.features as from data")
        rows = con.sql(translated).to_arrow_table().sort_by("entity_id")
    assert rows["segment"].to_pylist() == expected(table, found)


def test_what_rules_are_worth_stands_in_front_of_them_on_lines_of_their_own():
    _, found = drawn()
    sql = rules_statement(found, UNITS, dialect=Dialect.DUCKDB)
    head = sql.partition("select\n")[0].splitlines()
    assert all(line.startswith("-- ") for line in head)
    assert head[0] == f"-- {summary(found)}".replace(NARROW_SPACE, " ")
    assert head[1] == (
        "-- Of the 20 that they put elsewhere, 7 belong to Won't \\ say  and pass the rules of "
        "Others."
    )
    assert head[2] == (
        "-- Regulars: recency of at most 30 days and at least 6 orders. Right for 80 % (71 % to "
        "87 %) of the 100 that pass it; finds 50 % (42 % to 58 %) of the segment."
    )
    assert head[-1] == "-- Nobody: no short rule tells it."


def test_a_rule_without_conditions_takes_everybody():
    alone = SegmentRules(1, "All", (rule(),), Counted(80, 100), Counted(80, 100))
    found = RuleSet((alone,), Counted(80, 100), 0.8, 4, 200, ((80,),))
    sql = rules_statement(found, UNITS, dialect=Dialect.DUCKDB)
    with duckdb.connect() as con:
        con.execute("create table features as select 1 as entity_id")
        assert con.sql(sql).fetchall() == [(1, "All")]


def test_the_document_holds_figures_with_intervals_and_no_bound_that_is_not_asked_for():
    _, found = drawn()
    document = rules_document(found, UNITS)
    json.dumps(document, allow_nan=False)
    assert document["confusion"]["of"] == [1, 2, 3, 4]
    assert document["confusion"]["told"][1] == [1, 70, 7, 0]
    assert document["mistaken"] == mistaken(found)
    low, high = (round(v, 6) for v in wilson_interval(180, 200))
    fidelity = {"estimate": 0.9, "low": low, "high": high, "hits": 180, "n": 200}
    assert document["fidelity"] == fidelity
    first = document["segments"][0]["rules"][0]
    assert first["conditions"] == [
        {"feature": "recency_days", "at_most": 30.0, "or_unknown": False},
        {"feature": "n_orders", "above": 5.0},
    ]
    assert (first["n_covered"], first["support"]) == (100, 0.5)
    assert first["precision"]["estimate"] == 0.8
    third = document["segments"][1]["rules"][0]["conditions"][2]
    assert third == {"feature": "plan", "level": "it's", "is": True}
    assert document["segments"][3]["rules"] == []
