"""Expressions of a project file as Ibis values: the operators.

DuckDB's dialect says what an expression means. What is written here gives the same on every engine
for every value, which the contract tests hold; whatever is not known to is refused with the reason.

What lives here: the operators. What does not: the walk over the syntax tree (``writer``), functions
of texts and numbers (``functions``), of times (``times``), kinds of values (``values``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from segmentry.engines.typed.times import moved
from segmentry.engines.typed.values import (
    NUMBERS,
    Kind,
    Operand,
    Refused,
    as_float,
    number_of,
    together,
)
from segmentry.engines.typed.writer import Rule, Writer

if TYPE_CHECKING:
    from sqlglot import exp


def _column(writer: Writer, node: Any) -> Any:
    return writer.columns[node.meta["column"]]


def _paren(writer: Writer, node: Any) -> Any:
    return writer.write(node.this)


def _literal(_: Writer, node: Any) -> Any:
    import ibis

    return ibis.literal(str(node.this), "string") if node.is_string else number_of(str(node.this))


def _boolean(_: Writer, node: Any) -> Any:
    import ibis

    return ibis.literal(bool(node.this))


def _null(_: Writer, __: Any) -> Any:
    import ibis

    return ibis.null()


def _arithmetic(of: Callable[[Any, Any], Any]) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        shifted = moved(writer, node)
        if shifted is not None:
            return shifted
        first, second = (_number(writer, n) for n in (node.this, node.expression))
        return of(*together([Operand(first), Operand(second)]))

    return rule


def _number(writer: Writer, tree: exp.Expression) -> Any:
    return writer.of_kind(tree, NUMBERS, "arithmetic")


def _divide(writer: Writer, node: Any) -> Any:
    """Divide in floating point; by zero as IEEE 754 has it, which DuckDB follows."""
    import ibis

    a, b = (as_float(_number(writer, n)) for n in (node.this, node.expression))
    infinity, nothing = float("inf"), ibis.literal(float("nan"), "float64")
    of_zero = ibis.cases(
        (a.isnan(), nothing),
        (a > 0, ibis.literal(infinity, "float64")),
        (a < 0, ibis.literal(-infinity, "float64")),
        (a.notnull(), nothing),
    )
    return ibis.cases((b == 0, of_zero), else_=a / b.nullif(ibis.literal(0.0, "float64")))


def _integer_divide(writer: Writer, node: Any) -> Any:
    a, b = (writer.of_kind(n, {Kind.INTEGER}, "//") for n in (node.this, node.expression))
    return writer.functions["quotient"](a.cast("int64"), b.cast("int64"))


def _modulo(writer: Writer, node: Any) -> Any:
    kinds = {Kind.INTEGER, Kind.DECIMAL}
    a, b = (writer.of_kind(n, kinds, "%") for n in (node.this, node.expression))
    return a % b


def _negative(writer: Writer, node: Any) -> Any:
    return -_number(writer, node.this)


def _compare(of: Callable[[Any, Any], Any]) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        a, b = writer.together(node.this, node.expression)
        return of(a, b)

    return rule


def _logic(of: Callable[[Any, Any], Any]) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        return of(*(_truth(writer, n) for n in (node.this, node.expression)))

    return rule


def _truth(writer: Writer, tree: exp.Expression) -> Any:
    value = writer.of_kind(tree, {Kind.TRUTH, Kind.NULL}, "a condition")
    return value.cast("boolean") if value.type().is_null() else value


def _not(writer: Writer, node: Any) -> Any:
    return ~_truth(writer, node.this)


def _is(writer: Writer, node: Any) -> Any:
    from sqlglot import exp

    value = writer.write(node.this)
    if isinstance(node.expression, exp.Null):
        return value.isnull()
    if not isinstance(node.expression, exp.Boolean):
        raise Refused("IS takes NULL, TRUE or FALSE")
    return _truth(writer, node.this).identical_to(bool(node.expression.this))


def _in(writer: Writer, node: Any) -> Any:
    from sqlglot import exp

    if not node.expressions or any(isinstance(n, exp.Null) for n in node.expressions):
        raise Refused("IN takes values, and NULL is none")
    value, *listed = writer.together(node.this, *node.expressions)
    return value.isin(listed)


def _between(writer: Writer, node: Any) -> Any:
    value, low, high = writer.together(node.this, node.args["low"], node.args["high"])
    return (value >= low) & (value <= high)


def _case(writer: Writer, node: Any) -> Any:
    import ibis

    branches = node.args["ifs"]
    default = node.args.get("default")
    results = [*(b.args["true"] for b in branches), *([default] if default else [])]
    values = writer.together(*results)
    other = values.pop() if default else None
    if node.this is None:
        conditions = [_truth(writer, b.this) for b in branches]
    else:
        conditions = []
        for branch in branches:
            a, b = writer.together(node.this, branch.this)
            conditions.append(a == b)
    return ibis.cases(*zip(conditions, values, strict=True), else_=other)


def _if(writer: Writer, node: Any) -> Any:
    import ibis

    default = node.args.get("false")
    values = writer.together(node.args["true"], *([default] if default else []))
    other = values[1] if default else None
    return ibis.cases((_truth(writer, node.this), values[0]), else_=other)


def _coalesce(writer: Writer, node: Any) -> Any:
    import ibis

    return ibis.coalesce(*writer.together(node.this, *node.expressions))


def _nullif(writer: Writer, node: Any) -> Any:
    a, b = writer.together(node.this, node.expression)
    return a.nullif(b)


def _extreme(name: str) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        import ibis

        values = writer.together(node.this, *node.expressions)
        if any(v.type().is_string() for v in values):
            writer.need(f"{name} of texts")
        return getattr(ibis, name)(*values)

    return rule


OPERATORS: dict[str, Rule] = {
    "Column": _column,
    "Paren": _paren,
    "Literal": _literal,
    "Boolean": _boolean,
    "Null": _null,
    "Add": _arithmetic(lambda a, b: a + b),
    "Sub": _arithmetic(lambda a, b: a - b),
    "Mul": _arithmetic(lambda a, b: a * b),
    "Div": _divide,
    "IntDiv": _integer_divide,
    "Mod": _modulo,
    "Neg": _negative,
    "EQ": _compare(lambda a, b: a == b),
    "NEQ": _compare(lambda a, b: a != b),
    "NullSafeEQ": _compare(lambda a, b: a.identical_to(b)),
    "NullSafeNEQ": _compare(lambda a, b: ~a.identical_to(b)),
    "LT": _compare(lambda a, b: a < b),
    "LTE": _compare(lambda a, b: a <= b),
    "GT": _compare(lambda a, b: a > b),
    "GTE": _compare(lambda a, b: a >= b),
    "And": _logic(lambda a, b: a & b),
    "Or": _logic(lambda a, b: a | b),
    "Not": _not,
    "Is": _is,
    "In": _in,
    "Between": _between,
    "Case": _case,
    "If": _if,
    "Coalesce": _coalesce,
    "Nullif": _nullif,
    "Greatest": _extreme("greatest"),
    "Least": _extreme("least"),
}
