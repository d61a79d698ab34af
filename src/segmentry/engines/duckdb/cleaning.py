"""Texts without blanks around them and without words for *missing*; counting over many columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.missing import BLANKS, WORDS

BATCH = 50
"""Columns asked about in one statement: planning time grows faster than their number."""

PROBED_ROWS = 20_000
"""Rows that tell whether a column repeats few values; shorter tables are quick in any way."""

FEW_SHARE = 0.1
"""Distinct values per probed row up to which a column is counted value by value."""


def spellings() -> tuple[str, ...]:
    """Give the words for *missing* as files spell them, for readers that know no patterns."""
    return ("", *(spelled for w in WORDS for spelled in (w, w.upper(), w.capitalize())), "NaN")


def cleaned(column: str) -> str:
    """Write a text without blanks around it, NULL where it stands for nothing."""
    trimmed = f"trim({column}, {literal(BLANKS)})"
    # One pattern, since a list of words would make a join of its own for each column.
    pattern = f"({'|'.join(re.escape(w) for w in WORDS)})?"
    missing = f"regexp_full_match({trimmed}, {literal(pattern)}, 'i')"
    clean = f"CASE WHEN NOT {missing} THEN {trimmed} END"
    return f"CASE WHEN {suspect(column)} THEN {clean} ELSE {column} END"


def suspect(column: str) -> str:
    """Write whether a text may need cleaning, which is five times as quick as cleaning it."""
    words = " OR ".join(f"lower({column}) = {literal(w)}" for w in ("", *WORDS))
    ends = " OR ".join(f"ends_with({column}, {literal(b)})" for b in BLANKS)
    # Before the first character that is no blank; texts compare byte by byte. Most texts begin
    # like a word, and of those no more is asked.
    other = f"{column} < '!' OR starts_with({column}, chr(160))"
    starts = f"CASE WHEN {column} BETWEEN '!' AND '~' THEN FALSE ELSE {other} END"
    # A case, since both sides of an AND may be worked out for every row.
    blank = f"{starts} OR {ends}"
    return f"CASE WHEN strlen({column}) < 5 THEN {words} OR {blank} ELSE {blank} END"


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
    takes minutes to plan. Of a column that repeats few values, each is looked at once.
    """
    if not values:
        return {}
    if len(values) <= BATCH:
        few = _repeating(connection, table, values)
        found = {n: _by_value(connection, table, values[n], conditions) for n in few}
        rest = {n: sql for n, sql in values.items() if n not in few}
        found |= _across(connection, table, rest, conditions) if rest else {}
        return {n: found[n] for n in values}
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


def _repeating(connection: Connection, table: str, values: Mapping[str, str]) -> set[str]:
    """Name the columns of a long table whose first rows share few values."""
    inner = ", ".join(f"{sql} AS {quoted(str(i))}" for i, sql in enumerate(values.values()))
    counts = ", ".join(f"count(DISTINCT {quoted(str(i))})" for i in range(len(values)))
    probed = f"(SELECT {inner} FROM {quoted(table)} LIMIT {PROBED_ROWS})"
    n_rows, *n_distinct = connection.rows(f"SELECT count(*), {counts} FROM {probed}")[0]
    if n_rows < PROBED_ROWS:
        return set()
    return {n for n, k in zip(values, n_distinct, strict=True) if k <= FEW_SHARE * n_rows}


def _by_value(
    connection: Connection, table: str, sql: str, conditions: Sequence[str]
) -> tuple[int, ...]:
    counts = ", ".join(f"coalesce(sum(n) FILTER ({c}), 0)" for c in conditions)
    grouped = f"SELECT {sql} AS value, count(*) AS n FROM {quoted(table)} GROUP BY 1"
    row = connection.rows(f"SELECT {counts} FROM ({grouped})")[0]
    return tuple(int(count) for count in row)


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
