"""Columns that describe: who and where, when, by what means, in which earlier group, by which code.

They are shown of each segment, but shape none. Each rule reads the name and checks the values: a
region with decimals is an area, hours up to 500 are no time of the day.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.datelike import WEEKDAYS, names_days_or_months
from segmentry.projectfile.names import PERSONAL, known, singular, weights
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.told import MOST_CATEGORIES, MOST_CODES, Told

NEARLY_ALWAYS = 0.995
"""Share of rows with one and the same value from which on a column tells nobody apart."""

ROWS_TO_TELL = 200
"""Fewer rows cannot show that a value is rare."""

WHO_OR_WHERE = "says who or where, not what was done"

_MOST_PLACES = 100

_MOST_ANSWERS = 4
"""Answers to a question for leave: yes, no, not asked, not known."""


def as_row_work(column: Column, _: Survey) -> Told | None:
    """Find marks that somebody put on rows to learn from them: splits, folds, weights."""
    said, levels = set(column.words), {v.lower().strip() for v in column.levels}
    if column.kind == "text" and len(levels) >= 2 and levels <= known("split_levels"):
        return Told(Role.OVERLAY, "how rows were split for learning")
    if said & known("row_words") or _has_pair(column.words, known("row_pairs")):
        return Told(Role.OVERLAY, "about the row in the data, not about what was done")
    return None


def as_calendar(column: Column, _: Survey) -> Told | None:
    """Find parts of dates."""
    if names_days_or_months(column):
        return Told(Role.OVERLAY, "when it was, not what was done")
    said = {w for w in column.words if not w.isdigit()}
    # Several of them are a length of time: days, months.
    found = {singular(w) if w in {"seasons", "holidays", "weekdays"} else w for w in said}
    beside = found <= known("calendar") | known("calendar_tails") or found & known(
        "calendar_habits"
    )
    weekday = column.is_binary and column.name.lower() in WEEKDAYS
    alone = weekday or (said and said <= {"time", "timestamp", "date"} and column.kind == "number")
    if alone or (found & known("calendar") and beside and _may_be_calendar(column, found)):
        return Told(Role.OVERLAY, "when it was, not what was done")
    return None


def _may_be_calendar(column: Column, said: set[str]) -> bool:
    if column.kind != "number":
        return True
    low, high = float(np.min(column.present)), float(np.max(column.present))
    if "hour" in said and high > 24:
        return False
    return low >= -1 and (high <= 366 or (low >= 1900 and high <= 2100))


def as_demographic(column: Column, _: Survey) -> Told | None:
    """Find who somebody is, where, and by what means they came."""
    names = [w for w in column.words if not w.isdigit()]
    counted = is_count(column)
    vocabulary = known("demographic") - (known("places") if _is_measured(column) else frozenset())
    vocabulary -= known("places") if counted else frozenset()
    pair = _has_pair(tuple(names), known("demographic_pairs"))
    if pair or _speaks_of(names, vocabulary, known("demographic_tails")):
        unless = set(names) & known("demographic_unless")
        if not unless or "birth" in names:
            return Told(Role.OVERLAY, WHO_OR_WHERE)
    technical = _speaks_of(names, known("technical"), known("demographic_tails"))
    if technical and not counted:
        return Told(Role.OVERLAY, "says by what means, not what was done")
    return None


def _is_measured(column: Column) -> bool:
    """Tell whether a number is too fine to be the code of a place."""
    if column.kind != "number" or set(column.words) & known("sure_ids"):
        return False
    return not column.is_whole or column.n_distinct > _MOST_PLACES


def is_count(column: Column) -> bool:
    """Tell whether a name says that something was counted."""
    names = column.words
    if column.kind != "number" or len(names) < 2:
        return False
    return names[0] in {"n", "number", "total", "count"} or names[-1] in {"count", "counts"}


def _has_pair(names: tuple[str, ...], pairs: frozenset[str]) -> bool:
    names = tuple(w for w in names if w != "of")
    return any(f"{a} {b}" in pairs for a, b in pairwise(names))


def _speaks_of(names: list[str], vocabulary: frozenset[str], tails: frozenset[str]) -> bool:
    """Tell whether a word is the head of a name: only words that add nothing may follow it."""
    for i, name in enumerate(names):
        if name in vocabulary and all(w in tails or w in vocabulary for w in names[i + 1 :]):
            return True
    return False


def as_consent(column: Column, _: Survey) -> Told | None:
    """Find what somebody agreed to: that they may be written to tells nothing of what they did."""
    said = set(column.words)
    if column.n_distinct > _MOST_ANSWERS or said & known("leaving") or is_count(column):
        return None
    asked = said & known("messages") and said & known("agreements")
    forbidden = {"do", "not"} <= said and said & (known("messages") | {"contact", "call"})
    if said & known("consents") or asked or forbidden:
        return Told(Role.OVERLAY, "what somebody agreed to, not what they did")
    return None


def is_sorting(column: Column) -> bool:
    """Tell whether a name says that persons were sorted, and nothing else: ``customer_tier``."""
    names = [w for w in column.words if not w.isdigit() and w not in known("id_words")]
    people = {w for w, weight in weights("entities").items() if weight > PERSONAL}
    return bool(names) and names[-1] in known("sorted_into") and set(names[:-1]) <= people


def as_segment(column: Column, _: Survey) -> Told | None:
    """Find what somebody sorted before."""
    names = set(column.words)
    few = column.n_distinct <= MOST_CODES
    sorted_by = head(column) in known("segmentations") or is_sorting(column)
    if (sorted_by and few) or "rfm" in names:
        return Told(Role.OVERLAY, "somebody's earlier segmentation")
    return None


def as_still(column: Column, _: Survey) -> Told | None:
    """Find columns with one value in nearly every row."""
    n = len(column.codes)
    if n < ROWS_TO_TELL or column.n_distinct < 1:
        return None
    most = np.bincount(column.codes + 1).max() / n
    if most >= NEARLY_ALWAYS:
        return Told(Role.OVERLAY, f"{100 * most:.1f} % of its rows are the same")
    return None


def as_code(column: Column, _: Survey) -> Told | None:
    """Find whole numbers that are codes."""
    if not column.is_whole or column.n_distinct < 2:
        return None
    if column.n_distinct == 2 and set(column.levels) <= {"0", "1", "0.0", "1.0"}:
        return None
    last = column.words[-1] if column.words else ""
    last = "code" if column.words[:1] == ("code",) else last
    if is_count(column) or _is_plural(column):
        return None
    if head(column) in known("codes") or last in {"id", "code"} or _is_called_number(column):
        return Told(Role.OVERLAY, "its numbers are codes, not amounts")
    return None


def _is_plural(column: Column) -> bool:
    """Tell "devices", which are counted, from "device", which is told."""
    names = [w for w in column.words if not w.isdigit()]
    last = names[-1] if names else ""
    return singular(last) != last and last not in known("codes")


def _is_called_number(column: Column) -> bool:
    """Tell "jersey number" from "clicks_num"."""
    names = [w for w in column.words if not w.isdigit()]
    if len(names) < 2 or names[-1] != "number" or column.name.lower().endswith("num"):
        return False
    return singular(names[-2]) == names[-2] and names[-2] not in weights("orders")


def as_many(column: Column, _: Survey) -> Told | None:
    """Find categories with too many levels."""
    if column.kind == "text" and column.n_distinct > MOST_CATEGORIES:
        return Told(Role.OVERLAY, f"{column.n_distinct:,} different texts, too many to compare")
    return None


def head(column: Column) -> str:
    """Give the word that a name is about: the last, or the one before "of" or "for"."""
    names = [w for w in column.words if not w.isdigit() and w not in known("id_words")]
    for i, word in enumerate(names):
        if i and word in {"of", "for"}:
            names = names[:i]
            break
    return singular(names[-1]) if names else ""
