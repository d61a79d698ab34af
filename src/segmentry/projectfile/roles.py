"""Deciding what a column is for: a feature, an overlay, an outcome, a treatment or an id.

What lives here: one rule per role, by name, type, cardinality and content, tried in order; the
first that speaks wins. What does not: rules that need two columns (``leaks``) and the fields of
events (``fields``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.names import known, singular, words
from segmentry.projectfile.survey import Column, Survey

MOST_CATEGORIES = 20
"""Levels up to which a category can shape segments; with more, each is too rare to compare."""

MOST_CODES = 50
MOST_ARMS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A role, and why."""

    role: Role
    reason: str


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
    if _head(column) in known("treatments_if_told") and _tells_arms(levels):
        shown = ", ".join(levels[:4])
        return Told(Role.TREATMENT, f"its values are the arms of an experiment: {shown}")
    return None


def _tells_arms(levels: tuple[str, ...]) -> bool:
    lower = [v.lower().strip() for v in levels]
    if set(lower) in ({"a", "b"}, {"a", "b", "c"}) or any(
        set(words(v)) & known("control_levels") for v in levels
    ):
        return True
    # "No E-Mail" beside "Mens E-Mail": one arm got nothing of what the others got.
    nothing = [v.removeprefix("no ") for v in lower if v.startswith("no ")]
    return len(nothing) == 1 and all(v.endswith(nothing[0]) for v in lower)


def _as_outcome(column: Column, survey: Survey) -> Told | None:
    said = set(column.words)
    if said & known("outcome_always") or ("score" in said and said & known("scored")):
        return Told(Role.OUTCOME, "its name says what happened, or what a model says will")
    doubtful = said & (known("outcome_unless") | known("demographic"))
    if column.is_binary and said & known("outcome_if_few") and not doubtful:
        return Told(Role.OUTCOME, "its name says what happened, yes or no")
    if _is_class(column, survey):
        return Told(Role.OUTCOME, "a class label")
    if column.kind == "text" and column.n_distinct <= MOST_ARMS:
        told = [v for v in column.levels if set(words(v)) & known("outcome_levels")]
        if told:
            return Told(Role.OUTCOME, f"its values say what happened: {told[0]}")
    return None


def _is_class(column: Column, survey: Survey) -> bool:
    last = column.name in (survey.names[-1], survey.names[0])
    plain = len(column.words) == 1 and column.words[0] in known("classes")
    return plain and last and column.n_distinct <= MOST_ARMS


def _as_id(column: Column, survey: Survey) -> Told | None:
    said, last = set(column.words), column.words[-1] if column.words else ""
    if column.kind == "text":
        return _text_as_id(column, said)
    if not column.is_whole:
        return None
    if column.n_distinct > MOST_CODES and last in known("id_words"):
        sure = last in {"id", "key", "uuid", "hash"} or column.distinct_share > 0.5
        if sure:
            return Told(Role.ID, "numbers that name something")
    if column.is_unique and column.n >= 20 and _counts_up(column, survey):
        return Told(Role.ID, "numbers its rows")
    return None


def _text_as_id(column: Column, said: set[str]) -> Told | None:
    if column.mean_length > 60:
        return Told(Role.ID, "free text")
    if column.n_distinct > 20 and column.distinct_share > 0.9:
        return Told(Role.ID, "hardly any value repeats")
    if said & known("personal") and column.n_distinct > MOST_CATEGORIES:
        return Told(Role.ID, "names a person or place")
    return None


def _counts_up(column: Column, survey: Survey) -> bool:
    span = float(np.max(column.present) - np.min(column.present)) + 1
    return span <= 1.01 * survey.n_rows


def _as_date(column: Column, _: Survey) -> Told | None:
    if column.kind == "time":
        return Told(Role.ID, "a date: a table has no cut to count days from")
    return None


def _as_calendar(column: Column, _: Survey) -> Told | None:
    said = {singular(w) for w in column.words}
    if said & known("calendar") and said <= known("calendar") | known("calendar_tails"):
        return Told(Role.OVERLAY, "when it was, not what was done")
    return None


def _as_demographic(column: Column, _: Survey) -> Told | None:
    names = [w for w in column.words if not w.isdigit()]
    pair = any(f"{a} {b}" in known("demographic_pairs") for a, b in pairwise(names))
    if pair or _speaks_of(names, known("demographic"), known("demographic_tails")):
        unless = set(names) & known("demographic_unless")
        if not unless:
            return Told(Role.OVERLAY, "says who or where, not what was done")
    if _speaks_of(names, known("technical"), known("demographic_tails")):
        return Told(Role.OVERLAY, "says by what means, not what was done")
    return None


def _speaks_of(names: list[str], vocabulary: frozenset[str], tails: frozenset[str]) -> bool:
    """Tell whether a word is the head of a name: only words that add nothing may follow it."""
    for i, name in enumerate(names):
        if name in vocabulary and all(w in tails or w in vocabulary for w in names[i + 1 :]):
            return True
    return False


def _as_segment(column: Column, _: Survey) -> Told | None:
    if _head(column) in known("segmentations") and column.n_distinct <= MOST_CODES:
        return Told(Role.OVERLAY, "somebody's earlier segmentation")
    return None


def _as_code(column: Column, _: Survey) -> Told | None:
    if not column.is_whole or not 2 < column.n_distinct <= MOST_CODES:
        # Two whole numbers that are not 0 and 1 are codes as well.
        two = column.is_whole and column.n_distinct == 2 and set(column.levels) != {"0", "1"}
        if not two:
            return None
    last = column.words[-1] if column.words else ""
    if _head(column) in known("codes") or last in {"id", "code"}:
        return Told(Role.OVERLAY, "its numbers are codes, not amounts")
    return None


def _as_many(column: Column, _: Survey) -> Told | None:
    if column.kind == "text" and column.n_distinct > MOST_CATEGORIES:
        return Told(Role.OVERLAY, f"{column.n_distinct:,} different texts, too many to compare")
    return None


def _head(column: Column) -> str:
    names = [w for w in column.words if not w.isdigit() and w not in known("id_words")]
    return singular(names[-1]) if names else ""


_RULES: tuple[Callable[[Column, Survey], Told | None], ...] = (
    _as_treatment,
    _as_outcome,
    _as_date,
    _as_calendar,
    _as_demographic,
    _as_id,
    _as_segment,
    _as_code,
    _as_many,
)
