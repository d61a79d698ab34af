"""Texts as columns: nothing for no text, repeated texts alike, features said with their words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mails import ABOUT
from segmentry.domain.project import TextChoice
from segmentry.domain.role import Facet
from segmentry.domain.textmodel import TextModel
from segmentry.features.text.score import score_table, scored, text_columns, text_values
from segmentry.features.text.topics import fit_text_model
from segmentry.seeds import stream

TEXTS = [
    f"the {a} with the {b} was {tone}"
    for words in ABOUT.values()
    for a in words
    for b in words
    if a != b
    for tone in ("awful", "blue", "red", "green", "small", "round")
]


@pytest.fixture(scope="module")
def model() -> TextModel:
    return fit_text_model(
        TEXTS, column="message", rng=stream(0, "text"), choice=TextChoice(topics=3)
    )


def test_no_text_tells_nothing(model: TextModel) -> None:
    found = scored(pa.array([None, "", "  "]), model)
    assert np.isnan(found.topics).all()
    assert np.isnan(found.sentiment).all()
    assert np.isnan(found.n_words).all()
    assert found.main.tolist() == [-1, -1, -1]


def test_no_rows_give_no_rows(model: TextModel) -> None:
    assert scored(pa.array([], type=pa.string()), model).topics.shape == (0, 3)
    assert score_table(pa.array([], type=pa.string()), model).num_rows == 0


def test_a_text_is_scored_alike_wherever_it_stands(model: TextModel) -> None:
    column = pa.chunked_array([[TEXTS[0], None], [TEXTS[0], "zzz"]])
    found = scored(column, model)
    assert np.array_equal(found.topics[0], found.topics[2])
    assert np.array_equal(found.topics[0], scored(pa.array([TEXTS[0]]), model).topics[0])


def test_chunks_change_nothing(model: TextModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scored(pa.array(TEXTS), model)
    monkeypatch.setattr("segmentry.features.text.score.CHUNK", 7)
    assert np.array_equal(scored(pa.array(TEXTS), model).topics, whole.topics)


def test_features_say_which_words_they_are_about(model: TextModel) -> None:
    columns = text_columns(model)
    assert [c.text.what for c in columns if c.text] == ["topic"] * 3 + ["sentiment"]
    assert {c.facet for c in columns} == {Facet.TEXT}
    assert {c.family for c in columns} == {"topic_message", None}
    for column, topic in zip(columns, model.facts.topics, strict=False):
        assert topic.words[0] in column.sentence


def test_values_are_null_never_nan(model: TextModel) -> None:
    arrays = text_values(pa.array([TEXTS[0], "zzz", None]), model, text_columns(model))
    assert [a.null_count for a in arrays] == [2, 2, 2, 2]


def test_events_get_their_main_topic_and_how_they_feel(model: TextModel) -> None:
    table = score_table(pa.array(["the invoice with the tax was awful", "zzz", None]), model)
    rows = table.to_pylist()
    assert rows[0]["topic"] in {t.name for t in model.facts.topics}
    assert rows[0]["sentiment"] < 0
    assert rows[0]["is_negative"] == 1
    assert rows[1] == {"topic": None, "sentiment": None, "is_negative": None, "n_words": 1}
    assert rows[2] == dict.fromkeys(rows[0])


def test_sentiment_can_be_left_out() -> None:
    choice = TextChoice(topics=2, sentiment=False)
    quiet = fit_text_model(TEXTS, column="m", rng=stream(0, "text"), choice=choice)
    assert [c.text.what for c in text_columns(quiet) if c.text] == ["topic", "topic"]
    assert np.isnan(scored(pa.array(["awful"]), quiet).sentiment).all()
