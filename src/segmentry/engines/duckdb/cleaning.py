"""Texts without blanks around them and without words for *missing*; counting over many columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted

WORDS = ("na", "n/a", "null", "nan")
"""Texts, in any case, that stand for a value that is not there; a blank one does too."""

BLANKS = " \t\r\n\u00a0"
"""Signs that mean nothing at the ends of a text."""

BATCH = 50
"""Columns asked about in one statement: planning time grows faster than their number."""


def spellings() -> tuple[str, ...]:
    """Give the words for *missing* as files spell them, for readers that know no patterns."""
    return ("", *(spelled for w in WORDS for spelled in (w, w.upper(), w.capitalize())), "NaN")


def cleaned(column: str) -> str:
    """Write a text without blanks around it, NULL where it stands for nothing."""
    trimmed = f"trim({column}, {literal(BLANKS)})"
    # One pattern, since a list of words would make a join of its own for each column.
    pattern = f"({'|'.join(WORDS)})?"
    missing = f"regexp_full_match({trimmed}, {literal(pattern)}, 'i')"
    clean = f"CASE WHEN NOT {missing} THEN {trimmed} END"
    return f"CASE WHEN {suspect(column)} THEN {clean} ELSE {column} END"


def suspect(column: str) -> str:
    """Write whether a text may need cleaning, which is five times as quick as cleaning it."""
    words = " OR ".join(f"lower({column}) = {literal(w)}" for w in ("", *WORDS))
    ends = " OR ".join(f"ends_with({column}, {literal(b)})" for b in BLANKS)
    starts = f"ascii({column}) <= 32 OR ascii({column}) = 160"
    return f"(strlen({column}) < 5 AND ({words})) OR {starts} OR {ends}"


def clean(connection: Connection, table: str, names: Sequence[str]) -> None:
    """Clean the text columns that need it, in place."""
    counts = counted(connection, table, {n: quoted(n) for n in names}, [suspect("value")])
    dirty = [name for name, (n_suspect,) in counts.items() if n_suspect]
    for start in range(0, len(dirty), BATCH):
        some = dirty[start : start + BATCH]
        values = ", ".join(f"{quoted(n)} = {cleaned(quoted(n))}" for n in some)
        either = " OR ".join(suspect(quoted(n)) for n in some)
        connection.run(f"UPDATE {quoted(table)} SET {values} WHERE {either}")


def counted(
    connection: Connection, table: str, values: Mapping[str, str], conditions: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """Count, for each of many text columns, the rows that meet each condition on ``value``.

    Columns are turned into rows where they are many: a statement with thousands of aggregates
    takes minutes to plan.
    """
    if not values:
        return {}
    if len(values) <= BATCH:
        return _across(connection, table, values, conditions)
    names = list(values)
    listed = ", ".join(f"{sql} AS {quoted(str(i))}" for i, sql in enumerate(values.values()))
    counts = ", ".join(f"count(*) FILTER ({c})" for c in conditions)
    rows = connection.rows(
        f"SELECT CAST(name AS INTEGER), {counts} FROM (UNPIVOT "
        f"(SELECT {listed} FROM {quoted(table)}) ON COLUMNS(*) INTO NAME name VALUE value) "
        "GROUP BY name"
    )
    found = {names[row[0]]: tuple(row[1:]) for row in rows}
    # A column without any value gives no row.
    return {n: found.get(n, (0,) * len(conditions)) for n in names}


def _across(
    connection: Connection, table: str, values: Mapping[str, str], conditions: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    width = len(conditions)
    inner = ", ".join(f"{sql} AS {quoted(str(i))}" for i, sql in enumerate(values.values()))
    counts = ", ".join(
        f"count(*) FILTER ({_of_value(c, i)})" for i in range(len(values)) for c in conditions
    )
    row = connection.rows(f"SELECT {counts} FROM (SELECT {inner} FROM {quoted(table)})")[0]
    return {n: tuple(row[width * i : width * (i + 1)]) for i, n in enumerate(values)}


def _of_value(condition: str, position: int) -> str:
    return re.sub(r"\bvalue\b", quoted(str(position)), condition)
