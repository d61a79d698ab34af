"""Values of an expression: what kind each is, literals, and what may stand beside what.

What lives here: kinds and the casts between operands, as DuckDB makes them. What does not: the
operations (``scalars``, ``functions``, ``times``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from sqlglot import exp


class Refused(Exception):  # noqa: N818 - a reason on its way to the error of the house
    """Why an expression cannot be written for an engine."""


class Kind(StrEnum):
    """What a value is."""

    NULL = "NULL"
    TRUTH = "true or false"
    INTEGER = "a whole number"
    DECIMAL = "a decimal number"
    FLOAT = "a floating-point number"
    TEXT = "text"
    DATE = "a date"
    TIME = "a time"
    INSTANT = "a time with zone"


NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT})
TIMES = frozenset({Kind.DATE, Kind.TIME, Kind.INSTANT})
CLASSES = (NUMBERS, TIMES, frozenset({Kind.TEXT}), frozenset({Kind.TRUTH}))

LARGEST = 2**63 - 1
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True)
class Operand:
    """A value, and the text where it was written as one in the expression."""

    value: ir.Value
    text: str | None = None

    @property
    def kind(self) -> Kind:
        """Say what it is."""
        return kind_of(self.value)


def kind_of(value: ir.Value) -> Kind:
    """Say what a value is.

    Raises
    ------
    Refused
        If it is of a type that no expression works on.
    """
    type_ = value.type()
    for kind, is_one in (
        (Kind.NULL, type_.is_null()),
        (Kind.TRUTH, type_.is_boolean()),
        (Kind.INTEGER, type_.is_integer()),
        (Kind.DECIMAL, type_.is_decimal()),
        (Kind.FLOAT, type_.is_floating()),
        (Kind.TEXT, type_.is_string()),
        (Kind.DATE, type_.is_date()),
    ):
        if is_one:
            return kind
    if type_.is_timestamp():
        return Kind.TIME if type_.timezone is None else Kind.INSTANT
    raise Refused(f"values of the type {type_} are not read")


def number_of(text: str) -> ir.Value:
    """Write a number as DuckDB types it: whole, decimal, or floating where it has an exponent."""
    import ibis

    if "e" in text.lower():
        return ibis.literal(float(text), "float64")
    if "." in text:
        value = Decimal(text)
        digits = max(len(value.as_tuple().digits), -int(value.as_tuple().exponent), 1)
        scale = -int(value.as_tuple().exponent)
        return ibis.literal(value, f"decimal({digits}, {scale})")
    if int(text) > LARGEST:
        raise Refused(f"{text} is too large a number")
    return ibis.literal(int(text), "int64")


def time_of(text: str, kind: Kind) -> ir.Value:
    """Read a text as the date or time that it stands beside.

    Raises
    ------
    Refused
        If it is not written as ISO 8601 has it.
    """
    import ibis

    try:
        if kind is Kind.DATE and _DATE.fullmatch(text):
            # Cast from text: what Ibis writes for a date is no function of PostgreSQL.
            return ibis.literal(date.fromisoformat(text).isoformat()).cast("date")
        if kind is not Kind.DATE and (_DATE.fullmatch(text) or _TIME.fullmatch(text)):
            at = datetime.fromisoformat(text)
            if at.tzinfo is None or kind is Kind.INSTANT:
                at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
                naive = ibis.literal(at.replace(tzinfo=None))
                return naive.cast("timestamp('UTC')") if kind is Kind.INSTANT else naive
    except ValueError:
        pass
    wanted = "2024-12-31" if kind is Kind.DATE else "2024-12-31 23:59:00"
    raise Refused(f"{text!r} stands beside {kind}; write it like '{wanted}'")


def together(operands: Sequence[Operand]) -> list[Any]:
    """Give operands of one operation the type that DuckDB gives them.

    Raises
    ------
    Refused
        If they are of kinds that cannot be compared without reading texts as something else.
    """
    kinds = {o.kind for o in operands} - {Kind.NULL}
    times = kinds & TIMES
    if times and kinds <= TIMES | {Kind.TEXT}:
        return [_as_time(o, _widest(times)) for o in operands]
    if not any(kinds <= one for one in CLASSES):
        raise Refused(f"{' and '.join(sorted(kinds))} stand beside each other")
    if Kind.FLOAT in kinds:
        return [as_float(o.value) for o in operands]
    return [o.value for o in operands]


def _widest(times: set[Kind] | frozenset[Kind]) -> Kind:
    return next(k for k in (Kind.INSTANT, Kind.TIME, Kind.DATE) if k in times)


def _as_time(operand: Operand, kind: Kind) -> ir.Value:
    if operand.kind is Kind.TEXT:
        if operand.text is None:
            raise Refused("a text stands beside a time")
        return time_of(operand.text, kind)
    if operand.kind in {kind, Kind.NULL}:
        return operand.value
    naive = operand.value.cast("timestamp")
    return naive.cast("timestamp('UTC')") if kind is Kind.INSTANT else naive


def as_float(value: ir.Value) -> Any:
    """Give a number as a floating-point number."""
    return value if value.type().is_float64() else value.cast("float64")


def literal_text(node: exp.Expression, what: str) -> str:
    """Give a text that has to be written in the expression itself."""
    from sqlglot import exp

    if isinstance(node, exp.Literal) and node.is_string:
        return str(node.this)
    raise Refused(f"{what} has to be a text written in the expression")


def literal_whole(node: exp.Expression | None, what: str, *, least: int) -> int:
    """Give a whole number that has to be written in the expression itself."""
    from sqlglot import exp

    bare = node
    if isinstance(bare, exp.Literal) and not bare.is_string and str(bare.this).isdigit():
        number = int(bare.this)
        if number >= least:
            return number
    raise Refused(f"{what} has to be a whole number from {least} on, written in the expression")
