"""What column names say: their words, and which words speak of what.

What lives here: cutting a name into words (``CustomerID``, ``cust_id`` and ``customer id`` are the
same two, and so is ``Kundennummer``) and the vocabularies out of ``vocabulary.yaml`` and
``tongues.yaml``. What does not: looking at values
(``survey``) and deciding (``entity``, ``fields``, ``roles``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

PERSONAL = 60
"""From this weight on, an entity is a person or something that stands for one."""

_SUFFIXES = ("uuid", "guid", "number", "date", "time", "code", "name", "type", "path", "num", "key",
             "id", "no", "at", "nummer", "datum", "preis", "prijs", "betrag", "bedrag", "wert",
             "menge", "gruppe", "kosten", "art", "nr", "ordered", "each", "amount",
             "quantity", "price", "value", "total", "番号", "编号", "번호")  # fmt: skip
_LINKS = ("", "s", "n", "en", "es")
"""Letters between the two words of a German or Dutch compound."""

_COUNTED = frozenset(["day", "chapter", "forum", "post", "click", "comment"])
"""Things that a leading n counts: nchapters."""

_NUMERO = re.compile(r"\bn\s?[°º]\s?", re.IGNORECASE)
_PARTICLES = frozenset(["de", "du", "des", "del", "della", "di", "do", "da", "dos", "das", "la",
                        "le", "el", "los", "les", "der", "die"])  # fmt: skip
_BESIDE = {"data": "date", "art": "type", "num": "number"}
_AMBIGUOUS = frozenset(["eta"])
"""Foreign words that are something else without their accents."""

_PIECES = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(
    r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z])"
)


@cache
def weights(name: str) -> dict[str, float]:
    """Give a vocabulary whose words carry weights, such as ``entities`` or ``money``."""
    return {str(w): float(v) for w, v in _vocabulary()[name].items()}


@cache
def known(name: str) -> frozenset[str]:
    """Give the words of a vocabulary."""
    return frozenset(str(w) for w in _vocabulary()[name])


@cache
def lists(name: str) -> dict[str, tuple[str, ...]]:
    """Give a vocabulary whose words have texts each, in its order."""
    return {str(w): tuple(str(t) for t in texts) for w, texts in _vocabulary()[name].items()}


@cache
def words(name: str) -> tuple[str, ...]:
    """Cut a column's name into lower-case English words, with short forms written out.

    Examples
    --------
    >>> words("CustomerID"), words("cust_id"), words("orderdate")
    (('customer', 'id'), ('customer', 'id'), ('order', 'date'))
    >>> words("Kundennummer"), words("data_compra")
    (('customer', 'number'), ('date', 'purchase'))
    """
    whole = _NUMERO.sub("number ", unicodedata.normalize("NFC", name).replace("'s", "s"))
    pieces = _joined([p.lower() for p in _PIECES.findall(_CAMEL.sub(" ", whole))])
    apart = [part for piece in pieces for part in _unglue(piece)]
    said = [_translated(p) for p in apart]
    if said != apart:
        # Beside a word of such a tongue "data" is a date, and "art" a type.
        said = [_BESIDE.get(p, p) for p in said if p not in _PARTICLES]
    # A leading "no" is no number: no_show.
    short = _vocabulary()["short"]
    # And only a last "cd" is a code: mcc_cd, but a CD account.
    said = [*said[:-1], "code"] if said[-1:] == ["cd"] else said
    denied = said[:1] == ["no"] and len(said) > 1 and said[1] != "of"
    return tuple(p if denied and not i else str(short.get(p, p)) for i, p in enumerate(said))


def _joined(pieces: list[str]) -> list[str]:
    """Put words together that some write in two: E-mail, opt_in."""
    found: list[str] = []
    for piece in pieces:
        both = found[-1] + piece if found else ""
        found = [*found[:-1], both] if both in known("joined") else [*found, piece]
    return found


def plain(text: str) -> str:
    """Write a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _translated(piece: str) -> str:
    return _tongues().get(piece, piece)


def singular(word: str) -> str:
    """Take a plural's s off."""
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


def snake(name: str) -> str:
    """Write a column's name as words joined by underscores: ``CustomerID`` is ``customer_id``."""
    return "_".join(words(name)) or "entity"


def _unglue(piece: str) -> tuple[str, ...]:
    nouns, tongues = _nouns(), _tongues()
    if piece in nouns or piece in tongues:
        return (piece,)
    if piece.startswith("n") and singular(piece[1:]) in nouns | known("media") | _COUNTED:
        return ("number", piece[1:])
    for suffix in _SUFFIXES:
        front = piece.removesuffix(suffix)
        if front == piece or not front:
            continue
        if front in nouns:
            return (front, suffix)
        for link in _LINKS:
            stem = front.removesuffix(link)
            if stem in tongues:
                return (stem, suffix)
    return (piece,)


@cache
def _nouns() -> frozenset[str]:
    lists = ("entities", "orders", "items", "kinds", "categories", "sessions", "short", "money")
    plain = (
        "quantity",
        "price",
        "birth",
        "unit",
        "zip",
        "row",
        "loan",
        "trip",
        "event",
        "start",
        "end",
        "created",
    )
    return frozenset(plain).union(*(known(name) for name in lists))


@cache
def _tongues() -> dict[str, str]:
    """Give the English word of each foreign one, with and without its accents."""
    found = {str(w): english for english, foreign in _read("tongues.yaml").items() for w in foreign}
    return {plain(w): english for w, english in found.items() if plain(w) not in _AMBIGUOUS} | found


@cache
def _vocabulary() -> dict[str, Any]:
    return _read("vocabulary.yaml")


def _read(name: str) -> dict[str, Any]:
    import yaml

    text = resources.files("segmentry.projectfile").joinpath(name).read_text("utf-8")
    # The C reader is ten times as fast, where it is there; both are safe.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader
    return read
