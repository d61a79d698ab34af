"""What was learned from texts: words, their weights, topics; plain values and two arrays.

Fitting and applying are ``features.text``'s work. A release keeps the value, so that a new text is
read as those were that the topics were learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["associations", "singular", "parts"]
"""How topics are learned: from words that go together, by singular vectors, or by parts."""

Language = Literal["english", "any"]

MOST_TERMS = 5_000
"""Terms of a vocabulary, the most common ones: what goes together is counted for each pair."""


@dataclass(frozen=True, slots=True)
class TextOf:
    """What a feature tells of a column of texts.

    ``what`` is ``topic`` or ``sentiment``; ``topic`` counts from 0 and ``words`` are its own,
    the strongest first.
    """

    column: str
    what: Literal["topic", "sentiment"]
    topic: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: what to call it, and its strongest words."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextFacts:
    """The part of a text model that is words and single numbers.

    ``column`` names where its texts came from; ``terms`` are words without their endings, and
    ``shown`` says for each how it is usually written. ``neutral`` are words of the
    lexicon that say nothing here, since too many texts have them.
    """

    column: str
    method: Method
    language: Language
    terms: tuple[str, ...]
    shown: tuple[str, ...]
    topics: tuple[Topic, ...]
    neutral: tuple[str, ...] = ()
    has_sentiment: bool = True
    n_texts: int = 0
    english_share: float = 0.0


@dataclass(frozen=True, eq=False)
class TextModel:
    """What was learned from one column of texts.

    ``idf`` has shape (n_terms,) and ``axes`` shape (n_terms, n_topics), both finite float64.
    """

    facts: TextFacts
    idf: NDArray[np.float64]
    axes: NDArray[np.float64]

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise ValueError(problem)
        self.idf.flags.writeable = False
        self.axes.flags.writeable = False

    def _problem(self) -> str | None:
        terms, topics = self.facts.terms, self.facts.topics
        if len(set(terms)) != len(terms) or len(self.facts.shown) != len(terms):
            return "a text model needs terms that do not repeat, each with how it is written"
        if self.idf.shape != (len(terms),) or self.axes.shape != (len(terms), len(topics)):
            return f"arrays of {self.idf.shape} and {self.axes.shape} do not fit the text model"
        if not (np.isfinite(self.idf).all() and np.isfinite(self.axes).all()):
            return "a text model holds values that are not finite"
        return None

    @property
    def n_topics(self) -> int:
        """Count the topics."""
        return len(self.facts.topics)
