"""What was found in the data, in words."""

from __future__ import annotations

from factories_render import documents
from segmentry.render import audit_view

TOLD = documents()


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
    assert finding.count == "135,080 of 541,909 (25\u202f%)"
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
            "empty": {"telco": {}},
        }
    }
    assert [value for _, value in audit_view.facts(told)] == [
        "1,234",
        "0.5",
        "rows: 3",
        "a, b, c, d, e, f and 2 more",
        "None",
    ]


def test_timings_end_with_their_total():
    table = audit_view.timings_table(TOLD["timings"])
    assert [c.text for c in table.rows[-1]] == ["In total", "7.3 s", "612 MiB"]
    assert audit_view.timings_table({}) is None


def test_facts_of_a_code_name_are_told_in_words():
    told = {"facts": {"rows_left_out_by_where": 3, "bad_rows": 0}}
    assert audit_view.facts(told) == (
        ("left out by the filter", "3"),
        ("rows that could not be read", "0"),
    )
