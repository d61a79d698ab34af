"""Columns that describe: each rule by itself, and where it would misfire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from segmentry.domain.role import Role
from segmentry.projectfile import overlays
from segmentry.projectfile.overlays import head, is_count
from surveys import column, look

N = 240
FINE = [0.5 * i for i in range(N)]
MANY = [37 * i % 211 for i in range(N)]
HOURS = [i % 24 for i in range(N)]
CODES = [1 + i % 3 for i in range(N)]
WORDS = ["a1", "b2", "c3"] * (N // 3)


def speaks(rule: str, name: str, values: Sequence[Any]) -> bool:
    seen = look({"before": FINE, name: values, "after": FINE})
    told = getattr(overlays, rule)(seen.get(name), seen)
    assert told is None or told.role is Role.OVERLAY
    return told is not None


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("split", ["train", "test"] * (N // 2), True),
        ("fold", CODES, True),
        ("sample_weight", FINE, True),
        ("fnlwgt", MANY, True),
        ("weight", FINE, False),
        ("group", ["test", "control"] * (N // 2), False),
    ],
)
def test_marks_on_rows(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_row_work", name, values) == told


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("arrival_date_week_number", HOURS, True),
        ("Month of absence", CODES, True),
        ("most ads hour", HOURS, True),
        ("hr", HOURS, True),
        ("yr", [0, 1] * (N // 2), True),
        ("YrSold", [2006 + i % 5 for i in range(N)], True),
        ("whatever", ["Mon", "Tue"] * (N // 2), True),
        ("Time", MANY, True),
        ("Monday", [0, 1] * (N // 2), True),
        ("hr", MANY, False),
        ("months", CODES, False),
        ("days", MANY, False),
        ("Total day minutes", FINE, False),
        ("NumWebVisitsMonth", CODES, False),
        ("watch_time", MANY, False),
        ("year", [*FINE[1:], 9_999.5], False),
    ],
)
def test_parts_of_dates_are_told_from_lengths_of_time(
    name: str, values: Sequence[Any], told: bool
) -> None:
    assert speaks("as_calendar", name, values) == told


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("PLZ", MANY, True),
        ("âge", MANY, True),
        ("Geschlecht", WORDS, True),
        ("area", WORDS, True),
        ("Area code", CODES, True),
        ("NumberOfEmployees", MANY, True),
        ("number_of_dependents", CODES, True),
        ("area", FINE, False),
        ("LotArea", MANY, False),
        ("NumberOfAddress", CODES, False),
        ("city_development_index", FINE, False),
        ("n_countries", CODES, False),
        ("Data Usage", FINE, False),
    ],
)
def test_who_and_where_are_told_from_measures_and_counts(
    name: str, values: Sequence[Any], told: bool
) -> None:
    assert speaks("as_demographic", name, values) == told


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("Policy_Sales_Channel", MANY, True),
        ("Reason for absence", HOURS, True),
        ("Jersey Number", MANY, True),
        ("cod_concepto", CODES, True),
        ("MSSubClass", [20, 30, 60] * (N // 3), True),
        ("n_devices", CODES, False),
        ("devices", CODES, False),
        ("clicks_num", MANY, False),
        ("order_number", MANY, False),
        ("type", FINE, False),
        ("class", [0, 1] * (N // 2), False),
    ],
)
def test_codes_are_told_from_counts(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_code", name, values) == told


def test_a_column_that_hardly_varies_tells_nobody_apart() -> None:
    assert speaks("as_still", "is_admin", [1] + [0] * (N - 1))
    assert speaks("as_still", "note", ["x", *[None] * (N - 1)])
    assert not speaks("as_still", "is_admin", [1] * 3 + [0] * (N - 3))
    few = look({"is_admin": [1] + [0] * 99})
    assert overlays.as_still(few.columns[0], few) is None


def test_scores_of_recency_frequency_and_value_are_an_earlier_segmentation() -> None:
    assert speaks("as_segment", "RFM_Score", MANY)
    assert speaks("as_segment", "kmeans_cluster", CODES)
    assert not speaks("as_segment", "score", MANY)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("n_items", True),
        ("Number of Policies", True),
        ("order_count", True),
        ("employee_number", False),
        ("n", False),
    ],
)
def test_counts_are_told_by_their_names(name: str, counted: bool) -> None:
    assert is_count(column(name, CODES)) == counted


def test_a_name_is_about_what_stands_before_of() -> None:
    assert head(column("Type of Travel", WORDS)) == "type"
    assert head(column("traffic_types_id", WORDS)) == "type"
    assert head(column("💶", WORDS)) == ""


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("marketing_opt_in", [0, 1] * (N // 2), True),
        ("OptIn", ["Y", "N"] * (N // 2), True),
        ("consent", [True, False] * (N // 2), True),
        ("Newsletter", ["yes", "no", "not asked"] * (N // 3), True),
        ("subscribed_to_emails", [0, 1] * (N // 2), True),
        ("Accepts Marketing", ["yes", "no"] * (N // 2), True),
        ("do_not_email", [0, 1] * (N // 2), True),
        ("subscribed", [0, 1] * (N // 2), False),
        ("newsletter_unsubscribed", [0, 1] * (N // 2), False),
        ("opted_out", [0, 1] * (N // 2), False),
        ("newsletters opened", CODES * 1, False),
        ("newsletter", MANY, False),
        ("marketing spend", MANY, False),
    ],
)
def test_what_somebody_agreed_to(name: str, values: Sequence[Any], told: bool) -> None:
    assert speaks("as_consent", name, values) is told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("group", True),
        ("tier", True),
        ("customer_segment", True),
        ("user cohort", True),
        ("product_group", False),
        ("price tier", False),
        ("team", False),
    ],
)
def test_groups_of_people_were_sorted_by_somebody(name: str, told: bool) -> None:
    assert speaks("as_segment", name, WORDS) is told
