"""Ways to read a text or a number as something else, written as SQL.

What lives here: the casts. What does not: which of them a column calls for (``columns``,
``native``).
"""

from __future__ import annotations

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import quoted

WHOLE_NUMBER_LIMIT = 2**53

TRUTHS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"))
"""Pairs of words for true and false, in any case."""

CODE = "^([A-Za-z]+[-_ ]?[0-9]|0[0-9])"
"""Pattern of values that look like codes: ``C536379``, ``AB-12``, ``00123``."""

ZONED = r"[0-9]:[0-9]{2}(:[0-9.]+)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$"
"""Pattern of times that say how far they are from UTC."""

GROUPED = ("1,234.5", "1.234,5")
"""Ways to write numbers that a plain cast does not read, in order of preference."""

EPOCHS = (
    (1e11, 1_000_000, "seconds since 1970"),
    (1e14, 1_000, "milliseconds since 1970"),
    (1e17, 1, "microseconds since 1970"),
)


def is_whole(number: str) -> str:
    """Write whether a number is whole and small enough to be exact."""
    return f"{number} = floor({number}) AND abs({number}) < {WHOLE_NUMBER_LIMIT}"


def finite(number: str, *, whole: bool) -> str:
    """Write a number that is there and finite; as BIGINT where all are whole."""
    target = f"try_cast({number} AS BIGINT)" if whole else number
    return f"CASE WHEN isfinite({number}) THEN {target} END"


def grouped(value: str, way: str) -> str:
    """Write a number out of a text with a sign of currency, grouped digits or a decimal comma."""
    bare = rf"regexp_replace({value}, '^[£$€] ?| ?[%£$€]$', '', 'g')"
    if way == "1,234.5":
        pattern = r"^[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?$"
        plain = f"replace({bare}, ',', '')"
    else:
        pattern = r"^[-+]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?$"
        plain = f"replace(replace({bare}, '.', ''), ',', '.')"
    return f"CASE WHEN regexp_matches({bare}, '{pattern}') THEN try_cast({plain} AS DOUBLE) END"


def looks_grouped(text: str) -> bool:
    """Say whether a text may be a number that a plain cast does not read."""
    return text.lstrip("-+£$€ ")[:1].isdigit() and all(c in "0123456789.,-+£$€% " for c in text)


def in_years(time: str) -> str:
    """Write a time unless its year is none that a person writes."""
    return f"CASE WHEN year({time}) BETWEEN 1000 AND 9999 THEN {time} END"


def compact_date(number: str) -> str:
    """Write a date out of a number such as 20110103."""
    date = f"try_strptime(CAST(try_cast({number} AS BIGINT) AS VARCHAR), '%Y%m%d')"
    return f"CASE WHEN {number} BETWEEN 10000101 AND 99991231 THEN {date} END"


def since_1970(connection: Connection, table: str, number: str) -> tuple[str, str] | None:
    """Tell which unit since 1970 makes the median of a column a date from 1973 on.

    Returns
    -------
    tuple of str or None
        The instant as SQL, and the unit in words.
    """
    median = connection.rows(f"SELECT quantile_disc({number}, 0.5) FROM {quoted(table)}")[0][0]
    if median is None or median < 1e8:
        return None
    for limit, micros, name in EPOCHS:
        if median < limit:
            return f"make_timestamptz(CAST(round({number} * {micros}) AS BIGINT))", name
    return None
