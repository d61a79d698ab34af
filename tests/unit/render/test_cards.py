"""A card says what its segment is like, in the units of the features."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render import cards
from segmentry.render.report import render_report

TOLD = documents(n_segments=3)


def card(evidence=None, **changes):
    told = documents(n_segments=2, n_features=5)
    told["segments"]["segments"][0].update(changes)
    if evidence is not None:
        told["evidence"] = evidence
    return cards.cards(told)[0]


def contrast(**changes):
    base = {
        "feature": "recency_days",
        "mean": 9.0,
        "median": 4.0,
        "overall_mean": 20.0,
        "overall_median": 12.0,
    }
    return {**base, "difference": -0.5, "low": -0.7, "high": -0.3, **changes}


def test_a_card_shows_figures_in_the_units_of_their_features():
    row = card(contrasts=[contrast()]).contrasts[0]
    assert (row.label, row.here, row.everyone) == ("Days since last seen", "4 days", "12 days")
    assert (row.difference, row.interval, row.measure) == ("−0.50", "−0.70 to −0.30", "")


def test_equal_medians_give_way_to_means():
    row = card(contrasts=[contrast(median=0.0, overall_median=0.0)]).contrasts[0]
    assert (row.measure, row.here, row.everyone) == ("mean", "9 days", "20 days")


def test_a_card_names_the_channel_that_its_playbook_does():
    lines = [{"kind": k, "text": f"The {k}.", "reason": "9 %."} for k in ("owner", "channel")]
    told = card(playbook={"action": "Call.", "reason": "They left.", "lines": lines})
    assert (told.action, told.channel) == ("Call.", "The channel.")
    assert card(playbook={"action": "Call.", "reason": "They left."}).channel == ""


def test_a_level_of_a_category_is_a_share():
    told = {"feature": "plan", "level": "Pro", "mean": 0.4, "overall_mean": 0.1, "difference": 0.7}
    row = card(contrasts=[told]).contrasts[0]
    assert (row.label, row.here, row.everyone) == ("Plan: Pro", "40\u202f%", "10\u202f%")
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
    labels = [r.label for r in told.contrasts]
    assert labels == ["Plan: A", "Days since last seen", "Plan: B"]


def test_three_traits_lead_and_the_rest_is_not_lost():
    told = card(traits=["a", "b", "c", "d", "e"])
    assert (told.traits, told.more_traits) == (("A", "B", "C"), ("D", "E"))


def test_a_negative_value_share_has_a_figure_and_no_bar():
    told = card(value_share=-0.2)
    assert (told.value_share, told.value_width) == ("−20\u202f%", 0.0)


def test_the_widest_bar_of_all_cards_is_full():
    told = cards.cards(TOLD)
    assert max(max(c.share_width, c.value_width) for c in told) == 100.0


def test_a_yes_or_no_overlay_is_told_once():
    pair = [
        {"column": "Partner", "level": level, "share": s, "overall_share": 0.5}
        for level, s in (("no", 0.7), ("yes", 0.3))
    ]
    assert card(overlays=pair).overlays == (("Partner: yes", "30\u202f%", "50\u202f%"),)
    assert card(overlays=pair[:1]).overlays == (("Partner: no", "70\u202f%", "50\u202f%"),)


def test_an_overlay_of_codes_is_no_yes_and_no():
    told = [
        {"column": "TrafficType", "level": level, "share": 0.3, "overall_share": 0.5}
        for level in ("0", "1", "20", "Web_Push")
    ]
    labels = [label for label, *_ in card(overlays=told).overlays]
    assert labels == [f"Traffic type: {level}" for level in ("0", "1", "20", "Web_Push")]


@pytest.mark.parametrize(
    ("changes", "here"),
    [({"is_share": True}, "75\u202f%"), ({"is_share": False}, "0.75"), ({}, "75\u202f%")],
)
def test_an_outcome_is_written_as_a_share_where_it_is_one(changes, here):
    told = {"name": "spend", "mean": 0.75, "low": 0.7, "high": 0.8, "overall": 0.5, "n": 9}
    assert card(outcomes=[{**told, **changes}]).outcomes[0].here == here


def test_quality_tells_whether_the_segment_comes_back():
    stable = {"segments": [{"id": 1, "jaccard": 0.44, "verdict": "dissolves"}]}
    first = card(evidence={"stability": stable}).quality[0]
    assert (first.term, first.text, first.tone) == ("bootstrap", "dissolves (0.44)", "bad")
    learned = {"confidence": "share that keeps its segment"}
    assert [q.term for q in card(evidence=learned).quality] == [
        "silhouette",
        "confidence",
        "anomaly",
    ]


def test_confidence_that_was_not_learned_is_called_nearness():
    assert [q.label for q in card(evidence={}).quality] == ["Silhouette", "Nearness", "Anomalies"]


def test_a_card_holds_the_rule_of_its_segment():
    rules = {"rules": [{"id": 1, "rule": "orders above 6", "precision": 0.9, "coverage": 0.8}]}
    rule = card(evidence={"surrogate": rules}).rule
    assert (rule.text, rule.precision, rule.coverage) == (
        "orders above 6",
        "90\u202f%",
        "80\u202f%",
    )
    assert card(evidence={}).rule is None


def test_a_card_of_a_bare_run_leaves_out_what_is_not_known():
    told = cards.cards(minimal())[0]
    assert (told.value_share, told.contrasts, told.outcomes, told.action) == (None, (), (), "")
    assert (told.quality, told.has_more) == ((), False)


def test_a_card_holds_the_strongest_features_and_a_readable_rest():
    told = cards.cards(documents(n_segments=2, n_features=300))[0]
    assert len(told.contrasts) == cards.TOP_CONTRASTS
    assert len(told.more_contrasts) == cards.MORE_CONTRASTS


def test_what_people_say_stands_on_the_card_and_nothing_where_they_say_nothing():
    assert card().said == ()
    told = dict(card(owner="ada", locked=True, note="ask in May").said)
    assert (told["Owner"], told["Note"]) == ("ada", "ask in May")
    assert told["Locked"] == "it keeps its name, and is neither merged nor split"


BUSINESS = {
    "name": "net_revenue_retention",
    "sentence": "Recurring value 30 days later over that at the cut.",
    "unit": "share",
    "value": 1.098,
    "low": 1.062,
    "high": 1.138,
    "everyone": 1.136,
    "n": 1194,
}


def test_a_card_tells_what_a_segment_kept_and_cost():
    tickets = {**BUSINESS, "name": "tickets_each", "unit": "tickets", "value": 0.185}
    kept, asked = card(business=[BUSINESS, tickets]).business
    assert (kept.name, kept.here) == ("Net revenue retention", "110\u202f%")
    assert (kept.interval, kept.everyone, kept.n) == (
        "106\u202f% to 114\u202f%",
        "114\u202f%",
        "1,194",
    )
    assert kept.note == BUSINESS["sentence"]
    assert (asked.name, asked.here) == ("Tickets per member", "0.185")
    assert card().business == ()


def test_a_report_with_and_without_figures_of_business_is_written():
    told = documents(n_segments=2, n_features=5)
    assert "Value and service afterwards" not in render_report(told)
    told["segments"]["segments"][0]["business"] = [BUSINESS]
    assert BUSINESS["sentence"] in render_report(told)
    # Of events without amounts nothing but retention is known.
    courses = told["evidence"]["heldout"]["courses"]
    for line in (*courses["segments"], courses["everyone"]):
        line["value"] = []
    page = render_report(told)
    assert 'data-chart="retention"' in page
    assert 'data-chart="value"' not in page


@pytest.mark.parametrize(
    ("basis", "label"), [("outcome", "Health"), ("ranks", "Health, unchecked")]
)
def test_a_card_tells_its_health_in_one_line(basis, label):
    told = {"id": 1, "n": 90, "mean": {"value": 71.2, "low": 66.0, "high": 76.4}}
    told["below"] = {"value": 0.25, "low": 0.17, "high": 0.35}
    health = {"basis": basis, "floor": 60.0, "segments": [told]}
    first = card(evidence={"health": health}).quality[0]
    assert (first.term, first.label) == ("health score", label)
    assert first.text == "71 (66 to 76), 25\u202f% below 60"


def test_a_share_that_would_tell_of_few_is_not_on_the_card():
    told = {"id": 1, "n": 80, "mean": {"value": 71.2, "low": 66.0, "high": 76.0}}
    health = {"basis": "outcome", "floor": 60.0, "segments": [told]}
    assert card(evidence={"health": health}).quality[0].text == "71 (66 to 76)"


def test_a_segment_of_few_tells_no_health():
    health = {"basis": "outcome", "floor": 60.0, "segments": [{"id": 1, "n": 4}]}
    labels = [q.label for q in card(evidence={"health": health}).quality]
    assert "Health" not in labels
