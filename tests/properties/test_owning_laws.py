"""Laws of owning: names move nobody, and merging is looking at two segments as one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.cluster.reshape import merged, split
from segmentry.domain.assigner import Assigner
from segmentry.domain.owned import Owned
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.stores.state.said import SaidRun
from shops import shop_project

FEW = settings(max_examples=40, deadline=None)
names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(shop_project(tmp_path_factory.mktemp("shop")))


@FEW
@given(data=st.data())
def test_whatever_segments_are_called_nobody_moves(run: Run, data: st.DataObject) -> None:
    ids = [s["id"] for s in run.segments]
    others = {s["name"] for s in run.segments}
    given_names = data.draw(
        st.lists(
            names.filter(lambda n: n not in others),
            min_size=len(ids), max_size=len(ids), unique=True,
        )
    )  # fmt: skip
    said = {i: Owned(i, name) for i, name in zip(ids, given_names, strict=True)}
    shown = SaidRun(run.folder, said)
    before, after = run.assignments(), shown.table("assignments")
    same = [n for n in before.column_names if n not in {"segment", "second_segment"}]
    assert after.select(same).equals(before.select(same))
    by_id = dict(zip(ids, given_names, strict=True))
    told = after.to_pylist()
    assert all(row["segment"] == by_id[row["segment_id"]] for row in told)
    release = shown.release()
    assert release.segment_names == tuple(given_names)
    assert release.fingerprint == run.fingerprint
    assert [s["name"] for s in shown.document("segments")["segments"]] == given_names


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Assigner, np.ndarray]:
    """Draw prototypes of several segments, and rows of which each segment has some."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    k = draw(st.integers(3, 6))
    groups = np.repeat(np.arange(k), draw(st.integers(1, 3)))
    points = rng.normal(scale=4.0, size=(len(groups), draw(st.integers(1, 5))))
    X = np.vstack([points, points[rng.integers(0, len(points), 150)]])
    X = X + rng.normal(scale=0.5, size=X.shape)
    assigner = Assigner(points, groups, np.ones(k))
    return assigner, np.vstack([points, X])


@FEW
@given(crowds(), st.data())
def test_after_a_merge_everybody_has_the_segment_that_theirs_became(
    made: tuple[Assigner, np.ndarray], data: st.DataObject
) -> None:
    assigner, X = made
    one, other = data.draw(
        st.lists(st.integers(0, assigner.n_segments - 1), min_size=2, max_size=2, unique=True)
    )
    before = assigner.answer(X).segment
    found = merged(assigner, one, other, X)
    after = found.assigner.answer(X)
    became = np.array([new for (new,) in found.places])
    assert (after.segment == became[before]).all()
    assert found.assigner.n_segments == assigner.n_segments - 1
    row = data.draw(st.integers(0, len(X) - 1))
    alone = found.assigner.answer(X[row : row + 1])
    for name in ("segment", "second", "confidence", "anomaly_score"):
        assert getattr(alone, name)[0] == getattr(after, name)[row]
    again = merged(assigner, other, one, X)
    assert again.places == found.places
    assert np.array_equal(again.assigner.answer(X).segment, after.segment)


@FEW
@given(crowds(), st.integers(2, 3), st.integers(0, 2**32 - 1))
def test_a_split_and_the_merge_of_its_parts_leave_whoever_did_not_move(
    made: tuple[Assigner, np.ndarray], n_parts: int, seed: int
) -> None:
    assigner, X = made
    sizes = np.bincount(assigner.answer(X).segment)
    whole = int(sizes.argmax())
    found = split(assigner, whole, n_parts, X, rng=np.random.default_rng(seed))
    if found.assigner.n_segments < assigner.n_segments + n_parts - 1:
        return  # a part without rows of its own: refused where it is asked for
    after = found.assigner.answer(X).segment
    stayed = after == found.meant
    before = assigner.answer(X).segment
    assert np.isin(after[stayed & (before == whole)], found.places[whole]).all()
    for old, places in enumerate(found.places):
        if old != whole:
            assert (after[stayed & (before == old)] == places[0]).all()
    row = int(np.flatnonzero(before == whole)[0])
    assert found.assigner.answer(X[row : row + 1]).segment[0] == after[row]
