"""What words say of a segment, held against planted figures."""

from __future__ import annotations

import pytest

from planted import signals_of
from segmentry.explain.claims import SYNONYMS, Claims, words
from segmentry.explain.name import name_segments
from segmentry.explain.pack import BASE, CHOICES

RETAIL = {
    "recency_days": (6.0, 240.0, 20.0, 200.0),
    "tenure_days": (400.0, 420.0, 30.0, 210.0),
    "n_orders": (20, 3, 3, 1),
    "value_total": (4000.0, 150.0, 160.0, 40.0),
    "channel": ("web", "store", "store", "store"),
}
"""Champions, lapsed customers, new ones, and one-time buyers that have lapsed."""


def claims(pack: str = "retail") -> tuple[Claims, ...]:
    signals, known = signals_of(RETAIL, pack)
    return tuple(Claims.of(own, own, known) for own in signals)


def untrue(segment: int, text: str, pack: str = "retail") -> str | None:
    found, _ = claims(pack)[segment].untrue(words(text))
    return None if found is None else " ".join(found)


@pytest.mark.parametrize("pack", ["retail", "saas", "grocery", "generic"])
def test_whatever_the_rule_calls_a_segment_holds_for_it(pack: str) -> None:
    signals, known = signals_of(RETAIL, pack)
    namings = name_segments(signals, known, noun="Customers", sizes=(100,) * len(signals))
    for own, naming in zip(signals, namings, strict=True):
        assert Claims.of(own, own, known).untrue(words(naming.name))[0] is None, naming.name


@pytest.mark.parametrize(
    ("segment", "text", "told"),
    [
        (0, "High-Value Shoppers", None),
        (0, "VIP Circle", None),
        (0, "Low-Value Shoppers", "low value"),
        (0, "Lapsed Friends", "lapsed"),
        (0, "Occasional Buyers", "occasional buyer"),
        (0, "Dormant Whales", "dormant"),
        (1, "Lapsed Shoppers", None),
        (1, "High-Value Shoppers", "high value"),
        (1, "Frequent Shoppers", "frequent"),
        (1, "Brand New Faces", "new"),
        (2, "Newcomers With Baskets", None),
        (2, "Loyal Shoppers", "loyal"),
        (2, "Long-Standing Patrons", "long standing"),
        (3, "Premium Crowd", "premium"),
    ],
)
def test_a_word_holds_where_the_rule_could_have_used_it(
    segment: int, text: str, told: str | None
) -> None:
    assert untrue(segment, text) == told


def test_a_level_is_claimed_only_of_those_who_have_it() -> None:
    assert untrue(0, "Web Friends", "generic") is None
    assert untrue(1, "Web Friends", "generic") == "web"


def test_a_word_of_a_figure_that_is_not_there_does_not_hold() -> None:
    assert untrue(0, "Weekend Friends") == "weekend"


def test_words_that_no_pack_knows_are_left_for_others_to_judge() -> None:
    found, left = claims()[0].untrue(words("High-Value Penguin Fanciers"))
    assert (found, left) == (None, ("penguin", "fancier"))


def test_the_longest_phrase_counts() -> None:
    own = Claims({("value",): False, ("high", "value"): True})
    assert own.untrue(("high", "value")) == (None, ())
    assert own.untrue(("value", "high")) == (("value",), ())


def test_a_synonym_is_a_word_of_some_pack() -> None:
    known = {p for pack in (BASE, *CHOICES) for p in claims(pack)[0].holds}
    assert {m for meant in SYNONYMS.values() for m in meant if words(m) not in known} == set()
