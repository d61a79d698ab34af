"""The next command: planted tastes, what is said of them, and what cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import segmentry as package
from commands import segmentry
from segmentry.errors import UsageError

TASTES, ITEMS = 5, 8


@pytest.fixture(scope="module")
def tasteful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run of 500 customers who mostly buy within one of five tastes, 200 of them often."""
    folder = tmp_path_factory.mktemp("tasteful")
    rng = np.random.default_rng(0)
    rows = []
    for customer in range(500):
        n = int(rng.integers(18, 26) if customer < 200 else rng.integers(5, 9))
        days = np.sort(rng.uniform(0, 200, n))
        own = rng.random(n) < 0.85
        taste = np.where(own, customer % TASTES, rng.integers(0, TASTES, n))
        for day, t in zip(days, taste, strict=True):
            at = pd.Timestamp("2025-01-01") + pd.Timedelta(days=float(day))
            item = f"{'abcde'[t]}{rng.integers(0, ITEMS)}"
            called = f"Thing {item.upper()}" if rng.random() < 0.9 else f"thing {item}?"
            rows.append(
                (f"c{customer:03}", at, item, called, "abcde"[t], float(rng.integers(5, 50)))
            )
    names = ["customer_id", "ordered_at", "product_id", "description", "category", "amount"]
    frame = pd.DataFrame(rows, columns=names)
    frame.to_parquet(folder / "orders.parquet")
    assert segmentry("init", "orders.parquet", folder=folder).status == 0
    assert segmentry("run", folder=folder).status == 0
    return folder


def test_planted_tastes_come_next_and_better_popularity(tasteful: Path) -> None:
    done = segmentry("next", "--output", "next.parquet", folder=tasteful)
    assert done.status == 0, done.messages
    assert "The first is used." in done.messages
    rows = pq.read_table(tasteful / "next.parquet").to_pandas()
    assert rows.columns.tolist() == ["entity_id", "rank", "item", "item_name", "score"]
    assert (rows["item_name"] == "Thing " + rows["item"].str.upper()).all()
    assert (rows.groupby("entity_id").size() == 3).all()
    taste = rows["entity_id"].str[1:].astype(int) % TASTES
    own = rows["item"].str[0] == taste.map(lambda t: "abcde"[t])
    fresh = rows["rank"] == 1
    # By chance one in five; who has all of a taste takes another.
    assert own[fresh].mean() > 0.6
    bought = pd.read_parquet(tasteful / "orders.parquet")
    had = set(zip(bought["customer_id"], bought["product_id"], strict=True))
    assert not had & set(zip(rows["entity_id"], rows["item"], strict=True))


def test_the_hit_rate_is_that_of_a_count_by_hand(tasteful: Path) -> None:
    """Popularity's hit rate on all who took something new lies within the interval told."""
    told = json.loads(segmentry("next", "--json", folder=tasteful).output)["judged"]
    cut, until = (pd.Timestamp(told[n]).tz_localize(None) for n in ("cut", "until"))
    bought = pd.read_parquet(tasteful / "orders.parquet")
    at = bought["ordered_at"]
    before, after = bought[at < cut], bought[(at >= cut) & (at < until)]
    common = before.groupby("product_id")["customer_id"].nunique().sort_values(ascending=False)
    had = before.groupby("customer_id")["product_id"].agg(set)
    hits = []
    for customer, items in after.groupby("customer_id")["product_id"].agg(set).items():
        own = had.get(customer, set())
        if own and items - own:
            five = [i for i in common.index if i not in own][: told["shown"]]
            hits.append(bool(set(five) & items))
    assert told["n_choosing"] + told["n_judged"] == len(hits)
    way = next(w for w in told["ways"] if w["name"] == "popular")
    assert way["low"] <= np.mean(hits) <= way["high"]


def test_python_gives_the_same_rows_whatever_the_threads(tasteful: Path) -> None:
    run = package.open_run(tasteful / "runs" / "latest")
    segmentry("next", "--output", "one.parquet", "--threads", "1", folder=tasteful)
    assert run.next().equals(pq.read_table(tasteful / "one.parquet"))
    found = run.next_items("category", top=2, again=True)
    assert found.column == "category"
    assert found.judged.shown == 1
    assert "item_name" not in found.rows.column_names
    assert set(found.rows["rank"].to_pylist()) == {1, 2}
    assert set(found.rows["item"].to_pylist()) <= set("abcde")


def test_a_paper_is_written_and_nothing_that_is_not_ours_is_written_over(tasteful: Path) -> None:
    done = segmentry("next", "--output", "a.csv", "--paper", "next.html", folder=tasteful)
    assert done.status == 0, done.messages
    page = (tasteful / "next.html").read_text()
    assert "What comes next in orders" in page
    assert "c001" not in page
    (tasteful / "mine.html").write_text("mine")
    refused = segmentry("next", "--paper", "mine.html", folder=tasteful)
    assert refused.status == 2
    assert "is no page of ours" in refused.messages


def test_machines_get_hit_rates_and_no_entity(tasteful: Path) -> None:
    done = segmentry("next", "--json", "--item", "category", "--again", folder=tasteful)
    told = json.loads(done.output)
    assert told["format"] == 1
    assert {w["name"] for w in told["judged"]["ways"]} >= {"popular", "segment", "cosine"}
    assert "c0" not in done.output


def test_another_column_may_be_the_item(tasteful: Path) -> None:
    done = segmentry("next", "--item", "prodct_id", folder=tasteful)
    assert done.status == 2
    assert "no column 'prodct_id' in the events" in done.messages
    few = segmentry("next", "--item", "amount", folder=tasteful)
    assert few.status == 0, few.messages


def test_what_cannot_be_told_is_said_in_one_sentence(tmp_path: Path) -> None:
    table = pa.table({"id": list(range(200)), "spend": [float(i % 7) for i in range(200)],
                      "visits": [i % 11 for i in range(200)]})  # fmt: skip
    pq.write_table(table, tmp_path / "people.parquet")
    segmentry("init", "people.parquet", folder=tmp_path)
    assert segmentry("run", folder=tmp_path).status == 0
    done = segmentry("next", folder=tmp_path)
    assert done.status == 1
    assert "no next items can be told: the sources are tables, without events" in done.messages
    assert done.output == ""


def test_how_many_is_bounded(tasteful: Path) -> None:
    run = package.open_run(tasteful / "runs" / "latest")
    with pytest.raises(UsageError, match="0 items cannot be asked for"):
        run.next(top=0)
