"""Functions of texts and numbers, and casts, that give the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from segmentry.engines.typed.times import as_naive
from segmentry.engines.typed.values import (
    TIMES,
    Kind,
    Refused,
    kind_of,
    literal_text,
    literal_whole,
    time_of,
)

if TYPE_CHECKING:
    from segmentry.engines.typed.writer import Rule, Writer

WIDEST = "decimal(38, 9)"
"""Decimals in which nothing that an expression computes with is cut off."""

_EXACT = {Kind.INTEGER, Kind.DECIMAL}
_TEXT = {Kind.TEXT}


def _text(writer: Writer, node: Any, what: str) -> Any:
    return writer.of_kind(node, _TEXT, what)


def as_text(value: Any) -> Any:
    """Write a value as the text that DuckDB makes of it.

    Raises
    ------
    Refused
        For floating-point numbers and times, which each engine writes in a way of its own.
    """
    kind = kind_of(value)
    if kind is Kind.TEXT:
        return value
    if kind in {Kind.FLOAT, Kind.TIME, Kind.INSTANT}:
        raise Refused(f"{kind} as text: each engine writes it in a way of its own")
    return value.cast("string")


def _length(writer: Writer, node: Any) -> Any:
    return _text(writer, node.this, "length").length().cast("int64")


def _trim(writer: Writer, node: Any) -> Any:
    if node.expression is not None:
        raise Refused("trim takes blanks away, no other signs")
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position")), "trim")
    return writer.functions[name](_text(writer, node.this, name), " ")


def _substring(writer: Writer, node: Any) -> Any:
    start = literal_whole(node.args.get("start"), "where a part of a text starts", least=1)
    text = _text(writer, node.this, "substring")
    if node.args.get("length") is None:
        return text.substr(start - 1)
    return text.substr(start - 1, literal_whole(node.args["length"], "a length", least=0))


def _left(writer: Writer, node: Any) -> Any:
    count = literal_whole(node.expression, "a number of signs", least=0)
    return _text(writer, node.this, "left").left(count)


def _right(writer: Writer, node: Any) -> Any:
    count = literal_whole(node.expression, "a number of signs", least=1)
    return _text(writer, node.this, "right").right(count)


def _join(writer: Writer, node: Any) -> Any:
    values = [writer.write(n) for n in (node.this, node.expression)]
    first, second = (_joinable(v) for v in values)
    return first + second


def _joinable(value: Any) -> Any:
    if kind_of(value) not in {Kind.TEXT, Kind.INTEGER}:
        raise Refused(f"{kind_of(value)} is joined with a text; cast it to VARCHAR")
    return as_text(value)


def _concat(writer: Writer, node: Any) -> Any:
    import ibis

    parts = [_joinable(writer.write(n)).fill_null(ibis.literal("")) for n in node.expressions]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def _replace(writer: Writer, node: Any) -> Any:
    old = _told(node.expression, "what is replaced")
    new = literal_text(node.args["replacement"], "what takes its place")
    return _text(writer, node.this, "replace").replace(old, new)


def _told(node: Any, what: str) -> str:
    text = literal_text(node, what)
    if not text:
        raise Refused(f"{what} is an empty text")
    return text


def _has(of: Callable[[Any, str], Any]) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        return of(
            _text(writer, node.this, "a search"), _told(node.expression, "what is looked for")
        )

    return rule


def _has_anonymous(of: Callable[[Any, str], Any]) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        if len(node.expressions) != 2:
            raise Refused(f"{node.name} takes a text and what is looked for")
        text, wanted = node.expressions
        return of(_text(writer, text, node.name), _told(wanted, "what is looked for"))

    return rule


def _like(writer: Writer, node: Any) -> Any:
    pattern = literal_text(node.expression, "a pattern")
    if "\\" in pattern:
        raise Refused("LIKE with a backslash: engines disagree whether it escapes the next sign")
    found = _text(writer, node.this, "LIKE").like(pattern)
    return ~found if node.args.get("negate") else found


def _split_part(writer: Writer, node: Any) -> Any:
    at = _told(node.args["delimiter"], "what splits a text")
    place = literal_whole(node.args["part_index"], "the part's number", least=1)
    return writer.functions["split_part"](_text(writer, node.this, "split_part"), at, place)


def _position(writer: Writer, node: Any) -> Any:
    if node.args.get("position") is not None or node.args.get("occurrence") is not None:
        raise Refused("strpos takes a text and what is looked for")
    wanted = _told(node.args["substr"], "what is looked for")
    return (_text(writer, node.this, "strpos").find(wanted) + 1).cast("int64")


def _absolute(writer: Writer, node: Any) -> Any:
    return writer.of_kind(node.this, {*_EXACT, Kind.FLOAT}, "abs").abs()


def _round(writer: Writer, node: Any) -> Any:
    value = writer.of_kind(node.this, _EXACT, "round")
    digits = node.args.get("decimals")
    places = 0 if digits is None else literal_whole(digits, "a number of digits", least=0)
    if kind_of(value) is Kind.INTEGER:
        return value
    scale = value.type().scale
    if scale is not None and places >= scale:
        return value
    return value.round(places)


def _whole(name: str) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        value = writer.of_kind(node.this, {*_EXACT, Kind.FLOAT}, name)
        if kind_of(value) is Kind.INTEGER:
            return value.cast("float64")
        if kind_of(value) is Kind.FLOAT:
            writer.need(f"{name} of floating-point numbers")
            return getattr(value, name)().cast("float64")
        # Wider, because the next whole number may have one digit more.
        return getattr(value.cast(WIDEST), name)()

    return rule


def _cast(writer: Writer, node: Any) -> Any:  # noqa: PLR0911 - one for each type
    from sqlglot import exp

    inner, kind = node.this.unnest(), node.to.this
    if isinstance(inner, exp.Literal) and inner.is_string and kind in exp.DataType.TEMPORAL_TYPES:
        wanted = Kind.DATE if kind == exp.DataType.Type.DATE else Kind.TIME
        if kind == exp.DataType.Type.TIMESTAMPTZ:
            wanted = Kind.INSTANT
        return time_of(str(inner.this), wanted)
    value = writer.write(node.this)
    if kind in exp.DataType.TEXT_TYPES:
        return as_text(value)
    if kind == exp.DataType.Type.BOOLEAN:
        return _as_truth(value)
    if kind in {exp.DataType.Type.BIGINT, exp.DataType.Type.INT}:
        return _as_integer(writer, value, is_small=kind == exp.DataType.Type.INT)
    if kind == exp.DataType.Type.DOUBLE:
        return _as_float(value)
    if kind == exp.DataType.Type.DECIMAL and node.to.expressions:
        return _as_decimal(value, *(int(p.this.this) for p in node.to.expressions))
    if kind in exp.DataType.TEMPORAL_TYPES:
        return _as_time(value, kind)
    raise Refused(f"a cast to {node.to.sql('duckdb')} is not known to give the same")


def _refused_cast(value: Any, to: str) -> Refused:
    return Refused(f"{kind_of(value)} cast to {to}: engines read and round it differently")


def _as_truth(value: Any) -> Any:
    if kind_of(value) is Kind.TRUTH:
        return value
    if kind_of(value) is Kind.INTEGER:
        return value != 0
    raise _refused_cast(value, "BOOLEAN")


def _as_integer(writer: Writer, value: Any, *, is_small: bool) -> Any:
    kind, type_ = kind_of(value), "int32" if is_small else "int64"
    if kind is Kind.TRUTH:
        return _one_or_zero(value).cast(type_)
    if kind is Kind.FLOAT:
        writer.need("floating-point numbers cast to whole ones")
    if kind is Kind.DECIMAL:
        value = value.round(0)
    if kind in {*_EXACT, Kind.FLOAT}:
        return value.cast(type_)
    raise _refused_cast(value, "a whole number")


def _one_or_zero(value: Any) -> Any:
    import ibis

    return ibis.cases((value, 1), (~value, 0), else_=ibis.null("int64"))


def _as_float(value: Any) -> Any:
    if kind_of(value) is Kind.TRUTH:
        return _one_or_zero(value).cast("float64")
    if kind_of(value) in {*_EXACT, Kind.FLOAT}:
        return value.cast("float64")
    raise _refused_cast(value, "DOUBLE")


def _as_decimal(value: Any, width: int, scale: int = 0) -> Any:
    if kind_of(value) not in _EXACT:
        raise _refused_cast(value, "DECIMAL")
    return value.cast(f"decimal({width}, {scale})")


def _as_time(value: Any, kind: Any) -> Any:
    from sqlglot import exp

    types = exp.DataType.Type
    if kind_of(value) not in TIMES:
        raise _refused_cast(value, "a time")
    if kind == types.DATE:
        return as_naive(value).cast("date")
    if kind == types.TIMESTAMPTZ:
        return as_naive(value).cast("timestamp('UTC')")
    if kind in {types.TIMESTAMP, types.TIMESTAMPNTZ}:
        return as_naive(value)
    raise _refused_cast(value, str(kind))


FUNCTIONS: dict[str, Rule] = {
    "Length": _length,
    "Trim": _trim,
    "Substring": _substring,
    "Left": _left,
    "Right": _right,
    "DPipe": _join,
    "Concat": _concat,
    "Replace": _replace,
    "Contains": _has(lambda text, wanted: text.contains(wanted)),
    "StartsWith": _has(lambda text, wanted: text.startswith(wanted)),
    "EndsWith": _has(lambda text, wanted: text.endswith(wanted)),
    "Anonymous:prefix": _has_anonymous(lambda text, wanted: text.startswith(wanted)),
    "Anonymous:suffix": _has_anonymous(lambda text, wanted: text.endswith(wanted)),
    "Like": _like,
    "SplitPart": _split_part,
    "StrPosition": _position,
    "Abs": _absolute,
    "Round": _round,
    "Floor": _whole("floor"),
    "Ceil": _whole("ceil"),
    "Cast": _cast,
}
