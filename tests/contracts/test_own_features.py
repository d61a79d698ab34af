"""Features that a project defines by a formula are the same on every engine."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from alike import assert_alike
from places import Place, events_of
from segmentry.domain.audit import Audit
from segmentry.domain.feature import Coded, FeatureSpec
from segmentry.domain.formulatext import read_formula
from segmentry.domain.progress import Silent
from segmentry.domain.project import FeatureChoice, Project, frozen_mapping
from segmentry.domain.role import Facet, Kind
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.pipeline.sources import build_table
from simulated import PURCHASES, log
from simulated import events_of as simulated_events

TEXTS = (
    "count(events where hour < 5) / count(events)",
    "count(events where hour >= 22 and weekday not in 6, 7)",
    "count(events where amount at least 20.5) / count(amount)",
    "mean(amount where channel in web, app) - median(amount)",
    "most(amount in 90d) / larger(least(amount in history), 1)",
    "latest(amount where quantity > 1 in history) + earliest(quantity)",
    "distinct(category where amount > 10 in 200d) + top(item) - pairs(channel) / 10",
    "distinct(day where hour < 12) + distinct(hour)",
    "median(period) * 2 + mean(day_age where is_later_day in 1)",
    "sqrt(count(events) - 5) / ln(count(events where kind in many) - 1)",
    "days(last(events where kind in many) - first(events in history)) if count(events) >= 4",
    "or zero(most(gap over steps where gap >= 1 in 180d))",
    "mean(gap_seconds over steps by channel where channel is that before and before in web)",
    "count(steps by category where category is that before) / count(steps by category)",
    "sum(days over runs where age <= 60) + count(runs where days > 1)",
    "most(sum(amount where quantity > 1) over orders in 300d)",
    "count(orders where distinct(category) >= 2 and sum(amount) > 30) / count(orders)",
    "mean(weekday) + median(seconds over visits) / 60 + count(visits where count(events) > 1)",
    "steps in order(first(events), first(events where kind in many), last(events in prior))",
    "count(events where order is known and kind means purchase) / count(days in trend)",
    "none if count(events in recent) <= 0; 'a few' if count(events in recent) <= 2 and"
    " sum(amount in recent) > 0; else many",
)


FEW = "count(events where amount at least 20.5 and category not in kitchen) / count(amount)"


def own(i: int, text: str) -> FeatureSpec:
    return FeatureSpec(f"own_{i}", read_formula(text), Facet.VALUE, "", text, "", is_own=True)


def built(place: Place, project: Project) -> FeatureTable:
    """Build the features at one cut: no earlier one is looked at where the window is given."""
    with closing(open_engine(url_of(project.sources))) as engine:
        return build_table(
            replace(project, folder=place.folder),
            engine,
            as_of=None,
            audit=Audit(),
            allow_bad_rows=False,
            progress=Silent(),
            window=Window(datetime(2025, 6, 1, tzinfo=UTC)),
        )[0]


@pytest.mark.postgres
def test_own_features_are_the_same_in_a_database(postgres_url: str, tmp_path: Path) -> None:
    place = Place("postgres", postgres_url, tmp_path)
    rows = simulated_events(log(tmp_path / "sim", "retail", 120))
    specs = tuple(own(i, text) for i, text in enumerate(TEXTS))
    kinds = frozen_mapping({"purchase": ("many",)})
    choice = FeatureChoice(include=tuple(s.name for s in specs), define=specs, kinds=kinds)
    tables = []
    for one in (place, place.beside):
        source = events_of(one, rows, PURCHASES)
        project = Project("own", (source,), time_zone="America/New_York", features=choice)
        tables.append(built(one, project))
    here, there = tables
    assert [c.name for c in here.columns] == [s.name for s in specs]
    assert_alike(here, there)
    for column, text in zip(here.columns, TEXTS, strict=True):
        if column.kind is Kind.NUMBER:
            assert np.isfinite(there.numbers(column.name)).any(), text


CODE = """
import ibis


def own_coded(events, window):
    orders = events.group_by("entity_id", "order_id", "category").aggregate(
        n=events.count(where=(events.days_ago < 100) & (events.hour > 3)),
        spent=events.amount.sum(),
    )
    kitchen = orders.filter(orders.category == "kitchen")
    return kitchen.group_by("entity_id").aggregate(own_coded=(kitchen.n * kitchen.spent).sum())
"""


def test_a_formula_and_a_function_give_the_same_on_every_engine(
    place: Place, tmp_path: Path
) -> None:
    rows = simulated_events(log(tmp_path / "sim", "retail", 20))
    columns = {
        "entity": "customer_id",
        "time": "ordered_at",
        "order": "order_id",
        "category": "category",
        "amount": "quantity * unit_price",
    }
    (place.folder / "coded.py").write_text(CODE)
    code = FeatureSpec(
        "own_coded", Coded("coded.py", "own_coded"), Facet.VALUE, "", "own", "", is_own=True
    )
    choice = FeatureChoice(include=("own_0", "own_coded"), define=(own(0, FEW), code))
    tables = []
    for one in (place, place.beside):
        source = events_of(one, rows, columns)
        tables.append(built(one, Project("own", (source,), features=choice)))
    for name in ("own_0", "own_coded"):
        here, there = (t.numbers(name) for t in tables)
        assert np.isfinite(there).sum() > 5
        assert np.allclose(here, there, rtol=1e-9, equal_nan=True), name
