"""Columns, levels and numbers as people read them."""

from __future__ import annotations

import pytest

from segmentry.explain.word import (
    figure,
    label,
    level_label,
    phrase,
    plural_noun,
    sentence,
    singular,
    things,
    title,
    tokens,
)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("MonthlyCharges", "monthly charges"),
        ("ONEOFF_PURCHASES", "oneoff purchases"),
        ("n_events", "n events"),
        ("APICalls", "api calls"),
        ('"quoted" name;--', "quoted name"),
        ("größe (cm)", "größe cm"),
        ("🙂", ""),
    ],
)
def test_a_column_name_is_read_as_lower_case_words(name, read):
    assert tokens(name) == read


def test_a_label_keeps_the_telling_words_and_at_most_two():
    assert label("avg_monthly_shipping_cost") == "Monthly Shipping"
    assert label("count") == "Count"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("n_purchases", "number of purchases"),
        ("n_events_7.5d", "number of events in the last 7.5 days"),
        ("n_events_recent", "number of recent events"),
        ("active_days_7d", "active days in the last 7 days"),
        ("N", "n"),
        ("n_2", "n 2"),
        ("MonthlyCharges", "monthly charges"),
    ],
)
def test_a_number_of_things_is_said_as_one(name, said):
    assert phrase(name) == said


def test_a_number_of_things_names_the_things():
    assert label("n_purchases") == "Purchases"
    assert label("N") == "N"


def test_whether_there_are_any_is_said_of_a_number_that_is_none_or_one():
    assert things("n_refunds") == "with any refunds"
    assert things("Partner") == "partner"


def test_a_name_of_signs_only_is_called_unnamed_rather_than_nothing():
    assert label("🙂🙂") == "Unnamed"
    assert phrase("'\"") == "an unnamed column"


def test_somebody_elses_cluster_numbers_are_no_words():
    assert label("Cluster") == label("segment 3") == "Unnamed"
    assert label("spend_cluster") == "Spend"


def test_a_very_long_name_is_cut():
    assert len(label("x" * 5_000)) <= 20
    assert len(phrase("word " * 5_000)) <= 120


def test_levels_lose_their_brackets():
    assert level_label("Bank transfer (automatic)") == "Bank Transfer"
    assert level_label("--") == ""


def test_titles_keep_short_capitals_and_small_words():
    assert title("price of DSL") == "Price of DSL"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12_345.6, "12,346"),
        (9.96, "10"),
        (3.0, "3"),
        (0.5, "0.5"),
        (0.00071, "0.00071"),
        (-42.3, "-42"),
    ],
)
def test_figures_show_the_digits_that_matter(value, text):
    assert figure(value) == text


def test_a_sentence_begins_large_and_ends_with_a_stop():
    assert sentence("look again") == "Look again."
    assert sentence("Really?") == "Really?"


@pytest.mark.parametrize(
    ("entity", "noun"),
    [
        ("CUST_ID", "Customers"),
        ("customerID", "Customers"),
        ("user_id", "Users"),
        ("accounts", "Accounts"),
        ("row_number", None),
        ("xyz", None),
        (None, None),
    ],
)
def test_the_entity_gives_the_noun_only_where_it_tells(entity, noun):
    assert plural_noun(entity) == noun


def test_plurals_are_undone():
    assert [singular(n) for n in ("Households", "Companies", "People", "Group")] == [
        "Household",
        "Company",
        "Person",
        "Group",
    ]
