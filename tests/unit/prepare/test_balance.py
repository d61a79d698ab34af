"""Who carries the variance of the matrix, and how sides are made to count alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Preparation
from segmentry.domain.role import Facet
from segmentry.domain.table import FeatureTable
from segmentry.prepare.balance import balance_note, squared_weights, times
from segmentry.prepare.fit import fit_features

N = 400


def table_of(facets: dict[str, Facet], seed: int = 0) -> FeatureTable:
    rng = np.random.default_rng(seed)
    table = feature_table({name: rng.normal(size=N) for name in facets})
    columns = tuple(replace(c, facet=facets[c.name]) for c in table.columns)
    return FeatureTable(table.data, columns)


UNEVEN = {
    **{f"v{i}": Facet.VALUE for i in range(6)},
    "r": Facet.RHYTHM,
    "b1": Facet.BREADTH,
    "b2": Facet.BREADTH,
}


def fitted(table, weights=None, audit=None, **asked):
    return fit_features(
        table,
        weights=weights or {},
        audit=audit or Audit(),
        rng=np.random.default_rng(1),
        asked=Preparation(**asked),
    )


def sums(table, recipe):
    found: dict[Facet, float] = {}
    for (_, facet), squared in squared_weights(table, recipe).items():
        found[facet] = found.get(facet, 0.0) + squared
    return found


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(list(Facet)), min_size=2, max_size=8))
def test_balanced_facets_have_equal_squared_weights_and_equal_variance(facets):
    table = table_of({f"x{i}": facet for i, facet in enumerate(facets)})
    found = fitted(table, balance="facets")
    squares = list(sums(table, found.recipe).values())
    assert squares == pytest.approx([len(facets) / len(set(facets))] * len(set(facets)))
    shares = [f.variance_share for f in found.balance.facets]
    # The few values beyond the limit are pulled in, which costs a little variance.
    assert shares == pytest.approx([1.0 / len(shares)] * len(shares), abs=0.01)


def test_weights_of_the_project_come_on_top_of_the_balance():
    table = table_of(UNEVEN)
    plain = fitted(table, balance="facets").recipe
    weighed = fitted(table, weights={"r": 3.0}, balance="facets").recipe
    ratio = {
        a.column: b.weight / a.weight for a, b in zip(plain.numbers, weighed.numbers, strict=True)
    }
    assert ratio.pop("r") == pytest.approx(3.0)
    assert set(ratio.values()) == {1.0}


def test_shares_of_the_variance_add_up_to_one():
    note = fitted(table_of(UNEVEN)).balance
    assert sum(f.variance_share for f in note.facets) == pytest.approx(1.0)
    assert sum(f.variance_share for f in note.features) == pytest.approx(1.0)
    assert next(f.facet for f in note.facets) is Facet.VALUE
    assert note.facets[0].n_features == 6


def test_a_facet_that_carries_most_is_warned_of():
    audit = Audit()
    fitted(table_of(UNEVEN), audit=audit)
    told = next(f for f in audit.findings if f.code == "one_facet_leads")
    assert told.severity == "warning"
    assert "value carry 67" in told.sentence
    assert "balance: facets" in told.proposal
    balanced = Audit()
    fitted(table_of(UNEVEN), audit=balanced, balance="facets")
    assert "one_facet_leads" not in {f.code for f in balanced.findings}


def test_one_facet_alone_is_not_warned_of():
    audit = Audit()
    fitted(table_of(dict.fromkeys("abc", Facet.VALUE)), audit=audit)
    assert "one_facet_leads" not in {f.code for f in audit.findings}


def test_without_any_balance_refinements_weigh_fully():
    table = table_of({"a": Facet.VALUE, "b": Facet.VALUE})
    columns = tuple(replace(c, aspect="s", refines=c.name == "b") for c in table.columns)
    table = FeatureTable(table.data, columns)
    assert [s.weight for s in fitted(table, balance="none").recipe.numbers] == [1.0, 1.0]
    shared = [s.weight**2 for s in fitted(table).recipe.numbers]
    assert shared == pytest.approx([0.5, 0.5])


def test_the_variance_of_a_feature_is_that_of_all_its_columns():
    rng = np.random.default_rng(0)
    table = feature_table({"x": rng.normal(size=N), "plan": rng.choice(list("abc"), N).tolist()})
    found = fitted(table)
    X = found.recipe.apply(table).X
    note = balance_note(table, found.recipe, X, "aspects")
    told = {f.feature: f.variance_share for f in note.features}
    assert told["plan"] == pytest.approx(X[:, 1:].var(axis=0).sum() / X.var(axis=0).sum())


def test_weights_are_multiplied_by_column():
    table = table_of({"a": Facet.VALUE, "b": Facet.VALUE})
    recipe = times(fitted(table).recipe, lambda name: 2.0 if name == "a" else 1.0)
    assert [s.weight for s in recipe.numbers] == [2.0, 1.0]
