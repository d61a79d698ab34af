"""A column once it is known what its values mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """A column read as something.

    ``kind`` is ``number``, ``integer``, ``truth``, ``time`` (wall clock), ``instant`` (with a
    zone) or ``text``.
    """

    sql: str
    kind: str
    n_bad: int = 0
    bad: str = "false"
    """Which rows hold a value that could not be read."""
    note: str = ""
    """What a reader should know of how it was read."""
    doubt: str = ""
    """The code of the warning that the note is, where values could be meant in another way."""
    way: str | None = None
    """The type by which a project file would ask for the same reading, where one needs to be
    remembered: a date format, or how numbers are written."""
