"""Asking a real server on loopback: what it is sent, and what its answers become."""

from __future__ import annotations

import json
import socket

import pytest

from namers import Endpoint, Reply, endpoint, said
from segmentry.endpoints.chat import LARGEST_ANSWER, LONGEST_PAUSE_SECONDS, PAUSES_SECONDS, Chat
from segmentry.errors import NamerError

KEY = "sk-secret-0123"


def asked(server: Endpoint, **changes: object) -> tuple[Chat, list[float]]:
    """Give an endpoint that waits for nothing, and for how long it would have waited."""
    waited: list[float] = []
    options = {"key": KEY, "timeout_seconds": 5.0, "pause": waited.append, **changes}
    return Chat(server.url, **options), waited  # type: ignore[arg-type]


def test_the_body_goes_out_as_it_is_with_the_key_beside_it() -> None:
    with endpoint(said("hello")) as server:
        chat, waited = asked(server)
        assert chat.ask(b'{"model": "small"}') == "hello"
        assert server.bodies == [b'{"model": "small"}']
        assert server.paths == ["/v1/chat/completions"]
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert server.headers[0]["content-type"] == "application/json"
        assert waited == []
    assert KEY not in repr(chat)


def test_without_a_key_none_is_sent() -> None:
    with endpoint(said("hello")) as server:
        asked(server, key=None)[0].ask(b"{}")
        assert "authorization" not in server.headers[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with endpoint(Reply(b"busy", status), said("hello")) as server:
        chat, waited = asked(server)
        assert chat.ask(b"{}") == "hello"
        assert len(server.bodies) == 2
        assert waited == [PAUSES_SECONDS[0]]


def test_a_server_says_how_long_to_wait_and_is_believed_up_to_a_bound() -> None:
    replies = [Reply(b"", 429, {"Retry-After": after}) for after in ("7", "86400")]
    with endpoint(*replies, said("hello")) as server:
        chat, waited = asked(server)
        chat.ask(b"{}")
        assert waited == [7.0, LONGEST_PAUSE_SECONDS]


@pytest.mark.parametrize(
    ("reply", "code", "tries", "told"),
    [
        (Reply(b"", 429), "E5064", 3, "too many requests"),
        (Reply(b"", 500), "E5062", 3, r"failed \(status 500\)"),
        (Reply(b"no " + KEY.encode(), 401), "E5063", 1, "refused the key"),
        (Reply(b"", 403), "E5063", 1, "refused the key"),
        (Reply(b"no model " + KEY.encode(), 404), "E5066", 1, r"404\): no model \*\*\*"),
        (Reply(b"<html>", 200), "E5065", 1, "it is not JSON"),
        (Reply(b"[" * 100_000, 200), "E5065", 1, "it is not JSON"),
        (Reply(b'{"object": "list"}', 200), "E5065", 1, "no chat completion"),
        (Reply(b'{"choices": [{"message": {"content": null}}]}'), "E5065", 1, "no text"),
        (Reply(b" " * (LARGEST_ANSWER + 1)), "E5065", 1, "too long"),
    ],
)
def test_what_is_no_answer_has_a_code_and_never_the_key(
    reply: Reply, code: str, tries: int, told: str
) -> None:
    with endpoint(reply) as server:
        chat, _ = asked(server)
        with pytest.raises(NamerError, match=told) as found:
            chat.ask(b"{}")
        assert (found.value.code, len(server.bodies)) == (code, tries)
    assert KEY not in json.dumps(found.value.as_dict())


def test_an_answer_that_takes_too_long_is_given_up_and_not_paid_for_twice() -> None:
    with endpoint(Reply(b"", waits=True)) as server:
        chat, waited = asked(server, timeout_seconds=0.2)
        with pytest.raises(NamerError, match=r"did not answer within 0\.2 seconds") as told:
            chat.ask(b"{}")
        assert (told.value.code, len(server.bodies), waited) == ("E5062", 1, [])


def test_a_server_that_is_not_there_is_tried_again_and_then_told() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        waited: list[float] = []
        chat = Chat(f"http://127.0.0.1:{held.getsockname()[1]}/v1", pause=waited.append)
        with pytest.raises(NamerError, match="cannot be reached") as told:
            chat.ask(b"{}")
    assert (told.value.code, waited) == ("E5062", list(PAUSES_SECONDS))


def test_the_key_follows_no_one_elsewhere() -> None:
    with endpoint(said("stolen")) as other:
        moved = Reply(b"", 302, {"Location": f"{other.url}/chat/completions"})
        with endpoint(moved) as server, pytest.raises(NamerError, match="status 302"):
            asked(server)[0].ask(b"{}")
        assert other.bodies == []


def test_this_machine_is_not_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint(said("by proxy")) as proxy, endpoint(said("direct")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert asked(server)[0].ask(b"{}") == "direct"
        assert proxy.bodies == []


@pytest.mark.parametrize("key", ["two words", "line\r\nX-More: 1", "schlüssel"])
def test_a_key_that_is_no_key_is_not_sent(key: str) -> None:
    with endpoint(said("hello")) as server:
        with pytest.raises(NamerError, match="signs that cannot be sent") as told:
            asked(server, key=key)[0].ask(b"{}")
        assert server.bodies == []
    assert key not in str(told.value)
