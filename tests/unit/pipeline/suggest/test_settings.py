"""Who is asked: options, then the environment, then the project file; the key from one place."""

from __future__ import annotations

import pytest

from segmentry.domain.project import Namer
from segmentry.errors import NamerError
from segmentry.pipeline.suggest.settings import ENDPOINT, KEY, MODEL, settled

FILE = Namer("https://file.example/v1", "of the file")
HERE = {ENDPOINT: "https://here.example/v1", MODEL: "of here", KEY: "sk-1"}


@pytest.mark.parametrize(
    ("given", "environment", "model", "endpoint"),
    [
        (Namer(), {}, "of the file", "https://file.example/v1"),
        (Namer(), HERE, "of here", "https://here.example/v1"),
        (Namer(model="given"), HERE, "given", "https://here.example/v1"),
        (Namer("https://given.example", "given"), HERE, "given", "https://given.example"),
    ],
)
def test_what_is_nearer_wins(
    given: Namer, environment: dict[str, str], model: str, endpoint: str
) -> None:
    asked = settled(given, FILE, environment, is_sent=True)
    assert (asked.model, asked.endpoint) == (model, endpoint)
    assert asked.key == environment.get(KEY)
    assert "sk-1" not in repr(asked)


@pytest.mark.parametrize(
    ("given", "environment"),
    [
        (Namer(), {KEY: "sk-1"}),
        (Namer(model="given"), {KEY: "sk-1", MODEL: "of here"}),
        (Namer(), {KEY: "sk-1", ENDPOINT: ""}),
    ],
)
def test_the_key_goes_to_no_endpoint_that_only_the_file_names(
    given: Namer, environment: dict[str, str]
) -> None:
    with pytest.raises(NamerError, match="only the project file names") as told:
        settled(given, FILE, environment, is_sent=True)
    assert (told.value.code, "--endpoint" in str(told.value.hint)) == ("E5061", True)
    assert "sk-1" not in f"{told.value} {told.value.hint}"
    # Named again it is confirmed, without a key there is nothing to lose, and unsent neither.
    again = Namer(FILE.endpoint, given.model)
    assert settled(again, FILE, environment, is_sent=True).key == "sk-1"
    assert settled(given, FILE, {}, is_sent=True).key is None
    assert settled(given, FILE, environment, is_sent=False).endpoint == FILE.endpoint


def test_what_is_missing_is_told_with_the_ways_to_give_it() -> None:
    with pytest.raises(NamerError, match="no model is named") as told:
        settled(Namer("https://x.example"), Namer(), {}, is_sent=True)
    assert (told.value.code, "--model" in str(told.value.hint)) == ("E5060", True)
    with pytest.raises(NamerError, match="no endpoint is named"):
        settled(Namer(model="small"), Namer(), {}, is_sent=True)
    assert settled(Namer(model="small"), Namer(), {}, is_sent=False).endpoint is None


@pytest.mark.parametrize("model", ["x" * 201, "sm\x1b[2Jall", "two\nlines"])
def test_a_model_is_called_by_what_can_be_shown(model: str) -> None:
    with pytest.raises(NamerError, match="no name of a model"):
        settled(Namer(model=model), Namer(), {}, is_sent=False)
