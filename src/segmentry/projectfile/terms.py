"""What a value of the project file may be: constraints that judge a value and print themselves.

What lives here: one small class per kind of value (text, word, number, duration, time zone, list,
mapping, record). What does not: which keys there are (``schema``) and where they stand in the file
(``load``). A term never raises: it adds what is wrong to ``Problems`` and gives ``BAD``, so that a
reader sees every problem at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

from segmentry.domain.window import MOST_DAYS
from segmentry.errors import ProjectFileError, nearest

BAD: Final = object()
"""Stands for a value that was refused, also inside what a list, mapping or record gives."""

REQUIRED: Final = object()
"""The default of a key that has none."""

DAYS_IN = {"d": 1.0, "w": 7.0, "y": 365.0}
"""Days in each unit of a duration. Months are refused: they differ in length."""

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


@dataclass
class Problems:
    """Collects what is wrong, each with the path of its key."""

    found: list[ProjectFileError] = field(default_factory=list)

    def add(self, what: str, *, at: str, hint: str | None = None, code: str = "E1002") -> Any:
        """Keep a problem, and give ``BAD``."""
        self.found.append(ProjectFileError(what, code=code, where=at, hint=hint, key=at))
        return BAD

    def refuse(self, value: object, term: Term, *, at: str, hint: str | None = None) -> Any:
        """Keep the problem that a value is not what its term asks for, and give ``BAD``."""
        what = f"this must be {term.describe()}, and is {shown(value)}"
        return self.add(what, at=at, hint=hint)


class Term(Protocol):
    """What a value may be."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Give the value as the house uses it, or ``BAD`` after adding to ``problems``."""

    def describe(self) -> str:
        """Say in words what the value may be."""


def shown(value: object) -> str:
    """Show an offending value on one line, cut where it is long."""
    if value is None:
        return "empty"
    text = repr(dict(value)) if isinstance(value, Mapping) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def join(at: str, name: str) -> str:
    """Give the path of a key inside another."""
    return f"{at}.{name}" if at else name


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is not blank, unless blank is allowed."""

    what: str = "text"
    may_be_blank: bool = False

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a string."""
        if isinstance(value, str) and (self.may_be_blank or value.strip()):
            return value
        if isinstance(value, bool | int | float | date):
            return problems.refuse(value, self, at=at, hint=f"put it in quotes: '{value}'")
        return problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say what it is."""
        return self.what


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept one of the words."""
        if isinstance(value, str) and value in self.words:
            return str(value)
        hint = nearest(value, map(str, self.words)) if isinstance(value, str) else None
        return problems.refuse(value, self, at=at, hint=hint)

    def describe(self) -> str:
        """List the words."""
        return " or ".join(repr(str(w)) for w in self.words)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number inside bounds."""

    low: int
    high: int | None = None

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept an integer inside the bounds; ``True`` is no number."""
        if isinstance(value, int) and not isinstance(value, bool) and self._fits(value):
            return value
        return problems.refuse(value, self, at=at)

    def _fits(self, value: int) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    def describe(self) -> str:
        """Say the bounds."""
        end = " or more" if self.high is None else f" to {self.high}"
        return f"a whole number, {self.low}{end}"


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number above a bound and up to another."""

    above: float
    most: float

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a number inside the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return problems.refuse(value, self, at=at)
        if not (math.isfinite(value) and self.above < value <= self.most):
            return problems.refuse(value, self, at=at)
        return float(value)

    def describe(self) -> str:
        """Say the bounds."""
        return f"a number above {self.above:g}, at most {self.most:g}"


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept ``true`` or ``false``."""
        return value if isinstance(value, bool) else problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say both."""
        return "true or false"


@dataclass(frozen=True, slots=True)
class SwitchOr:
    """Yes or no, or a number: yes is 1, no is 0."""

    term: Whole

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept ``true`` or ``false``, or read the number."""
        if isinstance(value, bool):
            return int(value)
        return self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"true, false or {self.term.describe()}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time with a unit, in days; ``all`` (None) where that is allowed."""

    may_be_all: bool = False

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept "30d", "12w" or "1y"."""
        if self.may_be_all and value == "all":
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return problems.refuse(value, self, at=at, hint=f"add the unit: {value}d")
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return problems.refuse(value, self, at=at)
        return self._days(match, value, at, problems)

    def _days(self, match: re.Match[str], value: object, at: str, problems: Problems) -> Any:
        unit = match[2].lower()
        if unit not in DAYS_IN:
            months = f"write days, such as {float(match[1]) * 30:g}d; months differ in length"
            hint = months if unit in {"m", "mo", "month", "months"} else None
            return problems.refuse(value, self, at=at, hint=hint)
        days = float(match[1]) * DAYS_IN[unit]
        return days if 0 < days <= MOST_DAYS else problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say the units."""
        everything = "'all', or " if self.may_be_all else ""
        return (
            f"{everything}a length of time up to 100 years in days, weeks or years of 365 days,"
            " such as 30d, 12w or 1y"
        )


@dataclass(frozen=True, slots=True)
class DurationOrAuto:
    """The word ``auto``, or a length of time with a unit, in days."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept ``auto``, "30d", "12w" or "1y"."""
        return value if value == "auto" else Duration().read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"'auto' or {Duration().describe()}"


def duration(days: float | None) -> str:
    """Write days the way ``Duration`` reads them, without loss."""
    return "all" if days is None else f"{Decimal(repr(days)).normalize():f}d"


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of a time zone."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a name that the time zone database knows."""
        from zoneinfo import ZoneInfo, available_timezones

        try:
            # UTC needs no time zone database, which a slim machine may lack.
            if value == "UTC" or (isinstance(value, str) and ZoneInfo(value)):
                return value
        except (ValueError, OSError, KeyError):
            # A folder, an absolute path or an unknown name: all of them are refused below.
            return problems.refuse(
                value, self, at=at, hint=nearest(str(value), available_timezones())
            )
        return problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say what it is."""
        return "the name of a time zone, such as UTC or Europe/Berlin"


@dataclass(frozen=True, slots=True)
class TypeName:
    """The type that a column's texts are read by: a word, or the format of a date."""

    words: tuple[str, ...]

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept one of the words, or a format with a year in it."""
        if isinstance(value, str) and (value in self.words or "%y" in value.lower()):
            return value
        hint = nearest(value, self.words) if isinstance(value, str) else None
        return problems.refuse(value, self, at=at, hint=hint)

    def describe(self) -> str:
        """List the words, and show a format."""
        return f"{', '.join(self.words)}, or the format of a date, such as '%d/%m/%Y'"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    term: Term
    what: str
    may_be_empty: bool = True

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Read each item."""
        if not isinstance(value, list | tuple):
            return problems.refuse(value, self, at=at, hint="write one item per line after '- '")
        if not value and not self.may_be_empty:
            return problems.refuse(value, self, at=at, hint="add at least one")
        return tuple(self.term.read(v, f"{at}[{i}]", problems) for i, v in enumerate(value))

    def describe(self) -> str:
        """Say what it lists."""
        return f"a list of {self.what}"


@dataclass(frozen=True, slots=True)
class AutoOr:
    """The word ``auto``, or something of one's own."""

    term: Term

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept ``auto``, or read the term."""
        if isinstance(value, str):
            return value if value == "auto" else problems.refuse(value, self, at=at)
        return self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"'auto' or {self.term.describe()}"


@dataclass(frozen=True, slots=True)
class AllOr:
    """The word ``all``, or something of one's own."""

    term: Term

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept ``all``, or read the term."""
        return value if value == "all" else self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"'all' or {self.term.describe()}"


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """One value, or a list of values of its kind; always read as a tuple."""

    term: Term
    what: str

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Read a single value as a list of one."""
        if isinstance(value, list | tuple):
            return ListOf(self.term, self.what, may_be_empty=False).read(value, at, problems)
        return (self.term.read(value, at, problems),)

    def describe(self) -> str:
        """Say both."""
        return f"{self.term.describe()}, or a list of {self.what}"


@dataclass(frozen=True, slots=True)
class Maybe:
    """A record that may be left out as a whole: then there is nothing of its kind."""

    term: Record

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Read the record."""
        return self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say what the record is."""
        return self.term.describe()


@dataclass(frozen=True, slots=True)
class WordOr:
    """One of a few words, or something else."""

    words: tuple[str, ...]
    term: Term

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept one of the words, or read the term."""
        if isinstance(value, str):
            return Word(self.words).read(value, at, problems)
        return self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"{Word(self.words).describe()}, or {self.term.describe()}"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names to values of one kind; ``names`` limits the names."""

    term: Term
    what: str
    names: tuple[str, ...] = ()

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Read each value, and refuse names that are not known."""
        if not isinstance(value, Mapping):
            return problems.refuse(value, self, at=at)
        return {str(k): self._item(str(k), v, at, problems) for k, v in value.items()}

    def _item(self, name: str, value: object, at: str, problems: Problems) -> Any:
        path = join(at, name)
        if self.names and name not in self.names:
            return problems.add(
                f"unknown key {name!r}", at=path, hint=nearest(name, self.names), code="E1001"
            )
        return self.term.read(value, path, problems)

    def describe(self) -> str:
        """Say what it maps."""
        return f"a mapping of {self.what}"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it may be, what it is when left out, and what it means."""

    name: str
    term: Term
    help: str
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. ``elsewhere`` says why a key that one may expect is refused."""

    what: str
    keys: tuple[Key, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Read every key, fill in defaults, refuse unknown keys."""
        if not isinstance(value, Mapping):
            return problems.refuse(value, self, at=at)
        names = {k.name for k in self.keys}
        for name in value:
            if name not in names:
                self._unknown(str(name), at, problems)
        return {k.name: self._key(k, value.get(k.name), at, problems) for k in self.keys}

    def _unknown(self, name: str, at: str, problems: Problems) -> None:
        path, names = join(at, name), [k.name for k in self.keys]
        hint = self.elsewhere.get(name) or nearest(name, names)
        problems.add(f"unknown key {name!r}", at=path, hint=hint, code="E1001")

    def _key(self, key: Key, value: object, at: str, problems: Problems) -> Any:
        path = join(at, key.name)
        if value is not None:
            return key.term.read(value, path, problems)
        if key.default is REQUIRED:
            # An empty value stands for a key that was left out.
            return problems.add(
                f"{key.name!r} is missing", at=path, hint=f"it must be {key.term.describe()}"
            )
        return key.term.read({}, path, problems) if isinstance(key.term, Record) else key.default

    def describe(self) -> str:
        """Say what it is, with its keys."""
        return f"{self.what} with the keys {', '.join(k.name for k in self.keys)}"
