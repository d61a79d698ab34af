"""Edits of a project: one value each, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

from segmentry.domain.project import FeatureChoice, Project, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.projectfile.findings.edit import Edit, applied, both, holds

TWO = Project("p", (Source("a", "a.csv"), Source("b", "b.csv", where="x > 0")))


def test_a_condition_is_added_to_the_source_that_is_meant() -> None:
    edit = Edit("where", "y is not null")
    one = applied(TWO, edit, 1)
    assert [s.where for s in one.sources] == [None, "x > 0 and y is not null"]
    assert [s.where for s in applied(TWO, edit).sources] == [
        "y is not null",
        "x > 0 and y is not null",
    ]


def test_a_role_is_given_and_the_others_stay() -> None:
    base = replace(TWO, features=FeatureChoice(roles=frozen_mapping({"u": Role.OVERLAY})))
    roles = applied(base, Edit("role", "id", "v")).features.roles
    assert dict(roles) == {"u": Role.OVERLAY, "v": Role.ID}


def test_a_field_and_deduplicate_are_set() -> None:
    changed = applied(applied(TWO, Edit("field", "upper(k)", "item")), Edit("deduplicate", "last"))
    assert all(s.columns == {"item": "upper(k)"} for s in changed.sources)
    assert all(s.deduplicate == "last" for s in changed.sources)


def test_an_edit_holds_once_it_is_applied() -> None:
    for edit in (
        Edit("where", "y is not null"),
        Edit("role", "id", "v"),
        Edit("field", "upper(k)", "item"),
        Edit("deduplicate", "last"),
    ):
        changed = applied(TWO, edit, 0)
        assert not holds(TWO, TWO.sources[0], edit)
        assert holds(changed, changed.sources[0], edit)


def test_conditions_are_joined_so_that_both_have_to_be_met() -> None:
    assert both("a or b", "c") == "(a or b) and c"
    # A word that only holds the letters is none.
    assert both("colour = 'x'", "c") == "colour = 'x' and c"


def test_it_reads_as_a_line_of_the_project_file() -> None:
    assert str(Edit("role", "id", "a")) == "features.roles.a: id"
    assert str(Edit("field", "upper(k)", "item")) == "columns.item: upper(k)"
    assert str(Edit("deduplicate", "last")) == "deduplicate: last"
