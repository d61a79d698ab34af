"""Checks of what ties sources together: lookups of keys, tables of changes, accounts of users.

What lives here: checks that need no data. What does not: checks of one source alone (``checks``),
and whether a column exists (the engine knows).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.domain.project import Shape
from segmentry.errors import nearest
from segmentry.projectfile.terms import BAD, Problems

CHANGE_FIELDS = ("entity", "time", "until")
"""Fields that a table of changes may map."""


def check_ties(
    sources: Sequence[Mapping[str, Any]], names: Sequence[str | None], problems: Problems
) -> None:
    """Check each source's lookups and what only its shape allows.

    Parameters
    ----------
    sources : sequence of mapping
        As they were read; a source that was refused is empty.
    names : sequence of str or None
        What each is called.
    problems : Problems
    """
    for i, source in enumerate(sources):
        if source:
            _check_keys(source, f"sources[{i}]", names, names[i], problems)
            _check_shape(source, f"sources[{i}]", problems)
    shapes = [s.get("shape") for s in sources]
    if shapes and all(s == Shape.CHANGES for s in shapes):
        problems.add(
            "a table of changes describes entities that other sources tell",
            at="sources[0].shape",
            hint="add a source of events, or a table with one row per entity",
        )
    uses = [s.get("use") for s in sources if s.get("shape") == Shape.EVENTS]
    if uses and all(use == "outcomes" for use in uses):
        problems.add(
            "every log is used for outcomes alone, so no features can be made",
            at="sources[0].use",
            hint="use: features for the log that tells what entities do",
        )


def _check_keys(
    source: Mapping[str, Any],
    at: str,
    names: Sequence[str | None],
    own: str | None,
    problems: Problems,
) -> None:
    hops = source.get("key", BAD)
    if hops is BAD:
        return
    taken: set[str] = set(source["columns"]) if source.get("columns", BAD) is not BAD else set()
    for j, hop in enumerate(hops):
        if hop is BAD:
            continue
        place = f"{at}.key" if len(hops) == 1 else f"{at}.key[{j}]"
        _check_target(hop, place, names, own, problems)
        for name in hop["take"] if hop["take"] is not BAD else ():
            if name in taken and hop["take"][name] is not BAD:
                problems.add(
                    f"{name!r} is mapped already",
                    at=f"{place}.take.{name}",
                    hint="leave one of them out",
                )
            taken.add(name)
            if source.get("shape") != Shape.EVENTS:
                problems.add("'take' is for events", at=f"{place}.take", hint="leave it out here")


def _check_target(
    hop: Mapping[str, Any],
    place: str,
    names: Sequence[str | None],
    own: str | None,
    problems: Problems,
) -> None:
    name, path = hop["source"], hop["path"]
    if BAD in (name, path):
        return
    if (name is None) == (path is None):
        problems.add(
            "a key is looked up in a source or in a file",
            at=place,
            hint="{source: NAME, from: COLUMN, to: COLUMN}, or path: FILE in place of source",
        )
    elif name is not None and name not in names:
        known = [n for n in names if n is not None and n != own]
        problems.add(f"no source is called {name!r}", at=f"{place}.source",
                     hint=nearest(name, known))  # fmt: skip


def _check_shape(source: Mapping[str, Any], at: str, problems: Problems) -> None:
    shape, columns = source.get("shape", BAD), source.get("columns", BAD)
    if BAD in (shape, columns):
        return
    rules = (
        (
            shape != Shape.CHANGES and source.get("combine") == "sum",
            "combine",
            "'combine: sum' is for a table of changes",
        ),
        (
            shape != Shape.EVENTS and source.get("use") == "outcomes",
            "use",
            "'use: outcomes' is for events",
        ),
        (
            shape != Shape.CHANGES and "until" in columns,
            "columns.until",
            "'until' ends a row of a table of changes",
        ),
    )
    for is_wrong, key, what in rules:
        if is_wrong:
            problems.add(what, at=f"{at}.{key}", hint="leave it out, or change 'shape'")
    if shape == Shape.CHANGES:
        _check_changes(source, columns, at, problems)


def _check_changes(
    source: Mapping[str, Any], columns: Mapping[str, Any], at: str, problems: Problems
) -> None:
    for name in ("entity", "time"):
        if name not in columns:
            problems.add(
                f"a table of changes needs {name!r}: whose state a row is, and since when",
                at=f"{at}.columns.{name}",
                hint=f"columns: {{{name}: COLUMN}}",
            )
    for name in columns:
        if name not in CHANGE_FIELDS:
            problems.add(
                f"a table of changes has no {name!r}: its other columns are attributes",
                at=f"{at}.columns.{name}",
                hint="give columns a role in features.roles, or set shape: events",
            )
    for key in ("event", "deduplicate"):
        if source.get(key) not in {None, BAD}:
            problems.add(
                f"{key!r} is not for a table of changes", at=f"{at}.{key}", hint="leave it out"
            )


def check_accounts(
    read: Mapping[str, Any], names: Sequence[str | None], problems: Problems
) -> None:
    """Check accounts made of users against the sources."""
    accounts, sources = read["accounts"], read["sources"]
    if accounts is None or BAD in (accounts, sources):
        return
    shapes = [s.get("shape") for s in sources if s is not BAD]
    if Shape.EVENTS not in shapes:
        problems.add(
            "accounts are made of what users do, and no source holds events",
            at="accounts",
            hint="leave it out, or add a source of shape events",
        )
    name = accounts["source"]
    if name is not None and name is not BAD and name not in names:
        known = [n for n in names if n is not None]
        problems.add(f"no source is called {name!r}", at="accounts.source",
                     hint=nearest(name, known))  # fmt: skip
