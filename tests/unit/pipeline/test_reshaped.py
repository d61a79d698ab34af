"""Merging and splitting, judged and described as any run is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixed import mixed_run
from segmentry.domain.crew import Crew
from segmentry.domain.owned import Deed
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.readback import Material
from segmentry.pipeline.reshaped import Made, Wish, check_wish, reshape
from segmentry.stores.documents import plain


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    run = mixed_run(tmp_path_factory.mktemp("mixed"), "k-means")
    return Material.of(run.stored, run.folder.parent.parent, Crew())


@pytest.fixture(scope="module")
def merged(material: Material) -> Made:
    return reshape(material, Wish(Deed.MERGE, (0, 2)), Crew(), has_other_events=False)


@pytest.fixture(scope="module")
def split(material: Material) -> Made:
    return reshape(material, Wish(Deed.SPLIT, (0,), 2), Crew(), has_other_events=False)


def test_a_merged_segment_holds_everybody_of_both_and_nobody_else(
    material: Material, merged: Made
) -> None:
    before, after = material.answers.segment, merged.answers.segment
    (new,) = merged.shape.places[0]
    assert ((after == new) == np.isin(before, [0, 2])).all()
    sizes = [p.size for p in merged.profiles]
    assert sizes == np.bincount(after).tolist() == sorted(sizes, reverse=True)
    assert merged.told.price.n_moved == 0


def test_a_split_segment_is_shared_out_among_its_parts(material: Material, split: Made) -> None:
    member = material.answers.segment == 0
    inside = np.isin(split.answers.segment, split.shape.places[0])
    n_moved = split.told.price.n_moved
    assert (inside != member).sum() <= n_moved
    assert len(split.profiles) == len(material.release.segment_ids) + 1
    assert min(p.size for p in split.profiles) >= 10


def test_evidence_speaks_of_the_new_segments_and_says_what_it_leaves_out(
    material: Material, merged: Made, split: Made
) -> None:
    for made in (merged, split):
        ids = [p.segment_id for p in made.profiles]
        assert tuple(ids) == made.lineage.ids
        evidence = made.evidence
        assert evidence.stability is not None
        assert evidence.silhouettes is not None
        assert evidence.surrogate is not None
        assert [s.id for s in evidence.stability.segments] == ids
        assert [s.id for s in evidence.silhouettes.segments] == ids
        assert plain(evidence.structure) == material.papers["evidence"]["structure"]
        assert evidence.warnings[0] == made.told.sentence
        assert any("Not measured of segments made by hand" in w for w in evidence.warnings)
        checks = {c.name: c.estimate for c in evidence.checks}
        shares = np.bincount(made.answers.segment) / len(made.answers.segment)
        assert checks["smallest_share"] == pytest.approx(shares.min())
        assert "sample_agreement" not in checks


def test_names_of_segments_that_were_not_touched_stay(material: Material, merged: Made) -> None:
    names = material.release.segment_names
    for old, (new,) in enumerate(merged.shape.places):
        if old not in {0, 2}:
            assert merged.profiles[new].name == names[old]
    all_names = [p.name.casefold() for p in merged.profiles]
    assert len(set(all_names)) == len(all_names)


def test_a_name_that_is_given_is_taken_and_one_that_is_taken_is_not(material: Material) -> None:
    wish = Wish(Deed.MERGE, (0, 2), name="Both")
    made = reshape(material, wish, Crew(), has_other_events=False)
    new = made.profiles[made.shape.places[0][0]]
    assert (new.name, new.naming.reason) == ("Both", "named by people")
    assert new.naming.by_rule is not None
    assert made.told.into == ("Both",)
    other = replace(wish, name=material.release.segment_names[1].upper())
    with pytest.raises(UsageError, match="another segment is called"):
        reshape(material, other, Crew(), has_other_events=False)


def test_the_price_agrees_with_the_evidence_before_and_after(
    material: Material, merged: Made
) -> None:
    figures = {f.name: f for f in merged.told.price.figures}
    before = material.papers["evidence"]
    assert figures["surrogate rules right"].before == before["surrogate"]["accuracy"]
    assert merged.evidence.surrogate is not None
    assert figures["surrogate rules right"].after == merged.evidence.surrogate.accuracy
    name = material.release.segment_names[0]
    told = before["stability"]["segments"][0]["jaccard"]
    assert figures[f"stability of {name!r}"].before == told
    silhouette = figures["silhouette"]
    checks = {c["name"]: c["estimate"] for c in before["checks"]}
    # All entities lie in the sample here, so both are the same figure.
    assert silhouette.before == pytest.approx(checks["silhouette"], abs=1e-6)
    gain = merged.told.price.gain
    assert gain == pytest.approx((silhouette.after or 0.0) - (silhouette.before or 0.0))


def test_the_number_of_threads_changes_nothing(material: Material, split: Made) -> None:
    again = reshape(material, Wish(Deed.SPLIT, (0,), 2), Crew(2), has_other_events=False)
    assert np.array_equal(again.answers.segment, split.answers.segment)
    assert np.array_equal(again.answers.confidence, split.answers.confidence)
    assert again.told == split.told


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish(Deed.MERGE, (1, 1)), "cannot be merged with itself"),
        (Wish(Deed.SPLIT, (0,), 1), "two parts at least"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(material: Material, wish: Wish, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check_wish(material, wish)


def test_a_segment_of_few_entities_is_not_split(material: Material) -> None:
    n = int((material.answers.segment == 0).sum())
    with pytest.raises(DataError, match=f"has {n} entities, too few for"):
        check_wish(material, Wish(Deed.SPLIT, (0,), n // 10 + 1))


def test_entities_that_are_all_alike_are_not_split(material: Material) -> None:
    X = material.matrix.X.copy()
    X[material.answers.segment == 0] = 1.0
    alike = replace(material, matrix=replace(material.matrix, X=X))
    with pytest.raises(DataError, match="entities that are all alike, too few for 2 parts"):
        check_wish(alike, Wish(Deed.SPLIT, (0,), 2))


def test_a_part_of_a_handful_is_refused(material: Material) -> None:
    X = material.matrix.X.copy()
    members = np.flatnonzero(material.answers.segment == 0)
    # A few members in one place close to the others: k-means makes them a part of their own.
    X[members] = X[members].mean(axis=0)
    X[members[:3], 0] += 0.05
    lone = replace(material, matrix=replace(material.matrix, X=X))
    with pytest.raises(DataError, match="would have fewer than 10 entities"):
        reshape(lone, Wish(Deed.SPLIT, (0,), 2), Crew(), has_other_events=False)


def test_the_only_two_segments_are_not_merged(tmp_path: Path) -> None:
    from segmentry.pipeline.run import run_project
    from shops import shop_project

    run = run_project(shop_project(tmp_path))
    material = Material.of(run.stored, tmp_path, Crew())
    two = replace(
        material,
        release=replace(
            material.release,
            assigner=replace(material.release.assigner, radii=np.ones(2)),
        ),
    )
    with pytest.raises(UsageError, match="merging the only two segments"):
        check_wish(two, Wish(Deed.MERGE, (0, 1)))
