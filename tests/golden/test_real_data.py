"""`init` and `run` without editing on real data: what has to hold whatever the segments are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from commands import segmentry
from segmentry.pipeline.finished import Run

pytestmark = pytest.mark.xdist_group("real data")  # the runs are shared, so in one process

SETS = {
    "online_retail": "online_retail/online_retail.parquet",
    "cdnow": "cdnow/cdnow.csv.gz",
    "cc_general": "cc_general/cc_general.csv.gz",
    "telco_churn": "telco_churn/telco_churn.csv.gz",
}
ENTITIES = {"online_retail": 4_339, "cdnow": 23_570, "cc_general": 8_950, "telco_churn": 7_043}


Finished = tuple[str, Path, Run]


@pytest.fixture(scope="session")
def finished(
    data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Finished]:
    """Do the two commands once for each set that is asked for."""

    @cache
    def run(name: str) -> Finished:
        folder = tmp_path_factory.mktemp(name)
        for words in (("init", data_folder / SETS[name]), ("run",)):
            ended = segmentry(*words, folder=folder)
            assert ended.status == 0, ended.messages
        return name, folder, Run.opened(folder / "runs" / "latest")

    return run


@pytest.fixture(params=sorted(SETS))
def done(request: pytest.FixtureRequest, finished: Callable[[str], Finished]) -> Finished:
    """Give the finished run of each set in turn."""
    return finished(request.param)


def project(run: Run) -> dict[str, Any]:
    manifest = json.loads((run.folder / "release" / "manifest.json").read_text())
    plain: dict[str, Any] = manifest["project"]
    return plain


def roles(run: Run) -> dict[str, str]:
    plain: dict[str, str] = project(run)["features"]["roles"]
    return plain


def test_every_entity_has_a_segment(done: Finished) -> None:
    name, _, run = done
    assert run.assignments().num_rows == ENTITIES[name]
    assert sum(s["size"] for s in run.segments) == ENTITIES[name]


def test_the_number_of_segments_lies_in_the_band(done: Finished) -> None:
    _, _, run = done
    assert 4 <= len(run.segments) <= 8


def test_names_are_short_unique_and_no_numbers(done: Finished) -> None:
    _, _, run = done
    names = [s["name"] for s in run.segments]
    assert len(set(names)) == len(names)
    for name in names:
        assert 2 <= len(name.replace("-", " ").split()) <= 6
        assert len(name.split()) <= 4
        assert not any(word in name.lower() for word in ("cluster", "segment", "group"))


def test_the_silhouette_is_the_one_of_scikit_learn(done: Finished) -> None:
    _, _, run = done
    from segmentry.domain.table import FeatureTable

    release = run.release()
    table = FeatureTable.of(run.features(), release.columns)
    X = release.recipe.apply(table).X
    labels = np.array(run.assignments()["segment_id"].to_pylist())
    rows = np.random.default_rng(0).choice(len(X), min(len(X), 6_000), replace=False)
    check = next(c for c in run.documents["evidence"]["checks"] if c["name"] == "silhouette")
    assert check["estimate"] == pytest.approx(silhouette_score(X[rows], labels[rows]), abs=0.015)


def test_assigning_the_same_file_gives_the_same_answers(done: Finished, data_folder: Path) -> None:
    name, folder, run = done
    output = folder / "again.parquet"
    ended = segmentry("assign", data_folder / SETS[name], "--output", output, folder=folder)
    assert ended.status == 0, ended.messages
    assert pq.read_table(output).equals(run.assignments())


def test_roles_are_right(done: Finished) -> None:
    name, _, run = done
    source = project(run)["sources"][0]
    if name == "online_retail":
        assert source["columns"]["entity"] == "CustomerID"
        assert source["columns"]["time"] == "InvoiceDate"
        assert source["columns"]["order"] == "InvoiceNo"
        assert roles(run)["Country"] == "overlay"
        assert "'C'" in source["where"]
    elif name == "cdnow":
        assert source["columns"]["amount"] == "usd"
    elif name == "telco_churn":
        found = Counter(roles(run).values())
        assert roles(run)["Churn"] == "outcome"
        assert roles(run)["gender"] == "overlay"
        assert found["cluster"] >= 10
    else:
        assert source["shape"] == "table"
        assert roles(run)["PURCHASES"] == "cluster"


def test_figures_can_be_computed_again_from_the_raw_data(
    finished: Callable[[str], Finished], data_folder: Path
) -> None:
    name, _, run = finished("online_retail")
    import duckdb

    raw = data_folder / SETS[name]
    rows = duckdb.sql(
        f"""
        SELECT CustomerID, count(*), count(DISTINCT InvoiceNo), sum(Quantity * UnitPrice),
               epoch(TIMESTAMP '2011-12-09 12:50:00.000001' - max(InvoiceDate)) / 86400
        FROM '{raw}' WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%'
        GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    ours = run.features()
    assert ours["entity_id"].to_pylist() == [r[0] for r in rows]
    assert ours["n_events"].to_pylist() == [r[1] for r in rows]
    assert ours["n_orders"].to_pylist() == [r[2] for r in rows]
    assert np.allclose(ours["value_total"].to_numpy(), [r[3] for r in rows], atol=1e-6)
    assert np.allclose(ours["recency_days"].to_numpy(), [r[4] for r in rows], atol=1e-6)


def test_another_seed_finds_much_the_same(
    finished: Callable[[str], Finished], tmp_path: Path
) -> None:
    _, folder, run = finished("online_retail")
    file = folder / "seed.yaml"
    file.write_text((folder / "segmentry.yaml").read_text().replace("seed: 0", "seed: 7"))
    ended = segmentry("run", "-p", file, "--output", tmp_path / "run", folder=folder)
    assert ended.status == 0, ended.messages
    again = Run.opened(tmp_path / "run")
    a, b = (r.assignments()["segment_id"].to_pylist() for r in (run, again))
    assert adjusted_rand_score(a, b) > 0.6
