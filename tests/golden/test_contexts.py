"""Another entity, or a part of the data, out of the same files: items by who buys them, tickets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reading import Built, built
from segmentry.projectfile.load import read

pytestmark = pytest.mark.data

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "joining.md"


def example(heading: str) -> str:
    """Give the project file that stands under a heading of the guide."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    return text.partition("```yaml\n")[2].partition("```")[0]


def made(heading: str, folder: Path) -> Built:
    project = read(example(heading), file="segmentry.yaml", folder=folder).project
    return built(
        *project.sources,
        folder=folder,
        features=project.features,
        windows=project.windows,
        outcomes=project.outcomes,
    )


def test_items_are_segmented_by_who_buys_them(data_folder: Path) -> None:
    folder = data_folder / "online_retail"
    table = made("Items in place of people", folder).table.data.to_pandas().set_index("entity_id")
    rows = pd.read_parquet(folder / "online_retail.parquet")
    kept = rows["CustomerID"].notna() & (rows["Quantity"] > 0) & (rows["UnitPrice"] > 0)
    kept &= (rows["Country"] == "United Kingdom") & (rows["InvoiceDate"] >= "2011-09-01")
    rows = rows[kept]
    assert len(table) == rows["StockCode"].nunique()
    by = rows.groupby("StockCode")
    for name, wanted in {
        "n_events": by.size(),
        "n_items": by["CustomerID"].nunique(),
        "n_orders": by["InvoiceNo"].nunique(),
        "value_total": (rows["Quantity"] * rows["UnitPrice"]).groupby(rows["StockCode"]).sum(),
    }.items():
        np.testing.assert_allclose(
            table[name].astype(float), wanted[table.index].astype(float), rtol=1e-9
        )


def test_tickets_are_entities_of_their_own(data_folder: Path) -> None:
    folder = data_folder / "ravenstack_saas"
    table = made("Tickets in place of accounts", folder).table.data.to_pandas()
    rows = pd.read_csv(folder / "support_tickets.csv.gz")
    rows = rows[rows["priority"].isin(["high", "urgent"])].set_index("ticket_id")
    assert sorted(table["entity_id"]) == sorted(rows.index)
    hours = table.set_index("entity_id")["resolution_time_hours"]
    assert (hours == rows["resolution_time_hours"][hours.index]).all()


@pytest.mark.parametrize(
    "heading",
    [
        "A key that leads to the entity",
        "What changes in time",
        "Users and accounts",
        "Items in place of people",
        "Tickets in place of accounts",
    ],
)
def test_every_project_of_the_guide_can_be_read(heading: str, tmp_path: Path) -> None:
    assert read(example(heading), file="segmentry.yaml", folder=tmp_path).project.sources
