"""Every feature of the catalogue on every engine, over simulated and real data.

Features are what the catalogue builds from the columns that are there, so one that is added to it
is compared here without an edit.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from alike import assert_built_alike
from places import Built, Place, events_of
from segmentry.domain.project import FeatureChoice, Project, Source, Windows, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.choose import choose
from segmentry.features.families import FAMILIES
from segmentry.pipeline.events import mapped_fields
from simulated import PURCHASES, log
from simulated import events_of as simulated_events


def everything(columns: dict[str, str], **more: Any) -> FeatureChoice:
    """Ask for every feature of the catalogue that the mapped fields allow, core or not."""
    fields = mapped_fields(Project("x", (Source("x", "x", columns=columns),)))
    names = []
    for spec in CATALOGUE:
        choice = FeatureChoice(include=(spec.name,))
        with suppress(ProjectFileError):
            choose(fields, choice, Windows())
            names.append(spec.name)
    names += [family for family, needs in FAMILIES.items() if fields.issuperset(needs)]
    return FeatureChoice(include=tuple(dict.fromkeys(names)), **more)


def compare(place: Place, rows: pa.Table, columns: dict[str, str], **more: object) -> Built:
    found = []
    for one in (place, place.beside):
        project = Project("features", (events_of(one, rows, columns),), **more)  # type: ignore[arg-type]
        found.append(one.built(project)[0])
    assert_built_alike(*found)
    return found[0]


def test_simulated_purchases(place: Place, tmp_path: Path) -> None:
    rows = simulated_events(log(tmp_path / "sim", "retail", 150))
    columns = PURCHASES | {"session": "order_id"}
    table, _, judged = compare(
        place,
        rows,
        columns,
        time_zone="America/New_York",
        features=everything(columns, roles=frozen_mapping({"country": Role.OVERLAY})),
    )
    assert judged is not None
    assert len(table.columns) > 60


@pytest.mark.data
def test_purchases_of_online_retail(place: Place, data_folder: Path) -> None:
    rows = pq.read_table(data_folder / "online_retail" / "online_retail.parquet")
    rows = rows.filter(pc.is_valid(rows["CustomerID"]))
    table, _, judged = compare(
        place,
        rows,
        {
            "entity": "CustomerID",
            "time": "InvoiceDate",
            "order": "InvoiceNo",
            "item": "StockCode",
            "quantity": "Quantity",
            "amount": "Quantity * UnitPrice",
        },
        time_zone="Europe/London",
        features=FeatureChoice(roles=frozen_mapping({"Country": Role.OVERLAY})),
    )
    assert table.n_entities > 4000
    assert judged is not None


@pytest.mark.data
def test_purchases_of_cdnow(place: Place, data_folder: Path) -> None:
    path = data_folder / "cdnow" / "cdnow.csv.gz"
    rows = pa.csv.read_csv(path)
    table, _, judged = compare(
        place,
        rows,
        {
            "entity": "customer_id",
            "time": "date",
            "quantity": "n_cds",
            "amount": "usd",
        },
    )
    assert table.n_entities > 20_000
    assert judged is not None
