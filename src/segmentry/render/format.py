"""Numbers as people read them: compact counts, shares, durations, money.

What lives here: one function per kind of figure, each giving short text with a real minus sign
and no locale of the machine. What does not: layout (``templates``), and which figure is shown
where (``view``). An absent figure is told as a dash, never as nothing.
"""

from __future__ import annotations

import math
import re
from datetime import datetime

from segmentry.domain.percent import NARROW_SPACE, percent

ABSENT = "–"
"""What stands where there is no figure."""

SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "INR": "₹", "BRL": "R$", "CNY": "CN¥"}
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def is_absent(value: object) -> bool:
    """Tell whether there is no figure to show: missing, or not finite."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _signed_zero_free(text: str) -> str:
    """Write a real minus sign, and none before a zero."""
    if text.startswith("-") and not re.search(r"[1-9]", text):
        text = text[1:]
    return text.replace("-", "−", 1)


def plain(value: float | None, digits: int = 3) -> str:
    """Write a number with so many significant digits, thousands separated, no exponent.

    Examples
    --------
    >>> plain(1234.5678), plain(0.012345), plain(-2.0), plain(None)
    ('1,235', '0.0123', '−2', '–')
    """
    if value is None or is_absent(value):
        return ABSENT
    number = float(value)
    if number == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    text = f"{number:,.{min(decimals, 9)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _signed_zero_free(text)


def fixed(value: float | None, decimals: int = 2) -> str:
    """Write a number with so many decimals, so that columns of scores line up.

    Examples
    --------
    >>> fixed(0.4), fixed(-0.001), fixed(None)
    ('0.40', '0.00', '–')
    """
    if value is None or is_absent(value):
        return ABSENT
    return _signed_zero_free(f"{float(value):,.{decimals}f}")


def signed(value: float | None, decimals: int = 1) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> signed(1.25), signed(-0.5), signed(0.01)
    ('+1.2', '−0.5', '0.0')
    """
    text = fixed(value, decimals)
    shown_zero = not re.search(r"[1-9]", text)
    return text if shown_zero or text.startswith("−") else f"+{text}"


def whole(value: float | None) -> str:
    """Write a count in full.

    Examples
    --------
    >>> whole(541909)
    '541,909'
    """
    return ABSENT if value is None or is_absent(value) else _signed_zero_free(f"{value:,.0f}")


def compact(value: float | None) -> str:
    """Write a number short: three significant digits and a scale.

    Examples
    --------
    >>> compact(12_345), compact(999), compact(8_911_407.9), compact(999_999), compact(0.25)
    ('12.3k', '999', '8.91m', '1m', '0.25')
    """
    if value is None or is_absent(value):
        return ABSENT
    size = abs(float(value))
    for scale, letter in _SCALES:
        # 999,999 is a million to three digits, so the border lies where rounding crosses it.
        if size >= scale * 0.9995:
            return plain(float(value) / scale) + letter
    return plain(value)


def share(value: float | None) -> str:
    """Write a share as everywhere in the house, and an absent one as a dash.

    Examples
    --------
    >>> share(0.1234) == "12\u202f%", share(None)
    (True, '–')
    """
    return ABSENT if value is None or is_absent(value) else percent(float(value))


def days(value: float | None) -> str:
    """Write a length of time in days, in months and years where it is long.

    Examples
    --------
    >>> days(0.2), days(1), days(12.6), days(200), days(1500)
    ('4.8 hours', '1 day', '13 days', '200 days', '4.1 years')
    """
    if value is None or is_absent(value):
        return ABSENT
    size = abs(float(value))
    if 0 < size < 0.98:
        return _counted(value * 24, "hour")
    if size < 730:
        return _counted(float(f"{value:.2g}") if size < 9.5 else round(value), "day")
    return f"{_signed_zero_free(f'{value / 365.25:.1f}')} years"


def seconds(value: float | None) -> str:
    """Write how long a step took.

    Examples
    --------
    >>> seconds(0.0123), seconds(3.21), seconds(75), seconds(4000)
    ('12 ms', '3.2 s', '1 min 15 s', '1 h 6 min')
    """
    if value is None or is_absent(value):
        return ABSENT
    if value < 0.995:
        return f"{value * 1000:.0f} ms"
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _counted(value: float, noun: str) -> str:
    text = plain(value, 2) if abs(value) < 9.5 else whole(value)
    return f"{text} {noun}" + ("" if text in {"1", "−1"} else "s")


def money(value: float | None, currency: str | None) -> str:
    """Write an amount of money, short, with the sign of its currency.

    Examples
    --------
    >>> money(8_911_407.9, "GBP"), money(-3.5, "USD"), money(1200, "CHF"), money(10, None)
    ('£8.91m', '−$3.50', 'CHF\u202f1.2k', '10')
    """
    if value is None or is_absent(value):
        return ABSENT
    size = abs(float(value))
    text = f"{size:.2f}" if 0 < size < 10 and currency else compact(size)
    sign = "−" if value < 0 else ""
    if not currency:
        return sign + text
    symbol = SYMBOLS.get(currency.upper())
    return f"{sign}{symbol}{text}" if symbol else f"{sign}{currency}{NARROW_SPACE}{text}"


def quantity(value: float | None, unit: str | None, currency: str | None = None) -> str:
    r"""Write a feature's value in its unit.

    Examples
    --------
    >>> quantity(12.4, "days"), quantity(0.31, "share"), quantity(1200, "money", "GBP")
    ('12 days', '31\u202f%', '£1.2k')
    >>> quantity(4, "orders"), quantity(0.05, "from -1 to 1"), quantity(9, "GBP per order", "GBP")
    ('4', '+0.05', '£9.00')
    """
    kind = (unit or "").strip().lower()
    if kind in {"day", "days"}:
        return days(value)
    if kind in {"share", "fraction", "probability"}:
        return share(value)
    if kind in {"change", "from -1 to 1"}:
        return signed(value, 2)
    of_what = kind.split(" per ")[0]
    if of_what in {"money", "amount"} or (currency and of_what == currency.lower()):
        return money(value, currency)
    return compact(value)


def interval(low: str, high: str) -> str:
    """Join the ends of an interval.

    Examples
    --------
    >>> interval("0.1", "0.4")
    '0.1 to 0.4'
    """
    return f"{low} to {high}"


def date(text: object) -> str:
    """Write an ISO instant as a day and, where it is not midnight, a time.

    Examples
    --------
    >>> date("2011-12-09T12:50:00.000001+00:00"), date("2011-12-09"), date("soon")
    ('9 December 2011, 12:50 UTC', '9 December 2011', 'soon')
    """
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return str(text)
    day = f"{at.day} {at:%B %Y}"
    if (at.hour, at.minute) == (0, 0):
        return day
    zone = " UTC" if at.utcoffset() is not None and not at.utcoffset() else ""
    return f"{day}, {at:%H:%M}{zone}"


LONGEST_CAPITALS = 4
"""Longer names in capitals are shouting and no abbreviation."""


def words(name: str) -> str:
    """Turn a column or code name into words.

    Examples
    --------
    >>> words("n_orders"), words("avgOrderValue"), words("Country"), words("StreamingTV")
    ('orders', 'avg order value', 'Country', 'streaming TV')
    >>> words("CASH_ADVANCE"), words("ARPU")
    ('cash advance', 'ARPU')
    """
    if name.isupper() and len(name) > LONGEST_CAPITALS:
        name = name.lower()
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    if spaced != name:
        # Short capitals are a word of their own: "StreamingTV" is about TV.
        kept = re.compile(r"[A-Z]{2,4}")
        spaced = " ".join(w if kept.fullmatch(w) else w.lower() for w in spaced.split())
    text = " ".join(re.sub(r"[_\s]+", " ", spaced).split())
    return re.sub(r"^n (?=\w)", "", text) or name


def clip(text: str, limit: int = 160) -> str:
    """Cut a text that nobody would read to its end.

    Examples
    --------
    >>> clip("word", 4), clip("words", 4)
    ('word', 'wor…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def sentence(text: str) -> str:
    """Begin with a capital letter, and leave the rest as it is.

    Examples
    --------
    >>> sentence("trend of ARPU"), sentence("")
    ('Trend of ARPU', '')
    """
    return text[:1].upper() + text[1:]


def day(text: object) -> str:
    """Write an ISO instant as a day alone.

    Examples
    --------
    >>> day("2011-12-09T12:50:00+00:00")
    '9 December 2011'
    """
    return date(text).split(",")[0]


def short_day(text: object) -> str:
    """Write an ISO instant as a day with a short month, for narrow places.

    Examples
    --------
    >>> short_day("2011-12-09T12:50:00+00:00"), short_day("soon")
    ('9 Dec 2011', 'soon')
    """
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return str(text)
    return f"{at.day} {at:%b} {at.year}"


def entity_nouns(entity: str) -> tuple[str, str]:
    """Give the singular and plural by which a report speaks of entities.

    Examples
    --------
    >>> entity_nouns("CustomerID"), entity_nouns("user_id"), entity_nouns("row_number")
    (('customer', 'customers'), ('user', 'users'), ('row', 'rows'))
    >>> entity_nouns("company"), entity_nouns("id")
    (('company', 'companies'), ('entity', 'entities'))
    """
    base = re.sub(r"(?i)[_\s]*(id|ids|no|nr|key|uuid|number|code)$", "", words(entity).strip())
    noun = base.lower().strip()
    if not re.fullmatch(r"[a-z][a-z ]{1,30}", noun):
        noun = "entity"
    if re.search(r"[^aeiou]y$", noun):
        return noun, f"{noun[:-1]}ies"
    return noun, noun if noun.endswith("s") else f"{noun}s"
