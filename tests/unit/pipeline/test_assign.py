from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.project import Project, Shape, Source, frozen_mapping
from segmentry.errors import AssignmentError, EngineError, StoreError, UsageError
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.load import load
from shop import customers, orders, write_csv


def run_on_orders(folder: Path) -> Run:
    write_csv(orders(), folder / "orders.csv")
    columns = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
    source = Source("orders", "orders.csv", columns=frozen_mapping(columns))
    return run_project(Project("shop", (source,), folder=folder))


def run_on_customers(folder: Path) -> Run:
    write_csv(customers(), folder / "customers.csv")
    columns = frozen_mapping({"entity": "customer_id"})
    source = Source("customers", "customers.csv", Shape.TABLE, columns)
    return run_project(Project("shop", (source,), folder=folder))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_on_orders(tmp_path_factory.mktemp("orders"))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_on_customers(tmp_path_factory.mktemp("customers"))


def test_the_training_file_gets_the_very_same_answers(shop: Run) -> None:
    again = assign_file(shop.folder, shop.folder.parents[1] / "orders.csv", threads=2)
    assert again.equals(shop.assignments())


def test_without_a_file_the_sources_give_the_very_same_answers(shop: Run) -> None:
    assert assign_file(shop.folder, None, project_folder=shop.folder.parents[1]).equals(
        shop.assignments()
    )


def test_sources_are_reached_as_the_project_file_says(shop: Run) -> None:
    elsewhere = Source("orders", "orders.csv", connection="nowhere://host")
    with pytest.raises(EngineError, match="no engine is called 'nowhere'"):
        assign_file(shop.folder, None, sources=[elsewhere])


def test_another_process_gives_the_very_same_answers(shop: Run, tmp_path: Path) -> None:
    script = (
        "import sys; import pyarrow.parquet as pq; from segmentry import assign;"
        "pq.write_table(assign(sys.argv[2], run=sys.argv[1], threads=1), sys.argv[3])"
    )
    data, output = shop.folder.parents[1] / "orders.csv", tmp_path / "again.parquet"
    words = [sys.executable, "-c", script, str(shop.folder), str(data), str(output)]
    subprocess.run(words, check=True)
    assert pq.read_table(output).equals(shop.assignments())


@pytest.mark.parametrize("customer", [1, 2, 77])
def test_one_customer_alone_gets_the_same_answer(shop: Run, tmp_path: Path, customer: int) -> None:
    log = orders()
    one = log.filter(pa.compute.equal(log["customer_id"], customer))
    alone = assign_file(shop.folder, write_csv(one, tmp_path / "one.csv"))
    expected = shop.assignments().slice(customer - 1, 1)
    assert alone.to_pylist() == expected.to_pylist()


@pytest.mark.parametrize("customer", [1, 50, 200])
def test_one_row_of_a_table_gets_the_same_answer(table: Run, tmp_path: Path, customer: int) -> None:
    one = write_csv(customers().slice(customer - 1, 1), tmp_path / "one.csv")
    expected = table.assignments().slice(customer - 1, 1)
    assert assign_file(table.folder, one).to_pylist() == expected.to_pylist()


def test_confidence_that_was_not_learned_is_told(
    table: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write_csv(customers().slice(0, 1), tmp_path / "one.csv")
    learned, earlier = Audit(), Audit()
    assign_file(table.folder, one, audit=learned)
    monkeypatch.setattr(Assigner, "is_calibrated", property(lambda _: False))
    assign_file(table.folder, one, audit=earlier)
    assert not learned.findings
    assert [f.code for f in earlier.findings] == ["confidence_not_learned"]


def test_a_missing_feature_is_named(table: Run, tmp_path: Path) -> None:
    narrow = write_csv(customers().drop_columns(["spend"]), tmp_path / "narrow.csv")
    with pytest.raises(AssignmentError, match="'spend'"):
        assign_file(table.folder, narrow)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a run"):
        assign_file(tmp_path, tmp_path / "x.csv")


def test_a_project_of_several_sources_is_not_assigned_from_one_file(tmp_path: Path) -> None:
    write_csv(orders(), tmp_path / "a.csv")
    write_csv(orders(seed=1), tmp_path / "b.csv")
    columns = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}
    sources = tuple(Source(n, f"{n}.csv", columns=frozen_mapping(columns)) for n in ("a", "b"))
    run = run_project(Project("shop", sources, folder=tmp_path))
    with pytest.raises(UsageError, match="2 sources"):
        assign_file(run.folder, tmp_path / "a.csv")


def test_entities_that_the_cut_leaves_out_are_told(shop: Run, tmp_path: Path) -> None:
    log = orders()
    late = pa.table({"customer_id": [999], "ordered_at": ["2031-01-01"], "amount": [5.0]})
    late = late.cast(log.schema)
    data = write_csv(pa.concat_tables([log, late]), tmp_path / "late.csv")
    audit = Audit()
    answers = assign_file(shop.folder, data, audit=audit)
    assert answers.num_rows == 120
    found = next(f for f in audit.findings if f.code == "after_cut")
    assert found.count == 1


@pytest.fixture(scope="module")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose segments are shaped by shares of kinds, found in the data."""
    folder = tmp_path_factory.mktemp("clicks")
    rng = np.random.default_rng(4)
    lines = ["id,at,what"]
    for entity in range(150):
        likes = [0.8, 0.15, 0.05] if entity % 2 else [0.2, 0.3, 0.5]
        for i in range(10 + 20 * (entity % 2)):
            kind = rng.choice(["look", "buy", "rate"], p=rng.dirichlet(20 * np.array(likes)))
            lines.append(
                f"e{entity:03d},2024-{1 + i % 6:02d}-{1 + int(rng.integers(28)):02d},{kind}"
            )
    (folder / "clicks.csv").write_text("\n".join(lines) + "\n")
    columns = frozen_mapping({"entity": "id", "time": "at", "kind": "what"})
    return run_project(
        Project("clicks", (Source("clicks", "clicks.csv", columns=columns),), folder=folder)
    )


def test_shares_found_in_the_data_are_kept_with_the_release(clicks: Run) -> None:
    shares = [c for c in clicks.release().columns if c.share is not None]
    assert {c.name for c in shares} == {"share_kind=look", "share_kind=buy", "share_kind=rate"}
    assert {c.share.field for c in shares if c.share} == {"kind"}
    assert any(n.startswith("share_kind=") for n in clicks.release().recipe.names)
    again = assign_file(clicks.folder, clicks.folder.parents[1] / "clicks.csv")
    assert again.equals(clicks.assignments())


@pytest.mark.parametrize("entity", ["e000", "e101"])
def test_one_entity_alone_is_put_where_it_was_among_all(
    clicks: Run, tmp_path: Path, entity: str
) -> None:
    lines = (clicks.folder.parents[1] / "clicks.csv").read_text().splitlines()
    own = [line for line in lines[1:] if line.startswith(entity)]
    (tmp_path / "one.csv").write_text("\n".join([lines[0], *own]) + "\n")
    alone = assign_file(clicks.folder, tmp_path / "one.csv").to_pylist()
    assert alone == [r for r in clicks.assignments().to_pylist() if r["entity_id"] == entity]


OWN = """
sources:
  - path: orders.csv
    columns: {entity: customer_id, time: ordered_at, amount: amount}
features:
  define:
    - name: big_share
      facet: value
      unit: share
      sentence: share of orders above fifty
      formula: count(events where amount > 50) / count(events)
    - name: tempo
      facet: rhythm
      sentence: often or seldom
      formula: often if count(events) > 8; else seldom
segments: {min: 2, max: 4}
"""


def test_own_features_go_with_the_run_whatever_becomes_of_the_project_file(tmp_path: Path) -> None:
    write_csv(orders(), tmp_path / "orders.csv")
    file = tmp_path / "segmentry.yaml"
    file.write_text(OWN)
    run = run_project(load(file).project)
    features = run.features()
    shares = {row["entity_id"]: row["big_share"] for row in features.to_pylist()}
    log = orders().to_pylist()
    mine = [row["amount"] > 50 for row in log if row["customer_id"] == 7]
    assert shares[7] == pytest.approx(sum(mine) / len(mine))
    assert set(features["tempo"].to_pylist()) == {"often", "seldom"}
    file.write_text(OWN.replace("> 50", "> 5"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again = assign_file(run.folder, tmp_path / "orders.csv", project_folder=elsewhere)
    assert again.equals(run.assignments())
    told = run.documents["summary"]["features"]
    assert "share of orders above fifty" in {f["sentence"] for f in told}
    assert "Share of orders above fifty" in run.report.read_text()
