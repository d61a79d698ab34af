"""Who had what, read from sources: returns and views aside, and who hides stays hidden."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import segmentry as package
from commands import segmentry
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.nextitems import Asked


def made(folder: Path, **columns: object) -> Run:
    """Run a shop of 300 customers who buy of thirty things, each of fifteen of their own."""
    rng = np.random.default_rng(3)
    customer = np.repeat(np.arange(300), 14)
    day = rng.uniform(0, 140, len(customer))
    thing = (customer + rng.integers(0, 15, len(customer))) % 30
    start = pd.Timestamp("2025-01-01")
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{c}" for c in customer],
            "ordered_at": start + pd.to_timedelta(day, unit="D"),
            "product_id": [f"p{t}" for t in thing],
            "amount": rng.uniform(1, 30, len(customer)),
        }
    )
    for name, values in columns.items():
        frame[name] = values
    frame.to_parquet(folder / "orders.parquet")
    assert segmentry("init", "orders.parquet", folder=folder).status == 0
    return package.open_project(folder).run()


def test_what_is_sent_back_is_not_had(tmp_path: Path) -> None:
    quantity = np.where(np.arange(300 * 14) % 14 == 0, -1, 1)
    run = made(tmp_path, quantity=quantity)
    found = run.next_items(top=30)
    bought = pd.read_parquet(tmp_path / "orders.parquet").query("quantity > 0")
    had = bought.groupby("customer_id")["product_id"].agg(set)
    told = found.rows.to_pandas().groupby("entity_id")["item"].agg(set)
    for customer in told.index:
        assert told[customer] == {f"p{t}" for t in range(30)} - had.get(customer, set())


def test_ids_stay_hidden(tmp_path: Path) -> None:
    made(tmp_path)
    file = tmp_path / "segmentry.yaml"
    text = file.read_text()
    assert "  ids: raw" in text
    file.write_text(text.replace("  ids: raw", "  ids: pseudonym"))
    run = package.open_project(tmp_path).run()
    told = run.next(again=True)
    known = set(run.assignments()["entity_id"].to_pylist())
    assert set(told["entity_id"].to_pylist()) <= known
    assert not any(str(e).startswith("c") and len(str(e)) <= 4 for e in known)
    assert told["rank"].to_pylist()[:3] == [1, 2, 3]


def test_a_log_without_items_is_refused(tmp_path: Path) -> None:
    run = made(tmp_path, product_id=np.random.default_rng(0).uniform(0, 1, 300 * 14))
    with pytest.raises(DataError, match="no column names an item or a category"):
        run.next()


def test_a_field_that_no_column_is_mapped_to_is_told_with_the_line_to_write(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match="no column of the events is mapped as their category"
    ) as e:
        made(tmp_path).next("category")
    assert "category: COLUMN" in e.value.hint


def test_asking_for_too_many_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="101 items cannot be asked for"):
        Asked(top=101)
