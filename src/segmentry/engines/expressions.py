"""Scalar SQL expressions of a project file: read, refused or made safe, and quoted again.

What lives here: parsing with sqlglot, the whitelist of what may stand in an expression, and the
demand that each reference to a column makes (is it used as a number, as a time, as text?). What
does not: how a column is cast to meet a demand (the room of each engine).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from segmentry.errors import ProjectFileError, nearest

if TYPE_CHECKING:
    from sqlglot import exp

DIALECT = "duckdb"
"""Expressions are written in this dialect, whatever engine computes them."""


class Demand(StrEnum):
    """What a reference needs a column to be."""

    ANY = "any"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"
    ENTITY = "entity"
    HOLDER = "holder"
    """What only holds rows together, such as an order: any value that tells one from another."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column, and what it is used as."""

    column: str
    demand: Demand


@dataclass(frozen=True)
class Expression:
    """A checked expression: what it refers to, and how it is written for an engine."""

    sql: str
    key: str
    references: tuple[Reference, ...]
    tree: exp.Expression | None = None
    """The syntax tree; ``None`` for a plain column."""

    @property
    def plain(self) -> str | None:
        """Give the column's name where the expression is nothing but a column."""
        return self.references[0].column if self.tree is None else None

    def written(self, alias: Callable[[Reference], str]) -> str:
        """Write it as SQL, each reference replaced by a quoted alias."""
        from sqlglot import exp

        if self.tree is None:
            return quoted(alias(self.references[0]))
        names = {(r.column, r.demand): alias(r) for r in self.references}

        def replaced(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Column):
                name = names[node.meta["column"], node.meta["demand"]]
                return exp.column(exp.to_identifier(name, quoted=True))
            return node

        return str(self.tree.copy().transform(replaced).sql(DIALECT, comments=False))


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def find_column(name: str, columns: Iterable[str]) -> str | None:
    """Find a column by its exact name, else by its name in any case if that is unique."""
    known = list(columns)
    if name in known:
        return name
    same = [c for c in known if c.lower() == name.lower()]
    return same[0] if len(same) == 1 else None


def read_expression(
    sql: str,
    columns: Iterable[str],
    *,
    key: str,
    source: str,
    demand: Demand = Demand.ANY,
    functions: frozenset[str] = frozenset(),
) -> Expression:
    """Read an expression over a source's columns.

    A text that is a column's name means that column, whatever signs are in it; anything else is
    parsed.

    Parameters
    ----------
    sql : str
        The expression as it stands in the project file.
    columns : iterable of str
        The source's columns.
    key : str
        Where it stands, for errors.
    source : str
        The source's name, for errors.
    demand : Demand
        What the result is needed as.
    functions : frozenset of str
        Scalar functions that the engine has beside those that the parser knows.

    Returns
    -------
    Expression

    Raises
    ------
    ProjectFileError
        E1005 if it is not one scalar expression, E1004 for each column that is not there.
    """
    known = list(columns)
    column = find_column(sql, known)
    if column is not None:
        return Expression(sql, key, (Reference(column, demand),))
    tree = _parsed(sql, known, key)
    _check_scalar(tree, key, functions)
    return Expression(sql, key, _resolved(tree, known, key, source, demand), tree)


def _refusal(what: str, key: str, hint: str) -> ProjectFileError:
    return ProjectFileError(what, code="E1005", where=key, hint=hint, key=key)


def _parsed(sql: str, columns: list[str], key: str) -> exp.Expression:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    hint = 'write one SQL expression over the source\'s columns, such as "Quantity * Price"'
    try:
        trees = sqlglot.parse(f"SELECT {sql}", dialect=DIALECT)
    except SqlglotError as error:
        near = nearest(sql, columns)
        hint = f"{near} Or {hint}" if near.startswith("did") else hint
        raise _refusal(f"{sql!r} cannot be read as an expression", key, hint) from error
    select = trees[0] if len(trees) == 1 else None
    # Read as the one item of a SELECT, so that clauses and further statements show up beside it.
    if not isinstance(select, exp.Select) or len(select.expressions) != 1:
        raise _refusal(f"{sql!r} is more than one expression", key, hint)
    if any(part for name, part in select.args.items() if name not in {"expressions", "kind"}):
        raise _refusal(f"{sql!r} is more than an expression", key, hint)
    tree = select.expressions[0]
    if isinstance(tree, exp.Alias):
        raise _refusal(f"{sql!r} gives its result a name", key, "leave out 'AS ...'")
    # A root of its own, so that the tree can be written without the SELECT around it.
    return tree.copy()


CLOCK_AND_CHANCE = frozenset(
    {
        *("now", "today", "current_date", "current_time", "current_timestamp", "localtime"),
        *("get_current_time", "get_current_timestamp", "transaction_timestamp", "localtimestamp"),
        *("age", "ago", "random", "rand", "uuid", "uuidv4", "uuidv7", "gen_random_uuid"),
        *("setseed", "nextval", "currval", "getenv", "getvariable", "current_setting", "user"),
        *("current_user", "session_user", "current_query", "current_database", "current_schema"),
        *("current_schemas", "version", "error", "pg_sleep", "txid_current", "write_log"),
        *("in_search_path", "currentdate", "currenttimestamp"),
    }
)
"""Functions whose result does not follow from the row."""


def _check_scalar(tree: exp.Expression, key: str, functions: frozenset[str]) -> None:
    from sqlglot import exp

    refused = (
        (exp.Query, "a query", "give an expression over the columns of this source only"),
        (exp.Subquery, "a query", "give an expression over the columns of this source only"),
        (exp.Table, "a table", "give an expression over the columns of this source only"),
        (exp.Window, "a window", "features look across rows; an expression sees one row"),
        (exp.AggFunc, "an aggregate", "features sum up rows; an expression sees one row"),
        (exp.Star, "a star", "name the columns"),
        (exp.Placeholder, "a placeholder", "write the value itself"),
        (exp.Parameter, "a parameter", "write the value itself"),
        (exp.Command, "a command", "give an expression"),
        (exp.DDL, "a statement", "give an expression"),
        (exp.DML, "a statement", "give an expression"),
        (exp.UDTF, "a function that gives many rows", "give one value for one row"),
        (exp.Explode, "a function that gives many rows", "give one value for one row"),
        (exp.Columns, "a choice of columns", "name the columns"),
        (exp.Lambda, "a lambda", "give an expression without one"),
    )
    for node in tree.walk():
        for kind, name, hint in refused:
            if isinstance(node, kind):
                raise _refusal(f"{tree.sql(DIALECT)!r} holds {name}", key, hint)
        if isinstance(node, exp.Func):
            _check_function(node, key, functions)


def _check_function(node: exp.Func, key: str, functions: frozenset[str]) -> None:
    from sqlglot import exp

    name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
    if name in CLOCK_AND_CHANCE or name.replace("_", "") in CLOCK_AND_CHANCE:
        raise _refusal(
            f"the function {name!r} gives something else each time",
            key,
            "give an expression that follows from the row alone",
        )
    if isinstance(node, exp.Anonymous) and name not in functions:
        raise _refusal(f"no function of one row is called {name!r}", key, nearest(name, functions))


def _resolved(
    tree: exp.Expression, known: list[str], key: str, source: str, demand: Demand
) -> tuple[Reference, ...]:
    """Mark every column of the tree with its real name and its demand."""
    from sqlglot import exp

    problems: list[ProjectFileError] = []
    references: dict[Reference, None] = {}
    for node in tree.find_all(exp.Column):
        name = ".".join(part.name for part in node.parts)
        column = find_column(name, known)
        if column is None:
            missing = ProjectFileError.missing_column(name, known, source=source, key=key)
            if all(missing.what != p.what for p in problems):
                problems.append(missing)
            continue
        wanted = _demand_of(node, demand)
        node.meta["column"], node.meta["demand"] = column, wanted
        references[Reference(column, wanted)] = None
    if problems:
        raise ProjectFileError.all_of(problems)
    if not references:
        raise _refusal(f"{tree.sql(DIALECT)!r} names no column", key, nearest("", known))
    return tuple(references)


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _demand_of(node: exp.Expression, of_root: Demand) -> Demand:
    """Tell what a column is used as, from the operation around it."""
    from sqlglot import exp

    above, child = node.parent, node
    passing = (exp.Paren, exp.Coalesce, exp.Nullif, exp.Case, exp.If, exp.Greatest, exp.Least)
    while isinstance(above, passing):
        if isinstance(above, exp.If) and child.arg_key == "this":
            return Demand.ANY  # a condition: what it guards says nothing about it
        if isinstance(above, exp.Case) and child.arg_key == "this":
            return Demand.ANY
        above, child = above.parent, above
    if above is None:
        return of_root
    if isinstance(above, (exp.Predicate, exp.In, exp.Between)) and not isinstance(
        above, (exp.Like, exp.ILike, exp.SimilarTo)
    ):
        return _compared_with(above, child)
    return _operand_of(above, child)


def _compared_with(above: exp.Expression, child: exp.Expression) -> Demand:
    """Tell what a column is compared with."""
    from sqlglot import exp

    others = [n for n in above.iter_expressions() if n is not child]
    for other in others:
        bare = other.unnest()
        if isinstance(bare, exp.Literal):
            if not bare.is_string:
                return Demand.NUMBER
            return Demand.TIME if _ISO_DATE.match(bare.name) else Demand.TEXT
        if isinstance(bare, exp.Neg):
            return Demand.NUMBER
        if isinstance(bare, exp.Cast):
            return _of_type(bare)
        if isinstance(bare, (exp.Binary, exp.Func)) and not isinstance(bare, exp.Predicate):
            return _result_of(bare)
    return Demand.ANY


def _result_of(node: exp.Expression) -> Demand:
    from sqlglot import exp

    if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod)):
        return Demand.NUMBER
    return Demand.ANY


def _of_type(cast: exp.Cast) -> Demand:
    from sqlglot import exp

    kind = cast.to.this
    if kind in exp.DataType.TEMPORAL_TYPES:
        return Demand.TIME
    if kind in exp.DataType.NUMERIC_TYPES:
        return Demand.NUMBER
    return Demand.TEXT if kind in exp.DataType.TEXT_TYPES else Demand.ANY


OPERANDS: dict[Demand, frozenset[str]] = {
    Demand.NUMBER: frozenset(
        {
            *("Add", "Sub", "Mul", "Div", "IntDiv", "Mod", "Neg", "Abs", "Round", "Floor", "Ceil"),
            *("Sqrt", "Ln", "Log", "Exp", "Pow", "Sign", "DateFromParts", "TimestampFromParts"),
            *("make_date", "make_timestamp", "make_timestamp_ms", "isfinite", "isnan"),
        }
    ),
    Demand.TEXT: frozenset(
        {
            *("Like", "ILike", "SimilarTo", "StartsWith", "EndsWith", "Contains", "RegexpLike"),
            *("RegexpFullMatch", "RegexpExtract", "RegexpReplace", "Lower", "Upper", "Trim"),
            *("Substring", "Left", "Right", "Length", "Concat", "DPipe", "SplitPart", "Replace"),
            *("StrPosition", "StrToTime", "StrToDate", "Initcap", "Reverse", "Levenshtein"),
            *("starts_with", "prefix", "suffix", "ends_with", "contains", "regexp_matches"),
            *("strptime", "try_strptime", "strip_accents", "string_split", "split", "ltrim"),
            *("rtrim", "lpad", "rpad"),
        }
    ),
    Demand.TIME: frozenset(
        {
            *("Extract", "TimestampTrunc", "DateTrunc", "DateDiff", "DateAdd", "DateSub", "Year"),
            *("Month", "Day", "DayOfWeek", "DayOfMonth", "DayOfYear", "Hour", "Minute", "Second"),
            *("Quarter", "Week", "WeekOfYear", "TimeToUnix", "TimeToStr", "TsOrDsToDate", "Date"),
            *("date_part", "datepart", "dayname", "monthname", "last_day", "epoch", "time_bucket"),
        }
    ),
}
"""Operations, by the parser's class or the function's name, and what they take."""


def _operand_of(above: exp.Expression, child: exp.Expression) -> Demand:
    from sqlglot import exp

    if isinstance(above, exp.Cast):
        return _of_type(above)
    if isinstance(above, (exp.Add, exp.Sub)):
        beside = above.expression if child is above.this else above.this
        if isinstance(beside, exp.Interval):
            return Demand.TIME
    name = above.name.lower() if isinstance(above, exp.Anonymous) else type(above).__name__
    return next((demand for demand, names in OPERANDS.items() if name in names), Demand.ANY)
