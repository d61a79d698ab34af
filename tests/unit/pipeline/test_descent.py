"""Segments matched to those of the champion: what continues keeps its id and its name."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders import feature_table
from descending import make_champion, under_other_ids
from releases import as_release, release_of
from segmentry.domain.audit import Audit
from segmentry.domain.lifecycle import Descent, Kinship
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.pipeline import descent
from segmentry.pipeline.descent import champion_of, kinship_told, largest_id_of, lineage_of
from segmentry.pipeline.run import run_project
from segmentry.stores.state.keeping import kept_release
from segmentry.stores.state.place import kept_releases, state_file
from shops import shop_project

CENTRES = np.array([[-6.0, 0.0], [0.0, 0.0], [6.0, 0.0]])


def crowd(seed: int, sizes: tuple[int, ...] = (60, 60, 60)) -> FeatureTable:
    rng = np.random.default_rng(seed)
    X = np.repeat(CENTRES, sizes, axis=0) + rng.normal(scale=0.5, size=(sum(sizes), 2))
    ids = [f"{seed}-{i:04d}" for i in range(len(X))]
    return feature_table({"a": X[:, 0].tolist(), "b": X[:, 1].tolist()}, ids=ids)


def three() -> Release:
    table = crowd(1)
    recipe = release_of(table).recipe
    points = recipe.apply(table).X.reshape(3, 60, 2).mean(axis=1)
    return under_other_ids(as_release(table, recipe, points, np.arange(3)), (7, 2, 5))


def matched(home: Path, segment: np.ndarray, k: int, table: FeatureTable) -> tuple[Any, Audit]:
    audit = Audit()
    project = shop_project(home)
    return lineage_of(project, champion_of(home), table, segment, k, audit), audit


def test_without_a_champion_all_are_new_and_nothing_is_said(tmp_path: Path) -> None:
    found, audit = matched(tmp_path, np.repeat([0, 1], 90), 2, crowd(1))
    assert found.ids == (1, 2)
    assert audit.findings == []
    assert champion_of(tmp_path) is None
    assert largest_id_of(tmp_path) == 0
    assert not state_file(tmp_path).exists()


def test_ids_follow_the_borders_whoever_is_inside_them(tmp_path: Path) -> None:
    make_champion(tmp_path, three())
    assert largest_id_of(tmp_path) == 7
    # Other people, in other numbers, and segments in another order.
    found, audit = matched(tmp_path, np.repeat([2, 0, 1], [30, 60, 90]), 3, crowd(2, (30, 60, 90)))
    assert found.ids == (2, 5, 7)
    assert audit.findings == []


def test_what_does_not_continue_is_told(tmp_path: Path) -> None:
    make_champion(tmp_path, three())
    segment = np.concatenate([np.repeat(0, 120), np.tile([1, 2], 30)])
    found, audit = matched(tmp_path, segment, 3, crowd(1))
    assert found.ids == (8, 9, 10)
    (told,) = audit.findings
    assert told.severity == "info"
    assert told.sentence.startswith("Beside release 1, 0 of 3 segments continue; segment 8 is made")
    assert "segment 9 is a part of segment 5" in told.sentence


def test_many_entities_are_compared_by_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_champion(tmp_path, three())
    monkeypatch.setattr(descent, "MOST_COMPARED", 50)
    found, _ = matched(tmp_path, np.repeat([0, 1, 2], 60), 3, crowd(1))
    assert found.ids == (7, 2, 5)


def test_where_the_champion_is_gone_and_nobody_is_in_both_all_are_new(tmp_path: Path) -> None:
    make_champion(tmp_path, three())
    shutil.rmtree(kept_releases(tmp_path))
    found, audit = matched(tmp_path, np.repeat([0, 1, 2], 60), 3, crowd(1))
    assert found.ids == (8, 9, 10)
    retired = [kin for kin in found.descents if kin.descent is Descent.RETIRED]
    assert {kin.from_ids for kin in retired} == {(7,), (2,), (5,)}
    (told,) = audit.findings
    assert (told.code, told.severity) == ("descent_by_members", "warning")
    assert "its copy is gone or damaged" in told.sentence
    assert told.sentence.endswith("so all segments are new.")


@pytest.mark.parametrize(
    ("kin", "told"),
    [
        (Kinship(1, Descent.CONTINUED, (1,), 0.9), "segment 1 continues segment 1"),
        (Kinship(1, Descent.MERGED, (1, 4), 0.6), "segment 1 is made of segments 1 and 4"),
        (Kinship(9, Descent.NEW), "segment 9 is new"),
        (Kinship(None, Descent.RETIRED, (3,)), "segment 3 is found no more"),
    ],
)
def test_descents_in_words(kin: Kinship, told: str) -> None:
    assert kinship_told(kin) == told


IDS = (90931, 90920, 90957, 90912, 90940, 90966, 90973, 90988)
"""Enough for any number of segments, unlike any figure; their order is not that of segments."""


def back(document: Any, ids: dict[int, int]) -> Any:
    """Write a document's ids as the numbers in order: those of fields, and those in sentences."""
    text = json.dumps(document, sort_keys=True)
    pattern = re.compile("|".join(rf"\b{i}\b" for i in ids))
    return json.loads(pattern.sub(lambda m: str(ids[int(m[0])]), text))


def sorted_merges(evidence: dict[str, Any]) -> dict[str, Any]:
    """Put the two sides of a merge into an order that does not depend on ids."""
    told = json.loads(json.dumps(evidence))
    for merge in told.get("merging", {}).get("merges", ()):
        sides = sorted([sorted(merge["first"]), sorted(merge["second"])])
        merge["first"], merge["second"] = sides
    return told


def test_a_run_under_other_ids_tells_the_same_in_every_document(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    first = run_project(project)
    release = kept_release(tmp_path, first.fingerprint)
    assert release is not None
    k = len(release.segment_ids)
    ids = {i: place for place, i in enumerate(IDS[:k], 1)}
    make_champion(tmp_path, under_other_ids(release, IDS[:k]), release.segment_names)
    second = run_project(project)
    assert [s["id"] for s in second.segments] == list(IDS[:k])
    assert [s["name"] for s in second.segments] == [s["name"] for s in first.segments]
    assert second.fingerprint != first.fingerprint
    for name in ("segments", "candidates", "audit"):
        assert back(second.documents[name], ids) == first.documents[name]
    assert sorted_merges(back(second.documents["evidence"], ids)) == sorted_merges(
        first.documents["evidence"]
    )
    there = second.assignments()["segment_id"].to_pylist()
    assert [ids[i] for i in there] == first.assignments()["segment_id"].to_pylist()
    assert f"when {IDS[0]} then" in second.sql()


def test_features_that_are_gone_are_told_and_members_decide(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    first = run_project(project)
    used = first.release().recipe.features[0]
    second = run_project(replace(project, features=replace(project.features, exclude=(used,))))
    told = {f["code"]: f for f in second.documents["audit"]["findings"]}
    assert "entities that are in both runs were compared" in told["descent_by_members"]["sentence"]
    assert {s["id"] for s in second.segments} & {s["id"] for s in first.segments}
