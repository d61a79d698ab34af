"""What was found in the data, in words, and what became of every feature."""

from __future__ import annotations

from factories_render import documents
from segmentry.render import audit_view

TOLD = documents()


def features() -> dict[str, list[str]]:
    table = audit_view.features_table(TOLD["summary"], TOLD["audit"])
    return {row[0].text: [c.text for c in row[1:]] for row in table.rows}


def test_findings_come_gravest_first():
    told = documents(nasty=True)["audit"]
    assert [f.severity for f in audit_view.findings(told)] == [
        "error",
        "warning",
        "warning",
        "info",
    ]


def test_a_finding_tells_where_how_many_and_what_was_done():
    finding = audit_view.findings(TOLD["audit"])[1]
    assert finding.where == "orders · CustomerID"
    assert finding.count == "135,080 of 541,909 (25\u00a0%)"
    assert finding.done == "left out"


def test_a_finding_of_an_unknown_severity_is_shown_last():
    told = {"findings": [{"code": "a", "severity": "odd"}, {"code": "b", "severity": "info"}]}
    assert [f.severity for f in audit_view.findings(told)] == ["info", "odd"]


def test_facts_of_any_plain_type_are_written():
    told = {
        "facts": {
            "rows": 1234,
            "share": 0.5,
            "cut": {"n_rows": 3},
            "files": list("abcdefgh"),
            "odd": None,
        }
    }
    assert [value for _, value in audit_view.facts(told)] == [
        "1,234",
        "0.5",
        "rows: 3",
        "a, b, c, d, e, f and 2 more",
        "None",
    ]


def test_every_feature_is_told_with_meaning_role_and_preparation():
    told = features()
    assert told["recency_days"] == [
        "Days since the last order (days)",
        "shapes segments",
        "logarithm of 1 + x",
        "filled with 0: no such event means none",
    ]
    assert told["tenure_days"][2] == "Yeo-Johnson power (0.31)"
    assert told["first_channel"][2].startswith("one column for each of 3 levels: direct")
    assert told["Country"][1:] == ["overlay", "not used for finding segments", "not known"]


def test_a_feature_that_was_left_out_keeps_its_reason():
    assert features()["loyalty_tier"] == ["", "", "left out: every value is the same", ""]
    assert features()["weekend_share"][2] == "left out: correlates at 0.98 with n_events"


def test_a_weight_is_told_where_it_is_not_one():
    recipe = {
        "numbers": [{"column": "a", "transform": "identity", "weight": 2.0}],
        "categories": [{"column": "b", "levels": ["x"], "weight": 0.5}],
    }
    table = audit_view.features_table({}, {"recipe": recipe})
    assert [row[3].text for row in table.rows] == [
        "as it is; weight 2",
        "one column for each of 1 levels: x; weight 0.5",
    ]


def test_thousands_of_features_are_cut_and_counted():
    table = audit_view.features_table({"features": [{"name": f"f{i}"} for i in range(3000)]}, {})
    assert len(table.rows) == audit_view.MOST_FEATURES
    assert table.caption == "200 of 3,000 features, and what became of them"


def test_timings_end_with_their_total():
    table = audit_view.timings_table(TOLD["timings"])
    assert [c.text for c in table.rows[-1]] == ["In total", "7.3 s", "612 MiB"]
    assert audit_view.timings_table({}) is None
