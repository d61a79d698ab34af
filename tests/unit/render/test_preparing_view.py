"""How features were prepared, as tables that a reader opens."""

from __future__ import annotations

from factories_render import documents
from segmentry.render.preparing_view import folded_tables
from segmentry.render.report import render_report

AUDIT = {
    "clusters": [
        {
            "representative": "n_orders",
            "members": [{"column": "active_days", "correlation": 0.97}],
            "reason": "'n_orders' comes first.",
        }
    ],
    "balance": {
        "facets": [
            {"facet": "value", "n_features": 6, "squared_weight": 6.0, "variance_share": 0.75},
            {"facet": "rhythm", "n_features": 2, "squared_weight": 2.0, "variance_share": 0.25},
        ],
        "features": [
            {"feature": "v", "facet": "value", "squared_weight": 1.0, "variance_share": 0.125}
        ],
    },
    "components": [
        {"name": "factor 1", "explained": 0.4, "loadings": {"a": 0.1, "b": -0.9}, "sentence": ""}
    ],
    "gaps": {
        "mean_share": 0.05,
        "columns": [{"column": "a", "share": 0.1}],
        "entities": [{"share_of_features": 0.5, "share": 0.02}],
    },
}
PAIR = {"id": 1, "train": 0.5, "train_low": 0.45, "train_high": 0.55, "validation": 0.48,
        "low": 0.4, "high": 0.56}  # fmt: skip
EVIDENCE = {"validation": {"segments": [PAIR], "sentence": "200 entities had no part in it."}}


def told():
    return {f.table.caption: f.table for f in folded_tables(AUDIT, EVIDENCE)}


def test_nothing_is_told_of_what_there_is_nothing():
    assert folded_tables({}, {}) == ()


def test_features_that_move_together_name_who_stays_and_why():
    row = told()["Features that move together"].rows[0]
    assert [c.text for c in row] == ["n_orders", "active_days (0.97)", "'n_orders' comes first."]


def test_each_side_tells_its_part_of_the_variance():
    rows = told()["Sides of behaviour and their part of the variance"].rows
    assert [c.text for c in rows[0]] == ["Value", "6", "6.00", "75\u202f%"]


def test_a_component_tells_its_strongest_loadings_first():
    row = told()["Components by which entities were compared"].rows[0]
    assert row[2].text == "b −0.90, a 0.10"


def test_gaps_are_told_by_column_and_by_entity():
    table = told()["Gaps that were filled: 2\u202f% of entities miss 50\u202f% or more"]
    assert [c.text for c in table.rows[0]] == ["a", "10\u202f%"]


def test_segments_are_compared_on_entities_kept_apart():
    row = told()["200 entities had no part in it."].rows[0]
    assert row[0].slot == 1
    assert row[1].text == "50\u202f% (45\u202f% to 55\u202f%)"


def test_the_report_shows_them_folded():
    papers = documents()
    page = render_report(
        {**papers, "audit": {**papers["audit"], **AUDIT}, "evidence": {**papers["evidence"],
                                                                       **EVIDENCE}}
    )  # fmt: skip
    for summary in ("How much each side of behaviour counts", "What the components are made of"):
        assert f"<summary>{summary}</summary>" in page
    assert "<summary>What each feature means, and why it is in or out</summary>" in page
