"""Facts of a run in the words of the report."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render import view

TOLD = documents(n_segments=3)


def card(**changes):
    told = documents(n_segments=2, n_features=5)
    told["segments"]["segments"][0].update(changes)
    return view.cards(told)[0]


def contrast(**changes):
    base = {
        "feature": "recency_days",
        "mean": 9.0,
        "median": 4.0,
        "overall_mean": 20.0,
        "overall_median": 12.0,
    }
    return {**base, "difference": -0.5, "low": -0.7, "high": -0.3, **changes}


@pytest.mark.parametrize(
    ("verdict", "heading"),
    [
        ("clear", "Clear segments"),
        ("weak", "Weak segments"),
        ("none", "No clear segments in this data"),
    ],
)
def test_the_opening_says_the_verdict_in_words(verdict, heading):
    assert view.opening(documents(verdict=verdict)).verdict.heading == heading


def test_the_opening_of_a_bare_run_claims_nothing():
    told = view.opening(minimal())
    assert told.verdict == view.UNKNOWN_VERDICT
    assert (told.decision, told.warnings, told.entities) == ("", (), "rows")


def test_the_opening_gives_totals_with_their_unit():
    facts = dict(view.opening(TOLD).facts)
    assert facts["Value in total"] == "£8.91m"
    assert facts["Behaviour up to"] == "9 December 2011"


def test_a_value_that_is_no_money_is_not_written_as_money():
    summary = {
        "project": {"currency": "GBP"},
        "value_feature": "n_orders",
        "features": [{"name": "n_orders", "unit": "orders"}],
    }
    assert view.value_text(1200.0, summary) == "1.2k"


def test_a_card_shows_figures_in_the_units_of_their_features():
    row = card(contrasts=[contrast()]).contrasts[0]
    assert (row.label, row.here, row.everyone, row.measure) == (
        "Recency days",
        "4 days",
        "12 days",
        "",
    )
    assert (row.difference, row.interval) == ("−0.50", "−0.70 to −0.30")


def test_equal_medians_give_way_to_means():
    row = card(contrasts=[contrast(median=0.0, overall_median=0.0)]).contrasts[0]
    assert (row.measure, row.here, row.everyone) == ("mean", "9 days", "20 days")


def test_a_level_of_a_category_is_a_share():
    told = {"feature": "plan", "level": "Pro", "mean": 0.4, "overall_mean": 0.1, "difference": 0.7}
    row = card(contrasts=[told]).contrasts[0]
    assert (row.label, row.here, row.everyone) == ("Plan: Pro", "40\u00a0%", "10\u00a0%")
    assert row.interval == "– to –"


@pytest.mark.parametrize(
    ("difference", "start", "width"), [(-4.0, 0.0, 50.0), (2.0, 50.0, 25.0), (0.0, 50.0, 0.0)]
)
def test_bars_start_at_everyone_and_share_one_scale(difference, start, width):
    rows = card(contrasts=[contrast(difference=-4.0), contrast(difference=difference)])
    bar = [*rows.contrasts, *rows.more_contrasts][1].bar
    assert (bar.start, bar.width, bar.is_above) == (start, width, difference > 0)


def test_a_card_of_small_differences_has_small_bars():
    (row,) = card(contrasts=[contrast(difference=0.1, low=0.05, high=0.15)]).contrasts
    assert row.bar.width < 10


def test_one_level_of_each_category_leads():
    levels = [contrast(feature="plan", level=x, difference=d) for x, d in (("A", 2.0), ("B", 1.9))]
    told = card(contrasts=[*levels, contrast(difference=0.5)])
    assert [r.label for r in told.contrasts] == ["Plan: A", "Recency days", "Plan: B"]


def test_a_negative_value_share_has_a_figure_and_no_bar():
    told = card(value_share=-0.2)
    assert (told.value_share, told.value_width) == ("−20\u00a0%", 0.0)


def test_the_widest_bar_of_all_cards_is_full():
    told = view.cards(TOLD)
    assert max(max(c.share_width, c.value_width) for c in told) == 100.0


def test_a_card_of_a_bare_run_leaves_out_what_is_not_known():
    told = view.cards(minimal())[0]
    assert (told.value_share, told.contrasts, told.outcomes, told.action) == (None, (), (), "")
    assert [value for _, _, value in told.quality] == ["–", "–", "–"]


def test_a_card_holds_the_strongest_features_and_a_readable_rest():
    told = view.cards(documents(n_segments=2, n_features=300))[0]
    assert len(told.contrasts) == view.TOP_CONTRASTS
    assert len(told.more_contrasts) == view.MORE_CONTRASTS


def test_every_candidate_keeps_its_reason_in_the_table():
    rows = view.candidates_table(TOLD["candidates"]).rows
    assert [r[-1].text for r in rows] == [c["reason"] for c in TOLD["candidates"]["candidates"]]
    assert [r[0].is_marked for r in rows] == [c["kept"] for c in TOLD["candidates"]["candidates"]]


def test_a_score_is_told_with_what_is_known_of_its_spread():
    scores = {
        "silhouette": 0.3,
        "silhouette_low": 0.2,
        "silhouette_high": 0.4,
        "seed_ari": 0.9,
        "seed_ari_low": 0.7,
    }
    table = view.candidates_table({"candidates": [{"name": "a", "scores": scores}]})
    assert [c.text for c in table.rows[0][1:3]] == ["0.30 (0.20 to 0.40)", "0.90 (worst 0.70)"]


@pytest.mark.parametrize(
    ("check", "interval", "wanted", "verdict"),
    [
        (
            {"low": 0.1, "high": 0.2, "threshold": 0.3, "verdict": "fail"},
            "0.1 to 0.2",
            "at least 0.3",
            "fails",
        ),
        (
            {"low": 0.1, "threshold": 0.3, "larger_is_better": False, "verdict": "pass"},
            "from 0.1",
            "at most 0.3",
            "passes",
        ),
        ({"high": 0.2, "verdict": "info"}, "up to 0.2", "–", "for information"),
        ({}, "–", "–", ""),
    ],
)
def test_a_check_is_told_with_interval_threshold_and_verdict(check, interval, wanted, verdict):
    table = view.checks_table({"checks": [{"name": "silhouette", "estimate": 0.15, **check}]})
    assert [c.text for c in table.rows[0][:5]] == ["Silhouette", "0.15", interval, wanted, verdict]


def test_a_check_of_a_share_is_written_as_a_share_and_toned_by_its_verdict():
    told = {"name": "smallest_share", "estimate": 0.06, "threshold": 0.02, "verdict": "pass"}
    row = view.checks_table({"checks": [told]}).rows[0]
    assert [c.text for c in row[1:4]] == ["6.0\u00a0%", "–", "at least 2.0\u00a0%"]
    assert row[4].classes == "tone-good"


def test_no_checks_are_no_table():
    assert view.checks_table({}) is None
