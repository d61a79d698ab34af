"""The share of items ever used."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.features.derived.breadth import Breadth
from segmentry.features.derived.family import Known, Unfit


def known(n_items: int) -> Known:
    return Known(frozenset({"item"}), n_items=n_items)


def test_the_share_is_of_all_known_items() -> None:
    values = {"items ever used": np.array([1.0, 5.0, 30.0])}
    model = Breadth().fit(values, known(20))
    assert Breadth().apply(model, values)["items_used_share"].tolist() == [0.05, 0.25, 1.0]
    assert "20 known items" in Breadth().sentences(model)["items_used_share"]


@pytest.mark.parametrize("n_items", [0, 1_001])
def test_a_catalogue_of_goods_has_no_breadth(n_items: int) -> None:
    with pytest.raises(Unfit, match="items"):
        Breadth().fit({}, known(n_items))


@pytest.mark.parametrize("n_items", [0, -1, 2.5, "3", None, True])
def test_a_damaged_model_is_refused(n_items: object) -> None:
    with pytest.raises(ValueError, match="no number of items"):
        Breadth().inputs_of({"n_items": n_items})
