"""What kinds of events mean, by their words.

What lives here: ``add_to_cart`` means *cart*. What does not: finding the column of kinds
(``fields``), and the features that ask for meanings (``features.specs``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from segmentry.projectfile.names import known, lists, words

MOST_KINDS = 200
"""More kinds than this are names of things, and a word in one of them means little."""


def meanings_of(kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Say which kinds of events have which meaning.

    Parameters
    ----------
    kinds : iterable of str
        The values of the column of kinds.

    Returns
    -------
    dict of str to tuple of str
        Meanings in the order of the vocabulary; a kind has one meaning or none.

    Examples
    --------
    >>> meanings_of(["add_to_cart", "remove_from_cart", "Order Completed", "home"])
    {'purchase': ('Order Completed',), 'cart': ('add_to_cart',)}
    """
    listed = tuple(kinds)
    found: dict[str, list[str]] = {}
    if len(listed) <= MOST_KINDS:
        for kind in listed:
            meaning = _meaning(kind)
            if meaning is not None:
                found.setdefault(meaning, []).append(kind)
    return {meaning: tuple(found[meaning]) for meaning in _patterns() if meaning in found}


def _meaning(kind: str) -> str | None:
    said = set(words(kind))
    if said & known("meanings_not"):
        return None
    for meaning, patterns in _patterns().items():
        if any(pattern <= said for pattern in patterns):
            return meaning
    return None


@cache
def _patterns() -> dict[str, tuple[frozenset[str], ...]]:
    """Give the sets of words of each meaning, read the way kinds are."""
    return {
        meaning: tuple(frozenset(words(text)) for text in texts)
        for meaning, texts in lists("meanings").items()
    }
