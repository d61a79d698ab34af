"""Folders of several kinds of files: init writes a project, and check and run work unedited."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commands import segmentry
from families import written


@pytest.mark.parametrize(
    ("name", "entity", "n"), [("shop", "customers", 150), ("desk", "companies", 60)]
)
def test_init_check_and_run_work_unedited(tmp_path: Path, name: str, entity: str, n: int) -> None:
    home = written(tmp_path, name)
    made = segmentry("init", ".", folder=home)
    assert made.status == 0, made.messages
    assert f"{entity}.csv:" in made.messages
    checked = segmentry("check", folder=home)
    assert checked.status == 0, checked.messages
    ran = segmentry("run", folder=home)
    assert ran.status == 0, ran.messages
    assert len(pd.read_parquet(home / "runs" / "latest" / "features.parquet")) == n


def test_items_make_the_features_of_their_customers(tmp_path: Path) -> None:
    home = written(tmp_path, "shop")
    for words in (("init", "."), ("run",)):
        assert segmentry(*words, folder=home).status == 0
    table = pd.read_parquet(home / "runs" / "latest" / "features.parquet").set_index("entity_id")
    items, orders = pd.read_csv(home / "order_items.csv"), pd.read_csv(home / "orders.csv")
    rows = items.merge(orders, left_on="order_number", right_on="OrderNo")
    rows["worth"] = (rows["qty"] * rows["unit_price"]).round(2)
    whole = rows.groupby(rows["cust_ref"].astype(str))
    expected = pd.DataFrame(
        {
            "n_events": whole.size(),
            "n_orders": whole["OrderNo"].nunique(),
            "value_total": whole["worth"].sum(),
            "n_items": whole["product_sku"].nunique(),
        }
    )
    found = table.loc[expected.index, expected.columns]
    np.testing.assert_allclose(
        found.to_numpy(dtype=float), expected.to_numpy(dtype=float), rtol=1e-10
    )


def test_a_folder_may_be_checked_before_anything_is_written(tmp_path: Path) -> None:
    home = written(tmp_path, "media")
    done = segmentry("check", ".", folder=home)
    assert done.status == 0, done.messages
    assert "columns of plays" in done.output + done.messages
    assert not (home / "segmentry.yaml").exists()
