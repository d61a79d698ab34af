"""The collector of findings."""

from __future__ import annotations

from segmentry.domain.audit import Audit, Finding


def test_findings_are_kept_in_their_order():
    audit = Audit()
    findings = [Finding("b", "Second."), Finding("a", "First.")]
    for finding in findings:
        audit.add(finding)
    assert audit.findings == findings


def test_only_warnings_are_told_as_warnings():
    audit = Audit()
    for severity in ("info", "warning", "error"):
        audit.add(Finding("code", f"This is {severity}.", severity))
    assert audit.warnings == ("This is warning.",)


def test_two_audits_share_nothing():
    first = Audit()
    first.add(Finding("a", "A."))
    first.facts["rows"] = 3
    assert (Audit().findings, Audit().facts) == ([], {})
