"""A figure tells itself in sentences, tables, a page and pictures, all of the same charts."""

from __future__ import annotations

import html
import re

import pytest

from factories_render import documents
from segmentry.errors import UsageError
from segmentry.render import page
from segmentry.render.figure import Figure
from segmentry.render.plots import Plots


def without_library(text: str) -> str:
    """Leave out the chart library, which writes HTML of its own."""
    library = page.asset(page.CHART_SCRIPT)
    assert library in text
    return text.replace(library, "")


@pytest.fixture(scope="module")
def plots() -> Plots:
    return Plots(documents())


def test_it_says_what_its_charts_find(plots) -> None:
    snake = plots.snake()
    (chart,) = snake.charts
    assert str(snake) == repr(snake) == f"{chart.title}: {chart.summary()}"
    assert snake.tables == (chart.table(),)


def test_its_page_holds_table_finding_and_data_and_asks_for_nothing(plots) -> None:
    text = without_library(plots.heatmap().html())
    (chart,) = plots.heatmap().charts
    assert chart.summary() in html.unescape(text)
    assert 'id="chart-data"' in text
    assert "default-src 'none'" in html.unescape(text)
    assert not re.search(r'(src|href)="(?!#)', text)


def test_terms_of_its_charts_are_explained_and_no_others(plots) -> None:
    text = plots.silhouettes().html()
    terms = set(re.findall(r'class="term" href="#([^"]+)"', text))
    assert terms
    assert all(f'id="{term}"' in text for term in terms)
    assert "calinski-harabasz" not in text
    assert 'id="glossary"' not in plots.sizes().html()


def test_a_notebook_shows_the_page_in_a_frame_that_reads_nothing(plots) -> None:
    shown = plots.snake()._repr_html_()
    assert shown.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in shown
    (inside,) = re.findall(r'srcdoc="([^"]*)"', shown)
    assert html.unescape(inside) == plots.snake().html()


def test_names_from_data_stay_text() -> None:
    nasty = Plots(documents(nasty=True))
    for name in nasty.names:
        text = without_library(getattr(nasty, name)().html())
        assert "<script>alert" not in text
        assert "<img" not in text


@pytest.mark.parametrize("ending", [".html", ".png", ".svg", ".pdf"])
def test_it_is_saved_as_its_ending_says(plots, tmp_path, ending) -> None:
    file = plots.choice().save(tmp_path / f"choice{ending}")
    begins = {".html": b"<!doctype", ".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}
    assert file.read_bytes().lstrip().startswith(begins[ending])


def test_another_ending_is_refused(plots, tmp_path) -> None:
    with pytest.raises(UsageError, match=r"not written as \.xlsx"):
        plots.snake().save(tmp_path / "snake.xlsx")
    assert isinstance(plots.snake(), Figure)
