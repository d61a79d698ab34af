"""The command that asks a model for names: what it sends, what it prints, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from namers import Reply, endpoint, named, said
from owning import copied

KEY = "sk-secret-0123"
SENTENCE = "They stand apart."


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("retail")
    segmentry("simulate", "retail", "--users", "400", "--seed", "1", folder=folder)
    init = segmentry("init", "simulated/events.parquet", folder=folder)
    return Finished(folder, init, segmentry("run", folder=folder))


@pytest.fixture
def folder(retail: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEGMENTRY_NAMER_KEY", KEY)
    return copied(retail, tmp_path / "retail")


def listed(folder: Path) -> list[dict[str, object]]:
    found = segmentry("segments", "list", "--json", folder=folder)
    return list(json.loads(found.output)["segments"])


def test_a_dry_run_prints_the_very_bytes_and_sends_nothing(folder: Path) -> None:
    words = ("segments", "suggest", "--model", "small")
    with endpoint(said('{"segments": []}')) as server:
        tried = segmentry(*words, "--endpoint", server.url, "--dry-run", folder=folder)
        assert (tried.status, tried.messages, server.bodies) == (0, "", [])
        done = segmentry(*words, "--endpoint", server.url, folder=folder)
        assert done.status == 0, done.messages
        assert server.bodies == [tried.output.encode()]
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in tried.output + tried.messages + done.output + done.messages
    assert segmentry(*words, "--dry-run", folder=folder).output == tried.output


def test_no_entity_of_the_run_is_in_the_bytes(folder: Path) -> None:
    with endpoint(said('{"segments": []}')) as server:
        words = ("segments", "suggest", "--model", "small", "--endpoint", server.url)
        assert segmentry(*words, folder=folder).status == 0
    (body,) = server.bodies
    table = pq.read_table(folder / "runs" / "latest" / "assignments.parquet")
    ids = [str(i) for i in table["entity_id"].to_pylist()]
    assert len(ids) == 400
    assert [i for i in ids if i.encode() in body] == []
    for segment in server.asked["segments"]:
        assert int(segment["entities"]) >= 10
        assert len(segment["measures"]) <= 10
        assert all(isinstance(v, str) for row in segment["measures"] for v in row.values())


def test_good_names_are_shown_taken_and_marked_and_bad_ones_refused_with_the_reason(
    folder: Path,
) -> None:
    before = {str(s["name"]): int(str(s["id"])) for s in listed(folder)}
    loyal, new, weekend, big = (
        before[n] for n in ("Loyal Regulars", "New Customers", "Weekend Shoppers", "Big Spenders")
    )
    reply = named(
        (loyal, "Faithful Friends Forever", SENTENCE),
        (new, "Long-Standing Shoppers", SENTENCE),
        (weekend, "Very Keen Weekend Day Trippers", SENTENCE),
        (big, "Basket Fillers \x1b[2J", SENTENCE),
    )
    with endpoint(reply) as server:
        words = ("segments", "suggest", "--model", "small", "--endpoint", server.url)
        done = segmentry(*words, folder=folder)
        told = json.loads(segmentry(*words, "--json", folder=folder).output)
    assert done.status == 0, done.messages
    assert f"asking small at {server.url}/chat/completions" in done.messages
    assert "Faithful Friends Forever" in done.output
    assert "\x1b" not in done.output
    rows = {row["id"]: row for row in told["suggestions"]}
    assert rows[loyal]["sentence"] == SENTENCE
    assert rows[new]["refused"] == "no figure shows 'long standing'"
    assert rows[weekend]["refused"] == "the name has 5 words, and a name has two to four"
    assert "signs other than letters" in rows[big]["refused"]
    assert {row["code"] for row in rows.values() if "refused" in row} == {"E5067"}
    assert {str(s["name"]): s["id"] for s in listed(folder)} == before

    taken = segmentry("segments", "suggest", "--accept", "Loyal Regulars", folder=folder)
    assert taken.status == 0, taken.messages
    assert "is now called 'Faithful Friends Forever', as small suggested" in taken.output
    assert "suggested by small" in segmentry("segments", "list", folder=folder).output
    assert "suggested_by: - -> small" in segmentry("segments", "history", folder=folder).output
    page = Path(segmentry("report", folder=folder).output.strip()).read_text()
    assert "suggested by small, a model, and accepted by people" in page
    refused = segmentry("segments", "suggest", "--accept", str(new), folder=folder)
    assert (refused.status, "E5067" in refused.messages) == (1, True)


def test_a_taken_name_goes_into_the_next_run_with_its_mark(folder: Path) -> None:
    loyal = next(int(str(s["id"])) for s in listed(folder) if s["name"] == "Loyal Regulars")
    with endpoint(named((loyal, "Faithful Friends", SENTENCE))) as server:
        words = ("segments", "suggest", "--model", "small", "--endpoint", server.url)
        segmentry(*words, folder=folder)
    segmentry("segments", "suggest", "--accept", str(loyal), folder=folder)
    assert segmentry("run", "--as-of", "2025-06-20", folder=folder).status == 0
    carried = next(s for s in listed(folder) if s["name"] == "Faithful Friends")
    assert carried["named_by"] == "suggested by small"


def test_endpoint_and_model_may_stand_in_the_project_file_and_the_key_may_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "segmentry.yaml"
    with endpoint(said('{"segments": []}')) as server:
        written = file.read_text()
        file.write_text(f"{written}\nnamer: {{endpoint: '{server.url}', model: filed}}\n")
        kept = segmentry("segments", "suggest", folder=folder)
        assert (kept.status, "error E5061" in kept.messages, server.bodies) == (1, True, [])
        named_again = segmentry("segments", "suggest", "--endpoint", server.url, folder=folder)
        assert named_again.status == 0
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert json.loads(server.bodies[0])["model"] == "filed"
        monkeypatch.delenv("SEGMENTRY_NAMER_KEY")
        assert segmentry("segments", "suggest", folder=folder).status == 0
        assert "authorization" not in server.headers[1]
        file.write_text(f"{written}\nnamer: {{model: filed, key: {KEY}}}\n")
        told = segmentry("segments", "suggest", folder=folder)
    assert told.status == 2
    assert "SEGMENTRY_NAMER_KEY" in told.messages
    assert KEY not in told.messages


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(f"bad key {KEY}".encode(), 401), "E5063"),
        (Reply(b"what?", 400), "E5066"),
        (Reply(b"<html>"), "E5065"),
        (said("Gladly! I suggest heroes."), "E5065"),
    ],
)
def test_a_failure_has_a_code_and_leaves_the_names(folder: Path, reply: Reply, code: str) -> None:
    before = listed(folder)
    with endpoint(reply) as server:
        words = ("segments", "suggest", "--model", "small", "--endpoint", server.url)
        done = segmentry(*words, folder=folder)
    assert (done.status, done.output) == (1, "")
    assert f"error {code}" in done.messages
    assert KEY not in done.messages
    assert listed(folder) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--endpoint", "https://models.example/v1"], "E5060"),
        (["--model", "small"], "E5060"),
        (["--model", "small", "--endpoint", "http://models.example/v1"], "E5061"),
    ],
)
def test_nothing_is_sent_where_it_is_not_clear_to_whom(
    folder: Path, words: list[str], code: str
) -> None:
    done = segmentry("segments", "suggest", *words, folder=folder)
    assert (done.status, f"error {code}" in done.messages) == (1, True)
