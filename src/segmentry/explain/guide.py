"""How a kind of play is run: who owns it, how often, through what, and what it must not do.

What lives here: guides as packs write them, and how one is laid over another. What does not: the
choice of a play (``playbook.py``) and the figures that its lines cite (``lines.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from segmentry.errors import UsageError, nearest

ENTERS, LEAVES = "enters", "leaves"
"""A play starts where an entity comes to be like the segment, or where a member ceases to be."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What a play needs beside its action; an empty field is left to the guide beneath."""

    owner: str = ""
    goal: str = ""
    actions: tuple[str, ...] = ()
    """Further actions, after the play's own."""
    cadence: str = ""
    channel: str = ""
    message: str = ""
    offer: str = ""
    guardrails: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    """Concepts of which the first that was measured is the metric to watch."""
    starts: str = ""

    def over(self, lower: Guide) -> Guide:
        """Lay this guide over another, whose fields show where this one is silent."""
        return Guide(
            **{f.name: getattr(self, f.name) or getattr(lower, f.name) for f in fields(Guide)}
        )


GUIDE_KEYS = frozenset(f.name for f in fields(Guide))
LISTS = frozenset({"actions", "guardrails", "watch"})


def guide_of(data: Mapping[str, Any], where: str) -> Guide:
    """Read a guide from a pack's data.

    Raises
    ------
    UsageError
        If a key is unknown, or ``starts`` is none of the ways in which a play starts.
    """
    only(data, GUIDE_KEYS, where)
    given = {k: tuple(map(str, v)) if k in LISTS else str(v) for k, v in data.items()}
    if given.get("starts", ENTERS) not in {ENTERS, LEAVES}:
        msg = f"a play starts where an entity {ENTERS} or {LEAVES}, not {given['starts']!r}"
        raise UsageError(msg, where=where, hint=f"starts: {ENTERS}")
    return Guide(**given)  # type: ignore[arg-type]


def only(data: Mapping[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    """Refuse keys that the schema does not have.

    Raises
    ------
    UsageError
        With the nearest key that there is.
    """
    for key in data:
        if key not in known:
            msg = f"unknown key {key!r}"
            raise UsageError(msg, where=where, hint=nearest(str(key), known))
