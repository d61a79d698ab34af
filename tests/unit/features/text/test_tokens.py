"""Texts as words: any sign, any length, any language as far as its signs allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.features.text.tokens import (
    FUNCTION_WORDS,
    LONGEST_TEXT,
    STOP_WORDS,
    looks_english,
    stem,
    terms_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (None, []),
        ("   \n\t ", []),
        ("\x00\x07\x1b[0m!", ["m"]),
        ("🙂👍 12,50 €", []),
        ("Ünïcode ÄRGER straße", ["ünïcode", "ärger", "straße"]),
        ("don\u2019t don't don`t", ["don't"] * 3),
        ("e\u0301clair \ufb01ne", ["éclair", "fine"]),
        ("so\u00adft \u200bhyphen", ["soft", "hyphen"]),
        ("snake_case and-dash", ["snake", "case", "and", "dash"]),
        ("退款在哪里", ["退款", "款在", "在哪", "哪里"]),
        ("배송 문제", ["배송", "문제"]),
    ],
)
def test_texts_are_read_as_words(text: str | None, words: list[str]) -> None:
    assert words_of(text) == words


def test_words_of_two_scripts_that_touch_are_words_of_each() -> None:
    assert words_of("iPhone\u624b\u673a\u574f\u4e86") == [
        "iphone",
        "\u624b\u673a",
        "\u673a\u574f",
        "\u574f\u4e86",
    ]
    assert words_of("A\u33e0") == ["a1", "\u65e5"]


@given(st.text())
def test_any_text_can_be_read_and_reading_words_again_changes_nothing(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words or any(len(w) == 1 for w in words)
    assert all(w and not w.isspace() for w in words)


def test_a_text_of_ten_megabytes_is_read_to_its_limit() -> None:
    words = words_of("parcel " * 1_500_000)
    assert set(words) <= {"parcel", "parce", "parc", "par", "pa", "p"}
    assert len(words) == LONGEST_TEXT // 7 + 1


def test_a_run_of_letters_without_end_is_no_word() -> None:
    assert words_of("a" * 90_000 + " parcel") == ["parcel"]


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("Where is the card that I ordered from you?", True),
        ("I am still waiting on my card?", True),
        ("Wo bleibt eigentlich die Karte, die ich bestellt habe?", False),
        ("¿Dónde está la tarjeta que pedí hace dos semanas?", False),
        ("Où est passée la carte que j'ai commandée ?", False),
        ("", False),
    ],
)
def test_english_is_told_by_its_function_words(text: str, is_english: bool) -> None:
    assert looks_english(words_of(text)) is is_english


@pytest.mark.parametrize(
    "forms",
    [
        ("charge", "charges", "charged", "charging"),
        ("country", "countries"),
        ("top", "tops", "topped", "topping"),
        ("transfer", "transfers", "transfered", "transfering"),
        ("address",),
        ("status",),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(w) for w in forms}) == 1


@given(st.text(alphabet="abcdeinsgyu", min_size=1, max_size=12))
def test_a_stem_begins_as_its_word_does_and_never_is_nothing(word: str) -> None:
    assert stem(word)
    assert word.startswith(stem(word)[:-1])


def test_empty_words_are_left_out_of_english_only() -> None:
    words = ["where", "is", "my", "card", "don't"]
    assert terms_of(words, "english") == [("card", "card")]
    assert [t for t, _ in terms_of(words, "any")] == words


def test_lists_of_words_are_in_lower_case_and_small() -> None:
    assert {w.lower() for w in STOP_WORDS | FUNCTION_WORDS} == STOP_WORDS | FUNCTION_WORDS
    assert len(STOP_WORDS) < 250
