"""Panels: a row for each period of each entity, such as the weeks of a shop.

What lives here: finding the column that numbers the periods, and whether rows are that regular.
What does not: dates (``timing``, ``timeparts``) and who the entity is (``entity``).
"""

from __future__ import annotations

import numpy as np

from segmentry.projectfile.names import known, singular
from segmentry.projectfile.survey import Column, Survey

FEWEST_PERIODS = 4

REGULAR = 0.7
"""Share of all pairs of an entity and a period that must have a row."""


def period_beside(entity: Column, survey: Survey) -> Column | None:
    """Find a column that numbers the periods of an entity, regularly and each once.

    Parameters
    ----------
    entity : Column
        A candidate for the entity.
    survey : Survey

    Returns
    -------
    Column or None
        None too where no number beside the two is measured.
    """
    return next((c for c in survey.columns if _is_period(c, entity, survey)), None)


def _is_period(column: Column, entity: Column, survey: Survey) -> bool:
    if column.name == entity.name or not {singular(w) for w in column.words} & known("periods"):
        return False
    if not (column.kind == "text" or column.is_whole) or column.n_distinct < FEWEST_PERIODS:
        return False
    if not any(_is_measured(c) for c in survey.columns if c not in (column, entity)):
        return False
    return is_regular(column, entity, survey)


def is_regular(column: Column, entity: Column, survey: Survey) -> bool:
    """Tell whether nearly all entities have a row for nearly all periods, and never two."""
    n_pairs = survey.count_distinct(entity.name)[1] * survey.count_distinct(column.name)[1]
    enough = column.n_distinct >= FEWEST_PERIODS and survey.n_rows >= REGULAR * n_pairs
    return enough and _never_repeat(column, entity)


def _is_measured(column: Column) -> bool:
    return column.kind == "number" and not column.is_constant and not column.is_unique


def _never_repeat(column: Column, entity: Column) -> bool:
    pairs = entity.codes * (column.n_distinct + 1) + column.codes
    return bool(np.all(column.codes >= 0) and len(np.unique(pairs)) == len(pairs))
