"""The small shop as a project, for tests that run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from segmentry.domain.project import Project, Source, frozen_mapping
from shop import orders, write_csv

ORDERS = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}


def shop_project(folder: Path, **changes: Any) -> Project:
    """Write the orders into a folder, and give the project over them."""
    if not (folder / "orders.csv").exists():
        write_csv(orders(), folder / "orders.csv")
    source = Source("orders", "orders.csv", columns=frozen_mapping(ORDERS))
    return Project("shop", (source,), entity="customer_id", folder=folder, **changes)
