"""What kinds of events mean."""

from __future__ import annotations

import pytest

from segmentry.domain.project import MEANINGS
from segmentry.projectfile.meanings import MOST_KINDS, meanings_of
from segmentry.projectfile.names import lists


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        ("purchase", "purchase"),
        ("Order Completed", "purchase"),
        ("checkout_completed", "purchase"),
        ("payment_done", "purchase"),
        ("transaction", "purchase"),
        ("add_to_cart", "cart"),
        ("addToCart", "cart"),
        ("Product Viewed", "view"),
        ("page_view", "view"),
        ("refund", "return"),
        ("email_opened", "open"),
        ("Email Link Clicked", "click"),
        ("ticket_created", "ticket"),
        ("ticket reopened", "reopen"),
        ("invite_sent", "collaborate"),
        ("API request", "api"),
        ("plan_upgraded", "upgrade"),
        ("user_login", "login"),
        ("tutorial_finished", "learn"),
    ],
)
def test_a_kind_means_what_its_words_say(kind: str, meaning: str) -> None:
    assert meanings_of([kind]) == {meaning: (kind,)}


@pytest.mark.parametrize(
    "kind",
    [
        "remove_from_cart",
        "purchase_failed",
        "cart",
        "home",
        "open",
        "click",
        "checkout_started",
        "",
    ],
)
def test_a_kind_that_means_something_else_means_nothing(kind: str) -> None:
    assert meanings_of([kind]) == {}


def test_names_of_things_have_no_meaning() -> None:
    assert meanings_of([f"view {i}" for i in range(MOST_KINDS + 1)]) == {}


def test_every_meaning_of_the_vocabulary_is_one_that_features_ask_for() -> None:
    assert set(lists("meanings")) <= set(MEANINGS)
