"""Documents become charts of trust; what a run does not hold is not drawn."""

from __future__ import annotations

from factories_render import documents, minimal
from segmentry.render import figures_evidence as figures
from segmentry.render.trust import SCORES

TOLD = documents(n_segments=4, n_points=50)
SEGMENTS = TOLD["segments"]["segments"]
EVIDENCE = TOLD["evidence"]
NAMES = [s["name"] for s in SEGMENTS]


def test_every_score_with_a_panel_gets_one_with_the_chosen_candidate_marked():
    panels = figures.choice(TOLD["candidates"])
    assert [p.key for p in panels] == [
        f"choice-{s.key.replace('_', '-')}" for s in SCORES if s.has_panel
    ]
    assert {(p.marked, p.marked_band) for p in panels} == {(4, "k-means")}
    assert panels[0].bands[0].low


def test_every_method_has_a_line_of_its_own_in_the_same_place():
    panels = figures.choice(TOLD["candidates"])
    assert {tuple(b.label for b in p.bands) for p in panels} == {
        ("k-means", "Gaussian mixture", "Ward")
    }
    assert figures.methods(TOLD["candidates"]) == ("k-means", "Gaussian mixture", "Ward")


def test_a_method_without_a_score_keeps_its_place_as_a_gap():
    found = [
        {"n_segments": 4, "method": "ward", "scores": {"silhouette": 0.2}, "kept": True},
        {"n_segments": 4, "method": "k-means", "scores": {"silhouette": 0.1, "bic": 5.0}},
    ]
    bic = figures.choice({"candidates": found})[-1]
    assert (bic.key, [b.values for b in bic.bands]) == ("choice-bic", [(None,), (5.0,)])


def test_an_absent_score_is_a_gap_and_a_score_of_nobody_no_panel():
    found = [
        {"n_segments": 4, "method": "k-means", "scores": {"silhouette": 0.2}, "kept": True},
        {"n_segments": 5, "method": "k-means", "scores": {}},
    ]
    (panel,) = figures.choice({"candidates": found})
    assert panel.bands[0].values == (0.2, None)


def test_the_tree_of_merges_has_the_runs_figures_and_names():
    tree = figures.merging(EVIDENCE, SEGMENTS)
    told = EVIDENCE["merging"]
    assert list(tree.labels.values()) == NAMES
    assert tree.explained == told["explained"]
    assert [(list(f.first), list(f.second), f.explained) for f in tree.forks] == [
        (m["first"], m["second"], m["explained"]) for m in told["merges"]
    ]
    assert figures.merging({}, SEGMENTS) is None


def test_an_outcome_is_a_share_only_where_all_its_means_are():
    churned, tickets = figures.outcomes(SEGMENTS)
    assert (churned.as_share, tickets.as_share) == (True, False)
    assert churned.estimates[1].mean == SEGMENTS[1]["outcomes"][0]["mean"]


def test_an_outcome_that_is_no_share_is_not_drawn_as_one():
    spend = {"name": "spend", "mean": 0.75, "low": 0.7, "high": 0.8, "overall": 0.5, "n": 9}
    told = [{"id": 1, "name": "A", "outcomes": [{**spend, "is_share": False}]}]
    (chart,) = figures.outcomes(told)
    assert (chart.as_share, chart.estimates[0].text, chart.overall_text) == (False, "0.75", "0.5")


def test_the_range_of_resamples_is_not_called_a_confidence_interval():
    head = [c.text for c in figures.stability(EVIDENCE, SEGMENTS).table().head]
    assert "Range of nine in ten resamples" in head
    assert not any("interval" in text for text in head)


def test_what_followed_is_drawn_by_segment_in_its_unit():
    back, value = figures.heldout(EVIDENCE, SEGMENTS, TOLD["summary"])
    assert [e.label for e in back.estimates] == NAMES
    assert (back.as_share, value.as_share) == (True, False)
    assert value.overall_text == "£320"


def test_silhouettes_keep_names_shares_and_values_by_id():
    chart = figures.silhouettes(EVIDENCE, SEGMENTS)
    assert [s.label for s in chart.shapes] == NAMES
    assert [s.share for s in chart.shapes] == [s["share"] for s in SEGMENTS]
    assert list(chart.shapes[2].values) == EVIDENCE["silhouettes"]["segments"][2]["values"]
    assert chart.n_rows == 3000


def test_stability_has_a_verdict_in_words_and_fixed_limits():
    chart = figures.stability(EVIDENCE, SEGMENTS)
    assert [e.verdict for e in chart.estimates] == [
        "comes back",
        "comes back",
        "doubtful",
        "dissolves",
    ]
    assert chart.limits == (0.0, 1.0)
    assert chart.overall is None


def test_without_evidence_there_are_no_charts_of_it():
    bare = minimal(n_segments=2)["segments"]["segments"]
    assert figures.structure({}) is None
    assert figures.silhouettes({}, bare) is None
    assert figures.stability({}, bare) is None
    assert figures.choice({}) == ()
    assert figures.outcomes(bare) == ()
    assert figures.heldout({}, bare, {"project": {}}) == ()
    assert figures.heldout(EVIDENCE, SEGMENTS, TOLD["summary"], "heldout_columns") == ()


def test_outcomes_of_tables_are_drawn_as_those_that_followed():
    beside = {"heldout_columns": EVIDENCE["heldout"]}
    drawn = figures.heldout(beside, SEGMENTS, TOLD["summary"], "heldout_columns")
    followed = figures.heldout(EVIDENCE, SEGMENTS, TOLD["summary"])
    assert [c.key for c in drawn] == ["heldout-columns-0", "heldout-columns-1"]
    assert [c.estimates for c in drawn] == [c.estimates for c in followed]
