"""A text is cut into words, numbers, days, signs, and what stands in quotes."""

from __future__ import annotations

import pytest

from segmentry.domain.formulatokens import LONGEST, Token, Tokens, refusal
from segmentry.errors import ProjectFileError


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in Tokens.of(text).pieces[:-1]]


def test_each_piece_has_its_kind() -> None:
    assert kinds("a_1 30d 7.5d 2.5 1e-09 'it''s' >= >") == [
        *(("word", "a_1"), ("days", "30d"), ("days", "7.5d"), ("number", "2.5")),
        *(("number", "1e-09"), ("quoted", "'it''s'"), ("sign", ">="), ("sign", ">")),
    ]


def test_what_stands_in_quotes_is_a_word_and_never_one_of_the_language() -> None:
    single, double, bare = Tokens.of("""'it''s' "in" in""").pieces[:3]
    assert (single.value, double.value) == ("it's", "in")
    assert double.is_value
    assert not double.says("in")
    assert bare.says("in")
    assert not bare.is_value


def test_words_are_read_only_where_all_of_them_follow() -> None:
    tokens = Tokens.of("is that known")
    assert not tokens.takes(("is", "known"))
    assert tokens.takes(("is", "that"))
    assert tokens.now.text == "known"
    assert tokens.ahead(9).kind == "end"


@pytest.mark.parametrize(("text", "at"), [("a § b", 3), ("30days", 1), ("'open", 1), ("1.", 2)])
def test_a_character_that_begins_nothing_is_named(text: str, at: int) -> None:
    with pytest.raises(ProjectFileError, match=f"cannot be read, at character {at}: ") as refused:
        Tokens.of(text)
    assert refused.value.code == "E1010"


def test_a_refusal_shows_what_stands_there() -> None:
    tokens = Tokens.of("count(events) and what is further on")
    far = Token("word", "and", 14)
    assert refusal(tokens, "no", far).what == "no, at character 15: and what is further on"
    assert refusal(tokens, "no").what == "no, at character 1: count(events) and what i..."
    with pytest.raises(ProjectFileError, match="'x' is expected, at character 1: its end"):
        Tokens.of("").expect("x")
    with pytest.raises(ProjectFileError, match="its text goes on, at character 1: b"):
        Tokens.of("b").expect_end()


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ProjectFileError, match=r"at most 10,000 characters, and this one 10,001"):
        Tokens.of(" " * (LONGEST + 1))
