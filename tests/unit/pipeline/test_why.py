"""Why an entity of a run is where it is: every change that is told, scored by other means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segmentry.domain.project import Privacy, Project, SegmentChoice, Source, frozen_mapping
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.domain.why import Why
from segmentry.errors import UsageError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.pipeline.why import ONLY_UP
from shop import orders, write_csv

ORDERS = {"entity": "customer_id", "time": "ordered_at", "amount": "amount"}


def project(folder: Path) -> Project:
    source = Source("orders", "orders.csv", columns=frozen_mapping(ORDERS))
    return Project("shop", (source,), entity="customer_id", folder=folder)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_csv(orders(), folder / "orders.csv")
    return folder


@pytest.fixture(scope="module")
def run(shop: Path) -> Run:
    return run_project(project(shop))


def told_of(run: Run, n: int) -> list[Why]:
    ids = run.assignments()[ENTITY].to_pylist()
    return [run.why(ids[i]) for i in np.linspace(0, len(ids) - 1, n).astype(int)]


def assigned(run: Run, told: Why) -> int:
    """Give the segment of an entity with the changes that were told, by the release alone."""
    rows = run.features()
    row = rows.filter(pc.equal(rows[ENTITY].cast(pa.string()), told.entity_id))
    for change in told.counterfactual.changes if told.counterfactual else ():
        place = row.schema.get_field_index(change.feature)
        value = pa.array([change.after], row.schema.field(place).type)
        row = row.set_column(place, change.feature, value)
    release = run.release()
    table = FeatureTable.of(row, release.columns)
    return int(release.assign(table).to_arrow()["segment_id"][0].as_py())


def test_every_change_that_is_told_leads_where_it_says(run: Run) -> None:
    every = told_of(run, 40)
    moved = [w for w in every if w.counterfactual is not None]
    assert len(moved) >= 30
    for told in moved:
        assert told.counterfactual is not None
        assert told.counterfactual.segment_id == told.second_id != told.segment_id
        assert assigned(run, told) == told.second_id
        for change in told.counterfactual.changes:
            if change.feature in ONLY_UP:
                assert isinstance(change.before, float)
                assert isinstance(change.after, float)
                assert change.after > change.before
    assert all(w.unmoved for w in every if w.counterfactual is None)


def test_what_is_told_is_what_the_run_has_assigned(run: Run) -> None:
    rows = {str(r[ENTITY]): r for r in run.assignments().to_pylist()}
    for told in told_of(run, 15):
        row = rows[told.entity_id]
        assert (told.segment_id, told.second) == (row["segment_id"], row["second_segment"])
        assert told.confidence == row["confidence"]
        assert told.anomaly == row["anomaly"]
        assert sum(r.weight for r in told.reasons) <= 1.0 + 1e-6


def test_values_and_medians_are_those_of_the_features(run: Run) -> None:
    told = next(w for w in told_of(run, 15) if w.reasons and w.reasons[0].kind == "median")
    reason = told.reasons[0]
    features, segments = run.features(), run.assignments()["segment_id"].to_numpy()
    values = features[reason.feature].to_numpy(zero_copy_only=False)
    ids = features[ENTITY].cast(pa.string()).to_pylist()
    assert reason.value == pytest.approx(values[ids.index(told.entity_id)])
    assert reason.own == pytest.approx(np.nanmedian(values[segments == told.segment_id]))
    assert reason.other == pytest.approx(np.nanmedian(values[segments == told.second_id]))
    assert reason.everyone == pytest.approx(np.nanmedian(values))


def test_another_segment_may_be_asked_for_by_name_or_number(run: Run) -> None:
    told = told_of(run, 3)[0]
    last = next(s for s in run.segments if s["id"] not in {told.segment_id, told.second_id})
    by_name = run.why(told.entity_id, to=last["name"].lower())
    assert by_name == run.why(told.entity_id, to=last["id"])
    moved = by_name.counterfactual
    assert by_name.unmoved if moved is None else moved.segment == last["name"]
    own = run.why(told.entity_id, to=told.segment)
    assert own.counterfactual is None
    assert "already" in own.unmoved


def test_who_is_not_there_is_told(run: Run) -> None:
    with pytest.raises(UsageError, match="holds no entity 'nobody'"):
        run.why("nobody")
    ids = run.assignments()[ENTITY].to_pylist()
    with pytest.raises(UsageError, match="there is no segment 99"):
        run.why(ids[0], to=99)


def test_only_what_is_acted_upon_may_change(shop: Path) -> None:
    asked = SegmentChoice(act_upon=("recency_days",))
    run = run_project(replace(project(shop), segments=asked), output=shop / "acted")
    found = [w.counterfactual for w in told_of(run, 20) if w.counterfactual is not None]
    assert found
    assert {c.feature for f in found for c in f.changes} == {"recency_days"}


def test_hidden_ids_are_found_by_what_the_data_calls_them(shop: Path) -> None:
    open_ = run_project(project(shop), output=shop / "open")
    hidden = run_project(
        replace(project(shop), privacy=Privacy(ids="pseudonym")), output=shop / "hidden"
    )
    one = open_.assignments()[ENTITY][0].as_py()
    told = hidden.why(one, project_folder=shop)
    assert told.segment == open_.why(one).segment
    pseudonym = hidden.assignments()[ENTITY][0].as_py()
    assert hidden.why(pseudonym, project_folder=shop).entity_id == pseudonym
