"""Dirt in known amounts."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segmentry.seeds import stream
from segmentry.simulate.dirt import TEXTS, Dirt, soil
from segmentry.simulate.generate import parts
from simulated import SCENARIOS, plan


@cache
def dirty(scenario: str, *, as_text: bool = False) -> tuple[pa.Table, pa.Table, Dirt]:
    of = plan(scenario, 200)
    clean = next(parts(of)).events
    made, counts = soil(clean, of.scenario.columns, as_text=as_text, rng=stream(3, "test"))
    return clean, made, counts


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_kind_of_dirt_is_there_in_the_number_told(scenario: str) -> None:
    clean, made, counts = dirty(scenario)
    columns = plan(scenario).scenario.columns
    # Copies may repeat a dirty row, so they are taken off again before counting.
    once = made.slice(0, made.num_rows - counts.n_duplicates)
    strays = pc.sum(pc.equal(pc.year(once[columns.time]), 2099)).as_py()
    assert once[columns.entity].null_count == counts.n_missing_entity > 0
    assert counts.n_stray_dates <= strays <= counts.n_stray_dates + counts.n_cancellations
    assert once.num_rows == clean.num_rows + counts.n_cancellations
    assert made.schema == clean.schema


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_less_than_one_row_in_a_hundred_cannot_be_read(scenario: str) -> None:
    _, made, counts = dirty(scenario, as_text=True)
    bad = counts.n_missing_entity + counts.n_stray_dates + counts.n_text_numbers
    assert 0 < bad / made.num_rows < 0.01


def test_copies_repeat_whole_rows() -> None:
    _, made, counts = dirty("saas")
    rows = made.slice(0, made.num_rows - counts.n_duplicates).to_pylist()
    known = {tuple(row.values()) for row in rows}
    copies = made.slice(made.num_rows - counts.n_duplicates).to_pylist()
    assert copies
    assert all(tuple(row.values()) in known for row in copies)


def test_cancellations_take_a_line_back_later() -> None:
    _, made, counts = dirty("retail")
    taken = made.filter(pc.less(made["quantity"], 0)).to_pylist()
    bought = {(r["order_id"], r["product_id"], r["quantity"]) for r in made.to_pylist()}
    assert len(taken) >= counts.n_cancellations > 0
    for row in taken:
        assert row["order_id"].startswith("C")
        assert (row["order_id"][1:], row["product_id"], -row["quantity"]) in bought


def test_only_a_text_format_holds_text_among_numbers() -> None:
    _, made, counts = dirty("media", as_text=True)
    once = made.slice(0, made.num_rows - counts.n_duplicates)["minutes"].to_pylist()
    assert sum(value in TEXTS for value in once) == counts.n_text_numbers > 0
    assert dirty("media")[2].n_text_numbers == 0


def test_counts_add_up() -> None:
    total = Dirt(1, 2, 3, 4, 5) + Dirt(10, 20, 30, 40, 50)
    np.testing.assert_array_equal(list(asdict(total).values()), [11, 22, 33, 44, 55])
