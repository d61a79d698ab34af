"""What is sent, opened, clicked and answered."""

from __future__ import annotations

import pytest

from logs import computed

LOG = [
    {"at": f"2024-06-0{i}", "kind": k}
    for i, k in enumerate(("send", "open", "click", "send", "open", "send", "send"), 1)
]


def test_opens_and_clicks_are_shares_of_what_was_sent() -> None:
    names = ("n_sent", "open_share", "click_share", "click_to_open_share", "response_share")
    assert computed(LOG, *names) == [4.0, 0.5, 0.25, 0.5, 0.0]


def test_nothing_sent_is_nothing_known() -> None:
    assert computed([{"at": "2024-06-01", "kind": "view"}], "open_share", "days_since_open") == [
        None,
        None,
    ]


def test_the_last_open_tells_of_attention() -> None:
    assert computed(LOG, "days_since_open") == pytest.approx(26.0)
