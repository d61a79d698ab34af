"""Which addresses are asked, and which never."""

from __future__ import annotations

import pytest

from segmentry.endpoints.address import address_of, is_loopback
from segmentry.errors import NamerError


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("https://models.example/v1", "https://models.example/v1/chat/completions"),
        (" https://models.example/v1/ ", "https://models.example/v1/chat/completions"),
        (
            "https://models.example/v1/chat/completions",
            "https://models.example/v1/chat/completions",
        ),
        ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1/chat/completions"),
        ("http://127.8.9.1", "http://127.8.9.1/chat/completions"),
    ],
)
def test_the_base_of_an_api_and_the_address_itself_are_the_same(
    endpoint: str, address: str
) -> None:
    assert address_of(endpoint) == address
    assert address_of(address) == address


@pytest.mark.parametrize(
    "endpoint",
    ["http://models.example/v1", "http://10.0.0.7/v1", "http://localhost.example/v1"],
)
def test_nothing_goes_to_another_machine_without_encryption(endpoint: str) -> None:
    with pytest.raises(NamerError, match="has to be encrypted") as told:
        address_of(endpoint)
    assert told.value.code == "E5061"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "models.example",
        "ftp://models.example",
        "file:///etc/passwd",
        "https://",
        "https://x:99999",
    ],
)
def test_what_is_no_address_is_refused(endpoint: str) -> None:
    with pytest.raises(NamerError, match="is no address"):
        address_of(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://ada:hunter2@models.example/v1",
        "https://models.example/v1?key=hunter2",
        "https://models.example/v1#hunter2",
        "https://models.example/hunter2\r\nX: 1",
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(endpoint: str) -> None:
    with pytest.raises(NamerError, match="the endpoint holds") as told:
        address_of(endpoint)
    assert "hunter2" not in str(told.value)
    assert "hunter2" not in str(told.value.as_dict())


def test_only_this_machine_is_loopback() -> None:
    assert [is_loopback(h) for h in ("::1", "127.0.0.2", "0.0.0.0", "example.com")] == [
        True,
        True,
        False,
        False,
    ]
