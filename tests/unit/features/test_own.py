"""Features of a project's own: their names, and their words."""

from __future__ import annotations

import pytest

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formulatext import read_formula
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.role import Facet
from segmentry.features.own import clashes, not_of_tables, written_alike


def own(name: str, text: str = "count(events)") -> FeatureSpec:
    formula = read_formula(text)
    return FeatureSpec(name, formula, Facet.VALUE, "", "it", "none", is_own=True)


def taken(*names: str, **choice: object) -> list[str]:
    chosen = FeatureChoice(define=tuple(own(n) for n in names), **choice)  # type: ignore[arg-type]
    return [f"{e.key}: {e.what}" for e in clashes(chosen, Windows(also_days=(7.0,)))]


def test_a_name_of_its_own_is_free() -> None:
    assert taken("big_orders", "late_share") == []


@pytest.mark.parametrize(
    "name", ["n_events", "p_active", "n_events_7d", "mean_dwell", "onboarding_days"]
)
def test_a_name_of_the_catalogue_is_taken(name: str) -> None:
    said = f"features.define[0].name: the catalogue has a feature {name!r} already"
    assert taken(name, measures=("dwell",), onboarding=("a",)) == [said]


@pytest.mark.parametrize("name", ["entity_id", "micros", "auto", "share_of_late"])
def test_a_name_that_means_something_is_taken(name: str) -> None:
    assert taken(name) == [f"features.define[0].name: the name {name!r} has a meaning already"]


def test_two_features_have_two_names() -> None:
    assert taken("late", "big", "late") == [
        "features.define[2].name: two features are called 'late'"
    ]


def test_tables_have_no_events_to_make_features_of() -> None:
    (error,) = not_of_tables(FeatureChoice(define=(own("late"),)))
    assert (error.code, error.key) == ("E1002", "features.define[0]")
    assert "no source holds any" in error.what


def test_words_are_written_as_the_events_write_them() -> None:
    def small(words: list[str]) -> list[str]:
        return [w.lower() for w in words]

    spec = own(
        "mixed",
        "count(events where kind in Buy, BUY and channel not in Web and item in Tea)"
        " / count(steps by kind where before in Cart and gap > 0)"
        " + count(sessions where count(events where kind in View) > 0)",
    )
    rules = {"kind": small, "channel": small}
    assert str(written_alike(spec, rules).formula) == (
        "count(events where kind in buy and channel not in web and item in Tea)"
        " / count(steps by kind where before in cart and gap > 0)"
        " + count(sessions where count(events where kind in view) > 0)"
    )
    assert written_alike(spec, {}) is spec
