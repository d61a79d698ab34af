"""How rows spread over entities."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from looks import look_at, moment, only
from segmentry.projectfile.findings.crowd import AT, crowd, crowd_of, too_few_entities
from segmentry.projectfile.findings.finding import Finding

MAPPING = {"entity": "who", "time": "at", "amount": "amount"}


def log(rows: list[tuple[str, datetime, float]]) -> dict[str, list[object]]:
    who, at, amount = zip(*rows, strict=True)
    return {"who": list(who), "at": list(at), "amount": list(amount)}


def usual(n_entities: int = 60, n_each: int = 5) -> list[tuple[str, datetime, float]]:
    start = moment("2024-01-01")
    return [
        (f"u{i}", start + timedelta(hours=9 * j + i), 10.0 + i % 7)
        for i in range(n_entities)
        for j in range(n_each)
    ]


def told(rows: list[tuple[str, datetime, float]]) -> dict[str, Finding]:
    return {f.kind: f for f in crowd(look_at(log(rows), MAPPING))}


def test_rows_per_entity_are_those_of_numpy() -> None:
    rows = [row for i, row in enumerate(usual()) if i % 4]
    seen = crowd_of(look_at(log(rows), MAPPING))
    _, counts = np.unique([r[0] for r in rows], return_counts=True)
    assert seen is not None
    assert (seen.n_entities, seen.n_rows) == (len(counts), len(rows))
    np.testing.assert_allclose(seen.quantiles, np.quantile(counts, AT))


def test_an_even_crowd_is_not_told() -> None:
    assert told(usual()) == {}


def test_one_that_has_a_tenth_of_all_rows_is_told_and_can_be_left_out() -> None:
    start = moment("2024-01-01")
    rows = usual() + [("giant", start + timedelta(hours=i), 10.0) for i in range(60)]
    look = look_at(log(rows), MAPPING)
    found = next(f for f in crowd(look) if f.kind == "dominant_entities")
    assert (found.count, found.examples) == (60, ("giant",))
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [300]


def test_one_that_has_a_tenth_of_all_value_is_told() -> None:
    found = told([*usual(), ("whale", moment("2024-01-05"), 9_000.0)])
    assert "of all value" in found["dominant_entities"].sentence
    assert "of all rows" not in found["dominant_entities"].sentence


def test_a_machine_shows_by_its_moments_on_one_day() -> None:
    day = moment("2024-01-07")
    bot = [("bot", day + timedelta(seconds=10 * i), 1.0) for i in range(900)]
    found = told(usual() + bot)["busy_entities"]
    assert (found.count, found.examples) == (900, ("bot",))


def test_a_large_order_is_no_machine() -> None:
    order = [("big", moment("2024-01-07"), 1.0)] * 900
    assert "busy_entities" not in told(usual() + order)


def test_entities_with_one_event() -> None:
    start = moment("2024-01-01")
    rows = [(f"s{i}", start + timedelta(hours=i), 10.0) for i in range(100)]
    assert told(usual() + rows)["one_event"].count == 100


def test_too_few_entities_stop_a_run_and_few_are_a_warning() -> None:
    def found(n: int) -> Finding:
        return only(too_few_entities, look_at({"id": list(range(n))}, {"entity": "id"}))

    assert (found(30).severity, found(30).count) == ("error", 30)
    assert found(100).severity == "warning"
    enough = look_at({"id": list(range(200))}, {"entity": "id"})
    assert not list(too_few_entities(enough))
