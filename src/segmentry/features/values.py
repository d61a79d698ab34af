"""Aggregates that need the values of one field held apart: how many, the top one, how mixed.

What lives here: the two ways to count them, by a row for each value or by a column for each. What
does not: other aggregates (``reduce``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from segmentry.domain.formula import Aggregate, Measure
from segmentry.domain.table import ENTITY
from segmentry.features.rows import Rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

FEW_WORDS = 16
"""Words of a field up to which each is counted in a column of its own."""

FINE = "decimal(38, 18)"
"""Logarithms are added up in this type: all digits that they have, in whatever order."""

VALUES = frozenset({Measure.TOP, Measure.DISTINCT, Measure.PAIRS, Measure.SURPRISE})
"""Measures of a field's values."""


def by_value(
    about: Rows,
    rows: ir.Table,
    of: str,
    wanted: Mapping[str, Aggregate],
    codes: Mapping[str, int] | None,
) -> ir.Table:
    """Write aggregates of the known values of one field.

    Parameters
    ----------
    about : Rows
        Knows how tests are written.
    rows : ibis table
        Events of one span.
    of : str
    wanted : mapping of str to Aggregate
        By the name of their column.
    codes : mapping of str to int or None
        The number of each word, where the field holds numbers in place of words.

    Returns
    -------
    ibis table
        ``entity_id`` and a column for each aggregate; entities without a known value are not in it.
    """
    rows = rows.filter(rows[of].notnull())
    if {a.measure for a in wanted.values()} == {Measure.DISTINCT}:
        distinct = dict.fromkeys(wanted, rows[of].nunique())
        return rows.group_by(ENTITY).aggregate(**distinct)
    if codes and len(codes) <= FEW_WORDS:
        return _few(rows, of, wanted, codes)
    counted = rows.group_by(ENTITY, of).aggregate(n=rows.count())
    values = {name: _of_counts(about, counted, a) for name, a in wanted.items()}
    return counted.group_by(ENTITY).aggregate(**values)


def _of_counts(about: Rows, counted: ir.Table, a: Aggregate) -> Any:
    n = counted["n"]
    match a.measure:
        case Measure.TOP:
            return n.max()
        case Measure.DISTINCT:
            return counted.count()
        case Measure.PAIRS:
            return (n * n).sum()
        case Measure.SURPRISE:
            return _surprise(n).sum().cast("float64")
    return n.sum(where=about.holds(counted, a))


def _few(
    rows: ir.Table, of: str, wanted: Mapping[str, Aggregate], codes: Mapping[str, int]
) -> ir.Table:
    """Write the same where words are few: a column for each is faster than a row for each."""
    import ibis

    counts = {f"n {code}": rows.count(where=rows[of] == code) for code in codes.values()}
    wide = rows.group_by(ENTITY).aggregate(**counts)
    values: dict[str, Any] = {}
    for name, a in wanted.items():
        match a.measure:
            case Measure.TOP:
                values[name] = ibis.greatest(*(wide[c] for c in counts))
            case Measure.DISTINCT:
                values[name] = _added((wide[c] > 0).cast("int64") for c in counts)
            case Measure.PAIRS:
                values[name] = _added(wide[c] * wide[c] for c in counts)
            case Measure.SURPRISE:
                values[name] = _added(_surprise(wide[c]) for c in counts).cast("float64")
            case _:
                values[name] = _added(wide[f"n {c}"] for c in _counted(a, codes))
    return wide.select(ENTITY, **values)


def _counted(a: Aggregate, codes: Mapping[str, int]) -> list[int]:
    """Give the codes of the words that a test lets pass; all where nothing is tested."""
    if not a.where:
        return list(codes.values())
    (test,) = a.where
    named = {codes[str(v)] for v in test.values if v in codes}
    return [c for c in codes.values() if (c in named) is (test.operator == "in")]


def _surprise(n: Any) -> Any:
    """Write n ln n, which is 0 for none and for one; so that a sum does not depend on the order."""
    import ibis

    number = n.cast("float64")
    return ibis.cases((n > 1, number * number.ln()), else_=0.0).cast(FINE)


def _added(values: Iterable[Any]) -> Any:
    import ibis

    return reduce(add, values, ibis.literal(0))
