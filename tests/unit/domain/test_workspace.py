"""The tenant."""

from __future__ import annotations

from segmentry.domain.workspace import DEFAULT, Workspace


def test_an_embedded_house_has_one_workspace_that_is_named_all_the_same():
    assert Workspace() == DEFAULT
    assert DEFAULT.name == "default"


def test_workspaces_with_different_names_are_different_keys():
    assert len({Workspace("a"), Workspace("b"), Workspace("a")}) == 2
