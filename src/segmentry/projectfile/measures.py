"""Columns of events that no field takes: measures of how much, and what stays unused.

A number that differs from event to event (minutes, errors, a rating) says something of behaviour
that counts and sums of money do not: it is averaged per entity. Everything else that no field and
no role takes is told by name, so that nothing is lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.datelike import is_time_number
from segmentry.projectfile.fields import Fields
from segmentry.projectfile.idlike import is_digit_name, is_name_of_something
from segmentry.projectfile.money import is_money
from segmentry.projectfile.names import known, singular, weights
from segmentry.projectfile.overlays import is_count
from segmentry.projectfile.roles import role_of
from segmentry.projectfile.survey import Column
from segmentry.projectfile.told import MOST_CATEGORIES

MOST = 12
"""Measures that are taken at most: each makes two features, and many blur segments."""

VARIES = 0.05
"""Share of entities in which a measure must vary, or it describes the entity instead."""


def find_measures(fields: Fields) -> tuple[Column, ...]:
    """Find the number columns that differ from event to event, in the order of the file."""
    return tuple(c for c in fields.free() if _is_measure(c, fields))[:MOST]


def _is_measure(column: Column, fields: Fields) -> bool:
    if column.kind not in {"number", "bool"} or column.is_constant:
        return False
    if _is_told_otherwise(column, fields) or _may_be_code(column):
        return False
    if is_name_of_something(column) or _names_by_noun(column) or is_time_number(column):
        return False
    if role_of(column, fields.survey).role is not Role.CLUSTER:
        return False
    return fields.varying(column) > VARIES


def _names_by_noun(column: Column) -> bool:
    """Tell "invoice" by number, which names one, from "invoices", which counts them."""
    nouns = {*weights("orders"), *weights("sessions"), *weights("entities")}
    said = [w for w in column.words if not w.isdigit()]
    return column.is_whole and len(said) == 1 and said[0] in nouns


def _is_told_otherwise(column: Column, fields: Fields) -> bool:
    """Tell money that is part of the amount already, or is no behaviour: taxes, fees, balances."""
    said = {singular(w) for w in column.words} | set(column.words)
    money = is_money(column) or said & {"price", "amount"}
    beside = "amount" in fields.columns and bool(money)
    return bool(said & known("money_parts")) or beside


def _may_be_code(column: Column) -> bool:
    """Tell few whole numbers, which may be codes, from flags, counts, marks and lengths of time."""
    few = column.is_whole and column.n_distinct <= MOST_CATEGORIES
    if not few or set(column.levels) <= {"0", "1"} or is_count(column):
        return False
    if column.n_distinct == 2:
        return True
    counted = np.min(column.present) == 0 and column.n_distinct >= 5
    several = counted or any(singular(w) != w for w in column.words)
    return not (several or set(column.words) & known("measured"))


def unused(fields: Fields, taken: Iterable[str]) -> list[str]:
    """Tell the columns that nothing takes, by what they are, in one note each."""
    kept = {*taken, *fields.used}
    rest = [c for c in fields.survey.columns if c.name not in kept]
    groups: dict[str, list[str]] = {}
    for column in rest:
        groups.setdefault(_what(column), []).append(column.name)
    return [f"not used: {_listed(names)} ({what})" for what, names in groups.items()]


def _what(column: Column) -> str:
    return next(what for what, holds in _KINDS if holds(column))


def _is_money(column: Column) -> bool:
    said = {singular(w) for w in column.words} | set(column.words)
    told = said & (known("money_parts") | {"price", "amount"})
    return column.kind == "number" and (bool(told) or is_money(column))


_KINDS: tuple[tuple[str, Callable[[Column], bool]], ...] = (
    ("empty", lambda c: c.n == 0),
    ("always the same", lambda c: c.is_constant),
    ("other times", lambda c: c.kind == "time" or is_time_number(c)),
    ("other money", _is_money),
    ("names of things", lambda c: is_name_of_something(c) or c.is_unique or is_digit_name(c)),
    (
        "numbers and flags of single events that may be codes or outcomes; features.measures takes"
        " what is behaviour",
        lambda c: c.kind in {"number", "bool"},
    ),
    ("texts and categories of single events, for which there is no field", lambda _: True),
)


def _listed(names: list[str]) -> str:
    return ", ".join(repr(n) for n in names)
