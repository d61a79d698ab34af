from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.harmony import Harmony

TV = Harmony(lower=True, synonyms={"TV": ("television", "Telly")})


def test_case_blanks_and_synonyms_are_one_word() -> None:
    spellings = ["TV", "tv ", " Television", "telly", "TELLY"]
    assert set(TV.all_of(spellings)) == {"tv"}
    assert TV.of("Radio  set") == "radio set"


def test_letters_and_accents_are_joined_and_only_nfkc_joins_signs() -> None:
    split = unicodedata.normalize("NFD", "café")
    assert split != "café"
    assert Harmony().of(split) == "café"
    assert Harmony().of("\uff34\uff36") == "\uff34\uff36"
    assert Harmony(unicode="NFKC").of("\uff34\uff36") == "TV"


def test_nothing_is_asked_of_case_unless_the_project_says_so() -> None:
    assert Harmony().of("TV") == "TV"
    assert Harmony(spaces=False).of(" TV ") == " TV "


def test_synonyms_lead_to_one_word_and_not_further() -> None:
    rule = Harmony(synonyms={"a": ("b",), "c": ("a",)})
    assert rule.all_of(["b", "a"]) == ["a", "c"]


@given(st.text(max_size=12), st.booleans(), st.sampled_from(["NFC", "NFKC"]))
def test_a_word_that_is_written_alike_stays_so(word: str, lower: bool, form: str) -> None:
    rule = Harmony(lower=lower, unicode=form)  # type: ignore[arg-type]
    assert rule.of(rule.of(word)) == rule.of(word)
    assert rule.all_of([word]) == [rule.of(word)]
