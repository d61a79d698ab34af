"""TF-IDF against scikit-learn's on the same words, and the choice of terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from segmentry.domain.textmodel import Language
from segmentry.features.text.tokens import terms_of, words_of
from segmentry.features.text.vocabulary import counts_of, vocabulary_of, weighed

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
