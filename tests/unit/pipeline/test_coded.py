"""Features that a Python function of the project makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project
from segmentry.domain.table import FeatureTable
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import AssignmentError, ProjectFileError, UsageError
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.backfill import backfill
from segmentry.pipeline.coded import check_code, coded
from segmentry.pipeline.microbatch import prepared
from segmentry.pipeline.run import run_project
from segmentry.pipeline.sources import build_table
from segmentry.projectfile.load import load
from shop import orders, write_csv

CODE = """
from dataclasses import dataclass


@dataclass
class Limit:
    bound: "float" = 50.0


def big_share(events, window):
    bought = events.filter(events.kind == "buy")
    return bought.group_by("entity_id").aggregate(big_share=(bought.amount > Limit().bound).mean())


def spread(events, window):
    return events.amount.max() - events.amount.min()


def latest_seen(events, window):
    assert window.as_of is not None
    return events.days_ago.min()
"""
FILE = """
sources:
  - path: orders.csv
    columns: {entity: customer_id, time: ordered_at, amount: amount, kind: kind}
features:
  define:
    - {name: NAME, facet: value, sentence: own, python: "features.py:NAME"}
segments: {min: 2, max: 4}
"""


def log() -> pa.Table:
    rows = orders(60)
    kinds = ["look" if i % 3 == 0 else "buy" for i in range(rows.num_rows)]
    return rows.append_column("kind", pa.array(kinds))


def shop(folder: Path, name: str = "big_share", code: str = CODE) -> Project:
    write_csv(log(), folder / "orders.csv")
    (folder / "features.py").write_text(code)
    (folder / "segmentry.yaml").write_text(FILE.replace("NAME", name))
    return load(folder / "segmentry.yaml").project


def built(project: Project, as_of: datetime | None = None) -> tuple[FeatureTable, Audit]:
    audit = Audit()
    engine = open_engine(url_of(project.sources))
    try:
        table, _, _ = build_table(
            project, engine, as_of=as_of, audit=audit, allow_bad_rows=False, progress=Silent()
        )
    finally:
        engine.close()
    return table, audit


def column(table: FeatureTable, name: str) -> dict[int, Any]:
    return dict(zip(table.entity_ids.to_pylist(), table.data[name].to_pylist(), strict=True))


def expected(rows: list[dict[str, Any]]) -> dict[int, float | None]:
    told: dict[int, float | None] = {}
    for customer in sorted({r["customer_id"] for r in rows}):
        bought = [r for r in rows if r["customer_id"] == customer and r["kind"] == "buy"]
        told[customer] = sum(r["amount"] > 50 for r in bought) / len(bought) if bought else None
    return told


def test_a_table_of_entities_and_words_becomes_a_feature(tmp_path: Path) -> None:
    table, audit = built(shop(tmp_path))
    assert column(table, "big_share") == pytest.approx(expected(log().to_pylist()))
    assert table.column("big_share").sentence == "own"
    (told,) = [f for f in audit.findings if f.code == "own_code"]
    assert "big_share by python features.py:big_share" in told.sentence


def test_a_value_is_aggregated_by_entity(tmp_path: Path) -> None:
    table, _ = built(shop(tmp_path, "spread"))
    amounts = [r["amount"] for r in log().to_pylist() if r["customer_id"] == 9]
    assert column(table, "spread")[9] == pytest.approx(max(amounts) - min(amounts))


def test_it_reads_ids_as_they_are_written(tmp_path: Path) -> None:
    rows = log().append_column(
        "basket", pa.array([f"{'R' if i % 4 else 'B'}{i}" for i in range(log().num_rows)])
    )
    write_csv(rows, tmp_path / "orders.csv")
    (tmp_path / "features.py").write_text(
        'def red_share(events, window):\n    return events.order_id.startswith("R").mean()\n'
    )
    text = FILE.replace("NAME", "red_share").replace("kind: kind", "kind: kind, order: basket")
    (tmp_path / "segmentry.yaml").write_text(text)
    project = load(tmp_path / "segmentry.yaml").project
    found = column(built(project)[0], "red_share")
    for customer, share in found.items():
        own = [r["basket"] for r in rows.to_pylist() if r["customer_id"] == customer]
        assert share == pytest.approx(sum(b[0] == "R" for b in own) / len(own))


def test_it_sees_nothing_after_the_cut(tmp_path: Path) -> None:
    project, cut = shop(tmp_path), datetime(2011, 3, 1, tzinfo=UTC)
    before = [r for r in log().to_pylist() if r["ordered_at"].replace(tzinfo=UTC) < cut]
    table, _ = built(project, cut)
    assert column(table, "big_share") == pytest.approx(expected(before))
    ago, _ = built(shop(tmp_path, "latest_seen"), cut)
    assert min(column(ago, "latest_seen").values()) > 0
    assert column(ago, "latest_seen") == pytest.approx(column(ago, "recency_days"))


def test_it_may_be_the_only_feature(tmp_path: Path) -> None:
    project = shop(tmp_path)
    alone = replace(project, features=replace(project.features, include=("big_share",)))
    table, _ = built(alone)
    assert [c.name for c in table.columns] == ["big_share"]
    assert table.n_entities == 60


WRONG = {
    "def big_share(events, window): return 1": "it gives int, no Ibis table and no Ibis value",
    "def big_share(events, window): return events": "its table has no column 'big_share'",
    "def big_share(e, w): return e.mutate(big_share=1)": "more than one row for an entity_id",
    "def big_share(e, w): return e.group_by('entity_id').agg(big_share=e.kind.max())": "no numbers",
    "def big_share(events, window):\n    return events.amout": "it fails: features.py:2: Attribute",
    "def big_share(e, w): return e.group_by(entity_id='u' + e.entity_id.cast('string'))"
    ".agg(big_share=e.count())": "its entity_id holds string",
    "def big_share(e, w): return (e.amount.max().cast('string') + 'z').cast('int64')": (
        "what it gives cannot be computed"
    ),
    "def big_share(events): return events": "it fails: .*TypeError",
    "def small_share(e, w): return e": "has no function 'big_share'",
    "1 / 0": "its file fails: features.py:1: ZeroDivisionError: division by zero",
    "raise SystemExit": "its file fails: features.py:1: SystemExit",
    "def": "its file fails: features.py:1: SyntaxError",
    "import none_such_beside_it": "its file fails: features.py:1: ModuleNotFoundError",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_no_feature_is_refused_with_line_and_reason(tmp_path: Path, code: str) -> None:
    project = shop(tmp_path, code=code)
    with pytest.raises(ProjectFileError, match=WRONG[code]) as refused:
        built(project)
    assert (refused.value.code, refused.value.key) == ("E1011", "features.define[0].python")


def test_a_file_that_changes_between_reading_and_running_is_not_run(tmp_path: Path) -> None:
    project = shop(tmp_path)
    (tmp_path / "features.py").write_text("raise SystemExit")
    with pytest.raises(ProjectFileError, match=r"the SHA-256 of 'features\.py' is"):
        built(project)


def test_a_run_keeps_the_digest_and_assigns_with_no_other_code(tmp_path: Path) -> None:
    run = run_project(shop(tmp_path))
    (spec,) = coded(load(tmp_path / "segmentry.yaml").project.features.define)
    assert run.release().project["features"]["define"][0]["sha256"] == spec.formula.sha256  # type: ignore[union-attr]
    again = assign_file(run.folder, tmp_path / "orders.csv", project_folder=tmp_path)
    assert again.equals(run.assignments())
    assert b"big_share by python" in run.report.read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    mark = elsewhere / "was_run"
    for code, why in (
        (None, "there is no file 'features.py'"),
        (f"open({str(mark)!r}, 'w')\n{CODE}", "not what it was in the run"),
    ):
        if code is not None:
            (elsewhere / "features.py").write_text(code)
        with pytest.raises(AssignmentError, match=why) as refused:
            assign_file(run.folder, tmp_path / "orders.csv", project_folder=elsewhere)
        assert refused.value.code == "E6003"
    assert not mark.exists()
    with pytest.raises(UsageError, match="code is run for whole files only"):
        prepared(
            pa.schema([("entity_id", pa.int64()), ("micros", pa.int64()), ("kind", pa.string())]),
            load(tmp_path / "segmentry.yaml").project,
            run.release(),
            open_engine("duckdb://"),
        )


def test_a_release_that_names_no_digest_runs_nothing(tmp_path: Path) -> None:
    project = shop(tmp_path)
    (spec,) = project.features.define
    bare = replace(spec, formula=replace(spec.formula, sha256=None))  # type: ignore[type-var]
    tampered = replace(project, features=replace(project.features, define=(bare,)))
    with pytest.raises(AssignmentError, match="does not say which content it had"):
        check_code(tampered)
    check_code(project)


def test_snapshots_have_the_feature_as_of_each_day(tmp_path: Path) -> None:
    project = shop(tmp_path)
    days = [date(2011, 3, 1), date(2011, 6, 1)]
    done = backfill(project, days, tmp_path / "snapshots")
    for day, snapshot in zip(days, done.snapshots, strict=True):
        cut = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found, _ = built(project, cut)
        rows = pq.read_table(tmp_path / "snapshots" / f"as_of={snapshot.day}" / "features.parquet")
        told = dict(zip(rows["entity_id"].to_pylist(), rows["big_share"].to_pylist(), strict=True))
        assert told == column(found, "big_share")


def test_snapshots_of_a_release_are_made_by_its_own_definitions(tmp_path: Path) -> None:
    release = run_project(shop(tmp_path)).release()
    days = [date(2011, 6, 1)]
    renamed = load(tmp_path / "segmentry.yaml").project
    renamed = replace(renamed, features=replace(renamed.features, define=()))
    done = backfill(renamed, days, tmp_path / "snapshots", release=release)
    assert {f.name for f in done.snapshots[0].files} == {"features.parquet", "assignments.parquet"}
    (tmp_path / "features.py").write_text(CODE.replace("50.0", "5.0"))
    with pytest.raises(AssignmentError, match="not what it was in the run"):
        backfill(renamed, days, tmp_path / "others", release=release)
