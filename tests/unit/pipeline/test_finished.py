"""A finished run gives its tables in each shape, its charts, and a card."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from segmentry.errors import UsageError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from shops import shop_project


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(shop_project(tmp_path_factory.mktemp("shop")))


@pytest.mark.parametrize("table", ["assignments", "features"])
def test_tables_are_the_same_in_every_shape(run: Run, table: str) -> None:
    arrow = run.to_arrow(table)
    pandas, polars = run.to_pandas(table), run.to_polars(table)
    assert isinstance(pandas, pd.DataFrame)
    assert isinstance(polars, pl.DataFrame)
    assert list(pandas.columns) == polars.columns == arrow.column_names
    ids = arrow.column("entity_id").to_pylist()
    assert pandas["entity_id"].tolist() == polars["entity_id"].to_list() == ids


def test_a_table_that_there_is_not_is_told_with_the_nearest(run: Run) -> None:
    with pytest.raises(UsageError, match="no table 'feature'") as told:
        run.to_arrow("feature")
    assert "'features'" in str(told.value.hint)


def test_its_charts_speak_of_its_own_segments(run: Run) -> None:
    (sizes,) = run.plot.sizes().charts
    assert list(sizes.segments) == [s["name"] for s in run.segments]


def test_a_notebook_shows_verdict_names_and_folder(run: Run) -> None:
    card = run._repr_html_()
    assert run.verdict in card
    assert str(run.folder) in card
    assert all(s["name"] in card for s in run.segments)


def test_a_run_opened_again_is_the_same(run: Run) -> None:
    again = Run.opened(Path(run.folder))
    assert again.fingerprint == run.fingerprint
    assert again.segments == run.segments
