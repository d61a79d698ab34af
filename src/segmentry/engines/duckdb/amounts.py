"""Texts read as numbers and as truth values.

What lives here: the choice among the ways to write a number. What does not: the casts
(``readings``) and the patterns (``numerals``).
"""

from __future__ import annotations

from dataclasses import replace

from segmentry.engines.duckdb.readings import TRUTHS, finite, grouped
from segmentry.engines.duckdb.texts import TextColumn, joined
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import literal
from segmentry.engines.numerals import COMMA, POINT, WAYS, currencies, is_threes

LEAST_SHARE = 0.95
"""Share of a text column's values that must be readable as a kind for the column to be of it."""


def as_number(text: TextColumn) -> Typed:
    """Read as a number: plain, yes and no, with grouped digits or with a decimal comma."""
    counts = text.counts
    best = plain_number(text)
    if best.n_bad == 0:
        return _settled(text, best)
    if counts.n_numbers < LEAST_SHARE * counts.n_said:
        truth = as_truth(text)
        if truth is not None:
            return truth
    point, comma = (as_grouped(text, way) for way in WAYS)
    if min(point.n_bad, comma.n_bad) >= best.n_bad:
        return best
    if point.n_bad != comma.n_bad:
        return min(point, comma, key=lambda r: r.n_bad)
    return _tie(text, point, comma)


def _tie(text: TextColumn, point: Typed, comma: Typed) -> Typed:
    """Choose between two ways that read all the same values; tell where they differ in them."""
    (n_differ,) = text.number_of(f"({point.sql}) IS DISTINCT FROM ({comma.sql})")
    if not n_differ:
        return point
    first, other = (comma, point) if text.raw.decimal == "," else (point, comma)
    return _ambiguous(first, other.way)


def _settled(text: TextColumn, plain: Typed) -> Typed:
    """Take 1.234 for a thousand and more where the rest of the file writes decimal commas."""
    if text.raw.decimal != "," or plain.kind != "number" or not is_threes(text.sample):
        return plain
    comma = as_grouped(text, COMMA)
    return _ambiguous(comma, POINT) if comma.n_bad == 0 else plain


def _ambiguous(reading: Typed, other: str | None) -> Typed:
    note = (
        f"they could all be read like {other} too; state the way in 'types' of the source to be"
        " sure"
    )
    return replace(reading, note=joined(reading.note, note), doubt="ambiguous_number")


def plain_number(text: TextColumn) -> Typed:
    """Cast to a number, without guards where nothing has to be guarded against."""
    counts = text.counts
    whole = counts.n_whole == counts.n_numbers
    if counts.n_numbers < counts.n:
        sql = finite(f"try_cast({text.sql} AS DOUBLE)", whole=whole)
    else:
        number = f"CAST({text.sql} AS DOUBLE)"
        sql = f"CAST({number} AS BIGINT)" if whole else number
    return text.reading(sql, "integer" if whole else "number", counts.n_numbers)


def as_grouped(text: TextColumn, way: str) -> Typed:
    """Read as a number written in one of the ways; tell of percent and of several currencies."""
    reading = text.reading(grouped(text.sql, way), "number")
    marks = currencies(text.sample)
    notes = [f"numbers are written like {way}"]
    if any("%" in t for t in text.sample):
        notes.append("12.5 % is read as 0.125")
    if any(t.startswith("(") for t in text.sample):
        notes.append("(12.50) is read as -12.50")
    if len(marks) > 1:
        named = ", ".join(f"{mark} ({n})" for mark, n in marks.most_common(5))
        notes.append(f"amounts are in several currencies and not converted: {named}")
    doubt = "several_currencies" if len(marks) > 1 else ""
    return replace(reading, note=joined(*notes, reading.note), way=way, doubt=doubt)


def as_truth(text: TextColumn) -> Typed | None:
    """Read as true and false where all values are the two words of a pair."""
    words = {w.lower() for w in text.sample}
    for yes, no in TRUTHS:
        if words and words <= {yes, no}:
            value = f"lower({text.sql})"
            either = f"{value} = {literal(yes)} OR {value} = {literal(no)}"
            if text.number_of(either) == (text.counts.n,):
                return Typed(f"{value} = {literal(yes)}", "truth")
    return None
