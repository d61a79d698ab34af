"""Topics: learned whatever the order, applied row by row, told by their words."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from mails import ABOUT
from segmentry.domain.project import TextChoice
from segmentry.domain.textmodel import Method, TextFacts, TextModel
from segmentry.features.text.tokens import words_of
from segmentry.features.text.topics import (
    fit_text_model,
    main_topics,
    n_topics_of,
    topic_weights,
)
from segmentry.seeds import stream

TEXTS = [
    f"I asked about the {a} and the {b} because my {c} was there"
    for words in ABOUT.values()
    for a, b, c in list(permutations(words, 3))[::7]
]
METHODS: tuple[Method, ...] = ("associations", "singular", "parts")


def learned(texts: list[str] | None = None, *, seed: int = 0, **options: object) -> TextModel:
    given_ = TEXTS if texts is None else texts
    return fit_text_model(given_, column="message", rng=stream(seed, "text"), **options)  # type: ignore[arg-type]


def weights(model: TextModel, *texts: str) -> np.ndarray:
    return topic_weights([words_of(t) for t in texts], model)


@pytest.mark.parametrize("method", METHODS)
def test_texts_about_one_matter_share_a_topic(method: Method) -> None:
    model = learned(method=method, choice=TextChoice(topics=3))
    main = main_topics(weights(model, *TEXTS)).reshape(3, -1)
    assert [len(set(row)) for row in main.tolist()] == [1, 1, 1]
    assert len(set(main[:, 0].tolist())) == 3


@pytest.mark.parametrize("method", METHODS)
def test_topics_are_told_by_words_of_their_matter(method: Method) -> None:
    for topic in learned(method=method, choice=TextChoice(topics=3)).facts.topics:
        assert any(set(topic.words[:3]) <= set(words) for words in ABOUT.values())


def test_names_of_topics_do_not_repeat() -> None:
    names = [t.name for t in learned(choice=TextChoice(topics=15)).facts.topics]
    assert len(set(names)) == len(names) == 15


@pytest.mark.parametrize("method", METHODS)
def test_a_row_of_weights_has_one_size_and_none_without_words(method: Method) -> None:
    found = weights(learned(method=method), TEXTS[0], "zzz", "", "🙂 \x00")
    size = found[0].sum() if method == "parts" else np.sqrt((found[0] ** 2).sum())
    assert size == pytest.approx(1.0)
    assert np.isnan(found[1:]).all()
    assert main_topics(found).tolist()[1:] == [-1, -1, -1]


def test_the_order_of_texts_and_repeats_change_nothing() -> None:
    one, other = learned(), learned([*reversed(TEXTS), *TEXTS[:10], "", "  "])
    assert one.facts == other.facts
    assert np.array_equal(one.axes, other.axes)


def test_the_number_of_threads_changes_nothing() -> None:
    with threadpool_limits(limits=4):
        many = learned()
    assert np.array_equal(many.axes, learned().axes)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*TEXTS[:6], "", "zzz", "🙂"]) | st.text(max_size=30), max_size=8))
def test_a_text_has_the_same_weights_alone_and_among_others(texts: list[str]) -> None:
    together = weights(MODEL, *texts) if texts else np.empty((0, MODEL.n_topics))
    for row, text in zip(together, texts, strict=True):
        assert np.array_equal(row, weights(MODEL, text)[0], equal_nan=True)


MODEL = learned()


@pytest.mark.parametrize("texts", [[], [""], ["one text alone"], ["🙂", "12", "\x00"]])
def test_texts_without_words_in_common_have_no_topics(texts: list[str]) -> None:
    model = learned(texts)
    assert model.n_topics == 0
    assert main_topics(weights(model, "any text")).tolist() == [-1]


def test_topics_can_be_left_out_and_asked_for() -> None:
    assert learned(choice=TextChoice(topics="none")).n_topics == 0
    assert learned(choice=TextChoice(topics=5)).n_topics == 5
    assert learned(most=2).n_topics == 2


def test_the_rule_for_the_number_of_topics_grows_with_the_words_to_a_limit() -> None:
    assert [n_topics_of(n) for n in (0, 9, 10, 80, 10_000)] == [0, 0, 2, 10, 64]


def test_other_languages_keep_their_words_and_lose_those_that_are_everywhere() -> None:
    words = ("rechnung", "betrag", "zahlung", "paket", "lieferung", "adresse", "zusteller", "konto")
    texts = [f"ich habe wegen {a} und {b} sowie {c} gefragt" for a, b, c in permutations(words, 3)]
    facts = learned(texts).facts
    assert facts.language == "any"
    assert facts.english_share == 0.0
    assert not {"ich", "habe", "und"} & set(facts.terms)


def test_long_texts_are_learned_from_as_far_as_their_pairs_can_be_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("segmentry.features.text.topics.MOST_PAIRS", 500)
    assert learned().n_topics > 0


def test_of_very_many_texts_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentry.features.text.topics.MOST_TEXTS", 20)
    assert learned().facts.n_texts == 20


def test_who_few_write_of_is_in_no_topic() -> None:
    """A name that stands in many texts of few entities teaches nothing, and is kept nowhere."""
    named = [f"{t} says Hanselmann" for t in TEXTS[:20]]
    texts, own = [*TEXTS, *named], list(range(len(TEXTS)))
    few = learned(texts, writers=[*own, *(i % 4 for i in range(20))]).facts
    assert not any("hansel" in word for word in (*few.terms, *few.shown, *_told(few)))
    many = learned(texts, writers=[*own, *(i % 5 for i in range(20))]).facts
    assert "hanselmann" in many.terms
    # Rows of a table are entities: each text is somebody else's.
    assert "hanselmann" in learned(texts).facts.terms


def _told(facts: TextFacts) -> list[str]:
    return [w for t in facts.topics for w in (t.name, *t.words)]


def test_those_who_write_the_same_count_each() -> None:
    texts = [t for t in TEXTS[::3] for _ in range(5)]
    writers = [i % 5 for i in range(len(texts))]
    assert learned(texts, writers=writers).facts.terms
    assert not learned(texts, writers=[i // 5 % 4 for i in range(len(texts))]).facts.terms
