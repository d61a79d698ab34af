"""What a column is for, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from segmentry.domain.role import Role
from segmentry.projectfile.roles import role_of
from surveys import look

N = 120
BINARY = [0, 1] * (N // 2)
FEW = ["a1", "b2", "c3"] * (N // 3)
CODES = [1, 2, 3] * (N // 3)
MANY = [37 * i % 101 for i in range(N)]
SUMS = [1.5 * i % 77 for i in range(N)]


def role(name: str, values: Sequence[Any], *, last: bool = False) -> Role:
    columns = {"before": SUMS, name: values, "after": SUMS}
    if last:
        del columns["after"]
    seen = look(columns)
    return role_of(seen.get(name), seen).role


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Churn", ["Yes", "No"] * 60),
        ("churn_flag", BINARY),
        ("Churn Score", MANY),
        ("Attrition_Flag", FEW),
        ("Exited", BINARY),
        ("expanded", BINARY),
        ("upgraded", BINARY),
        ("converted", BINARY),
        ("conversion_rate", SUMS),
        ("target", BINARY),
        ("AcceptedCmp1", BINARY),
        ("response", BINARY),
        ("default", ["no", "yes"] * 60),
        ("default.payment.next.month", BINARY),
        ("is_fraud", BINARY),
        ("Revenue", [True, False] * 60),
        ("retention_7", BINARY),
        ("Naive_Bayes_Classifier_mon_1", SUMS),
        ("purchase_propensity", SUMS),
        ("predicted_value", SUMS),
        ("lead_score", MANY),
        ("cancellation_year", [2018, None] * 60),
        ("status", ["Stayed", "Churned", "Joined"] * 40),
    ],
)
def test_labels_and_what_models_say_are_outcomes(name: str, values: Sequence[Any]) -> None:
    assert role(name, values) is Role.OUTCOME


@pytest.mark.parametrize("name", ["y", "class", "label", "output", "risk", "diagnosis"])
def test_one_word_for_a_label_at_the_end_is_an_outcome(name: str) -> None:
    assert role(name, FEW, last=True) is Role.OUTCOME


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("first_response_time_minutes", MANY),
        ("Revenue", SUMS),
        ("ExitRates", SUMS),
        ("PURCHASES", SUMS),
        ("visits", MANY),
        ("Spending Score (1-100)", MANY),
        ("satisfaction_score", MANY),
        ("account_age_days", MANY),
        ("Total day minutes", SUMS),
        ("poutcome", FEW),
        ("DistanceFromHome", MANY),
        ("TENURE", CODES),
        ("channel", FEW),
        ("Contract", FEW),
        ("mens", BINARY),
        ("stock_level", MANY),
    ],
)
def test_behaviour_shapes_segments(name: str, values: Sequence[Any]) -> None:
    assert role(name, values) is Role.CLUSTER


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gender", ["f", "m"] * 60),
        ("Age", MANY),
        ("age_group", FEW),
        ("Annual Income (k$)", MANY),
        ("Year_Birth", MANY),
        ("Country", [f"land {i % 40}" for i in range(N)]),
        ("Zip Code", [10_000 + 7 * i for i in range(N)]),
        ("SeniorCitizen", BINARY),
        ("number_of_dependents", CODES),
        ("industry", FEW),
        ("industry_vertical", FEW),
        ("company_size", FEW),
        ("job_title", FEW),
        ("Month", FEW),
        ("Weekend", BINARY),
        ("SpecialDay", SUMS),
        ("Browser", CODES),
        ("TrafficType", CODES),
        ("Channel", CODES),
        ("VendorID", CODES),
        ("customer_segment", FEW),
        ("cluster", CODES),
        ("brand", [f"brand {i % 50}" for i in range(N)]),
    ],
)
def test_who_where_when_and_codes_are_overlay(name: str, values: Sequence[Any]) -> None:
    assert role(name, values) is Role.OVERLAY


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("RowNumber", list(range(N))),
        ("whatever", list(range(1, N + 1))),
        ("invoice_number", [10_000 + 13 * i for i in range(N)]),
        ("full_name", [f"Ada {i}" for i in range(N)]),
        ("Surname", [f"Ada {i % 70}" for i in range(N)]),
        (
            "essay",
            [
                "so it was, and so it will be, for ever and ever, they all said " + "x" * (i % 9)
                for i in range(N)
            ],
        ),
        ("signup_date", [date(2024, 1, 1 + i % 28) for i in range(N)]),
    ],
)
def test_names_numbers_of_rows_texts_and_dates_are_ids(name: str, values: Sequence[Any]) -> None:
    assert role(name, values) is Role.ID


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("treatment", BINARY),
        ("arm", FEW),
        ("whatever", ["control", "mail"] * 60),
        ("group", ["A", "B"] * 60),
        ("test_group", ["x", "y"] * 60),
        ("segment", ["Mens E-Mail", "Womens E-Mail", "No E-Mail"] * 40),
        ("variant", FEW),
    ],
)
def test_the_arms_of_an_experiment_are_a_treatment(name: str, values: Sequence[Any]) -> None:
    assert role(name, values) is Role.TREATMENT


def test_groups_that_are_no_arms_are_no_treatment() -> None:
    assert role("group", ["north", "south"] * 60) is not Role.TREATMENT
    assert role("PhoneService", ["No phone service", "Yes"] * 60) is not Role.TREATMENT


@pytest.mark.parametrize("name", ["segment", "cohort", "group", "customer_tier", "cluster"])
def test_letters_of_segments_are_no_arms(name: str) -> None:
    assert role(name, ["A", "B", "C"] * 40) is Role.OVERLAY


@pytest.mark.parametrize("name", ["unsubscribed", "newsletter_unsubscribed", "opted_out", "optout"])
def test_who_wants_no_more_mail_has_left(name: str) -> None:
    assert role(name, BINARY) is Role.OUTCOME
