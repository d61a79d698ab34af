"""Columns that name a row, a person, a thing or a moment, or hold free text: no behaviour."""

from __future__ import annotations

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.datelike import is_date
from segmentry.projectfile.idlike import has_id_word, is_digit_name, looks_hashed
from segmentry.projectfile.names import known, singular, weights
from segmentry.projectfile.overlays import head
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.told import MOST_CATEGORIES, MOST_CODES, Told

_WRITTEN = frozenset(["bio", "about", "description", "summary"])
_COUNTED = frozenset(["visit", "session", "subscription", "contract", "policy", "lead", "contact",
                      "device", "card", "email", "phone"])  # fmt: skip
"""Words of entities that, without an id, are more often how many there were."""


def as_date(column: Column, _: Survey) -> Told | None:
    """Find dates."""
    if is_date(column):
        return Told(Role.ID, "a date: a table has no cut to count days from")
    return None


def as_secret(column: Column, _: Survey) -> Told | None:
    """Find addresses, numbers and tokens of persons, and files."""
    if is_digit_name(column):
        return Told(Role.ID, "its digits name something")
    said = set(column.words)
    if not said & known("secrets") or column.n_distinct <= MOST_CATEGORIES:
        return None
    if column.kind == "text" or (column.is_whole and head(column) in known("secrets")):
        return Told(Role.ID, "names a person or thing")
    return None


def as_id(column: Column, survey: Survey) -> Told | None:
    """Find names of rows and things."""
    if column.kind == "text":
        return _text_as_id(column)
    if not column.is_whole:
        return None
    last = column.words[-1] if column.words else ""
    sure = last in known("sure_ids") or column.words[:1] == ("id",)
    named = last in known("id_words") and column.distinct_share > 0.5
    many = column.n_distinct > MOST_CODES and (sure or named)
    if many or (column.n_distinct > MOST_CATEGORIES and _names_somebody(column)):
        return Told(Role.ID, "numbers that name something")
    if column.is_unique and column.n >= 20 and _counts_up(column, survey):
        return Told(Role.ID, "numbers its rows")
    return None


def _names_somebody(column: Column) -> bool:
    """Tell "company" by number, which names one, from "companies", which counts them."""
    entities, said = weights("entities"), set(column.words)
    return bool(said) and said <= set(entities) - _COUNTED and max(entities[w] for w in said) >= 50


def _text_as_id(column: Column) -> Told | None:
    if column.is_prose:
        return Told(Role.TEXT, "sentences: their topics and sentiment shape the segments")
    said = set(column.words)
    if column.mean_length > 60 or _is_written(column):
        return Told(Role.ID, "free text")
    if column.n_distinct > MOST_CATEGORIES and (
        column.distinct_share > 0.9 or has_id_word(column) or looks_hashed(column)
    ):
        if column.distinct_share > 0.9:
            return Told(Role.ID, "hardly any value repeats")
        return Told(Role.ID, "its texts are ids")
    of_kind = {singular(w) for w in said} & (set(weights("categories")) | known("codes"))
    if said & known("personal") and not of_kind and column.n_distinct > MOST_CATEGORIES:
        return Told(Role.ID, "names a person or place")
    return None


def _is_written(column: Column) -> bool:
    """Tell a field in which somebody may write from a choice of few words."""
    if head(column) not in {*weights("texts"), *_WRITTEN}:
        return False
    return column.n_distinct > MOST_CATEGORIES or column.missing_share > 0.5


def _counts_up(column: Column, survey: Survey) -> bool:
    span = float(np.max(column.present) - np.min(column.present)) + 1
    return span <= 1.01 * survey.n_rows
