"""Writing an expression for one engine: which rule writes what, and why some are refused.

What lives here: the walk over the syntax tree. What does not: the rules themselves (``scalars``,
``functions``, ``times``), which ``rules`` brings together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segmentry.engines.base import Capabilities
from segmentry.engines.typed.values import Kind, Operand, Refused, together

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from sqlglot import exp

Rule = Callable[["Writer", Any], Any]
"""Writes one construct of the syntax tree."""


@dataclass(frozen=True)
class Dialect:
    """What has to be known of an engine to write expressions for it."""

    engine: str
    capabilities: Capabilities
    functions: Mapping[str, Callable[..., Any]]
    """Functions of the engine itself that Ibis has no name for."""


@dataclass(frozen=True)
class Writer:
    """Writes expressions over the columns of one source for one engine."""

    columns: Mapping[str, ir.Value]
    dialect: Dialect
    rules: Mapping[str, Rule]
    """By the name of the construct."""

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Give the engine's own functions."""
        return self.dialect.functions

    def write(self, tree: exp.Expression) -> ir.Value:
        """Write a tree.

        Raises
        ------
        Refused
            For what is not known to give the same as in DuckDB.
        """
        name = name_of(tree)
        rule = self.rules.get(name)
        if rule is None:
            reason = WHY.get(name.removeprefix("Anonymous:"), "it is not known to give the same")
            raise Refused(f"{spoken(tree)} is not computed on {self.dialect.engine}: {reason}")
        return rule(self, tree)

    def operand(self, tree: exp.Expression) -> Operand:
        """Write a tree, and remember a text that is written in it."""
        from sqlglot import exp

        bare = tree.unnest()
        is_text = isinstance(bare, exp.Literal) and bare.is_string
        return Operand(self.write(tree), str(bare.this) if is_text else None)

    def together(self, *trees: exp.Expression) -> list[Any]:
        """Write trees whose values stand beside each other."""
        return together([self.operand(t) for t in trees])

    def of_kind(self, tree: exp.Expression, kinds: frozenset[Kind] | set[Kind], what: str) -> Any:
        """Write a tree whose value has to be of some kinds."""
        operand = self.operand(tree)
        if operand.kind not in kinds:
            raise Refused(f"{what} takes {' or '.join(sorted(kinds))}, not {operand.kind}")
        return operand.value

    def need(self, construct: str) -> None:
        """Refuse what the engine declares that it cannot do."""
        reason = self.dialect.capabilities.reason(construct)
        if reason is not None:
            raise Refused(f"{construct} is not computed on {self.dialect.engine}: {reason}")


def name_of(tree: exp.Expression) -> str:
    """Name a construct: the parser's class, or the function that it does not know."""
    from sqlglot import exp

    if isinstance(tree, exp.Anonymous):
        return f"Anonymous:{tree.name.lower()}"
    return type(tree).__name__


def spoken(tree: exp.Expression) -> str:
    """Name a construct as its writer would."""
    from sqlglot import exp

    if isinstance(tree, exp.Anonymous):
        return f"the function {tree.name.lower()!r}"
    if isinstance(tree, exp.Func):
        return f"the function {tree.sql_name().lower()!r}"
    return repr(tree.sql("duckdb"))


_ROUNDED = "its last digits differ between engines"
_LETTERS = "engines disagree about letters outside ASCII; name the spellings with IN"
_PATTERNS = "each engine has regular expressions of its own; use LIKE without a backslash"
WHY: dict[str, str] = {
    **dict.fromkeys(("Lower", "Upper", "Initcap", "ILike"), _LETTERS),
    **dict.fromkeys(
        ("RegexpLike", "RegexpFullMatch", "RegexpExtract", "RegexpReplace", "SimilarTo"), _PATTERNS
    ),
    **dict.fromkeys(("Ln", "Log", "Exp", "Pow", "Sqrt", "Cbrt", "Sin", "Cos", "Tan"), _ROUNDED),
    **dict.fromkeys(("pow", "power", "log10", "log2"), _ROUNDED),
    "TryCast": "engines read texts and numbers differently; give the column a type",
    "UnixToTime": "give the column a type of time, for example in a view",
    "StrToTime": "give the column a type of time, for example in a view",
    "strptime": "give the column a type of time, for example in a view",
    "StrToDate": "give the column a type of time, for example in a view",
    "TimeToStr": "engines write times differently",
    "TimeToUnix": "fractions of seconds differ; use date_diff('second', ...)",
    "Bracket": "columns of lists are not read",
}
"""Why a construct is refused on every engine but DuckDB."""
