"""The page of what is read names what the code reads."""

from __future__ import annotations

import pytest

from segmentry.engines.duckdb.cleaning import WORDS
from segmentry.engines.files import ENDINGS
from segmentry.engines.packing import PACKED
from tree import REPOSITORY

PAGE = (REPOSITORY / "docs" / "bad_input.md").read_text()


@pytest.mark.parametrize("ending", sorted({*ENDINGS, *PACKED}))
def test_every_ending_that_is_read_is_on_the_page(ending: str) -> None:
    assert f"`{ending}`" in PAGE


@pytest.mark.parametrize("word", WORDS)
def test_every_word_for_missing_is_on_the_page(word: str) -> None:
    assert f"`{word}`" in PAGE.lower()
