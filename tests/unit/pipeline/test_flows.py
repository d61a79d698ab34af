"""What came from entities either side of the judging cut is what their rows say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from builders import feature_table
from reading import built, events, write
from segmentry.domain.project import FeatureChoice, frozen_mapping
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import FeatureColumn
from segmentry.pipeline.changes import ADDED
from segmentry.pipeline.flows import flows_of, recurring_column, with_recurring

START = datetime(2020, 1, 1, tzinfo=UTC)
KINDS = FeatureChoice(kinds=frozen_mapping({"ticket": ("help",), "send": ("mail",)}))


def log(folder: Path) -> list[tuple[str, datetime, str, float, float]]:
    rng = np.random.default_rng(5)
    rows = []
    for entity in range(60):
        for day in np.sort(rng.uniform(0, 120, 20)):
            kind = str(rng.choice(["buy", "help", "mail"]))
            at = START + timedelta(days=float(day))
            at = at.replace(microsecond=0)
            paid = round(float(rng.uniform(1, 9)), 2) if kind == "buy" else 0.0
            open_ = float(rng.integers(1, 90)) * 60 if kind == "help" else 0.0
            rows.append((f"e{entity:03d}", at, kind, paid, open_))
    lines = "\n".join(f"{e},{at:%Y-%m-%d %H:%M:%S},{k},{p},{s}" for e, at, k, p, s in rows)
    write(folder / "log.csv", f"id,at,what,paid,open\n{lines}\n")
    return rows


def test_sums_are_those_of_the_rows(tmp_path: Path) -> None:
    rows = log(tmp_path)
    source = events(tmp_path / "log.csv", kind="what", amount="paid", resolution_seconds="open")
    judging = built(source, features=KINDS).judging
    assert judging is not None
    flows, cut = judging.flows, judging.window.as_of
    assert flows is not None
    ids, until = judging.table.entity_ids.to_pylist(), judging.until
    wanted = {n: np.zeros(len(ids)) for n in ("before", "after", "tickets", "hours", "messages")}
    for entity, at, kind, paid, open_ in rows:
        i = ids.index(entity)
        if cut - (until - cut) <= at < cut:
            wanted["before"][i] += paid
        if cut <= at < until:
            wanted["after"][i] += paid
            wanted["tickets"][i] += kind == "help"
            wanted["hours"][i] += open_ / 3_600
            wanted["messages"][i] += kind == "mail"
    assert wanted["before"].sum() > 0
    found = (flows.before, flows.after, flows.tickets, flows.ticket_hours, flows.messages)
    for values, name in zip(found, wanted, strict=True):
        assert values is not None
        np.testing.assert_allclose(values, wanted[name])


def test_a_log_without_amounts_and_tickets_tells_nothing(tmp_path: Path) -> None:
    log(tmp_path)
    judging = built(events(tmp_path / "log.csv")).judging
    assert judging is not None
    assert judging.flows is None
    assert flows_of(pa.array(["a"]), pa.table({"entity_id": ["a"]}), None, has_value=False) is None


def summed(name: str) -> FeatureColumn:
    return FeatureColumn(
        name, Role.CLUSTER, Kind.NUMBER, Facet.ATTRIBUTE, "", f"{name}{ADDED}", "no row"
    )


def test_recurring_value_is_read_at_both_ends() -> None:
    then = feature_table({"mrr_amount": [5.0, 7.0, None]}, ids=["a", "b", "c"])
    now = feature_table({"mrr_amount": [9.0, 4.0]}, ids=["a", "d"])
    assert with_recurring(None, then, now) is None  # its name alone does not say that it is a sum
    then, now = (replace(t, columns=(summed("mrr_amount"),)) for t in (then, now))
    flows = with_recurring(None, then, now)
    assert flows is not None
    assert flows.recurring_before is not None
    assert flows.recurring_after is not None
    assert flows.recurring_before.tolist() == [5.0, 7.0, 0.0]
    assert flows.recurring_after.tolist() == [9.0, 0.0, 0.0]


def test_what_recurs_is_known_by_its_name_the_month_first() -> None:
    table = feature_table({"arr": [1.0], "plan_mrr": [1.0], "carried": [1.0]}, ids=["a"])
    columns = tuple(summed(n) for n in ("carried", "arr", "plan_mrr"))
    assert recurring_column([replace(table, columns=columns)]) == "plan_mrr"
    assert recurring_column([replace(table, columns=columns[:2])]) == "arr"
    assert recurring_column([replace(table, columns=columns[:1])]) is None
