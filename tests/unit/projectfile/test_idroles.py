"""Columns that name something, or hold free text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from segmentry.domain.role import Role
from segmentry.projectfile import idroles
from surveys import look

N = 240
FINE = [0.5 * i for i in range(N)]
MANY = [10_000 + 37 * i % 211 for i in range(N)]
FEW = [1 + i % 5 for i in range(N)]


def speaks(rule: str, name: str, values: Sequence[Any]) -> bool:
    seen = look({"before": FINE, name: values, "after": FINE})
    told = getattr(idroles, rule)(seen.get(name), seen)
    assert told is None or told.role is Role.ID
    return told is not None


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("host_id", MANY, True),
        ("id_student", MANY, True),
        ("company", MANY, True),
        ("RowNumber", list(range(N)), True),
        ("track_id", [f"5Su{i % 200:09d}" for i in range(N)], True),
        ("checksum", [f"{7919 * (i % 90):032x}" for i in range(N)], True),
        ("Surname", [f"Ada {i % 90}" for i in range(N)], True),
        ("plan_id", ["a", "b"] * (N // 2), False),
        ("companies", MANY, False),
        ("devices", MANY, False),
        ("visit", MANY, False),
        ("score", FINE, False),
        ("product_category_name", [f"cat {i % 40}" for i in range(N)], False),
    ],
)
def test_names_of_things(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_id", name, values) == told


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("password_hash", [f"$2b${i}" for i in range(N)], True),
        ("last_login_ip", [f"10.0.0.{i % 90}" for i in range(N)], True),
        ("phone", MANY, True),
        ("photo_url", [f"https://example.org/{i}.png" for i in range(N)], True),
        ("email_opens", MANY, False),
        ("email_domain", ["x.org", "y.org"] * (N // 2), False),
    ],
)
def test_addresses_and_secrets(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_secret", name, values) == told


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("comment", [None] * (N - 20) + ["ok", "call back"] * 10, True),
        ("bio", [f"I like {i % 50}" for i in range(N)], True),
        ("review", ["good", "bad"] * (N // 2), False),
        ("colour", [None] * (N - 20) + ["red", "blue"] * 10, False),
    ],
)
def test_what_somebody_wrote(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_id", name, values) == told


def test_dates_however_they_are_written() -> None:
    assert speaks("as_date", "issue_d", ["Dec-2011", "Nov-2011"] * (N // 2))
    assert speaks("as_date", "became_member_on", [20_130_801 + i % 28 for i in range(N)])
    assert not speaks("as_date", "spend", MANY)


def test_sentences_are_texts_and_no_ids() -> None:
    words = ["asked", "about", "the", "parcel", "and", "its", "address"]
    values = [f"i {words[i % 7]} for the {words[i // 7 % 7]} number {i}" for i in range(N)]
    seen = look({"before": FINE, "notes": values, "after": FINE})
    told = idroles.as_id(seen.get("notes"), seen)
    assert told is not None
    assert told.role is Role.TEXT
