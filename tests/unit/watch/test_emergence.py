"""Dense regions far from every segment."""

from __future__ import annotations

import numpy as np

from drifting import Case, emerging
from segmentry.watch.emergence import emerging_region
from segmentry.watch.mix import is_newcomer


def test_a_planted_group_is_found_with_its_newcomers() -> None:
    case = Case.drawn(4, 1_500)
    table = emerging(case)
    matrix = case.release.recipe.apply(table)
    new = is_newcomer(table, case.then)
    found = emerging_region(
        matrix.X, matrix.names, case.release, np.random.default_rng(0), newcomers=new
    )
    assert found is not None
    told, rows = found
    assert told.newcomers is not None
    assert told.newcomers > 0.9
    assert told.n == len(rows)
    assert told.share.low < told.share.value < told.share.high
    assert told.spread < 0.6
    assert len(told.contrasts) == 5


def test_the_reference_holds_none_and_scattered_ones_are_none() -> None:
    case = Case.drawn(4, 1_500)
    rng = np.random.default_rng(0)
    matrix = case.release.recipe.apply(case.then)
    assert emerging_region(matrix.X, matrix.names, case.release, rng) is None
    X = matrix.X.copy()
    X[:200] = rng.normal(size=(200, X.shape[1])) * 8.0
    assert emerging_region(X, matrix.names, case.release, rng) is None
