"""What texts of events tell of an entity: how they feel, how many there are, how long they are.

What lives here: features of what scoring puts beside an event. What does not: shares of topics
(``families``, as of any label), answers from 0 to 10 (``features/specs/service.py``), how a text
is scored (``score``).
"""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Measure
from segmentry.domain.role import Facet
from segmentry.features.terms import count, total

FELT, NEGATIVE, LENGTH = "sentiment", "is_negative", "n_words"
"""Columns that scoring puts beside an event with a text."""

TOPIC = "topic"
"""The label field that holds the main topic of an event's text."""

ANSWER, HIGHEST = "nps", 10
"""The field of answers to whether somebody would recommend, and the highest of them."""

_NO_WORD = "no text has a word that the lexicon knows"
_IDEA = "Hutto, C. J. and Gilbert, E. (2014). VADER: a parsimonious rule-based model. ICWSM"

TEXT_FEATURES: tuple[FeatureSpec, ...] = (
    FeatureSpec(
        "mean_sentiment",
        total(FELT) / count(of=FELT),
        Facet.SENTIMENT,
        "from -1 to 1",
        "average sentiment of the texts",
        _NO_WORD,
        objectives=("retention",),
        aspect="what is written",
        source=_IDEA,
    ),
    FeatureSpec(
        "negative_share",
        total(NEGATIVE) / count(of=NEGATIVE),
        Facet.SENTIMENT,
        "share",
        "share of texts that feel negative, of those with a known word",
        _NO_WORD,
        objectives=("retention",),
        aspect="what is written",
        refines=True,
    ),
    FeatureSpec(
        "last_sentiment",
        Aggregate(Measure.LATEST, FELT, "history"),
        Facet.SENTIMENT,
        "from -1 to 1",
        "sentiment of the last text with a known word",
        _NO_WORD,
        objectives=("retention",),
        aspect="what is written",
        refines=True,
    ),
    FeatureSpec(
        "n_texts",
        count(of=LENGTH),
        Facet.TEXT,
        "texts",
        "number of texts",
        "never missing",
        aspect="amount written",
    ),
    FeatureSpec(
        "mean_text_words",
        total(LENGTH) / count(of=LENGTH),
        Facet.TEXT,
        "words per text",
        "average length of a text",
        "no text",
        aspect="amount written",
        refines=True,
    ),
)
"""Texts without words are no texts; the last one needs events with a time."""
