"""What a project asks of segments, from its file to its choice."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import feature_table, matrix
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Silent
from segmentry.domain.project import Outcome, Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import UsageError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.demands import UNCHECKED, demands_of, demands_of_rows, unchecked_in
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import run_project

N = 900
RNG = np.random.default_rng(0)
PARTS = [(b, s) for b in range(6) for s in range(3 if b < 3 else 2)]
GROUP = np.arange(N) % len(PARTS)
"""Fifteen groups that anybody would see, and that are six ways to behave: those of one way lie a
third of a standard deviation apart, in a direction of their own."""
BEHAVIOUR = np.array([b for b, _ in PARTS])[GROUP]
ASIDE = np.array([s for _, s in PARTS])[GROUP] - 1


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("asked")
    centres = 1.7 * np.vstack([np.eye(3), -np.eye(3)])
    X = centres[BEHAVIOUR] + 0.29 * ASIDE[:, None] + RNG.normal(size=(N, 3)) * 0.01
    columns = {"visits": X[:, 0], "spend": X[:, 1], "items": X[:, 2]}
    columns |= {"left": RNG.random(N) < 0.3, "paid": BEHAVIOUR * 1.0, "same": np.ones(N)}
    columns |= {"plan": np.array(["a", "b", "c"])[ASIDE + 1]}
    pq.write_table(pa.table({"id": np.arange(N), **columns}), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    roles = {"left": Role.OUTCOME, "paid": Role.OUTCOME, "same": Role.OUTCOME, "plan": Role.OVERLAY}
    plain = Project("people", (source,), folder=home)
    features = replace(plain.features, roles=frozen_mapping(roles))
    return replace(plain, features=features, segments=SegmentChoice(4, 16, methods=("k-means",)))


def asking(project: Project, **changes: object) -> Project:
    return replace(project, segments=replace(project.segments, **changes))


def run(project: Project, folder: Path, **changes: object):
    return run_project(asking(project, **changes), output=folder / "run")


def ari(done, truth: np.ndarray) -> float:
    return adjusted_rand_index(done.assignments()["segment_id"].to_numpy(), truth)


def test_by_the_silhouette_alone_there_are_fifteen_groups(project, tmp_path):
    done = run(project, tmp_path)
    assert ari(done, GROUP) == 1.0


def test_asked_for_a_distinct_action_for_each_there_are_six_and_it_is_said_why(project, tmp_path):
    done = run(project, tmp_path, distinct=1)
    assert ari(done, BEHAVIOUR) == 1.0
    told = done.documents["candidates"]
    assert "k-means, 15 segments would have a higher silhouette (0.9" in told["reason"]
    assert "differ by a medium effect in nothing that can be acted upon: most in " in told["reason"]
    finer = [c for c in told["candidates"] if c["n_segments"] > 6]
    assert len(finer) == 10
    assert all("nothing that can be acted upon" in c["reason"] for c in finer)


def test_no_segment_is_larger_than_allowed(project, tmp_path):
    done = run(project, tmp_path, max_share=0.1)
    assert max(s["share"] for s in done.segments) <= 0.1
    rejected = [c["reason"] for c in done.documents["candidates"]["candidates"]]
    assert any("more than the 10\u202f% allowed" in reason for reason in rejected)
    checks = {c["name"]: c for c in done.documents["evidence"]["checks"]}
    assert checks["largest_share"]["threshold"] == 0.1
    assert checks["largest_share"]["verdict"] == "pass"


def test_an_outcome_that_differs_is_met_and_one_by_lot_is_not(project, tmp_path):
    met = run(project, tmp_path / "met", must_differ_in="paid")
    assert ari(met, GROUP) == 1.0
    unmet = run(project, tmp_path / "unmet", must_differ_in="left", maximum=6)
    told = unmet.documents["candidates"]["reason"]
    assert told.startswith("No candidate meets all that the project asks of segments; ")
    assert re.search(
        r"its segments do not differ in 'left' \(p = [\d.]+ for \d+ candidates, ", told
    )


def test_an_outcome_that_cannot_be_measured_rejects_nobody_and_is_told(project, tmp_path):
    done = run(project, tmp_path, must_differ_in="same")
    assert ari(done, GROUP) == 1.0
    (finding,) = [f for f in done.documents["audit"]["findings"] if f["code"] == UNCHECKED]
    assert finding["severity"] == "warning"
    assert finding["sentence"] in done.documents["evidence"]["warnings"]


@pytest.mark.parametrize("name", ["churn", "paid"])
def test_an_outcome_is_asked_for_by_its_name_or_its_column(project, name):
    named = replace(project, outcomes=(Outcome("churn", column="paid"),))
    own, audit = asking(named, must_differ_in=name), Audit()
    on = demands_of(ready(own), own, audit)
    assert on is not None
    outcome = on(np.arange(N)).outcome
    assert outcome is not None
    assert outcome.name == "churn"
    assert unchecked_in(audit) == ()


def ready(project: Project):
    return make_ready(project, audit=Audit(), steps=Silent())


def test_nothing_asked_is_nothing_gathered(project):
    assert demands_of(ready(project), project, Audit()) is None


def test_levers_are_the_features_named_for_the_searched_entities(project):
    own = asking(project, distinct=2, act_upon=("spend",))
    on = demands_of(ready(own), own, Audit())
    assert on is not None
    demands = on(np.arange(0, N, 9))
    assert [(v.name, len(v.values)) for v in demands.levers] == [("spend", 100)]
    assert demands.distinct == 2
    everything = asking(project, distinct=1)
    on = demands_of(ready(everything), everything, Audit())
    assert on is not None
    assert [v.name for v in on(np.arange(N)).levers] == ["visits", "spend", "items"]


def test_levers_of_a_split_are_those_of_who_is_learned_from(project):
    roles = frozen_mapping({"left": Role.OUTCOME, "paid": Role.OUTCOME, "same": Role.OUTCOME})
    own = replace(asking(project, distinct=1), split=Split(0.6))
    own = replace(own, features=replace(own.features, roles=roles))
    found = ready(own)
    on = demands_of(found, own, Audit())
    assert on is not None
    searched = np.arange(50)
    levers = {v.name: v for v in on(searched).levers}
    learned = np.flatnonzero(found.prepared.learned)[searched]
    column = found.prepared.features.names.index("visits")
    np.testing.assert_array_equal(
        levers["visits"].values, found.prepared.features.X[learned, column]
    )
    assert levers["plan"].is_category


def of_rows(asked: SegmentChoice, *, table=None, outcome=None, audit=None):
    return demands_of_rows(
        matrix(RNG.normal(size=(100, 2))),
        asked,
        table=table,
        outcome=outcome,
        seed=0,
        audit=audit or Audit(),
    )


def test_of_rows_alone_columns_are_levers():
    on = of_rows(SegmentChoice(distinct=1, max_share=0.5))
    assert on is not None
    demands = on(np.arange(40))
    assert [(v.name, len(v.values)) for v in demands.levers] == [("x0", 40), ("x1", 40)]
    assert (demands.max_share, demands.distinct, demands.outcome) == (0.5, 1, None)
    named = of_rows(SegmentChoice(distinct=1, act_upon=("x1",)))
    assert named is not None
    assert [v.name for v in named(np.arange(40)).levers] == ["x1"]
    assert of_rows(SegmentChoice()) is None


def test_of_prepared_rows_features_are_levers_in_their_own_kind():
    table = feature_table({"x0": list(RNG.normal(size=100)), "plan": ["a", "b"] * 50})
    on = of_rows(SegmentChoice(distinct=1), table=table)
    assert on is not None
    assert [(v.name, v.is_category) for v in on(np.arange(40)).levers] == [
        ("x0", False),
        ("plan", True),
    ]


def test_a_feature_that_shapes_nothing_cannot_be_acted_upon():
    with pytest.raises(UsageError, match="act_upon names 'x2', which shapes no segment"):
        of_rows(SegmentChoice(act_upon=("x2",)))


def test_an_outcome_beside_rows_is_asked_on_them_or_told_to_be_unmeasured():
    left = feature_table({"left": [1.0, 0.0] * 50}, role=Role.OUTCOME)
    asked, audit = SegmentChoice(must_differ_in="left"), Audit()
    on = of_rows(asked, outcome=left, audit=audit)
    assert on is not None
    outcome = on(np.arange(40)).outcome
    assert outcome is not None
    assert (outcome.name, len(outcome.values)) == ("left", 60)
    same = of_rows(asked, outcome=feature_table({"left": [1.0] * 100}, role=Role.OUTCOME),
                   audit=audit)  # fmt: skip
    assert same is not None
    assert same(np.arange(40)).outcome is None
    (finding,) = [f for f in audit.findings if f.code == UNCHECKED]
    assert (finding.severity, finding.proposal) == ("warning", "")
