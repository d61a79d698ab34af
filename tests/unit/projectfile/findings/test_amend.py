"""Recording an edit in the text of a project file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.domain.project import Project
from segmentry.errors import UsageError
from segmentry.projectfile.findings.amend import amended, difference
from segmentry.projectfile.findings.edit import Edit, applied
from segmentry.projectfile.load import read

TEXT = """# mine
version: 1
project: shop  # a comment
sources:
  - name: orders
    path: "orders.csv"          # where it lies
    shape: events
    columns:
      entity: customer          # who
      time: at
    where: "a > 0"              # rows to keep
  - path: people.csv
    shape: table
    columns: {entity: id}
features:
  # what columns are for
  roles:
    country: overlay            # says where
seed: 3                         # kept
"""
EDITS = (
    Edit("where", "b is not null"),
    Edit("where", "kind <> 'it''s \"odd\": #1'"),
    Edit("role", "id", "note"),
    Edit("role", "id", "country"),
    Edit("role", "outcome", 'odd: "name" #x'),
    Edit("field", "upper(sku)", "item"),
    Edit("field", "coalesce(who, 'x')", "entity"),
)


def loaded(text: str) -> Project:
    return read(text, file="segmentry.yaml", folder=Path("here")).project


PLACED = [(e, i) for i in (0, 1) for e in EDITS if i == 0 or e.name != "item"]
"""Every edit of each source; the second one is a table, which has no items."""


@pytest.mark.parametrize(("edit", "index"), PLACED, ids=str)
def test_the_text_then_loads_to_the_project_that_is_asked_for(edit: Edit, index: int) -> None:
    before = loaded(TEXT)
    after = amended(TEXT, before, edit, index)
    assert loaded(after) == applied(before, edit, index)


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_all_comments_and_all_other_lines_are_kept(edit: Edit) -> None:
    after = amended(TEXT, loaded(TEXT), edit, 0)
    lost = [line for line in TEXT.splitlines() if line not in after.splitlines()]
    assert len(lost) <= 1
    for line in TEXT.splitlines():
        if "#" in line:
            assert line[line.index("#") :] in after


@settings(max_examples=25, deadline=None)
@given(
    column=st.text(min_size=1, max_size=20).filter(str.strip),
    word=st.text(min_size=1, max_size=20).filter(str.strip),
)
def test_any_name_and_any_text_survive(column: str, word: str) -> None:
    before = loaded(TEXT)
    for edit in (Edit("role", "id", column), Edit("where", f"x = {word}")):
        assert loaded(amended(TEXT, before, edit, 0)) == applied(before, edit, 0)


def test_edits_follow_one_another() -> None:
    text = TEXT
    for edit in EDITS:
        before = loaded(text)
        text = amended(text, before, edit, 0)
        assert loaded(text) == applied(before, edit, 0)


def test_a_table_is_deduplicated() -> None:
    after = amended(TEXT, loaded(TEXT), Edit("deduplicate", "last"), 1)
    assert loaded(after).sources[1].deduplicate == "last"


@pytest.mark.parametrize(
    "features", ["", "features: {}\n", "features:\n  include: auto\n", "features:\n  roles: {}\n"]
)
def test_roles_are_added_where_there_are_none(features: str) -> None:
    text = TEXT.split("features:", maxsplit=1)[0] + features
    edit = Edit("role", "id", "note")
    before = loaded(text)
    if features == "features: {}\n":
        with pytest.raises(UsageError, match=r"features\.roles\.note: id"):
            amended(text, before, edit, 0)
        return
    assert loaded(amended(text, before, edit, 0)) == applied(before, edit, 0)


def test_what_cannot_be_followed_is_refused_with_the_edit() -> None:
    flow = "version: 1\nsources: [{path: a.csv, columns: {entity: a, time: b}}]\n"
    folded = TEXT.replace('where: "a > 0"', "where: >\n      a > 0\n     ")
    with pytest.raises(UsageError, match="where: b > 1"):
        amended(flow, loaded(flow), Edit("where", "b > 1"), 0)
    with pytest.raises(UsageError, match="by itself"):
        amended(folded, loaded(folded), Edit("where", "b > 1"), 0)


def test_the_difference_shows_lines_taken_away_and_added() -> None:
    after = amended(TEXT, loaded(TEXT), EDITS[0], 0)
    lines = difference(TEXT, after, "segmentry.yaml").splitlines()
    assert any(line.startswith('-    where: "a > 0"') for line in lines)
    assert any(line.startswith('+    where: "a > 0 and b is not null"') for line in lines)
    assert difference(TEXT, TEXT, "x") == ""
