"""Sentiment: rules one by one, sentences labelled by hand, and any text at all."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.features.text.sentiment import lexicon, neutral_words, sentiment

SENTENCES = Path(__file__).parents[3] / "data" / "sentiment.csv"


def felt(text: str) -> float:
    found = sentiment(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("very good", "good"),
        ("good", "slightly good"),
        ("good!", "good"),
        ("good!!!", "good!"),
        ("AWFUL service, says Tom", "excellent service, says Tom"),
        ("not bad", "bad"),
        ("good", "not good"),
        ("amazing", "nice"),
        ("great 😍", "great"),
        ("great :)", "great :("),
        ("slow but wonderful", "wonderful but slow"),
    ],
)
def test_what_stands_around_a_word_changes_it(more: str, less: str) -> None:
    if more.startswith("AWFUL"):
        more, less = less, more
    assert felt(more) > felt(less)


def test_shouting_is_louder_unless_all_is_shouted() -> None:
    assert felt("a TERRIBLE shop") < felt("a terrible shop")
    assert felt("A TERRIBLE SHOP") == felt("a terrible shop")


@pytest.mark.parametrize("text", [None, "", "Where is my parcel?", "🚚", "12 \x00", "issue ticket"])
def test_a_text_without_known_words_feels_like_nothing(text: str | None) -> None:
    assert sentiment(text) is None


@pytest.mark.parametrize("word", ["issue", "problem", "ticket", "support", "cancel", "charge"])
def test_words_of_support_carry_no_weight(word: str) -> None:
    assert sentiment(f"my {word}") is None
    assert sentiment(f"my {word}s") is None


def test_a_negation_does_not_reach_over_a_comma() -> None:
    assert felt("not today, wonderful") > 0


def test_words_that_many_texts_have_say_nothing_of_one() -> None:
    texts = [["awful", "weather"] if i % 3 == 0 else ["nice", f"w{i}"] for i in range(300)]
    neutral = neutral_words(texts)
    assert neutral == ("awful", "nice")
    assert sentiment("awful weather", neutral=neutral) is None
    assert neutral_words(texts[:50]) == ()


@given(st.text())
def test_any_text_has_a_score_between_its_bounds_or_none(text: str) -> None:
    found = sentiment(text)
    assert found is None or -1 <= found <= 1


def test_ten_megabytes_of_praise_stay_inside_the_bounds() -> None:
    assert 0.99 < felt("wonderful! " * 1_000_000) <= 1


def test_the_lexicon_is_large_and_has_strengths_of_three_steps_each_way() -> None:
    known = lexicon()
    assert len(known.strength) >= 800
    assert set(known.strength.values()) == {-3.0, -2.0, -1.0, 1.0, 2.0, 3.0}
    assert {w.lower() for w in known.strength} == set(known.strength)
    assert not known.negations & set(known.strength)


def test_sentences_labelled_by_hand_are_mostly_scored_as_they_feel() -> None:
    with SENTENCES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 150
    signs = [0.0 if (s := sentiment(r["text"])) is None else s for r in rows]
    right = sum((s > 0.1) - (s < -0.1) == int(r["label"]) for s, r in zip(signs, rows, strict=True))
    assert right / len(rows) > 0.85
