"""Ways to read a text or a number as something else, written as SQL.

What lives here: the casts. What does not: which of them a column calls for (``columns``,
``native``).
"""

from __future__ import annotations

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.numerals import POINT, pattern

WHOLE_NUMBER_LIMIT = 2**53

TRUTHS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"))
"""Pairs of words for true and false, in any case."""

CODE = "^([A-Za-z]+[-_ ]?[0-9]|0[0-9])"
"""Pattern of values that look like codes: ``C536379``, ``AB-12``, ``00123``."""

_ZONE = "Z|[A-Z]{3,4}|[A-Z][a-z]+/[A-Z][A-Za-z_]+|[+-][0-9]{2}(:?[0-9]{2})?"
ZONED = rf"[0-9]:[0-9]{{2}}(:[0-9.]+)? ?({_ZONE})$"
"""Pattern of times that say how far they are from UTC."""

MARKS = ("?", "-", "--", "\u2013", "\u2014", ".", "none", "nil", "nat", "n.a.",
         "#value!", "#div/0!")  # fmt: skip
"""Texts, in any case, that stand for nothing in a column of numbers or dates, and only there."""


NEGATIVE = ("^[^0-9]*[-(\u2212\u2013]", "[^,.][-\u2212][^0-9]*$")
"""Patterns of a minus or bracket before the digits, and of a minus behind them, not as in 5,-"""


def is_mark(value: str) -> str:
    """Write whether a text stands for nothing where a number or a date should be."""
    words = ", ".join(literal(m) for m in MARKS)
    return (
        f"((strlen({value}) < 8 AND lower({value}) IN ({words}))"
        f" OR starts_with({value}, '0000-00-00'))"
    )


def is_whole(number: str) -> str:
    """Write whether a number is whole and small enough to be exact."""
    return f"{number} = floor({number}) AND abs({number}) < {WHOLE_NUMBER_LIMIT}"


def finite(number: str, *, whole: bool) -> str:
    """Write a number that is there and finite; as BIGINT where all are whole."""
    target = f"try_cast({number} AS BIGINT)" if whole else number
    return f"CASE WHEN isfinite({number}) THEN {target} END"


def grouped(value: str, way: str) -> str:
    """Write a number out of a text that has grouped digits, a currency, a percent sign or the like.

    Book-keepers' brackets and a minus behind the digits make it negative; percent become shares.
    """
    # Whole patterns are only matched, never taken apart: parts of a match are sixty times as slow.
    kept = r"\pL+\.?|[^0-9.]" if way == POINT else "[^0-9,]"
    digits = f"regexp_replace({value}, {literal(kept)}, '', 'g')"
    power = f"replace({value}, {literal(',')}, '')"
    if way != POINT:
        digits, power = f"replace({digits}, ',', '.')", f"replace({value}, ',', '.')"
    minus = " OR ".join(f"regexp_matches({value}, {literal(p)})" for p in NEGATIVE)
    both = f"contains({value}, '(') = contains({value}, ')')"
    return (
        f"CASE WHEN NOT regexp_matches({value}, {literal(pattern(way))}) OR NOT ({both}) THEN NULL "
        f"WHEN regexp_matches({value}, '[0-9.][eE][-+]?[0-9]') THEN try_cast({power} AS DOUBLE) "
        f"ELSE try_cast({digits} AS DOUBLE) * CASE WHEN {minus} THEN -1 ELSE 1 END "
        f"/ CASE WHEN contains({value}, '%') THEN 100 ELSE 1 END END"
    )


def in_years(time: str) -> str:
    """Write a time unless its year is none that a person writes."""
    return f"CASE WHEN year({time}) BETWEEN 1000 AND 9999 THEN {time} END"


def iso_time(value: str, *, zoned: bool) -> str:
    """Write a time out of a text in ISO 8601; half days, which the cast overlooks, fail."""
    dated = f"regexp_matches({value}, '^[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}')"
    half = f"ends_with(lower({value}), 'm')"
    if not zoned:
        return f"CASE WHEN {dated} AND NOT {half} THEN try_cast({value} AS TIMESTAMP) END"
    # A blank before the offset is how many write it, and no cast reads it.
    near = f"regexp_replace({value}, ' +([-+][0-9:]+)$', '\\1')"
    return f"CASE WHEN {dated} AND NOT {half} THEN try_cast({near} AS TIMESTAMPTZ) END"


def compact_date(number: str) -> str:
    """Write a time out of a number such as 20110103, 20110103153000, 201101 or 2011."""
    digits = f"CAST(try_cast({number} AS BIGINT) AS VARCHAR)"
    cases = " ".join(
        f"WHEN {number} BETWEEN {low} AND {high} THEN try_strptime({digits}, '{form}')"
        for low, high, form in COMPACT
    )
    return f"CASE {cases} END"


COMPACT = (
    (10000101, 99991231, "%Y%m%d"),
    (10000101000000, 99991231235959, "%Y%m%d%H%M%S"),
    (190001010000, 219912312359, "%Y%m%d%H%M"),
    (190001, 219912, "%Y%m"),
    (1900, 2100, "%Y"),
)
"""Ranges of numbers that are dates written without separators."""


def _since_1970(per_second: float) -> str:
    micros = 1e6 / per_second
    # Years 0 to 9999; anything beyond cannot be cast.
    guard = f"{{0}} BETWEEN {-6.2e10 * per_second} AND {2.5e11 * per_second}"
    return f"CASE WHEN {guard} THEN make_timestamptz(CAST(round({{0}} * {micros}) AS BIGINT)) END"


NUMBER_TIMES = {
    "seconds since 1970": _since_1970(1),
    "milliseconds since 1970": _since_1970(1e3),
    "microseconds since 1970": _since_1970(1e6),
    "nanoseconds since 1970": _since_1970(1e9),
    "days since 1900": "CASE WHEN {0} BETWEEN 1 AND 2958465 THEN TIMESTAMP '1899-12-30' + "
    "to_milliseconds(CAST(round({0} * 86400000) AS BIGINT)) END",
}
"""Units that numbers count times in, as SQL; days are those of spreadsheets, which know no zone."""

_UNITS = (
    (2e4, 8e4, "days since 1900"),
    (1e8, 1e11, "seconds since 1970"),
    (1e11, 1e14, "milliseconds since 1970"),
    (1e14, 1e17, "microseconds since 1970"),
    (1e17, 1e20, "nanoseconds since 1970"),
)
"""Medians from and to which numbers count in a unit: from 1973 on, for spreadsheets from 1954."""


def since_1970(connection: Connection, table: str, number: str) -> tuple[str, str] | None:
    """Tell which unit makes the median of a column a date of our days.

    Returns
    -------
    tuple of str or None
        The time as SQL, and the unit in words.
    """
    median = connection.rows(f"SELECT quantile_disc({number}, 0.5) FROM {quoted(table)}")[0][0]
    for low, high, name in _UNITS:
        if median is not None and low <= median < high:
            return NUMBER_TIMES[name].format(number), name
    return None
