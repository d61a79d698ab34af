"""Every feature is in or out, with a written reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import feature_table, with_roles
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Preparation
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.prepare.fit import fit_recipe
from segmentry.prepare.reasons import Wishes, feature_notes

RNG = np.random.default_rng(0)
A, B, C = RNG.normal(size=(3, 300))


def table_of(**objectives):
    columns = {
        "a": A, "b": B, "c": C, "again": A * 2.0, "same": np.ones(300),
        "gone": np.where(np.arange(300) < 250, np.nan, C), "country": ["x", "y", "z"] * 100,
    }  # fmt: skip
    table = with_roles(feature_table(columns), {"country": Role.OVERLAY})
    told = tuple(replace(c, objectives=objectives.get(c.name, ())) for c in table.columns)
    return FeatureTable(table.data, told)


def notes(table=None, wishes=None, **asked):
    table = table or table_of(a=("revenue",), b=("retention", "engagement"))
    wishes = wishes or Wishes()
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=np.random.default_rng(0),
                        asked=Preparation(**asked))  # fmt: skip
    return {n.name: n for n in feature_notes(table, recipe, wishes)}


def test_there_is_one_note_for_every_column():
    assert list(notes()) == ["a", "b", "c", "again", "same", "gone", "country"]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("again", "repeated", "moves with 'a' (rank correlation 1.00)"),
        ("same", "constant", "is the same for everyone"),
        ("gone", "mostly_missing", "is missing for 83"),
        ("country", "role_overlay", "describes segments afterwards"),
    ],
)
def test_what_is_out_says_why(name, code, words):
    note = notes()[name]
    assert (note.is_in, note.code) == (False, code)
    assert words in note.reason


def test_the_objective_names_what_serves_it():
    told = notes(wishes=Wishes(objective="retention"))
    assert (told["b"].code, told["b"].reason) == ("objective", "the objective retention names it")
    assert (told["a"].code, told["c"].code) == ("core", "core")
    assert "serves revenue first" in told["a"].reason


def test_what_was_asked_for_says_so():
    wishes = Wishes(included=("a",), weighed=frozenset({"b"}))
    told = notes(wishes=wishes)
    assert told["a"].reason == "asked for by the project (features.include)"
    assert told["b"].reason == "asked for by the project (segments.weights)"


def test_an_outcome_that_weighs_features_says_so():
    table = with_roles(table_of(), {"country": Role.OUTCOME})
    note = notes(table, Wishes(guiding="country"))["country"]
    assert (note.is_in, note.code) == (False, "guides")
    assert note.reason.startswith("no feature: it weighs them")
    assert notes(table)["country"].code == "role_outcome"


def test_what_the_project_excludes_has_a_note_too():
    note = notes(wishes=Wishes(excluded=("trend",)))["trend"]
    assert (note.is_in, note.code) == (False, "excluded")


def test_features_of_other_objectives_are_left_out_where_that_is_asked_for():
    table = table_of(a=("revenue",), b=("retention",))
    from segmentry.prepare.fit import fit_features

    audit = Audit()
    found = fit_features(table, weights={}, audit=audit, rng=np.random.default_rng(0),
                         asked=Preparation(select="objective"), objective="retention")  # fmt: skip
    told = {n.name: n for n in feature_notes(table, found.recipe, Wishes("retention"))}
    assert (told["a"].is_in, told["a"].code) == (False, "other_objective")
    assert told["a"].reason == "not recommended for retention: serves revenue"
    assert told["b"].is_in
    assert told["c"].is_in
    assert any(f.code == "other_objective" for f in audit.findings)


def test_without_an_objective_nothing_is_left_out_for_it():
    assert notes(select="objective")["a"].is_in
