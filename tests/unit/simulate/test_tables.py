"""Writing a simulated table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from segmentry.errors import StoreError, UsageError
from segmentry.simulate import tables
from segmentry.simulate.catalogue import TABLES as SCENARIOS
from simulated import TABLES, sheet


@pytest.mark.parametrize("name", TABLES)
def test_equal_seeds_write_equal_bytes_and_others_do_not(tmp_path: Path, name: str) -> None:
    first, again, other = (
        sheet(tmp_path / f, name, seed=s) for f, s in (("a", 0), ("b", 0), ("c", 1))
    )
    for one, same in ((first.table, again.table), (first.truth, again.truth)):
        assert one.read_bytes() == same.read_bytes()
    assert first.facts.read_text() == again.facts.read_text()
    assert first.table.read_bytes() != other.table.read_bytes()
    assert first.segment_names == other.segment_names


@pytest.mark.parametrize("name", TABLES)
def test_the_truth_lies_beside_every_row_and_no_column_tells_it(tmp_path: Path, name: str) -> None:
    told = sheet(tmp_path, name, 2_000)
    table, truth = pq.read_table(told.table), pq.read_table(told.truth)
    assert table[SCENARIOS[name].entity].to_pylist() == truth["entity_id"].to_pylist()
    labels = truth["segment"].to_numpy()
    assert told.n_noise == (labels == -1).sum()
    np.testing.assert_array_equal(told.segment_sizes, np.bincount(labels[labels >= 0]))
    assert not {"segment", "segment_name"} & set(table.column_names)
    assert told.bayes_accuracy == pytest.approx(0.94, abs=0.01)
    assert 0.7 < told.bayes_ari < told.bayes_accuracy


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("saas-users", 50_000, 8),
        ("accounts", 500, 6),
        ("b2b", 50_000, 28),
        ("marketing", 50_000, 7),
    ],
)
def test_a_table_has_the_size_that_its_case_states(name: str, rows: int, columns: int) -> None:
    assert SCENARIOS[name].default_size == rows
    rng = np.random.default_rng(0)
    _, latent = SCENARIOS[name].planted.draw_users(5, rng)
    made = SCENARIOS[name].columns(SCENARIOS[name].planted.natural(latent), rng)
    assert len(made) == columns


def test_csv_tells_the_same_as_parquet(tmp_path: Path) -> None:
    one = sheet(tmp_path / "p", "b2b")
    other = sheet(tmp_path / "c", "b2b", file_format="csv")
    for left, right in zip((one.table, *one.apart), (other.table, *other.apart), strict=True):
        table, again = pq.read_table(left), csv.read_csv(right)
        assert again.column_names == table.column_names
        assert again["customer_id"].to_pylist() == table["customer_id"].to_pylist()
    assert pq.read_table(other.truth).equals(pq.read_table(one.truth))


def test_one_population_says_nothing_of_what_can_be_found(tmp_path: Path) -> None:
    told = sheet(tmp_path, "accounts", n_segments=1)
    facts = json.loads(told.facts.read_text())
    assert facts["segment_names"] == ["everyone"]
    assert not [name for name in facts if name.startswith("bayes_")]
    assert told.n_noise == 0


def test_blocks_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK_ROWS", 150)
    told = sheet(tmp_path, "accounts", 400)
    ids = pq.read_table(told.table)["account_id"].to_pylist()
    assert ids == sorted(set(ids))
    assert len(ids) == told.n_rows == 400
    assert sum(told.segment_sizes) + told.n_noise == 400


@pytest.mark.parametrize(
    ("given", "wrong"), [({"n_rows": 0}, "users = 0"), ({"seed": -1}, "seed = -1")]
)
def test_wrong_numbers_are_refused(tmp_path: Path, given: dict[str, int], wrong: str) -> None:
    with pytest.raises(UsageError, match=f"cannot simulate with {wrong}"):
        sheet(tmp_path, "accounts", **given)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write a simulated table") as told:
        sheet(tmp_path / "file", "accounts")
    assert told.value.code == "E5001"
