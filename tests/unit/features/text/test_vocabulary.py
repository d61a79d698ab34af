"""TF-IDF against scikit-learn's on the same words, and the choice of terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from segmentry.domain.textmodel import Language
from segmentry.features.text.tokens import terms_of, words_of
from segmentry.features.text.vocabulary import (
    FEWEST_WRITERS,
    counts_of,
    vocabulary_of,
    weighed,
)

TEXTS = [
    "My card has not arrived yet",
    "Cards arrive late, very late",
    "The transfer of money failed",
    "Money transfers fail and fail again",
    "Is the exchange rate of the transfer fair?",
    "Which exchange rate is used for my card payment",
]


def test_weights_are_those_of_scikit_learn_on_the_same_terms() -> None:
    def terms(text: str) -> list[str]:
        return [t for t, _ in terms_of(words_of(text), "english")]

    words = [words_of(t) for t in TEXTS]
    own = vocabulary_of(words, "english")
    other = TfidfVectorizer(
        tokenizer=terms, token_pattern=None, lowercase=False, sublinear_tf=True, min_df=2
    )
    expected = other.fit_transform(TEXTS)
    assert own.terms == tuple(other.get_feature_names_out())
    assert own.idf == pytest.approx(other.idf_)
    found = weighed(counts_of(words, own.terms, "english"), own.idf)
    assert found.toarray() == pytest.approx(expected.toarray())


words = st.lists(
    st.lists(st.sampled_from(["card", "pin", "atm", "fee", "cash", "rate"])), max_size=12
)


@given(words, st.randoms(use_true_random=False))
def test_the_order_of_texts_changes_nothing(texts: list[list[str]], random: object) -> None:
    one = vocabulary_of(texts, "any")
    shuffled = texts.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = vocabulary_of(shuffled, "any")
    assert (one.terms, one.shown, one.idf.tolist()) == (
        other.terms,
        other.shown,
        other.idf.tolist(),
    )


@settings(max_examples=30, deadline=None)
@given(words)
def test_a_row_is_the_same_alone_and_in_a_batch(texts: list[list[str]]) -> None:
    known = vocabulary_of(texts, "any")
    batch = weighed(counts_of(texts, known.terms, "any"), known.idf).toarray()
    for row, text in zip(batch, texts, strict=True):
        alone = weighed(counts_of([text], known.terms, "any"), known.idf).toarray()
        assert np.array_equal(row, alone[0])


def test_a_term_is_shown_as_it_is_usually_written() -> None:
    texts = [["payments"], ["payments"], ["payment"]]
    assert vocabulary_of(texts, "english").shown == ("payments",)


@pytest.mark.parametrize(("language", "kept"), [("any", ()), ("english", ("und",))])
def test_words_that_are_everywhere_tell_nothing(language: Language, kept: tuple[str, ...]) -> None:
    texts = [["und", f"wort{i}"] if i % 2 else [f"wort{i}"] for i in range(100)]
    assert vocabulary_of(texts, language).terms == kept


def test_there_are_never_more_terms_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentry.features.text.vocabulary.MOST_TERMS", 2)
    texts = [["a", "b", "c"], ["a", "b", "c"], ["a", "b"], ["b"], ["q"]]
    assert vocabulary_of(texts, "any").terms == ("a", "b")


def words_by(n: int) -> tuple[list[list[str]], list[list[int]]]:
    """Give texts in which a word is written by so many entities, and another by forty."""
    texts = [["card", "hanselmann"] if i < n else ["card"] for i in range(40)]
    return texts, [[i] for i in range(40)]


def test_a_word_of_few_entities_is_no_term() -> None:
    for n, kept in ((4, ("card",)), (5, ("card", "hanselmann"))):
        texts, writers = words_by(n)
        assert vocabulary_of(texts, "english", writers).terms == kept


def test_a_word_that_one_entity_writes_all_the_time_is_no_term() -> None:
    texts = [["card", "hanselmann"] for _ in range(30)] + [["card"] for _ in range(9)]
    writers = [[0]] * 30 + [[i] for i in range(1, 10)]
    assert vocabulary_of(texts, "english", writers).terms == ("card",)
    assert "hanselmann" in vocabulary_of(texts, "english").terms


def test_a_text_that_many_send_is_of_all_of_them() -> None:
    texts = [["same", "wish"], ["same", "idea"], ["idea"]]
    writers = [[0, 1, 2, 3], [4], [5]]
    assert vocabulary_of(texts, "any", writers).terms == ("same",)


def test_a_term_is_not_shown_as_few_write_it() -> None:
    texts = [["hansing"]] * 4 + [["hansed"]] * 4 + [["card"]] * 9
    writers = [[i] for i in range(17)]
    found = vocabulary_of(texts, "english", writers)
    assert dict(zip(found.terms, found.shown, strict=True)) == {"card": "card", "hans": "hans"}
    assert vocabulary_of(texts, "english").shown == ("card", "hansed")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["card", "cards", "pin", "pins", "pinned", "fee"])),
            st.lists(st.integers(0, 8), min_size=1, max_size=3),
        ),
        max_size=40,
    )
)
def test_what_is_kept_or_shown_is_known_of_enough(rows: list[tuple[list[str], list[int]]]) -> None:
    texts, writers = [r[0] for r in rows], [r[1] for r in rows]
    found = vocabulary_of(texts, "english", writers)
    of_term: dict[str, set[int]] = {}
    of_form: dict[str, set[int]] = {}
    for words, who in rows:
        for term, form in terms_of(words, "english"):
            of_term.setdefault(term, set()).update(who)
            of_form.setdefault(form, set()).update(who)
    for term, shown in zip(found.terms, found.shown, strict=True):
        assert len(of_term[term]) >= FEWEST_WRITERS
        assert shown == term or len(of_form[shown]) >= FEWEST_WRITERS
    common = {
        t for t in of_term if sum(t in {x for x, _ in terms_of(w, "english")} for w in texts) > 1
    }
    assert {t for t in common if len(of_term[t]) >= FEWEST_WRITERS} == set(found.terms)
