"""Words and signs that mean nothing."""

from __future__ import annotations

from segmentry.engines.duckdb.cleaning import spellings
from segmentry.engines.missing import BLANKS, WORDS


def test_words_for_missing_are_in_small_letters_and_short_enough_for_the_quick_look() -> None:
    assert all(word == word.lower() and len(word) <= 4 for word in WORDS)
    assert {w.upper() for w in WORDS} <= set(spellings())


def test_blanks_are_single_signs_that_python_takes_for_blanks_too() -> None:
    assert BLANKS.strip() == ""
    assert len(set(BLANKS)) == len(BLANKS)
