"""Segments on features weighed by an outcome: who learns, who judges, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.preparation import Preparation, Reduce, Split
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import DataError, UsageError
from segmentry.pipeline import prepared
from segmentry.pipeline.guided import N_SPLITS, guided_by_outcome
from segmentry.pipeline.tournament import Asked
from simulated import PURCHASES, log

N = 600
LEARNED = np.arange(N) % 10 < 7


def people(home: Path, **changes: Any) -> Project:
    """Write four kinds by two features; who leaves hangs on a third one that makes no kinds."""
    rng = np.random.default_rng(0)
    kinds = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])[np.arange(N) % 4]
    rows = kinds + rng.normal(size=(N, 2)) * 0.9
    idle = rng.uniform(0, 10, N)
    columns = {
        "id": np.arange(N),
        "visits": rows[:, 0],
        "spend": rows[:, 1],
        "idle": idle,
        "left": np.where(rng.random(N) < idle / 10, "yes", "no"),
        "luck": np.where(rng.random(N) < 0.4, "yes", "no"),
        **changes,
    }
    pq.write_table(pa.table(columns), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    roles = dict.fromkeys(("left", "luck"), Role.OUTCOME)
    return Project(
        "people",
        (source,),
        features=FeatureChoice(roles=frozen_mapping(roles)),
        segments=SegmentChoice(4, 4, methods=("k-means",)),
        folder=home,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return people(tmp_path_factory.mktemp("guided"))


@pytest.fixture(scope="module")
def found(project: Project):
    return guided_by_outcome(project, "left", Asked())


def test_the_feature_that_tells_counts_more_and_segments_tell_more(found):
    assert found.guides[0].feature == "idle"
    assert found.guides[0].factor > 1.0 > found.guides[1].factor
    assert found.guided.explained.value > found.plain.explained.value + 0.1
    assert found.gain.low > 0.0
    assert min(found.gains) > 0.0
    assert "Weighing features by it pays." in found.sentence


def test_the_gain_is_the_difference_of_what_both_explain(found):
    gain = found.guided.explained.value - found.plain.explained.value
    assert found.gain.value == found.gains[0] == pytest.approx(gain)
    assert len(found.gains) == N_SPLITS
    assert found.forecast.value > found.plain.explained.value


def test_most_entities_learn_and_the_others_judge(found):
    assert (found.n_learned, found.n_held_out) == (420, 180)
    assert sum(s.n for s in found.guided.segments) == found.n_held_out
    shares = [s.mean.value * s.n for s in found.plain.segments]
    others = [s.mean.value * s.n for s in found.guided.segments]
    assert sum(shares) == pytest.approx(sum(others))


def test_each_partition_is_rounder_in_its_own_space(found):
    assert found.plain.silhouette_plain.value > found.guided.silhouette_plain.value
    assert found.guided.silhouette_guided.value > found.plain.silhouette_guided.value


def test_an_outcome_of_luck_weighs_nothing_and_gains_nothing(project):
    lucky = guided_by_outcome(project, "luck", Asked())
    assert {g.factor for g in lucky.guides} == {1.0}
    assert lucky.agreement.value == 1.0
    assert (lucky.gain.value, lucky.gain.low, lucky.gain.high) == (0.0, 0.0, 0.0)
    assert "is no gain that can be told from chance" in lucky.sentence


def test_entities_held_out_shape_neither_weights_nor_segments(tmp_path, project, monkeypatch):
    monkeypatch.setattr(prepared, "split_entities", lambda table, **_: LEARNED)
    one = guided_by_outcome(project, "left", Asked())
    (tmp_path / "other").mkdir()
    rows = pq.read_table(project.folder / "people.parquet")
    changed = {
        name: np.where(LEARNED, rows[name].to_numpy(), 1_000.0)
        for name in ("visits", "spend", "idle")
    }
    flipped = np.where(rows["left"].to_numpy(zero_copy_only=False) == "yes", "no", "yes")
    left = np.where(LEARNED, rows["left"].to_numpy(zero_copy_only=False), flipped)
    other = guided_by_outcome(people(tmp_path / "other", **changed, left=left), "left", Asked())
    assert other.guides == one.guides
    assert other.correlation == one.correlation
    assert other.plain.seed_ari == one.plain.seed_ari
    assert other.guided.structure == one.guided.structure
    assert other.gain != one.gain


def test_a_projects_own_split_and_components_are_followed(project):
    own = replace(project, split=Split(0.5), prepare=Preparation(reduce=Reduce("pca", 2)))
    halved = guided_by_outcome(own, "left", Asked(("ward",)))
    assert halved.method == "ward"
    assert halved.n_learned == halved.n_held_out == N // 2
    assert halved.plain.seed_ari is None


def test_what_followed_an_earlier_cut_can_guide_too(tmp_path):
    told = log(tmp_path, "retail", n_users=300)
    source = Source("log", str(told.events), columns=frozen_mapping(PURCHASES))
    shop = Project("shop", (source,), segments=SegmentChoice(4, 4), folder=tmp_path)
    found = guided_by_outcome(shop, "events_after", Asked(("k-means",)))
    assert found.basis.startswith("what entities did in the 30 days after")
    assert found.n_learned + found.n_held_out <= 300
    assert found.guides[0].factor > 1.0


def test_the_result_does_not_hang_on_threads(project, found):
    again = guided_by_outcome(project, "left", Asked(), threads=1)
    assert again.guides == found.guides
    assert (again.gains, again.sentence) == (found.gains, found.sentence)


def test_too_few_with_a_known_outcome_are_refused(tmp_path):
    left = [v if i < 90 else None for i, v in enumerate(["yes", "no"] * (N // 2))]
    with pytest.raises(DataError, match="is known of 90 entities, which leaves") as caught:
        guided_by_outcome(people(tmp_path, left=left), "left", Asked())
    assert caught.value.code == "E2006"


def test_names_of_nothing_are_refused(project):
    with pytest.raises(UsageError, match="there is no method 'k-meens'"):
        guided_by_outcome(project, "left", Asked(("k-meens",)))
    with pytest.raises(UsageError, match="there is no outcome 'lefty'"):
        guided_by_outcome(project, "lefty", Asked())


def test_nothing_is_written(project, found):
    assert [p.name for p in project.folder.iterdir()] == ["people.parquet"]
