"""Deciding what a column is for: a feature, an overlay, an outcome, a treatment or an id.

What lives here: the order in which rules are tried, the first that speaks wins, and the rules for
what must never be a feature: arms of an experiment, outcomes, what a model says. What does not:
rules for ids (``idroles``) and for descriptions (``overlays``), rules that need two columns
(``leaks``), and the fields of events (``fields``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.idlike import is_unnamed
from segmentry.projectfile.idroles import as_date, as_id, as_secret
from segmentry.projectfile.names import known, words
from segmentry.projectfile.overlays import (
    as_calendar,
    as_code,
    as_consent,
    as_demographic,
    as_many,
    as_row_work,
    as_segment,
    as_still,
    is_sorting,
)
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.told import MOST_ARMS, Told

_SPAN = re.compile(r"\d+ ?(yrs?|years?|months?|mths?)$", re.IGNORECASE)
_PAST = frozenset(["last", "past", "previous", "prior", "since", "ago", "recent"])


def role_of(column: Column, survey: Survey) -> Told:
    """Decide on a column by itself."""
    for rule in _RULES:
        told = rule(column, survey)
        if told is not None:
            return told
    return Told(Role.CLUSTER, "behaviour")


def _as_treatment(column: Column, _: Survey) -> Told | None:
    if not 2 <= column.n_distinct <= MOST_ARMS:
        return None
    # "test_group" is one word as well.
    said, levels = {*column.words, "".join(column.words)}, column.levels
    if said & known("treatments") or any(set(words(v)) & {"control", "placebo"} for v in levels):
        return Told(Role.TREATMENT, "the arm of an experiment")
    told_by_arms = _told_head(column) in known("treatments_if_told")
    # A segment called A is somebody's; of two groups, A and B are still those of a test.
    by_letter = not is_sorting(column) or (column.words == ("group",) and len(levels) == 2)
    if told_by_arms and _tells_arms(levels, by_letter=by_letter):
        shown = ", ".join(levels[:4])
        return Told(Role.TREATMENT, f"its values are the arms of an experiment: {shown}")
    return None


def _told_head(column: Column) -> str:
    names = [w for w in column.words if not w.isdigit() and w not in known("id_words")]
    return names[-1] if names else ""


def _tells_arms(levels: tuple[str, ...], *, by_letter: bool) -> bool:
    """Tell arms by their names; segments and groups are called A and B as well."""
    lower = [v.lower().strip() for v in levels]
    if (by_letter and set(lower) in ({"a", "b"}, {"a", "b", "c"})) or any(
        set(words(v)) & known("control_levels") for v in levels
    ):
        return True
    # "No E-Mail" beside "Mens E-Mail": one arm got nothing of what the others got.
    nothing = [v.removeprefix("no ") for v in lower if v.startswith("no ")]
    return len(nothing) == 1 and all(v.endswith(nothing[0]) for v in lower)


def _as_outcome(column: Column, survey: Survey) -> Told | None:
    said = set(column.words)
    if said & known("history"):
        return None
    if _is_outcome_always(column, said) or ("score" in said and said & known("scored")):
        return Told(Role.OUTCOME, "its name says what happened, or what a model says will")
    if said & known("model_words") and _is_chance(column):
        return Told(Role.OUTCOME, "a score between 0 and 1, as models give it")
    if column.is_binary and (why := _why_binary(column, said)):
        return Told(Role.OUTCOME, why)
    if _is_class(column, survey):
        return Told(Role.OUTCOME, "a class label")
    return _by_levels(column, survey)


def _why_binary(column: Column, said: set[str]) -> str | None:
    doubtful = said & (known("outcome_unless") | known("demographic"))
    if "status" in said and said - {"status"} - known("status_of") - known("id_words"):
        doubtful |= {"status"}
    if said & known("outcome_if_few") and not doubtful:
        return "its name says what happened, yes or no"
    if _SPAN.search(column.name) and not said & _PAST:
        return "yes or no within a span of years or months"
    return None


def _is_outcome_always(column: Column, said: set[str]) -> bool:
    pairs = {f"{a} {b}" for a, b in pairwise(w for w in column.words if not w.isdigit())}
    if said & known("outcome_always") or pairs & known("outcome_pairs"):
        return True
    # "target_age" and "record_label_share" only speak of one.
    weak = said & known("outcome_if_head")
    return bool(weak) and (column.n_distinct <= MOST_ARMS or _told_head(column) in weak)


def _is_chance(column: Column) -> bool:
    """Tell whether all numbers lie between 0 and 1, and not only at the ends."""
    if column.kind != "number" or column.is_whole or not len(column.present):
        return False
    return bool(np.min(column.present) >= 0 and np.max(column.present) <= 1)


def _by_levels(column: Column, survey: Survey) -> Told | None:
    if column.kind != "text" or column.n_distinct > MOST_ARMS:
        return None
    told = [v for v in column.levels if set(words(v)) & known("outcome_levels")]
    if told:
        return Told(Role.OUTCOME, f"its values say what happened: {told[0]}")
    if column.name != survey.names[-1] or column.n_distinct < 2:
        return None
    others = [c for c in survey.columns if c is not column]
    grades = {v.lower().strip() for v in column.levels}
    is_who = set(column.words) & known("demographic")
    if grades <= known("grades") and not is_who and sum(c.kind == "number" for c in others) >= 3:
        return Told(Role.OUTCOME, "a grade at the end of the table, given for the rest of the row")
    if is_unnamed(column) and len(others) > 1 and all(c.kind == "number" for c in others):
        return Told(Role.OUTCOME, "the last column, and the only text: a class label")
    return None


def _is_class(column: Column, survey: Survey) -> bool:
    last = column.name in (survey.names[-1], survey.names[0])
    plain = len(column.words) == 1 and column.words[0] in known("classes")
    return plain and last and column.n_distinct <= MOST_ARMS


_RULES: tuple[Callable[[Column, Survey], Told | None], ...] = (
    as_row_work,
    _as_treatment,
    as_consent,
    _as_outcome,
    as_date,
    as_secret,
    as_calendar,
    as_demographic,
    as_id,
    as_segment,
    as_still,
    as_code,
    as_many,
)
