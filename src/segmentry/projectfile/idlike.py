"""Telling by a column's values, not by its name, that it names something.

Long words of one length are hashes; short ones of letters and digits in one pattern are codes. A
file without a header has columns whose names say nothing, so their values are all there is.
"""

from __future__ import annotations

import re

import numpy as np

from segmentry.projectfile.names import known
from segmentry.projectfile.survey import Column
from segmentry.projectfile.told import MOST_CODES

HASH_LENGTH = 16
"""A word without blanks that is as long as this, and always so, was not written by hand."""

LONG_NUMBER = 100_000
"""Whole numbers of this size in a column without a name are ids sooner than amounts."""

_UNNAMED = re.compile(r"(column|col|field|var|unnamed|_?c|_|v|x)[\s:_.]*\d+", re.IGNORECASE)
_SIGNS = re.compile(r"[^\W\d_]")


def is_unnamed(column: Column) -> bool:
    """Tell whether a name was only counted up: ``column0``, ``_c1``, ``V2``."""
    return _UNNAMED.fullmatch(column.name) is not None


def looks_hashed(column: Column) -> bool:
    """Tell whether all texts are long words of about the same length."""
    texts = _words_only(column)
    if not texts:
        return False
    lengths = np.array([len(t) for t in texts])
    mixed = [t for t in texts if any(c.isdigit() for c in t)]
    alike = lengths.max() - lengths.min() <= 2
    return bool(lengths.min() >= HASH_LENGTH and alike and len(mixed) >= 0.8 * len(texts))


def looks_coded(column: Column) -> bool:
    """Tell whether all texts are short codes of one pattern: ``MAC000123``, ``C-17``."""
    texts = _words_only(column)
    if not texts or max(len(t) for t in texts) > 40:
        return False
    # Letters that differ are one sign, and a row of digits is one as well.
    patterns = {re.sub(r"\d+", "9", _SIGNS.sub("a", t)) for t in texts}
    with_digits = sum(any(c.isdigit() for c in t) for t in texts)
    return len(patterns) <= 3 and with_digits == len(texts)


def has_id_word(column: Column) -> bool:
    """Tell whether a name says id, key or the like."""
    return bool(set(column.words) & known("sure_ids"))


def is_name_of_something(column: Column) -> bool:
    """Tell whether a column holds ids, by its name or by its values."""
    if column.kind == "text":
        return has_id_word(column) or looks_hashed(column)
    return column.is_whole and has_id_word(column)


def is_digit_name(column: Column) -> bool:
    """Tell whether whole numbers are names in digits: the last four of a card, a seed, an IBAN.

    The name has to end so, for a card's ``last 4`` are digits and ``orders last 4 weeks`` counts;
    and the values have to be many, for an age's ``bin`` is a class.
    """
    names = [w for w in column.words if w not in known("sure_ids")]
    named = bool(names) and names[-1] in known("digit_names")
    paired = " ".join(names[-2:]) in known("digit_pairs")
    return (named or paired) and column.is_whole and column.n_distinct > MOST_CODES


def names_by_value(column: Column) -> bool:
    """Tell whether values alone show that they name something: hashes, codes, very long numbers."""
    if column.kind == "text":
        return looks_hashed(column) or looks_coded(column)
    return column.is_whole and float(np.median(column.present)) >= LONG_NUMBER


def _words_only(column: Column) -> list[str]:
    """Give some of a text column's values, or none if any has a blank in it."""
    if column.kind != "text" or column.n_distinct < 2:
        return []
    texts = [t for t in column.texts[:500] if t]
    return [] if any(any(c.isspace() for c in t) for t in texts) else texts
