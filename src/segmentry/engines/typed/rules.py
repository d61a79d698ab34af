"""All rules by which expressions are written, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.engines.typed.functions import FUNCTIONS
from segmentry.engines.typed.scalars import OPERATORS
from segmentry.engines.typed.times import TIME_FUNCTIONS
from segmentry.engines.typed.writer import WHY, Dialect, Rule, Writer

if TYPE_CHECKING:
    import ibis.expr.types as ir

RULES: Mapping[str, Rule] = OPERATORS | FUNCTIONS | TIME_FUNCTIONS
"""By the name of the construct."""


def writer_of(columns: Mapping[str, ir.Value], dialect: Dialect) -> Writer:
    """Give what writes expressions over the columns of one source for one engine."""
    return Writer(columns, dialect, RULES)


def known_functions() -> frozenset[str]:
    """Name the functions that the parser has no class for, and are known here."""
    names = {n.removeprefix("Anonymous:") for n in RULES if n.startswith("Anonymous:")}
    return frozenset(names | {n for n in WHY if n.islower()})
