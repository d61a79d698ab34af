"""Laws of formulas: their text is read back as the same, and they compute what it promises."""

from __future__ import annotations

from random import Random
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formulas import formulas, words
from plainly.base import Event
from plainly.draws import crowd
from plainly.formulas import told
from plainly.oracle import CASES, FIELDS, Case
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Formula, Words
from segmentry.domain.formulatext import read_formula
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.features.arrays.compute import compute_features
from segmentry.features.compile import compile_features

Answers = dict[int, dict[str, Any]]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=100, suppress_health_check=SLOW, deadline=None)
@given(formulas(depth=4) | words())
def test_the_text_of_a_formula_is_read_back_as_the_same_formula(formula: Formula | Words) -> None:
    text = str(formula)
    assert read_formula(text) == formula
    assert str(read_formula(text)) == text
    assert read_formula(text.replace(" ", "  ").replace("(", "( ")) == formula or "'" in text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text("count(events )where<5/sum.amount'd-", max_size=60))
def test_any_text_is_read_or_refused_with_a_character(text: str) -> None:
    formula, error = None, None
    try:
        formula = read_formula(text)
    except ProjectFileError as refused:
        error = refused
    if error is not None:
        assert error.code == "E1010"
        assert "at character" in error.what
    if formula is not None:
        assert read_formula(str(formula)) == formula


WHOLE_CASES = [c for c in CASES.values() if c.fields == FIELDS]


def spec(name: str, formula: Formula | Words, case: Case) -> FeatureSpec:
    words_of = {m: tuple(kinds) for m, kinds in case.choice.kinds.items()}
    found = FeatureSpec(name, formula, Facet.VALUE, "", "", "")
    return found.with_meanings(words_of)


@pytest.mark.parametrize("case", WHOLE_CASES, ids=lambda c: c.name)
@settings(max_examples=4, suppress_health_check=SLOW, deadline=None)
@given(
    st.lists(formulas(any_field=False) | words(any_field=False), min_size=4, max_size=16),
    st.integers(0, 10**6),
)
def test_every_formula_computes_what_its_text_promises(
    case: Case, drawn: list[Formula | Words], seed: int
) -> None:
    log = crowd(case, Random(seed), 12)
    specs = [spec(f"f{i}", f, case) for i, f in enumerate(drawn)]
    told_by = [stated(case, specs, log), over_arrays(case, specs, log)]
    expected = {
        i: {f"f{n}": told(f, e) for n, f in enumerate(drawn)} for i, e in case.entities(log).items()
    }
    for rows in told_by:
        assert rows.keys() == expected.keys()
        for i, values in expected.items():
            for n, value in values.items():
                same = rows[i][n] == value if isinstance(value, str) else close(rows[i][n], value)
                assert same, (i, str(drawn[int(n[1:])]), rows[i][n], value)


def stated(case: Case, specs: list[FeatureSpec], log: list[Event]) -> Answers:
    """Compute as a statement."""
    con = ibis.duckdb.connect()
    table = con.create_table("log", case.rows(log))
    found = compile_features(specs, table, case.window, time_zone=case.zone, codes=case.codes)
    rows = con.to_pyarrow(found).to_pylist()
    con.disconnect()
    return {r.pop("entity_id"): r for r in rows}


def over_arrays(case: Case, specs: list[FeatureSpec], log: list[Event]) -> Answers:
    """Compute over arrays."""
    rows = case.rows(log)
    found = compute_features(specs, rows, case.window, time_zone=case.zone, codes=case.codes)
    return {r.pop("entity_id"): r for r in found.to_pylist()}


def close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return a == pytest.approx(b, rel=1e-9, abs=1e-6)
