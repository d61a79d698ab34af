from __future__ import annotations

import numpy as np
import pytest

from builders import blobs, matrix
from segmentry.domain.audit import Audit
from segmentry.domain.evidence import StructureVerdict
from segmentry.domain.project import SegmentChoice
from segmentry.errors import FitError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.arrays import FEW_ROWS, allowed_band, n_distinct, segment_rows

HOUSE = SegmentChoice()


def rows(n: int, d: int = 2) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, d))


@pytest.mark.parametrize(
    ("n", "band"),
    [
        (2, range(1, 2)),
        (3, range(2, 3)),
        (18, range(3, 4)),
        (32, range(4, 5)),
        (50, range(4, 6)),
        (128, range(4, 9)),
        (100_000, range(4, 9)),
    ],
)
def test_the_band_grows_with_the_square_root_of_half_the_rows(n, band) -> None:
    assert allowed_band(rows(n), HOUSE) == band


def test_equal_rows_count_once() -> None:
    X = np.repeat(rows(3), 1_000, axis=0)
    assert allowed_band(X, HOUSE) == range(3, 4)
    assert allowed_band(np.ones((500, 2)), HOUSE) == range(1, 2)


def test_distinct_rows_are_counted_as_far_as_is_needed() -> None:
    late = np.concatenate([np.zeros(FEW_ROWS), np.arange(50.0)])[:, None]
    assert n_distinct(late, enough=8) == 50
    assert n_distinct(late, enough=1) == 1
    assert n_distinct(late[:FEW_ROWS], enough=8) == 1


def test_rows_are_segmented_with_all_that_is_kept() -> None:
    X, truth = blobs(400, k=4)
    found = segment_rows(matrix(X), HOUSE, n_segments=None, seed=0, audit=Audit())
    labels = found.assigner.answer(X).segment
    assert adjusted_rand_index(labels, truth) > 0.99
    assert found.evidence.structure.verdict is StructureVerdict.CLEAR
    assert sum(c.kept for c in found.candidates) == 1
    assert len(found.silhouettes) == 4


def test_one_segment_is_told_and_still_judged() -> None:
    X, _ = blobs(400, k=4)
    found = segment_rows(matrix(X), HOUSE, n_segments=1, seed=0, audit=Audit())
    np.testing.assert_allclose(found.assigner.prototypes, X.mean(axis=0, keepdims=True))
    assert found.evidence.warnings == ("One segment was asked for.",)
    assert found.evidence.structure.verdict is StructureVerdict.CLEAR


def test_as_many_segments_as_rows_are_each_its_own() -> None:
    X = rows(6)
    found = segment_rows(matrix(X), HOUSE, n_segments=6, seed=0, audit=Audit())
    assert sorted(found.assigner.answer(X).segment) == list(range(6))
    assert not found.candidates


def test_more_segments_than_distinct_rows_are_refused() -> None:
    X = np.repeat(rows(3), 5, axis=0)
    with pytest.raises(FitError, match="n_samples=15 rows hold only 3 distinct"):
        segment_rows(matrix(X), HOUSE, n_segments=4, seed=0, audit=Audit())
