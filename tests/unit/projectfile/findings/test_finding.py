"""The value of a finding: its share, what is done about it, its plain data."""

from __future__ import annotations

import pytest

from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.examine import DEEPER, SEARCHES
from segmentry.projectfile.findings.finding import (
    KINDS,
    Finding,
    agreeing,
    as_data,
    of_rows,
    percent,
    rows_do,
)


def test_shares_are_never_rounded_to_all_or_to_nothing() -> None:
    assert percent(0, 10) == "0 %"
    assert percent(1, 100_000) == "<0.1 %"
    assert percent(99_999, 100_000) == "99.9 %"
    assert percent(5, 5) == "100 %"
    assert of_rows(1, 4) == "1 row (25.0 %)"
    assert of_rows(2, 4, "entity") == "2 entities (50.0 %)"


def test_one_row_has_and_two_rows_have() -> None:
    assert rows_do(1, 4, "have") == "1 row (25.0 %) has"
    assert rows_do(2, 4, "have", noun="entity") == "2 entities (50.0 %) have"
    assert (agreeing(1, "lie"), agreeing(0, "are"), agreeing(1, "were")) == ("lies", "are", "was")


def test_what_is_done_is_the_rule_or_the_edit_that_would() -> None:
    edit = Edit("role", "id", "a")
    told = Finding("constant", "info", "a sentence", edit=edit)
    assert told.outcome == "only told; to act on it: features.roles.a: id"
    assert Finding("constant", "info", "a sentence", rule="where: x").outcome == "where: x"
    assert Finding("constant", "info", "a", advice="look at it").outcome == "only told; look at it"


def test_plain_data_leaves_out_what_is_not_known() -> None:
    data = as_data(Finding("missing", "info", "a sentence", ("a",), 3, 12))
    assert data["share"] == pytest.approx(0.25)
    assert data["rule"] == "nothing; only told"
    assert "fix" not in data
    assert "source" not in data
    assert None not in data.values()


def test_a_finding_that_is_settled_cannot_be_recorded_again() -> None:
    edit = Edit("where", "a > 0")
    assert as_data(Finding("refunds", "info", "a", edit=edit))["can_be_recorded"]
    assert not as_data(Finding("refunds", "info", "a", edit=edit, rule="where: a"))[
        "can_be_recorded"
    ]


def test_every_search_says_what_it_looks_for() -> None:
    assert all(search.__doc__ for search in (*SEARCHES, *DEEPER))
    assert len(set(KINDS.values())) == len(KINDS)
