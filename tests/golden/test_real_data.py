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
from segmentry.render import figures
from told import FIGURE, ascending, sentences, stored, unknown

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


def of_a_card(documents: dict[str, Any], segment: dict[str, Any]) -> list[float]:
    """Give what a run stores of one segment: no other segment's figures may stand in its card."""
    parts = [p for p in documents["evidence"].values() if isinstance(p, dict)]
    lists = [v for p in parts for v in p.values() if isinstance(v, list)]
    own = [e for v in lists for e in v if isinstance(e, dict) and segment["id"] in mentioned(e)]
    of_all = [
        documents["summary"]["n_entities"],
        documents["evidence"].get("health", {}).get("floor"),
    ]
    return ascending(stored(segment), stored(own), stored(of_all))


def mentioned(entry: dict[str, Any]) -> set[Any]:
    """Give the segment that an entry of the evidence is about."""
    return {entry.get("id"), entry.get("segment_id"), entry.get("segment")}


def of_a_report(documents: dict[str, Any]) -> list[float]:
    """Give what a run stores, and the few sums and counts that a report makes of it."""
    segments, summary = documents["segments"]["segments"], documents["summary"]
    counted = [c[-1] for c in summary["map"].get("cells", ())]
    told: dict[tuple[str, str | None], list[float]] = {}
    for c in (c for s in segments for c in s["contrasts"]):
        told.setdefault((c["feature"], c.get("level")), []).append(c["difference"])
    widths = [max(d) - min(d) for d in told.values()]
    axes = figures.radar(segments)
    made = [sum(s.get("value_total") or 0.0 for s in segments), sum(counted), len(told)]
    return ascending(stored(documents), made, widths, [axes.limit] if axes else [])


def test_every_figure_in_a_sentence_of_the_report_is_a_stored_one(done: Finished) -> None:
    _, _, run = done
    cards = {f"segment-{s['id']}": of_a_card(run.documents, s) for s in run.segments}
    every = of_a_report(run.documents)
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    seen = Counter[str]()
    for places, text in sentences(page):
        card = next((p for p in places if p in cards), None)
        seen[card or ""] += 1
        # The glossary tells of methods and years, not of this run.
        if "glossary" not in places:
            assert not unknown(text, cards[card] if card else every), (places, text)
    assert all(seen[card] >= 10 for card in cards)
    assert seen[""] > 50


def test_a_figure_with_one_digit_altered_is_mostly_noticed(done: Finished) -> None:
    _, _, run = done
    rng = np.random.default_rng(0)
    known = of_a_card(run.documents, run.segments[0])
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    place = f"segment-{run.segments[0]['id']}"
    told = [m for p, text in sentences(page) if place in p for m in FIGURE.finditer(text)]
    noticed = [bool(unknown(altered(m[1], rng) + (m[2] or ""), known)) for m in told]
    assert len(noticed) > 20
    assert np.mean(noticed) > 0.4


def altered(figure: str, rng: np.random.Generator) -> str:
    """Put another digit in the place of one."""
    place = rng.choice([i for i, c in enumerate(figure) if c.isdigit()])
    other = rng.choice([c for c in "123456789" if c != figure[place]])
    return f"{figure[:place]}{other}{figure[place + 1 :]}"
