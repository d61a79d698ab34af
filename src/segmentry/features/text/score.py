"""Texts as columns of numbers: topics, sentiment, length; row by row, with a model learned before.

What lives here: the way from an Arrow array of texts to columns, for rows that are entities and for
rows that are events. What does not: learning (``topics``), and how events add up (``specs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import FeatureColumn
from segmentry.domain.textmodel import TextModel, TextOf
from segmentry.features.text.sentiment import sentiment
from segmentry.features.text.tokens import looks_english, words_of
from segmentry.features.text.topics import main_topics, topic_weights

if TYPE_CHECKING:
    import pyarrow as pa

NEGATIVE = -0.1
"""Sentiment below which a text counts as negative; nearer to 0 it is neither."""

CHUNK = 50_000
"""Texts that are read at once, so that memory is bounded."""


@dataclass(frozen=True)
class Scores:
    """What texts tell, one row each.

    ``topics`` has shape (n_texts, n_topics), NaN where a text has none of the words; ``main`` is
    the topic with the most weight, -1 where there is none; ``sentiment`` is NaN where no word is
    known; ``n_words`` counts the words, NaN where there is no text.
    """

    topics: NDArray[np.float64]
    main: NDArray[np.int64]
    sentiment: NDArray[np.float64]
    n_words: NDArray[np.float64]
    is_english: NDArray[np.bool_]


def scored(texts: pa.Array | pa.ChunkedArray, model: TextModel) -> Scores:
    """Score texts; a text has the same scores alone and among others.

    Parameters
    ----------
    texts : pyarrow array of strings
        Repeated texts are read once.
    model : TextModel

    Returns
    -------
    Scores
    """
    import pyarrow as pa

    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = whole.cast(pa.string()).dictionary_encode()
    found = _distinct(encoded.dictionary.to_pylist(), model)
    codes = encoded.indices.fill_null(len(encoded.dictionary))
    places = codes_of(codes)
    return Scores(
        found.topics[places],
        found.main[places],
        found.sentiment[places],
        found.n_words[places],
        found.is_english[places],
    )


def _distinct(texts: Sequence[str], model: TextModel) -> Scores:
    """Score distinct texts; the last row is that of no text."""
    parts = [_chunk(texts[i : i + CHUNK], model) for i in range(0, len(texts), CHUNK)]
    nothing = _chunk([None], model)
    return Scores(
        np.concatenate([*(p.topics for p in parts), nothing.topics]),
        np.concatenate([*(p.main for p in parts), nothing.main]),
        np.concatenate([*(p.sentiment for p in parts), nothing.sentiment]),
        np.concatenate([*(p.n_words for p in parts), nothing.n_words]),
        np.concatenate([*(p.is_english for p in parts), nothing.is_english]),
    )


def _chunk(texts: Sequence[str | None], model: TextModel) -> Scores:
    words = [words_of(t) for t in texts]
    weights = topic_weights(words, model)
    neutral = frozenset(model.facts.neutral)
    felt = [sentiment(t, neutral=neutral) if model.facts.has_sentiment else None for t in texts]
    lengths = [len(w) if t and t.strip() else np.nan for t, w in zip(texts, words, strict=True)]
    return Scores(
        weights,
        main_topics(weights),
        np.array([np.nan if f is None else f for f in felt], dtype=np.float64),
        np.array(lengths, dtype=np.float64),
        np.array([looks_english(w) for w in words], dtype=np.bool_),
    )


def text_columns(model: TextModel) -> tuple[FeatureColumn, ...]:
    """Describe the features that a column of texts gives where each row is an entity."""
    column, facts = model.facts.column, model.facts
    aspect = f"text {column}"
    topics = tuple(
        FeatureColumn(
            f"topic_{column}={topic.name}",
            Role.CLUSTER,
            Kind.NUMBER,
            Facet.TEXT,
            "weight",
            f"how much {column} is about: {', '.join(topic.words[:5])}",
            f"{column} has none of the words that are known",
            aspect=aspect,
            refines=True,
            text=TextOf(column, "topic", place, topic.words),
        )
        for place, topic in enumerate(facts.topics)
    )
    if not facts.has_sentiment:
        return topics
    felt = FeatureColumn(
        f"sentiment_{column}",
        Role.CLUSTER,
        Kind.NUMBER,
        Facet.TEXT,
        "from -1 to 1",
        f"how {column} feels, by the words of a lexicon",
        f"{column} has no word that the lexicon knows",
        aspect=aspect,
        refines=True,
        text=TextOf(column, "sentiment"),
    )
    return (*topics, felt)


def text_values(
    texts: pa.Array | pa.ChunkedArray, model: TextModel, columns: Sequence[FeatureColumn]
) -> list[pa.Array]:
    """Compute the features of a column of texts: one array for each of ``columns``, null for none.

    Parameters
    ----------
    texts : pyarrow array of strings
    model : TextModel
    columns : sequence of FeatureColumn
        Those that are wanted, with ``text`` set.

    Returns
    -------
    list of pyarrow.Array of float64
    """
    import pyarrow as pa

    found, arrays = scored(texts, model), []
    for column in columns:
        told = column.text
        is_topic = told is not None and told.what == "topic"
        values = found.topics[:, told.topic] if told and is_topic else found.sentiment
        arrays.append(pa.array(values, mask=np.isnan(values)))
    return arrays


def score_table(texts: pa.Array | pa.ChunkedArray, model: TextModel) -> pa.Table:
    """Score texts of events: columns that are added up per entity afterwards.

    Parameters
    ----------
    texts : pyarrow array of strings
    model : TextModel

    Returns
    -------
    pyarrow.Table
        ``topic`` (the name of the main one), ``sentiment`` (from -1 to 1), ``is_negative`` (0 or
        1) and ``n_words``; null where nothing is known. One row per text, in order.
    """
    import pyarrow as pa

    found = scored(texts, model)
    names = pa.array([t.name for t in model.facts.topics], type=pa.string())
    known = ~np.isnan(found.sentiment)
    return pa.table(
        {
            "topic": names.take(pa.array(found.main, mask=found.main < 0)),
            "sentiment": pa.array(found.sentiment, mask=~known),
            "is_negative": pa.array((found.sentiment < NEGATIVE).astype(np.int64), mask=~known),
            "n_words": pa.array(
                np.nan_to_num(found.n_words).astype(np.int64), mask=np.isnan(found.n_words)
            ),
        }
    )
