"""Connections: variables are filled in, passwords are shown nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.engines.connecting import filled, scrubbed, secrets_of, without_secrets
from segmentry.errors import EngineError

passwords = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@given(passwords)
def test_a_password_may_hold_any_sign_and_is_found_again(password: str) -> None:
    url = filled("postgresql://ann:${PW}@host/shop", {"PW": password})
    assert password in secrets_of(url)
    assert without_secrets(url) == "postgresql://ann:***@host/shop"


@pytest.mark.parametrize(
    ("connection", "shown"),
    [
        ("postgresql://ann@host/shop", "postgresql://ann@host/shop"),
        ("postgresql://ann:a@b@host/shop", "postgresql://ann:***@host/shop"),
        ("postgresql:///shop?password=x&host=/tmp", "postgresql:///shop?password=***&host=/tmp"),
        ("sc://host:15002/;token=abc;use_ssl=true", "sc://host:15002/;token=***;use_ssl=true"),
        ("sc://host/;token=${TOKEN}", "sc://host/;token=${TOKEN}"),
        ("spark://local[2]", "spark://local[2]"),
        ("${URL}", "${URL}"),
    ],
)
def test_what_is_shown_of_a_connection(connection: str, shown: str) -> None:
    assert without_secrets(connection) == shown


def test_a_variable_that_is_not_set_or_empty_is_named() -> None:
    for environment in ({}, {"PASSWORD": ""}):
        with pytest.raises(EngineError, match="no variable 'PASSWORD'") as refused:
            filled("postgresql://ann:${PASSWORD}@host/shop", environment)
        assert refused.value.code == "E3004"


def test_a_message_is_scrubbed_of_the_longest_secret_first() -> None:
    assert scrubbed("abcd and ab", ["ab", "abcd"]) == "*** and ***"
