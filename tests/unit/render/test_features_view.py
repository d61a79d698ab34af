"""Every feature is told with what it means, whether it is in, and why."""

from __future__ import annotations

from factories_render import documents
from segmentry.render.features_view import MOST_FEATURES, features_table

TOLD = documents()


def rows(summary, audit) -> dict[str, tuple]:
    return {row[0].text: row for row in features_table(summary, audit).rows}


def test_every_feature_is_told_with_meaning_place_and_preparation():
    told = rows(TOLD["summary"], TOLD["audit"])
    recency = told["recency_days"]
    assert recency[0].note == "Days since the last order (days)"
    assert [c.text for c in recency[1:]] == [
        "in",
        "Counts as behaviour",
        "logarithm of 1 + x, then put on one scale",
        "filled with 0: no such event means none",
    ]
    assert told["tenure_days"][3].text.startswith("Yeo-Johnson power (0.31)")
    assert "3 levels: direct, paid search, referral" in told["first_channel"][3].text


def test_what_is_out_says_why_by_its_role():
    told = rows(TOLD["summary"], TOLD["audit"])
    assert [c.text for c in told["Country"][1:3]] == [
        "out",
        "Says who they are and not what they do: it describes segments afterwards",
    ]
    outcome = {"features": [{"name": "churned", "role": "outcome"}]}
    assert "must not shape them" in rows(outcome, {})["churned"][2].text


def test_a_feature_that_was_left_out_keeps_its_reason():
    told = rows(TOLD["summary"], TOLD["audit"])
    assert told["loyalty_tier"][2].text == "Every value is the same"
    assert told["weekend_share"][2].text == "Correlates at 0.98 with n_events"


def test_a_feature_that_stands_for_others_names_them():
    recipe = {
        "numbers": [{"column": "orders"}],
        "left_out": [{"column": "days", "reason": "moves with 'orders' (rank correlation 0.99)"}],
    }
    told = rows({}, {"recipe": recipe})
    assert told["orders"][2].note == "Also stands for days, which moves with it"
    assert told["days"][1].text == "out"


def test_levels_that_were_left_out_stand_with_their_category():
    recipe = {
        "categories": [{"column": "tv", "levels": ["No", "Yes"]}],
        "left_out": [{"column": "tv=No internet", "reason": "marks the same as 'net=No'"}],
    }
    told = rows({}, {"recipe": recipe})
    assert list(told) == ["tv"]
    assert told["tv"][2].note == "Left out of its levels: “No internet” marks the same as 'net=No'"


def test_a_column_with_an_equals_sign_that_is_no_level_has_a_row():
    recipe = {"left_out": [{"column": "share_kind=visit", "reason": "is constant"}]}
    assert list(rows({}, {"recipe": recipe})) == ["share_kind=visit"]


def test_features_that_are_in_come_first():
    states = [row[1].text for row in features_table(TOLD["summary"], TOLD["audit"]).rows]
    assert states == sorted(states)


def test_a_weight_is_told_where_it_is_not_one():
    recipe = {
        "numbers": [{"column": "a", "transform": "identity", "weight": 2.0}],
        "categories": [{"column": "b", "levels": ["x"], "weight": 0.5}],
    }
    told = rows({}, {"recipe": recipe})
    assert told["a"][3].text.endswith("; weight 2")
    assert told["b"][3].text.endswith("; weight 0.5")


def test_thousands_of_features_are_cut_and_counted():
    table = features_table({"features": [{"name": f"f{i}"} for i in range(3000)]}, {})
    assert len(table.rows) == MOST_FEATURES
    assert table.caption == "200 of 3,000 features, and why they are in or out"


NOTE = {
    "name": "orders",
    "facet": "purchasing",
    "unit": "orders",
    "sentence": "number of orders",
    "null_means": "never ordered",
    "is_in": True,
    "code": "objective",
    "reason": "the objective revenue names it",
}


def test_a_note_tells_side_reason_and_what_a_gap_means():
    recipe = {"numbers": [{"column": "orders", "impute_reason": "never ordered", "impute": 0}],
              "gaps": [{"column": "orders"}]}  # fmt: skip
    summary = {"features": [{"name": "orders", "sentence": "number of orders", "unit": "orders"}]}
    row = rows(summary, {"recipe": recipe, "features": [NOTE]})["orders"]
    assert row[0].note == "Number of orders (orders) · purchasing"
    assert row[2].text == "The objective revenue names it"
    assert row[4].text == "filled with 0: never ordered; gaps have a column of their own"


def test_what_the_project_excluded_has_a_row():
    note = {**NOTE, "is_in": False, "reason": "excluded by the project (features.exclude)"}
    row = rows({}, {"features": [note]})["orders"]
    assert (row[1].text, row[4].text) == ("out", "never ordered")


def test_ordered_and_frequency_categories_say_how_they_became_numbers():
    recipe = {
        "scores": [
            {"column": "plan", "kind": "ordinal", "levels": ["free", "pro"]},
            {"column": "city", "kind": "frequency", "levels": []},
        ]
    }
    told = rows({}, {"recipe": recipe})
    assert told["plan"][3].text == "one number: its place in the order free, pro"
    assert told["city"][3].text == "one number: how common its level is"
