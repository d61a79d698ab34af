"""Columns that are something else than they seem."""

from __future__ import annotations

from looks import look_at
from segmentry.domain.role import Role
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.findings.naming import roles

COLUMNS = {
    "id": list(range(40)),
    "churned": [0, 1] * 20,
    "invoice_no": list(range(9000, 9040)),
    "note": [f"text {i}" for i in range(40)],
    "region": [1, 2, 3, 4] * 10,
    "visits": [5, 6, 7, 8] * 10,
}
ADVISED = {
    "churned": Role.OUTCOME,
    "invoice_no": Role.ID,
    "note": Role.ID,
    "region": Role.OVERLAY,
}
REASONS = {"region": "its numbers are codes, not amounts", "churned": "its name says so"}


def told(in_force: dict[str, Role]) -> dict[str, Finding]:
    look = look_at(COLUMNS, {"entity": "id"}, roles=in_force, advised=ADVISED, reasons=REASONS)
    return {f.kind: f for f in roles(look)}


def test_each_kind_is_told_with_its_reason() -> None:
    found = told(ADVISED)
    assert {k: f.columns[0] for k, f in found.items()} == {
        "leaks": "churned",
        "numeric_ids": "invoice_no",
        "free_text": "note",
        "numeric_codes": "region",
    }
    assert all(f.severity == "info" for f in found.values())
    assert "its name says so" in found["leaks"].sentence


def test_a_project_that_uses_them_is_warned_and_told_the_role() -> None:
    found = told({})
    assert all(f.severity == "warning" for f in found.values())
    assert str(found["leaks"].edit) == "features.roles.churned: outcome"
