"""Telling by values that a column names something."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest

from segmentry.projectfile.idlike import (
    is_digit_name,
    is_name_of_something,
    is_unnamed,
    looks_coded,
    looks_hashed,
    names_by_value,
)
from surveys import column

HASHES = [sha256(str(i).encode()).hexdigest()[:32] for i in range(50)]
CODES = [f"MAC{i:06d}" for i in range(50)]
TITLES = [f"The Elder Game {i}" for i in range(50)]
LETTERS = ["abcdefghijklmnopqrst", "bcdefghijklmnopqrstu"] * 25


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("column0", True),
        ("_c1", True),
        ("V2", True),
        ("Unnamed: 0", True),
        ("f0", False),
        ("Q1", False),
        ("amount2", False),
    ],
)
def test_names_that_were_counted_up_say_nothing(name: str, unnamed: bool) -> None:
    assert is_unnamed(column(name, [1])) == unnamed


@pytest.mark.parametrize(
    ("values", "hashed", "coded"),
    [
        (HASHES, True, False),
        (CODES, False, True),
        (TITLES, False, False),
        (LETTERS, False, False),
        (["b8:27:eb:bf:01", "b8:27:eb:bf:02"], False, True),
        (["red", "green", "blue"], False, False),
        (["1 Month", "12 Month"], False, False),
        ([None, None], False, False),
    ],
)
def test_hashes_and_codes_are_told_from_words(
    values: Sequence[Any], hashed: bool, coded: bool
) -> None:
    found = column("x", values)
    assert (looks_hashed(found), looks_coded(found)) == (hashed, coded)


@pytest.mark.parametrize(
    ("name", "values", "named"),
    [
        ("repo_id", [1, 2, 3], True),
        ("repo", [1, 2, 3], False),
        ("repo", HASHES, True),
        ("rate_id", [1.5, 2.5], False),
        ("house_number", [1, 2], False),
    ],
)
def test_things_are_named_by_word_or_by_value(
    name: str, values: Sequence[Any], named: bool
) -> None:
    assert is_name_of_something(column(name, values)) == named


def test_long_numbers_are_ids_and_ages_are_not() -> None:
    assert names_by_value(column("column1", [151_603_712 + i for i in range(9)]))
    assert not names_by_value(column("column1", list(range(18, 80))))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Card Last4", True),
        ("last_four", True),
        ("card_number", True),
        ("Account Number", True),
        ("IBAN", True),
        ("card bin", True),
        ("seed", True),
        ("orders last 4 weeks", False),
        ("number of cards", False),
        ("seeded_players", False),
        ("spend", False),
    ],
)
def test_digits_that_name_something_are_no_amounts(name: str, told: bool) -> None:
    assert is_digit_name(column(name, [1000 + 7 * i for i in range(300)])) is told


def test_few_bins_are_classes_and_fractions_amounts() -> None:
    assert not is_digit_name(column("age bin", [1, 2, 3, 4] * 75))
    assert not is_digit_name(column("seed", [i + 0.5 for i in range(300)]))
