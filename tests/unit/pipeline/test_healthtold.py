"""A health score as it is told: by segment, entity by entity, and after merging by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leavers import N, accounts, carried_out
from segmentry.domain.crew import Crew
from segmentry.domain.owned import Deed
from segmentry.domain.project import (
    Privacy,
)
from segmentry.errors import StoreError
from segmentry.maths.roc import roc_area
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.finished import Run
from segmentry.pipeline.healthtold import Told, _segment
from segmentry.pipeline.readback import Material
from segmentry.pipeline.reshaped import Wish, reshape


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return carried_out(tmp_path_factory.mktemp("planted"), accounts())


def test_everybody_has_a_score_with_its_parts(run: Run) -> None:
    table = run.health()
    assert table.column_names == ["entity_id", "segment_id", "segment", "health", "gone", "parts"]
    assert table.num_rows == N
    left = np.array(accounts()["churned"].to_pylist()) == "yes"
    np.testing.assert_array_equal(table["gone"].to_numpy(), left)
    health = table["health"].to_numpy()
    assert roc_area(-health, left) > 0.75
    # The mean chance is the share of those who left: a ridge leaves the intercept free.
    assert 100 - health.mean() == pytest.approx(100 * left.mean(), abs=0.1)
    lowest = table["parts"][int(health.argmin())].as_py()
    # Logins made them leave; what goes along with logins shares what is told of it.
    assert "logins" in {p["feature"] for p in lowest}
    assert lowest[0]["points"] < 0


def test_segments_are_told_by_those_who_have_not_left(run: Run) -> None:
    table, told = run.health(), Told.of(run.stored, 70.0).health
    gone, health = table["gone"].to_numpy(), table["health"].to_numpy()
    for segment in told.segments:
        own = health[(table["segment_id"].to_numpy() == segment.id) & ~gone]
        assert segment.n == len(own)
        assert segment.mean is not None
        assert segment.mean.value == pytest.approx(own.mean(), abs=0.01)
        n_below = int((own < 70).sum())
        few = any(0 < n < FEWEST_TOLD for n in (n_below, len(own) - n_below))
        assert (segment.below is None) == few
        if segment.below is not None:
            assert segment.below.value == pytest.approx((own < 70).mean())


@pytest.mark.parametrize(
    ("below", "is_told"),
    [(0, True), (1, False), (9, False), (10, True), (31, False), (40, True)],
)
def test_a_share_below_the_floor_never_tells_of_one_to_nine(below: int, is_told: bool) -> None:
    scores = np.where(np.arange(40) < below, 20.0, 80.0)
    told = _segment(1, scores, 50.0)
    assert told.mean is not None
    assert (told.below is not None) == is_told
    if told.below is not None:
        assert told.below.value == below / 40


def test_an_earlier_run_without_scores_says_so(run: Run, tmp_path: Path) -> None:
    class Old:
        folder = tmp_path

        def document(self, name: str) -> dict[str, object]:
            return {"format": 1}

    with pytest.raises(StoreError, match="the run holds no health score"):
        Told.of(Old())  # type: ignore[arg-type]


def test_merging_by_hand_tells_the_same_scores_by_the_new_segments(run: Run) -> None:
    material = Material.of(run.stored, run.folder.parent.parent, Crew())
    n = len(run.segments)
    if n < 3:
        parted = reshape(material, Wish(Deed.SPLIT, (0,), 2), Crew(), has_other_events=False)
    else:
        parted = reshape(material, Wish(Deed.MERGE, (0, 1)), Crew(), has_other_events=False)
    before, after = Told.of(run.stored).health, parted.evidence.health
    assert after is not None
    assert len(after.segments) != n
    assert after.weights == before.weights
    # Whoever has not left is told of once, before and after.
    totals = [sum(s.n * s.mean.value for s in h.segments if s.mean) for h in (before, after)]
    assert totals[0] == pytest.approx(totals[1])


def test_ids_that_are_hidden_stay_hidden(tmp_path: Path) -> None:
    run = carried_out(tmp_path, accounts(), privacy=Privacy(ids="pseudonym"))
    table = run.health()
    assert table["entity_id"].to_pylist() == run.assignments()["entity_id"].to_pylist()
    assert not set(table["entity_id"].to_pylist()) & set(accounts()["account"].to_pylist())
    # The scores are those of the same accounts, in another order.
    plain = carried_out(tmp_path / "plain", accounts()).health()
    assert sorted(table["health"].to_pylist()) == sorted(plain["health"].to_pylist())
