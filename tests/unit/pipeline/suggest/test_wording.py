"""The bytes of the question, and answers in the forms in which models give them."""

from __future__ import annotations

import json

import pytest

from segmentry.errors import NamerError
from segmentry.pipeline.suggest.aggregates import Aggregates
from segmentry.pipeline.suggest.wording import INSTRUCTIONS, body_of, read_answer

ANSWER = '{"segments": [{"id": 1, "name": " Early  Birds", "sentence": "They come early."}]}'


def test_the_question_holds_the_model_the_instructions_and_the_aggregates_and_nothing_else() -> (
    None
):
    body = json.loads(body_of("small", Aggregates({"who": "customers"}, ())))
    assert set(body) == {"model", "messages", "stream"}
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert body["messages"][0]["content"] == INSTRUCTIONS
    assert json.loads(body["messages"][1]["content"]) == {"who": "customers", "segments": []}
    assert body_of("small", Aggregates({}, ())) == body_of("small", Aggregates({}, ()))


@pytest.mark.parametrize(
    "text", [ANSWER, f"```json\n{ANSWER}\n```", f"Here you are:\n```\n{ANSWER}\n```\nEnjoy!"]
)
def test_an_answer_is_read_plain_or_fenced(text: str) -> None:
    assert read_answer(text) == {1: ("Early Birds", "They come early.")}


@pytest.mark.parametrize(
    "entry", ["7", '{"id": "1", "name": "a", "sentence": "b"}', '{"id": 1, "name": "a"}',
              '{"id": true, "name": "a", "sentence": "b"}', '{"id": 1, "name": 2, "sentence": "b"}']
)  # fmt: skip
def test_an_entry_of_another_form_is_left_out(entry: str) -> None:
    rest = '{"id": 2, "name": "Early Birds", "sentence": "b"}'
    assert read_answer(f'{{"segments": [{entry}, {rest}]}}') == {2: ("Early Birds", "b")}


@pytest.mark.parametrize(
    "text", ["", "I cannot help.", '{"segments": ', "[]", "7", '{"names": []}', '{"segments": 3}']
)
def test_what_is_no_such_object_is_told(text: str) -> None:
    with pytest.raises(NamerError, match="did not answer with the JSON") as told:
        read_answer(text)
    assert told.value.code == "E5065"
