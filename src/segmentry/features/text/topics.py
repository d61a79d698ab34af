"""Topics of texts: learned once, named by their words, applied to one text as to a million.

What lives here: fitting a text model and the weights of topics in texts. What does not: words
(``tokens``), their weights (``vocabulary``), arrays alone (``maths/topics.py``), sentiment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import single_threaded
from segmentry.domain.project import MOST_TOPICS, TextChoice
from segmentry.domain.textmodel import Language, Method, TextFacts, TextModel, Topic
from segmentry.features.text.sentiment import neutral_words
from segmentry.features.text.tokens import MOSTLY, looks_english, terms_of, words_of
from segmentry.features.text.vocabulary import (
    FEWEST_WRITERS,
    Vocabulary,
    counts_of,
    vocabulary_of,
    weighed,
)
from segmentry.maths.rounding import round_significant
from segmentry.maths.topics import (
    association,
    leading_axes,
    nonnegative_parts,
    nonnegative_weights,
    varimax,
)

TERMS_PER_TOPIC = 8
"""Terms that there must be for each topic: a topic is several words that go together."""

FEWEST_TERMS = 10
"""With fewer terms there are no topics to learn."""

MOST_TEXTS = 200_000
"""Distinct texts that topics are learned from; of more, as many are drawn."""

MOST_PAIRS = 200_000_000
"""Pairs of words in one text that are counted: beyond it, fewer texts are taken."""

WORDS_TOLD, WORDS_IN_NAME = 8, 2


def n_topics_of(n_terms: int, most: int = MOST_TOPICS) -> int:
    """Give the number of topics that so many terms carry, where none is asked for.

    Examples
    --------
    >>> [n_topics_of(n) for n in (5, 20, 300, 5000)]
    [0, 2, 37, 64]
    """
    if n_terms < FEWEST_TERMS:
        return 0
    return max(2, min(n_terms // TERMS_PER_TOPIC, most))


def fit_text_model(
    texts: Sequence[str | None],
    *,
    column: str,
    rng: Generator,
    writers: Sequence[int] | None = None,
    choice: TextChoice | None = None,
    method: Method = "associations",
    most: int = MOST_TOPICS,
) -> TextModel:
    """Learn vocabulary, topics and neutral words from texts.

    Parameters
    ----------
    texts : sequence of str or None
        A text that is repeated counts once; their order changes nothing.
    column : str
        Where they came from.
    rng : Generator
        Begins iterations, and draws texts where there are too many.
    writers : sequence of int, optional
        Whose each text is; where not given, each row is somebody else's. A word of too few of them
        is not learned (``vocabulary.FEWEST_WRITERS``).
    choice : TextChoice or None
        How many topics, and whether sentiment is scored.
    method : Method
        ``associations``: words as vectors of what they go together with, a text as their sum.
        ``singular``: singular vectors of TF-IDF. ``parts``: non-negative parts of it.
    most : int
        The most topics that are taken where their number is not given.

    Returns
    -------
    TextModel
        Without topics where the texts have too few words in common.
    """
    asked = choice or TextChoice()
    found = _distinct(texts, rng)
    words = [words_of(t) for t in found]
    authors = _authors(texts, range(len(texts)) if writers is None else writers)
    whose = [authors[t] for t, w in zip(found, words, strict=True) if w]
    words = [w for w in words if w]
    english = float(np.mean([looks_english(w) for w in words])) if words else 0.0
    language: Language = "english" if english >= MOSTLY else "any"
    vocabulary = vocabulary_of(words, language, whose)
    count = n_topics_of(len(vocabulary.terms), most)
    topics: tuple[Topic, ...] = ()
    if asked.topics == "none" or not count:
        vocabulary, axes = Vocabulary((), (), np.empty(0)), np.empty((0, 0))
    else:
        if isinstance(asked.topics, int):
            count = min(asked.topics, len(vocabulary.terms) - 1)
        with single_threaded():
            axes, strength = _axes(words, vocabulary, language, count, method, rng)
        topics = _named(vocabulary, strength, words, language)
    facts = TextFacts(
        column,
        method,
        language,
        vocabulary.terms,
        vocabulary.shown,
        topics,
        neutral_words(words) if asked.sentiment else (),
        asked.sentiment,
        len(words),
        english,
    )
    return TextModel(facts, round_significant(vocabulary.idf), axes)


def _distinct(texts: Sequence[str | None], rng: Generator) -> list[str]:
    found = sorted({t for t in texts if t and t.strip()})
    if len(found) <= MOST_TEXTS:
        return found
    return [found[i] for i in np.sort(rng.choice(len(found), MOST_TEXTS, replace=False))]


def _authors(
    texts: Sequence[str | None], writers: Sequence[int]
) -> dict[str | None, tuple[int, ...]]:
    """Give some of those whose each text is: as many as matter."""
    found: dict[str | None, tuple[int, ...]] = {}
    for text, who in zip(texts, writers, strict=True):
        known = found.get(text, ())
        if len(known) < FEWEST_WRITERS and who not in known:
            found[text] = (*known, who)
    return found


def _axes(
    words: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    language: Language,
    count: int,
    method: Method,
    rng: Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the axes that texts are laid on, and how strongly each term stands for each topic."""
    counts = counts_of(words, vocabulary.terms, language)
    in_texts = np.bincount(counts.indices, minlength=len(vocabulary.terms)).astype(np.float64)
    if method == "associations":
        presence = _few_pairs(counts, rng)
        presence.data = np.ones_like(presence.data)
        values, axes = leading_axes(association(presence), count, rng)
        vectors = axes * np.sqrt(values)
        turned = vectors @ varimax(vectors)
        lengths = np.sqrt((turned**2).sum(axis=1, keepdims=True))
        axes = np.divide(turned, lengths, out=np.zeros_like(turned), where=lengths > 0)
    elif method == "singular":
        values, axes = leading_axes(weighed(counts, vocabulary.idf), count, rng)
        axes = axes @ varimax(axes * values)
    else:
        axes = nonnegative_parts(weighed(counts, vocabulary.idf), count, rng)
    axes = round_significant(axes, digits=9)
    # A word names a topic where it is common and stands for little else.
    return axes, np.maximum(axes, 0.0) ** 2 * np.sqrt(in_texts)[:, None]


def _few_pairs(counts: Any, rng: Generator) -> Any:
    """Take as many of the texts as have few enough pairs of words."""
    pairs = np.diff(counts.indptr).astype(np.float64) ** 2
    if pairs.sum() <= MOST_PAIRS:
        return counts.copy()
    order = rng.permutation(len(pairs))
    kept = np.sort(order[np.cumsum(pairs[order]) <= MOST_PAIRS])
    return counts[kept]


def _named(
    vocabulary: Vocabulary,
    strength: NDArray[np.float64],
    words: Sequence[Sequence[str]],
    language: Language,
) -> tuple[Topic, ...]:
    """Name topics by their strongest words, the first two in the order in which texts have them."""
    strongest = []
    for j in range(strength.shape[1]):
        order = np.lexsort((np.arange(len(strength)), -np.round(strength[:, j], 9)))
        strongest.append([int(i) for i in order[:WORDS_TOLD] if strength[i, j] > 0])
    pairs = {tuple(s[:2]) for s in strongest if len(s) > 1}
    turned = _said_backwards({(vocabulary.terms[a], vocabulary.terms[b]) for a, b in pairs},
                             words, language)  # fmt: skip
    topics: list[Topic] = []
    taken: set[str] = set()
    for found in strongest:
        a_and_b = tuple(vocabulary.terms[i] for i in found[:2])
        kept = [*found[1::-1], *found[2:]] if a_and_b in turned else found
        told = tuple(vocabulary.shown[i] for i in kept) or ("other",)
        name = " ".join(told[:WORDS_IN_NAME])
        if name in taken:
            name = next(
                (n for extra in told[WORDS_IN_NAME:] if (n := f"{name} {extra}") not in taken),
                f"{name} {len(topics) + 1}",
            )
        taken.add(name)
        topics.append(Topic(name, told))
    return tuple(topics)


def _said_backwards(
    pairs: set[tuple[str, str]], words: Sequence[Sequence[str]], language: Language
) -> set[tuple[str, str]]:
    """Find the pairs of terms whose second one stands before the first more often than after."""
    first_of = {a: [p for p in pairs if p[0] == a] for a, _ in pairs}
    ahead = dict.fromkeys(pairs, 0)
    for text in words:
        place: dict[str, int] = {}
        for i, (term, _) in enumerate(terms_of(text, language)):
            place.setdefault(term, i)
        for term in place.keys() & first_of.keys():
            for pair in first_of[term]:
                if pair[1] in place:
                    ahead[pair] += 1 if place[term] < place[pair[1]] else -1
    return {pair for pair, n in ahead.items() if n < 0}


def topic_weights(words: Sequence[Sequence[str]], model: TextModel) -> NDArray[np.float64]:
    """Give the weight of each topic in each text.

    Parameters
    ----------
    words : sequence of sequence of str
        The words of each text, as ``words_of`` reads them.
    model : TextModel

    Returns
    -------
    ndarray of shape (n_texts, n_topics)
        Rows of length 1 (``parts``: with a sum of 1); NaN where a text has none of the words. A
        row is the same alone and in a batch.
    """
    facts = model.facts
    tf_idf = weighed(counts_of(words, facts.terms, facts.language), model.idf)
    if facts.method == "parts":
        weights = nonnegative_weights(tf_idf, model.axes)
        size = weights.sum(axis=1, keepdims=True)
    else:
        weights = np.asarray(tf_idf @ model.axes, dtype=np.float64)
        size = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    found: NDArray[np.float64] = np.full_like(weights, np.nan)
    np.divide(weights, size, out=found, where=size > 1e-12)
    return found


def main_topics(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the topic with the most weight in each text; -1 where there is none."""
    if not weights.shape[1]:
        return np.full(len(weights), -1, dtype=np.int64)
    known = ~np.isnan(weights[:, 0])
    # Rounded, so that ties are ties; they go to the first.
    strongest = np.argmax(np.round(np.nan_to_num(weights, nan=-2.0), 9), axis=1)
    return np.where(known & (np.nan_to_num(weights).max(axis=1) > 0), strongest, -1)
