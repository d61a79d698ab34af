"""Rows that are there more than once: equal in every column, or with a key that repeats."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.domain.project import ROW_NUMBER, Shape
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.rows import AT_ONCE
from segmentry.projectfile.sql import quote


def exact_duplicates(look: Look) -> Iterator[Finding]:
    """Find rows that repeat another one in every column.

    Rows are compared by a hash of 64 bits of all their values: among a hundred million rows, two
    different ones share it with a probability below 0.0003.
    """
    if look.source.shape is Shape.TABLE and _keys_repeat(look) == 0:
        return
    count = n_copies(look)
    if not count:
        return
    yield Finding(
        "exact_duplicates",
        "warning" if look.is_events and count > 0.02 * look.n_rows else "info",
        f"{rows_do(count, look.n_rows, 'repeat')} another row in every column"
        + (": a file read twice, or the same thing done twice at once" if look.is_events else ""),
        (),
        count,
        look.n_rows,
        _example(look),
        advice="if they are mistakes, write the source without them (SELECT DISTINCT); a project"
        " file cannot tell a copy from its original"
        if look.is_events
        else "two people may well have the same values; a key would tell",
    )


def duplicate_keys(look: Look) -> Iterator[Finding]:
    """Find entities of a table with several rows, at which a run stops."""
    if look.source.shape is not Shape.TABLE:
        return
    count = _keys_repeat(look)
    if count <= 0:
        return
    name = look.source.columns["entity"]
    alike = n_copies(look) == count
    sure = " and are equal in every column" if alike else ""
    yield Finding(
        "duplicate_keys",
        "error",
        f"{rows_do(count, look.n_rows, 'repeat')} a {name!r}{sure}; a table has one row per entity,"
        " so a run stops there",
        (name,),
        count,
        look.n_rows,
        _repeated(look),
        edit=Edit("deduplicate", "last"),
        # Equal rows differ in nothing that could be lost.
        is_safe=alike,
    )


def n_copies(look: Look) -> int:
    """Count the rows beyond the first of each set of equal ones, exactly."""
    return int(look.rows.ask(f"count(*) - count(DISTINCT {_hash(look.rows.names)})")[0][0])


def _hash(names: tuple[str, ...]) -> str:
    parts = [names[i : i + AT_ONCE] for i in range(0, len(names), AT_ONCE)]
    hashes = [f"hash({', '.join(map(quote, part))})" for part in parts]
    return hashes[0] if len(hashes) == 1 else f"hash({', '.join(hashes)})"


def _example(look: Look) -> tuple[str, ...]:
    """Show the first columns of the row that is there most often."""
    shown = look.rows.names[:4]
    values = ", ".join(f"CAST(min({quote(n)}) AS VARCHAR)" for n in shown)
    found = look.rows.ask(
        f"count(*), {values}",
        f"GROUP BY {_hash(look.rows.names)} HAVING count(*) > 1 ORDER BY ALL DESC LIMIT 1",
    )
    if not found:
        return ()
    n, *cells = found[0]
    return (f"{n} times {', '.join(str(c) for c in cells if c is not None)}",)


def _keys_repeat(look: Look) -> int:
    """Count rows whose key an earlier row has; every row of a table without a key is its own."""
    key = look.source.columns.get("entity", ROW_NUMBER)
    if key == ROW_NUMBER:
        # Without a key only whole rows can repeat.
        return -1
    if look.entity is None:
        return 0
    return int(look.rows.ask(f"count({look.entity}) - count(DISTINCT {look.entity})")[0][0])


def _repeated(look: Look) -> tuple[str, ...]:
    found = look.rows.ask(
        f"CAST({look.entity} AS VARCHAR), count(*)",
        f"WHERE {look.entity} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        " ORDER BY 2 DESC, 1 LIMIT 3",
    )
    return tuple(str(value) for value, _ in found)
