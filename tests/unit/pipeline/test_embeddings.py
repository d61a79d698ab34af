"""Other maps of a run: always the same, judged beside the principal components, never needed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from builders import blobs
from mixed import mixed_run
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, EngineError, UsageError
from segmentry.pipeline import embeddings
from segmentry.pipeline.embeddings import map_by

N = 300


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return mixed_run(tmp_path_factory.mktemp("mixed"), "k-means", n=N)


def first_two(X, seed):
    """Place by the first two columns: what a package would, without one."""
    return X[:, :2].astype(np.float32)


@pytest.fixture
def simple(monkeypatch):
    monkeypatch.setitem(embeddings.METHODS, "umap", ("UMAP", first_two))


@pytest.mark.parametrize("by", ["umap", "pacmap"])
def test_near_entities_are_placed_near_and_always_in_the_same_places(by):
    pytest.importorskip(by, exc_type=ImportError)
    X, _ = blobs(200, d=6)
    place = embeddings.METHODS[by][1]
    picture = place(X, 7)
    assert picture.shape == (200, 2)
    np.testing.assert_array_equal(picture, place(X, 7))
    assert trustworthiness(X, picture, n_neighbors=10) > 0.85


def test_every_entity_is_placed_with_its_segment(run, simple):
    told = map_by(run.stored, "umap")
    assert (told["by"], told["n_all"], told["n_entities"]) == ("UMAP", N, N)
    sizes = np.bincount([p[2] for p in told["points"]])
    assert sizes.tolist() == [s["size"] for s in run.segments]


def test_it_is_judged_beside_the_principal_components_on_the_same_points(run, simple):
    told = map_by(run.stored, "umap")
    release = run.release()
    X = release.recipe.apply(FeatureTable(run.features(), release.columns)).X
    for key, picture in (("quality", X[:, :2]), ("beside", PCA(2).fit_transform(X))):
        expected = trustworthiness(X, picture, n_neighbors=15)
        assert told[key]["trustworthiness"]["value"] == pytest.approx(expected, abs=2e-3)
    assert told["beside"] == run.documents["summary"]["map"]["quality"]


def test_many_are_counted_in_cells_and_none_is_shown(run, simple, monkeypatch):
    monkeypatch.setattr(embeddings, "MAP_POINTS", 100)
    told = map_by(run.stored, "umap")
    assert "points" not in told
    assert min(n for *_, n in told["cells"]) >= 10
    assert told["quality"]["n_points"] == 100


def test_the_run_draws_it_and_says_what_each_picture_keeps(run, simple):
    figure = run.plot.map(by="umap")
    (chart,) = figure.charts
    assert chart.summary().startswith(f"UMAP placed {N} ")
    assert "the map by principal components has " in chart.summary()
    assert chart.table().rows[-1][0].text == "All, by principal components"
    assert "UMAP" in figure.html()


def test_without_the_package_it_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(EngineError, match="needs the package umap") as told:
        map_by(run.stored, "umap")
    assert told.value.code == "E3007"
    assert "segmentry[maps]" in str(told.value.hint)


def test_what_there_is_not_and_what_cannot_be_placed_is_refused(run, simple):
    with pytest.raises(UsageError, match="no map by 'umpa'") as told:
        map_by(run.stored, "umpa")
    assert "umap" in str(told.value.hint)
    with pytest.raises(DataError, match="UMAP needs 50 entities, and there are 49"):
        embeddings._check(np.zeros((49, 5)), "UMAP")
    with pytest.raises(DataError, match="UMAP needs three prepared columns"):
        embeddings._check(np.zeros((90, 2)), "UMAP")
