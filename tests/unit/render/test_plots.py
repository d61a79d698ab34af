"""The charts of a run by name are those of its report."""

from __future__ import annotations

import pytest

from factories_render import counted, documents, minimal
from segmentry.errors import UsageError
from segmentry.render.plots import _KEYS, Plots
from segmentry.render.report import VIEW_OF, charts_of, render_report


def test_every_chart_of_the_report_has_a_name() -> None:
    groups = charts_of(documents())
    keys = {c.key for c in groups["single"]} | {k for k in groups if k != "single" and groups[k]}
    assert keys == {_KEYS[name] for name in Plots(documents()).names}


def test_they_are_the_charts_of_the_report() -> None:
    told, plots = render_report(documents()), Plots(documents())
    for name in plots.names:
        for chart in getattr(plots, name)().charts:
            assert f'data-chart="{VIEW_OF.get(chart.key, chart.key)}"' in told


def test_it_names_what_it_has() -> None:
    plots = Plots(documents())
    assert repr(plots).startswith("Plots: sizes(), heatmap(), snake(), radar(), ")


def test_what_a_run_has_not_is_told_with_what_it_has() -> None:
    plots = Plots(minimal())
    (lacking, *_) = [name for name in _KEYS if name not in plots.names]
    with pytest.raises(UsageError, match=f"nothing to draw as '{lacking}'") as told:
        getattr(plots, lacking)()
    assert "sizes" in str(told.value.hint)


def test_another_map_is_made_when_it_is_asked_for() -> None:
    asked = []

    def made(by: str) -> dict:
        asked.append(by)
        told = counted(documents())["summary"]["map"]
        return {**told, "by": "UMAP", "kept": [], "n_all": 9_000, "beside": told["quality"]}

    plots = Plots(documents(), made)
    (own,) = plots.map().charts
    assert asked == []
    (other,) = plots.map(by="umap").charts
    assert asked == ["umap"]
    assert (own.title, other.title) == (
        "The segments on a map",
        "The segments on a map by UMAP",
    )
    assert "of 9,000 customers, drawn by chance" in other.summary()
    assert "variance" not in other.summary()


def test_documents_alone_hold_no_other_map() -> None:
    with pytest.raises(UsageError, match="other maps are made from a run's folder"):
        Plots(documents()).map(by="umap")
