from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segmentry.domain.project import (
    FeatureChoice,
    Privacy,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import has_other_events, run_project
from shop import customers, orders, write_csv

ORDERS = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}


def order_project(folder: Path, **changes: object) -> Project:
    source = Source("orders", "orders.csv", columns=frozen_mapping(ORDERS))
    project = Project("shop", (source,), entity="customer_id", folder=folder)
    return replace(project, **changes)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_csv(orders(), folder / "orders.csv")
    return folder


@pytest.fixture(scope="module")
def run(shop: Path) -> Run:
    return run_project(order_project(shop))


def test_a_run_leaves_every_file_and_points_latest_at_it(run: Run, shop: Path) -> None:
    names = {p.name for p in run.folder.iterdir()}
    assert names >= {
        "assignments.parquet",
        "features.parquet",
        "segments.json",
        "candidates.json",
        "evidence.json",
        "audit.json",
        "timings.json",
        "summary.json",
        "report.html",
        "release",
    }
    assert (shop / "runs" / "latest").resolve() == run.folder


def test_documents_hold_no_null(run: Run) -> None:
    def nulls(value: object) -> bool:
        if isinstance(value, dict):
            return any(nulls(v) for v in value.values())
        if isinstance(value, list):
            return any(nulls(v) for v in value)
        return value is None

    assert not nulls(run.documents)


def test_assignments_have_the_promised_columns_and_one_row_per_entity(run: Run) -> None:
    table = run.assignments()
    assert table.column_names == [
        "entity_id",
        "segment_id",
        "segment",
        "confidence",
        "second_segment",
        "anomaly",
        "anomaly_score",
        "as_of",
    ]
    assert table["entity_id"].to_pylist() == list(range(1, 121))


def test_profiles_add_up_to_everyone(run: Run) -> None:
    assert sum(s["size"] for s in run.segments) == 120
    assert sum(s["share"] for s in run.segments) == pytest.approx(1.0)
    assert sum(s["value_share"] for s in run.segments) == pytest.approx(1.0)


def test_profile_means_are_means_of_the_written_features(run: Run) -> None:
    table = run.features().append_column("segment_id", run.assignments()["segment_id"])
    segment = run.segments[0]
    members = table.filter(pc.equal(table["segment_id"], segment["id"]))
    contrast = next(c for c in segment["contrasts"] if c["feature"] == "recency_days")
    assert contrast["mean"] == pytest.approx(pc.mean(members["recency_days"]).as_py())


def test_equal_seed_and_input_give_an_equal_fingerprint_with_any_number_of_threads(
    run: Run, shop: Path, tmp_path: Path
) -> None:
    again = run_project(order_project(shop), output=tmp_path / "again", threads=1)
    other = run_project(order_project(shop), output=tmp_path / "other", threads=4)
    assert run.fingerprint == again.fingerprint == other.fingerprint


def test_another_seed_gives_another_fingerprint(run: Run, shop: Path, tmp_path: Path) -> None:
    other = run_project(order_project(shop, seed=1), output=tmp_path / "other")
    assert other.fingerprint != run.fingerprint


def test_an_output_folder_leaves_latest_alone(run: Run, shop: Path, tmp_path: Path) -> None:
    run_project(order_project(shop), output=tmp_path / "elsewhere")
    assert (shop / "runs" / "latest").resolve() == run.folder


def test_a_run_is_judged_by_what_followed(run: Run) -> None:
    evidence = run.documents["evidence"]
    heldout = evidence["heldout"]
    assert [o["name"] for o in heldout["outcomes"]] == [
        "active_after",
        "events_after",
        "value_after",
    ]
    known = {s["id"] for s in run.segments}
    for outcome in heldout["outcomes"]:
        assert {s["id"] for s in outcome["segments"]} <= known
        assert sum(s["n"] for s in outcome["segments"]) == heldout["n_entities"]
        assert 0.0 <= outcome["explained"] <= 1.0
        assert all(s["low"] <= s["mean"] <= s["high"] for s in outcome["segments"])
    stability = next(c for c in evidence["checks"] if c["name"] == "time_stability")
    assert 0.0 <= stability["low"] <= stability["estimate"] <= stability["high"] <= 1.0


def test_pseudonyms_hide_every_id_and_change_no_segment(tmp_path: Path) -> None:
    log = orders()
    names = pa.array([f"secret{c:05d}" for c in log["customer_id"].to_pylist()])
    hidden_log = log.set_column(0, "customer_id", names)
    write_csv(hidden_log, tmp_path / "orders.csv")
    with (tmp_path / "orders.csv").open("a") as file:
        file.write('"secret00007",2099-01-01 00:00:00,5\n"secret00013",2011-02-02 00:00:00\n')
    project = order_project(tmp_path)
    hidden = run_project(replace(project, privacy=Privacy("pseudonym")), output=tmp_path / "hidden")
    shown = run_project(project, output=tmp_path / "shown")
    for path in hidden.folder.rglob("*"):
        assert path.is_dir() or b"secret0" not in path.read_bytes(), path
    ids = hidden.assignments()["entity_id"].to_pylist()
    assert len(set(ids)) == 120
    assert all(len(i) == 32 for i in ids)
    assert [s["size"] for s in hidden.segments] == [s["size"] for s in shown.segments]


def test_without_the_total_no_share_of_value_is_claimed(shop: Path, tmp_path: Path) -> None:
    choice = FeatureChoice(exclude=("value_total",))
    run = run_project(order_project(shop, features=choice), output=tmp_path / "run")
    assert not any("value_share" in s for s in run.segments)


def test_the_manifest_names_every_feature_with_role_and_facet(run: Run) -> None:
    manifest = json.loads((run.folder / "release" / "manifest.json").read_text())
    features = {f["name"]: f for f in manifest["features"]}
    assert features["recency_days"]["role"] == "cluster"
    assert features["value_total"]["facet"] == "value"


def churned_customers(folder: Path, key: str) -> Project:
    table = customers()
    churned = [i % 3 == 0 for i in range(table.num_rows)]
    write_csv(table.append_column(key, pa.array(churned)), folder / "customers.csv")
    columns = frozen_mapping({"entity": "customer_id"})
    source = Source("customers", "customers.csv", Shape.TABLE, columns)
    roles = FeatureChoice(roles=frozen_mapping({key: Role.OUTCOME}))
    return Project("p", (source,), features=roles, folder=folder)


@pytest.mark.parametrize("name", ["churned", "Entity_ID", "entity_id"])
def test_an_outcome_shapes_no_segment_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    run = run_project(churned_customers(tmp_path, name))
    assert run.documents["summary"]["matrix_columns"] == ["visits", "spend", "items"]
    assert all(len(s["outcomes"]) == 1 for s in run.segments)


def test_features_of_a_table_can_be_left_out_and_chosen(tmp_path: Path) -> None:
    project = churned_customers(tmp_path, "churned")
    without = replace(project.features, exclude=("visits",))
    run = run_project(replace(project, features=without))
    assert run.documents["summary"]["matrix_columns"] == ["spend", "items"]
    only = replace(project.features, include=("visits", "spend"))
    run = run_project(replace(project, features=only))
    assert run.documents["summary"]["matrix_columns"] == ["visits", "spend"]


def test_leaving_out_an_unknown_column_is_refused(tmp_path: Path) -> None:
    project = churned_customers(tmp_path, "churned")
    wrong = replace(project.features, exclude=("visit",))
    with pytest.raises(ProjectFileError, match="'visit'"):
        run_project(replace(project, features=wrong))


@pytest.mark.parametrize(
    ("columns", "event", "told"),
    [
        (ORDERS, None, False),
        (ORDERS, "purchase", False),
        ({**ORDERS, "kind": "what"}, None, True),
        ({"entity": "customer_id", "time": "ordered_at"}, "ticket", True),
        ({"entity": "customer_id"}, None, True),
    ],
)
def test_events_are_purchases_only_where_nothing_says_otherwise(
    columns: dict[str, str], event: str | None, told: bool, tmp_path: Path
) -> None:
    log = Source("orders", "orders.csv", columns=frozen_mapping(columns), event=event)
    assert has_other_events(order_project(tmp_path, sources=(log,))) is told


def test_a_table_has_no_events_of_another_kind(tmp_path: Path) -> None:
    table = Source("people", "people.csv", shape=Shape.TABLE, columns=frozen_mapping(ORDERS))
    assert not has_other_events(order_project(tmp_path, sources=(table,)))


def test_value_kept_is_that_of_the_rows_on_either_side_of_the_judging_cut(
    tmp_path: Path,
) -> None:
    # So many that segments are large enough to be told.
    write_csv(orders(600), tmp_path / "orders.csv")
    run = run_project(order_project(tmp_path))
    told = [f for s in run.segments for f in s.get("business", ()) if f["name"] == "value_kept"]
    assert told
    heldout = run.documents["evidence"]["heldout"]
    cut, until = (pd.Timestamp(heldout[n]).tz_localize(None) for n in ("cut", "until"))
    rows = pd.read_csv(tmp_path / "orders.csv", parse_dates=["ordered_at"])
    at = rows["ordered_at"]
    sums = {
        name: rows[inside].groupby("customer_id")["amount"].sum()
        for name, inside in (
            ("before", (at >= cut - (until - cut)) & (at < cut)),
            ("after", (at >= cut) & (at < until)),
        )
    }
    before = sums["before"][sums["before"] > 0]
    after = sums["after"].reindex(before.index).fillna(0.0)
    assert told[0]["everyone"] == pytest.approx(after.sum() / before.sum())
    assert sum(f["n"] for f in told) <= len(before)
