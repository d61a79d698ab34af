"""One aggregate as an expression over rows.

What lives here: sums that are exact, counts, extremes, medians. What does not: the rows
(``rows``), values held apart (``values``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.domain.formula import Aggregate, Measure, Over
from segmentry.features.rows import EXACT, FACTOR, WHOLE

if TYPE_CHECKING:
    import ibis.expr.types as ir


def reduction(rows: ir.Table, a: Aggregate, where: ir.BooleanValue | None) -> Any:
    """Write an aggregate of rows, of those that pass where something is asked of them.

    Sums over events are 0 where nothing happened.
    """
    of = a.of if isinstance(a.of, str) else None
    match a.measure:
        case Measure.FIRST:
            return rows["micros"].min(where=where)
        case Measure.LAST:
            return rows["micros"].max(where=where)
        case Measure.DISTINCT:
            return rows[of or ""].nunique(where=where)
        case Measure.SUM if a.over is Over.EVENTS:
            return _known_sum(rows, of or "", where)
    return summed(rows, a, of, where)


def summed(rows: ir.Table, a: Aggregate, of: str | None, where: ir.BooleanValue | None) -> Any:
    """Write an aggregate of a column; null where there is no row, but for counts."""
    if of is None:
        return rows.count(where=where)
    values = rows[of]
    if a.measure is Measure.COUNT:
        return values.count(where=where)
    match a.measure:
        case Measure.SUM:
            value = exact(values).sum(where=where)
        case Measure.SQUARES:
            # A silence of a century, squared, is beyond 64 bits.
            wide = values.cast(FACTOR)
            value = (wide * wide).cast(WHOLE).sum(where=where)
        case Measure.LEAST:
            value = values.min(where=where)
        case Measure.MOST:
            value = values.max(where=where)
        case Measure.MEDIAN:
            value = values.cast("float64").quantile(0.5, where=where)
        case _:
            msg = f"{a} cannot be computed"
            raise ValueError(msg)
    return value.cast("float64")


def exact(values: Any) -> Any:
    """Write numbers so that their sum is exact: whole ones are added up as they are."""
    return values if values.type().is_integer() else values.cast(EXACT)


def _known_sum(rows: ir.Table, of: str, where: ir.BooleanValue | None) -> Any:
    """Write an exact sum: 0 where nothing happened, null where nothing is known."""
    import ibis

    total = exact(rows[of]).sum(where=where)
    nothing_known = (rows.count(where=where) > 0) & (rows[of].count(where=where) == 0)
    return ibis.cases(
        (nothing_known, ibis.null("float64")), else_=total.cast("float64").fill_null(0.0)
    )
