"""Ways in which people write numbers: groups of digits, signs of currency, percent, minus.

What lives here: patterns that Python and DuckDB both understand, and what a sample of texts says
about them. What does not: casting a whole column (each engine).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

Decimal = Literal[".", ",", ""]
"""The sign before the decimals; empty where nothing tells."""

POINT, COMMA = "1,234.5", "1.234,5"
"""The two ways to write a number, by what stands before its decimals."""

WAYS = (POINT, COMMA)
"""In order of preference."""

BLANKS = " \u00a0\u2007\u2009\u202f"
"""Blanks that may stand inside a number: plain, fixed, figure, thin and narrow fixed ones."""

_CODES = (
    "AED|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HRK|HUF|IDR|ILS|INR|ISK|JPY"
    "|KES|KRW|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR"
)
_DOLLARS = "US|R|A|C|S|NT|HK|NZ"
"""What stands before a dollar sign: US$, R$."""

_SHORT = "kr|Kč|zł|Rs|Rp|RM|Ft|Fr|TL|lei|Lt"

SYMBOLS = (
    "$\u00a2-\u00a5\u058f\u060b\u09f2\u09f3\u0e3f\u17db\u20a0-\u20c0\ufdfc\uff04\uffe1\uffe5\uffe6"
)
"""The signs of currency that Unicode knows, as ranges."""

_SIGN = f"(?:{_DOLLARS})?[{SYMBOLS}]"
_WORD = f"(?i:{_CODES}|{_SHORT})\\.?"
CURRENCY = f"(?:{_SIGN}|{_WORD})"
"""What stands before or behind an amount to tell its currency."""

_GROUPS = {
    POINT: (",", "['\u2019]", f"[{BLANKS}]", "_"),
    COMMA: (r"\.", "['\u2019]", f"[{BLANKS}]", "_"),
}
_DECIMAL = {POINT: r"\.", COMMA: ","}


def _body(way: str) -> str:
    """Write the pattern of the digits: groups of three, Indian groups, or none; 007 is a code."""
    threes = "|".join(f"(?:{sign}[0-9]{{3}})+" for sign in _GROUPS[way])
    indian = f"[1-9][0-9]?(?:{_GROUPS[way][0]}[0-9]{{2}})+{_GROUPS[way][0]}[0-9]{{3}}"
    whole = f"[1-9][0-9]{{0,2}}(?:{threes})|{indian}|0|[1-9][0-9]*"
    # Nothing behind a decimal comma is no number, so that 5,- is not taken for minus five.
    point, least = _DECIMAL[way], "*" if way == POINT else "+"
    return f"(?:(?:{whole})(?:{point}[0-9]{least})?|{point}[0-9]+)(?:[eE][-+]?[0-9]+)?"


def pattern(way: str) -> str:
    """Give the pattern of a whole text that is a number.

    Brackets around it mean a negative number, as book-keepers write them; that both of them are
    there is beyond the pattern.
    """
    gap, sign = f"[{BLANKS}]*", "[-+\u2212\u2013]?"
    return (
        f"^(?:{CURRENCY}{gap})?\\(?{gap}{sign}{gap}(?:{CURRENCY}{gap})?"
        f"{_body(way)}(?:[,.][-\u2013])?{gap}(?:{CURRENCY})?{gap}%?{gap}[-\u2212]?{gap}\\)?"
        f"(?:{gap}{CURRENCY})?$"
    )


_PATTERNS = {way: re.compile(pattern(way)) for way in WAYS}
_PLAIN = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")
_THREES = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+$")
_DIGIT = re.compile("[0-9]")
_MARK = re.compile(CURRENCY)
_PHONE = re.compile(rf"\+?[0-9]+(?:[{BLANKS}][0-9]+)+$")
_LEAST_PHONE = 9


def is_plain(text: str) -> bool:
    """Say whether a text is a number as programs write it."""
    return _PLAIN.match(text) is not None


def reads(text: str, way: str) -> bool:
    """Say whether a text is a number written in this way."""
    return ("(" in text) == (")" in text) and _PATTERNS[way].match(text) is not None


def looks_like_number(text: str) -> bool:
    """Say whether a text is a number in any of the ways.

    Examples
    --------
    >>> [looks_like_number(t) for t in ("1.234,50 €", "(12.50)", "12 %", "12 items", "1,2,3")]
    [True, True, True, False, False]
    """
    return _DIGIT.search(text) is not None and any(reads(text, way) for way in WAYS)


def look_like_phones(texts: Sequence[str]) -> bool:
    """Say whether most texts are long rows of digits with blanks, as telephone numbers are."""
    long = [t for t in texts if _PHONE.match(t) and sum(map(str.isdigit, t)) >= _LEAST_PHONE]
    return len(long) > len(texts) / 2


def is_threes(texts: Sequence[str]) -> bool:
    """Say whether what stands behind each point is three digits, so that points may make groups.

    Examples
    --------
    >>> is_threes(["1.234", "12"]), is_threes(["1.234", "1.5"]), is_threes(["12"])
    (True, False, False)
    """
    pointed = [t for t in texts if "." in t]
    return bool(pointed) and all(_THREES.match(t) for t in pointed)


def decimal_sign(texts: Sequence[str]) -> Decimal:
    """Tell which sign stands before decimals, by values that can be read in one way only.

    Examples
    --------
    >>> decimal_sign(["1.234,50", "7"]), decimal_sign(["1.50"]), decimal_sign(["1,234"])
    (',', '.', '')
    """
    votes: Counter[str] = Counter()
    for text in texts:
        read = [way for way in WAYS if reads(text, way)]
        if len(read) == 1 and re.search(r"[.,]", text):
            votes[read[0]] += 1
    if not votes or min(votes[POINT], votes[COMMA]) > 0:
        return ""
    return "." if votes[POINT] else ","


_SAME = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "RS": "INR",
    "₽": "RUB", "₺": "TRY", "TL": "TRY", "ZŁ": "PLN", "KČ": "CZK", "R$": "BRL", "FR": "CHF",
}  # fmt: skip
"""Signs and short words of currencies by the code that they mean most often."""


def currencies(texts: Sequence[str]) -> Counter[str]:
    """Count the currencies in texts.

    Examples
    --------
    >>> currencies(["EUR 5", "5 €", "USD 3", "4"])
    Counter({'EUR': 2, 'USD': 1})
    """
    found = (_MARK.search(t) for t in texts if looks_like_number(t))
    marks = (mark.group().strip(".").upper() for mark in found if mark)
    return Counter(_SAME.get(mark, mark) for mark in marks)
