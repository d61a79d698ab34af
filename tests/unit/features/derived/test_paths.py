"""Path signatures."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from segmentry.features.derived.family import Known, Unfit
from segmentry.features.derived.paths import Paths

KNOWN = Known(frozenset({"at", "kind"}), kinds=("look", "cart", "buy"))


def steps(n: int, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    names = [s.name for s in Paths().inputs(KNOWN)]
    chances = rng.dirichlet(np.ones(9), size=2)[rng.integers(0, 2, n)]
    counts = np.array([rng.multinomial(12, p) for p in chances], dtype=float)
    return dict(zip(names, counts.T, strict=True))


def test_directions_are_the_principal_ones_of_root_shares() -> None:
    values = steps(300)
    roots = np.sqrt(np.column_stack(list(values.values())) / 12)
    wanted = PCA(3, svd_solver="full").fit_transform(roots)
    found = Paths().apply(Paths().fit(values, KNOWN), values)
    for i in range(3):
        column = found[f"path_{i + 1}"]
        sign = np.sign(column @ wanted[:, i])
        np.testing.assert_allclose(column, sign * wanted[:, i], atol=1e-9)


def test_an_entity_alone_gets_what_it_gets_among_others() -> None:
    values = steps(100)
    model = Paths().fit(values, KNOWN)
    alone = {n: v[7:8] for n, v in values.items()}
    whole, one = Paths().apply(model, values), Paths().apply(model, alone)
    assert all(whole[n][7] == one[n][0] for n in whole)


def test_who_took_no_step_has_no_place() -> None:
    values = {n: np.append(v, 0.0) for n, v in steps(100).items()}
    found = Paths().apply(Paths().fit(values, KNOWN), values)
    assert np.isnan(found["path_1"][-1])
    assert np.isfinite(found["path_1"][:-1]).all()


def test_a_direction_says_what_there_is_more_and_less_of() -> None:
    told = Paths().sentences(Paths().fit(steps(100), KNOWN))
    assert told["path_1"].startswith("direction of what follows what: more of '")
    assert "; " not in told["path_1"]
    assert ", less of '" in told["path_1"]


def test_few_entities_teach_nothing() -> None:
    with pytest.raises(Unfit, match="only 20 entities"):
        Paths().fit(steps(20), KNOWN)


def test_a_damaged_model_is_refused() -> None:
    model = dict(Paths().fit(steps(100), KNOWN))
    with pytest.raises(ValueError, match="do not fit"):
        Paths().inputs_of({**model, "centre": [0.0]})
    with pytest.raises(ValueError, match="not finite"):
        Paths().inputs_of({**model, "centre": [float("inf")] * 9})
    with pytest.raises(ValueError, match="has no"):
        Paths().inputs_of({"pairs": []})
