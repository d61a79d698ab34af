"""All searches together: order, rules, and what is safe to write unasked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from looks import look_at, moment
from segmentry.engines.catalogue import open_engine
from segmentry.projectfile.emit import emit
from segmentry.projectfile.findings.examine import examine
from segmentry.projectfile.findings.finding import SEVERITIES, Finding
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.load import read
from segmentry.seeds import stream
from simulated import SCENARIOS, log

REMOVING = {"placeholder_entities", "guests", "cancellations", "undone", "duplicate_keys"}
"""Kinds by which init may write a rule that leaves rows out."""

MAPPING = {"entity": "who", "time": "at", "amount": "amount"}


def shop(n: int = 400) -> dict[str, list[Any]]:
    rng = stream(0, "examine")
    return {
        "who": [f"u{i % 80}" for i in range(n)],
        "at": [moment("2024-01-01 08:00") + timedelta(hours=5 * i) for i in range(n)],
        "amount": rng.gamma(3, 10, n).round(2).tolist(),
    }


def by_kind(found: tuple[Finding, ...]) -> dict[str, Finding]:
    return {f.kind: f for f in found}


def test_the_severest_come_first() -> None:
    columns = {**shop(), "who": ["unknown"] * 30 + [f"u{i % 20}" for i in range(370)]}
    places = [SEVERITIES.index(f.severity) for f in examine(look_at(columns, MAPPING))]
    assert places == sorted(places)
    assert places[0] == 0


def test_what_where_leaves_out_is_settled_however_it_is_written() -> None:
    columns = {**shop(), "amount": [-5.0] * 4 + shop()["amount"][4:]}
    told = by_kind(examine(look_at(columns, MAPPING)))["refunds"]
    assert (told.rule, told.severity) == ("", "info")
    settled = by_kind(examine(look_at(columns, MAPPING, where="amount >= 0")))["refunds"]
    assert settled.rule == "left out by where"
    same = look_at(columns, MAPPING, where=told.edit.value if told.edit else "")
    assert by_kind(examine(same))["refunds"].rule.startswith("where: not coalesce(")


def test_a_field_that_is_an_expression_already_is_not_written_over() -> None:
    columns = {**shop(), "channel": ["web", "Web"] * 200}
    plain = look_at(columns, {**MAPPING, "channel": "channel"})
    assert by_kind(examine(plain))["spellings"].edit is not None


def test_a_search_that_the_engine_refuses_is_told() -> None:
    look = look_at(shop(), MAPPING)
    broken = replace(look, source=replace(look.source, columns={**MAPPING, "entity": "nonsense("}))
    assert all(f.kind != "not_searched" for f in examine(look))
    # Nothing can be asked of such an entity, and the other searches go on.
    assert isinstance(examine(broken), tuple)


def guessed(path: Path) -> Guess:
    return guess([path], folder=path.parent)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 1000), scenario=st.sampled_from(SCENARIOS))
def test_nothing_is_left_out_of_clean_data(
    tmp_path_factory: pytest.TempPathFactory, seed: int, scenario: str
) -> None:
    told = log(tmp_path_factory.mktemp("clean"), scenario, n_users=80, seed=seed)
    made = guessed(told.events)
    found = by_kind(made.findings)
    assert not REMOVING & set(found)
    assert made.project.sources[0].where is None
    assert "CASE" not in made.project.sources[0].columns.get("item", "")
    assert not [f for f in made.findings if f.severity == "error"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_planted_dirt_is_counted_row_by_row(tmp_path: Path, scenario: str) -> None:
    told = log(tmp_path, scenario, n_users=150, dirt=True)
    distinct = tmp_path / "distinct.parquet"
    asked = duckdb.connect()
    asked.execute(f"COPY (SELECT DISTINCT * FROM '{told.events}') TO '{distinct}'")
    n, n_distinct = (
        asked.execute(f"SELECT count(*) FROM '{p}'").fetchall()[0][0]
        for p in (told.events, distinct)
    )
    found = by_kind(guessed(told.events).findings)
    assert found["exact_duplicates"].count == n - n_distinct
    if scenario != "retail":
        # Lines of one order may be equal by chance; where there are no orders, copies are planted.
        assert n - n_distinct == told.dirt.n_duplicates
    once = by_kind(guessed(distinct).findings)
    assert "exact_duplicates" not in once
    if scenario != "retail":
        assert once["guests"].count == told.dirt.n_missing_entity
        assert _count(once, "future_dates") == told.dirt.n_stray_dates
    back = _count(found, "cancellations") + _count(found, "refunds")
    if scenario == "retail":
        negative = asked.execute(f"SELECT count(*) FROM '{told.events}' WHERE quantity < 0")
        assert back == negative.fetchall()[0][0] >= told.dirt.n_cancellations > 0
    guests = found["guests"]
    assert guests.rule.startswith("where: ")
    assert guests.count is not None
    assert guests.count >= told.dirt.n_missing_entity


def _count(found: dict[str, Finding], kind: str) -> int:
    return (found[kind].count or 0) if kind in found else 0


def test_a_rule_that_init_writes_does_what_it_says(tmp_path: Path) -> None:
    rows = [(w, f"2024-01-{1 + i % 28:02d} 0{i % 9}:00:00", 5.0 + i % 7)
            for i, w in enumerate(["guest"] * 40 + [f"u{i % 60}" for i in range(600)])]  # fmt: skip
    path = tmp_path / "orders.csv"
    lines = [f"{w},{t},{a}" for w, t, a in rows]
    path.write_text("\n".join(["customer_id,order_time,amount", *lines]) + "\n")
    made = guessed(path)
    found = by_kind(made.findings)["placeholder_entities"]
    assert found.count == 40
    assert found.rule == f"where: {found.edit.value}" if found.edit else False
    source = made.project.sources[0]
    assert source.where is not None
    from segmentry.domain.audit import Audit

    engine = open_engine()
    relation = engine.open(source, folder=str(tmp_path), audit=Audit())
    assert relation.n_left_out == 40
    engine.close()
    # The file that is written says the same, with the rule's reason beside it.
    text = emit(made)
    assert read(text, file="x", folder=made.project.folder).project == made.project
    assert "stand-ins instead of entities" in text


def test_whole_rows_that_repeat_a_key_are_deduplicated(tmp_path: Path) -> None:
    rng = stream(1, "keys")
    lines = [f"c{i},{rng.integers(1, 90)},{rng.integers(0, 9)}" for i in range(400)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["customer_id,visits,tickets", *lines, *lines[:3]]) + "\n")
    made = guessed(path)
    assert made.project.sources[0].deduplicate == "last"
    assert by_kind(made.findings)["duplicate_keys"].rule == "deduplicate: last"
    path.write_text("\n".join(["customer_id,visits,tickets", *lines, "c3,91,9"]) + "\n")
    other = guessed(path)
    assert other.project.sources[0].deduplicate is None
    assert by_kind(other.findings)["duplicate_keys"].severity == "error"
