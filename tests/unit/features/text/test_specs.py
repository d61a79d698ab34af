"""Features of texts and answers, computed from events and counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ibis
import pyarrow as pa
import pytest

from segmentry.domain.window import Window
from segmentry.features.compile import compile_features
from segmentry.features.rows import instant
from segmentry.features.text.specs import TEXT_FEATURES

CUT = datetime(2025, 3, 1, tzinfo=UTC)
ROWS = [
    # entity, days before the cut, sentiment, is_negative, n_words
    (1, 30, 0.5, 0, 10),
    (1, 20, -0.4, 1, 20),
    (1, 10, None, None, 30),
    (2, 5, 0.2, 0, None),
    (2, 5, 0.4, 0, 4),
    (3, 2, None, None, None),
    (3, -1, 1.0, 0, 9),
]
EXPECTED = {
    "mean_sentiment": (0.05, 0.3, None),
    "negative_share": (0.5, 0.0, None),
    "last_sentiment": (-0.4, 0.4, None),
    "n_texts": (3.0, 1.0, 0.0),
    "mean_text_words": (20.0, 4.0, None),
}


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_feature_is_what_counting_by_hand_gives(name: str) -> None:
    spec = next(s for s in TEXT_FEATURES if s.name == name)
    fields = ("entity_id", "micros", "sentiment", "is_negative", "n_words")
    rows = [(e, instant(CUT - timedelta(days=days)), *rest) for e, days, *rest in ROWS]
    log = pa.table(dict(zip(fields, map(list, zip(*rows, strict=True)), strict=True)))
    expression = compile_features([spec], ibis.memtable(log), Window(CUT), time_zone="UTC")
    found = expression.to_pyarrow().sort_by("entity_id").to_pylist()
    values = [row[name] for row in found]
    assert values == [pytest.approx(v) if v is not None else None for v in EXPECTED[name]]


def test_every_feature_of_texts_is_counted_here() -> None:
    assert {s.name for s in TEXT_FEATURES} == set(EXPECTED)
