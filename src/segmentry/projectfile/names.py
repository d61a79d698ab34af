"""What column names say: their words, and which words speak of what.

What lives here: cutting a name into words (``CustomerID``, ``cust_id`` and ``customer id`` are the
same two) and the vocabularies out of ``vocabulary.yaml``. What does not: looking at values
(``survey``) and deciding (``entity``, ``fields``, ``roles``).
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

PERSONAL = 60
"""From this weight on, an entity is a person or something that stands for one."""

_SUFFIXES = ("uuid", "guid", "number", "date", "time", "code", "name", "type", "num", "key", "id",
             "no", "at")  # fmt: skip
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def weights(name: str) -> dict[str, float]:
    """Give a vocabulary whose words carry weights, such as ``entities`` or ``money``."""
    return {str(w): float(v) for w, v in _vocabulary()[name].items()}


@cache
def known(name: str) -> frozenset[str]:
    """Give the words of a vocabulary."""
    return frozenset(str(w) for w in _vocabulary()[name])


@cache
def words(name: str) -> tuple[str, ...]:
    """Cut a column's name into lower-case words, with short forms written out.

    Examples
    --------
    >>> words("CustomerID"), words("cust_id"), words("orderdate")
    (('customer', 'id'), ('customer', 'id'), ('order', 'date'))
    """
    short = _vocabulary()["short"]
    pieces = [p.lower() for p in _PIECES.findall(_CAMEL.sub(" ", name.replace("'s", "s")))]
    apart = [part for piece in pieces for part in _unglue(piece)]
    return tuple(str(short.get(p, p)) for p in apart)


def singular(word: str) -> str:
    """Take a plural's s off."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def snake(name: str) -> str:
    """Write a column's name as words joined by underscores: ``CustomerID`` is ``customer_id``."""
    return "_".join(words(name)) or "entity"


def _unglue(piece: str) -> tuple[str, ...]:
    nouns = _nouns()
    if piece in nouns:
        return (piece,)
    for suffix in _SUFFIXES:
        front = piece.removesuffix(suffix)
        if front != piece and front in nouns:
            return (front, suffix)
    return (piece,)


@cache
def _nouns() -> frozenset[str]:
    lists = ("entities", "orders", "items", "kinds", "categories", "sessions", "short", "money")
    plain = ("birth", "unit", "zip", "row", "loan", "trip", "event", "start", "end", "created")
    return frozenset(plain).union(*(known(name) for name in lists))


@cache
def _vocabulary() -> dict[str, Any]:
    import yaml

    text = resources.files("segmentry.projectfile").joinpath("vocabulary.yaml").read_text("utf-8")
    vocabulary: dict[str, Any] = yaml.safe_load(text)
    return vocabulary
