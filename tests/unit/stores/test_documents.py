"""Documents hold what JSON can say, and say where they would not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from segmentry.errors import StoreError
from segmentry.stores.documents import json_bytes, plain


def test_keys_keep_their_order_and_those_without_a_value_are_left_out() -> None:
    document = {"b": 1, "a": None, "c": {"x": None, "y": [1, {"z": None}]}}
    assert json.loads(json_bytes(document)) == {"b": 1, "c": {"y": [1, {}]}}
    assert list(json.loads(json_bytes(document))) == ["b", "c"]


def test_numbers_of_numpy_instants_and_paths_have_a_plain_form() -> None:
    document = {
        "whole": np.int64(3),
        "real": np.float32(0.5),
        "yes": np.bool_(True),
        "many": np.array([[1.0, 2.0]]),
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "path": Path("a/b"),
        3: (1, 2),
    }
    assert plain(document) == {
        "whole": 3,
        "real": 0.5,
        "yes": True,
        "many": [[1.0, 2.0]],
        "at": "2026-03-01T00:00:00+00:00",
        "path": "a/b",
        "3": [1, 2],
    }


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), np.float64("nan"), np.array([np.inf])]
)
def test_a_number_that_is_not_finite_is_refused_by_name(value: object) -> None:
    with pytest.raises(StoreError, match=r"scores\[1\]\.ari.* is (nan|inf)"):
        json_bytes({"scores": [{}, {"ari": value}]})


@pytest.mark.parametrize("value", [[None], {1, 2}, object(), b"x"])
def test_what_has_no_json_form_is_refused_by_name(value: object) -> None:
    with pytest.raises(StoreError, match=r"thing.* no JSON form"):
        json_bytes({"thing": value})


def test_text_is_utf8_and_broken_text_is_escaped() -> None:
    content = json_bytes({"name": "Zoë 🛒", "broken": "\udc80"})
    assert "Zoë 🛒".encode() in content
    assert json.loads(content) == {"name": "Zoë 🛒", "broken": "\udc80"}


def test_floats_come_back_bit_for_bit() -> None:
    values = [0.1, 1e-300, 5e-324, 1.7976931348623157e308, -0.0]
    again = json.loads(json_bytes({"v": values}))["v"]
    assert [v.hex() for v in again] == [v.hex() for v in values]
