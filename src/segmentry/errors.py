"""The error tree: every failure that a user can meet, and how to mend it.

What lives here: the tree below, one code per class of failure, and the four parts of a message
(where, what, what would be right, what to try). What does not: deciding the exit status (``cli``)
or the look of a message on a page (``render``). Every code has a page in ``cli/errors/``, shown
by ``segmentry help-error CODE``.

::

    SegmentryError
    ├─ ProjectFileError  E1001 unknown key       E1002 bad value       E1003 not readable as YAML
    │                    E1004 missing column    E1005 bad expression  E1006 unknown version
    │                    E1007 no project file   E1008 several problems at once
    │                    E1009 not on this engine  E1010 bad formula
    │                    E1011 bad code of a feature
    ├─ UsageError        E1101 wrong usage of a command or function
    ├─ DataError         E2001 missing file      E2002 unreadable file    E2003 no rows
    │                    E2004 too many bad rows E2005 duplicate entity   E2006 too few entities
    │                    E2007 nothing to find   E2008 empty window       E2009 no entity
    │                    E2020 rows do not fit the lake
    ├─ EngineError       E3001 statement failed  E3002 unknown engine     E3003 number too large
    │                    E3004 cannot connect    E3005 no such table      E3006 permission denied
    │                    E3007 missing package
    ├─ FitError          E4002 degenerate matrix   E4003 nothing found
    ├─ StoreError        E5001 cannot write      E5002 not a run          E5003 damaged run
    │                    E5010 not a lake        E5011 lake in use        E5012 damaged lake
    │                    E5020 damaged state     E5021 state in use       E5022 later state
    │                    E5030 not printed       E5040 no health score
    │                    E5120 snapshots of another run  E5121 too few snapshots
    ├─ NamerError        E5060 no endpoint or model  E5061 address not allowed
    │                    E5062 not reached        E5063 key refused       E5064 too many requests
    │                    E5065 answer not understood  E5066 request refused
    │                    E5067 suggestion refused  E5068 nothing to send
    ├─ WeightError       E5070 bad weight        E5071 method takes no weights
    ├─ ReleaseError      E5110 no such release   E5111 approval missing   E5112 in use already
    │                    E5113 nothing before it  E5114 not registered    E5115 papers gone
    │                    E5116 role not asked for
    ├─ AssignmentError   E6001 schema moved      E6002 format version     E6003 other code
    │                    E6004 not as SQL
    └─ MathsError        E7001 contract of an array function not met (also a ValueError)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a project file something stands."""

    file: str
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        key = f" [{self.key}]" if self.key else ""
        return f"{self.file}{line}{key}"


class SegmentryError(Exception):
    """Any failure of the house: facts first, sentence second.

    Parameters
    ----------
    what : str
        One plain sentence with the offending value.
    code : str
        The stable code, for example ``"E2001"``.
    where : str or Place or None
        File, column, row or key.
    hint : str or None
        What would be right, or what to try.
    """

    exit_status = 1
    codes: ClassVar[dict[str, str]] = {}

    def __init__(
        self, what: str, *, code: str, where: str | Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.code = code
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        hint = f"\n  try: {self.hint}" if self.hint else ""
        return f"{where}{self.what} ({self.code}){hint}"

    def as_dict(self) -> dict[str, Any]:
        """Give the facts for machines (``--json``)."""
        place = self.where if isinstance(self.where, Place) else None
        return {
            "code": self.code,
            "what": self.what,
            "where": str(self.where) if self.where else None,
            "line": place.line if place else None,
            "key": place.key if place else None,
            "hint": self.hint,
        }


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6) or [
        n for n in names if n.lower() == name.lower()
    ]
    if near:
        return f"did you mean {near[0]!r}?"
    shown = ", ".join(repr(n) for n in names[:12])
    return f"known: {shown}{' and more' if len(names) > 12 else ''}"


class ProjectFileError(SegmentryError):
    """The project file asks for something that cannot be."""

    exit_status = 2
    codes: ClassVar[dict[str, str]] = {
        "E1001": "unknown key",
        "E1002": "bad value",
        "E1003": "not readable as YAML",
        "E1004": "missing column",
        "E1005": "bad expression",
        "E1006": "unknown version",
        "E1007": "no project file",
        "E1008": "several problems at once",
        "E1009": "not on this engine",
        "E1010": "bad formula",
        "E1011": "bad code of a feature",
    }

    def __init__(
        self,
        what: str,
        *,
        code: str,
        where: str | Place | None = None,
        hint: str | None = None,
        key: str | None = None,
        problems: tuple[ProjectFileError, ...] = (),
    ) -> None:
        super().__init__(what, code=code, where=where, hint=hint)
        self.key = key
        self.problems = problems

    def __str__(self) -> str:
        if self.problems:
            return "\n".join(str(problem) for problem in self.problems)
        return super().__str__()

    def as_dict(self) -> dict[str, Any]:
        """Give the facts; where there are several problems, each with its own place."""
        facts = super().as_dict()
        if self.problems:
            facts["problems"] = [problem.as_dict() for problem in self.problems]
        return facts

    @classmethod
    def missing_column(cls, column: str, known: Iterable[str], *, source: str, key: str) -> Self:
        """Refuse a column that the source lacks; the file's reader adds the line from the key."""
        return cls(
            f"source {source!r} has no column {column!r}",
            code="E1004",
            key=key,
            hint=nearest(column, known),
        )

    @classmethod
    def all_of(cls, problems: Iterable[ProjectFileError]) -> ProjectFileError:
        """Report every problem at once; a single one stays as it is."""
        found = tuple(problems)
        if len(found) == 1:
            return found[0]
        return cls(f"{len(found)} problems", code="E1008", problems=found)


class UsageError(SegmentryError):
    """A command or function was called in a way that cannot work."""

    exit_status = 2
    codes: ClassVar[dict[str, str]] = {"E1101": "wrong usage of a command or function"}

    def __init__(
        self, what: str, *, where: str | Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(what, code="E1101", where=where, hint=hint)


class DataError(SegmentryError):
    """The data cannot carry what was asked of it."""

    codes: ClassVar[dict[str, str]] = {
        "E2001": "missing file",
        "E2002": "unreadable file",
        "E2003": "no rows",
        "E2004": "too many bad rows",
        "E2005": "duplicate entity",
        "E2006": "too few entities",
        "E2007": "nothing to find",
        "E2008": "empty window",
        "E2009": "no entity",
        "E2020": "rows do not fit the lake",
    }


class EngineError(SegmentryError):
    """An engine could not carry out a statement; the SQL is attached."""

    codes: ClassVar[dict[str, str]] = {
        "E3001": "statement failed",
        "E3002": "unknown engine",
        "E3003": "number too large",
        "E3004": "cannot connect",
        "E3005": "no such table",
        "E3006": "permission denied",
        "E3007": "missing package",
    }

    def __init__(
        self,
        what: str,
        *,
        code: str,
        where: str | Place | None = None,
        hint: str | None = None,
        sql: str | None = None,
    ) -> None:
        super().__init__(what, code=code, where=where, hint=hint)
        self.sql = sql


class FitError(SegmentryError):
    """No segmentation could be fitted."""

    codes: ClassVar[dict[str, str]] = {"E4002": "degenerate matrix", "E4003": "nothing found"}


class StoreError(SegmentryError):
    """Something could not be written, or what was read is not whole."""

    codes: ClassVar[dict[str, str]] = {
        "E5001": "cannot write",
        "E5002": "not a run",
        "E5003": "damaged run",
        "E5010": "not a lake",
        "E5011": "lake in use",
        "E5012": "damaged lake",
        "E5020": "damaged state",
        "E5021": "state in use",
        "E5022": "later state",
        "E5030": "not printed",
        "E5040": "no health score",
        "E5120": "snapshots of another run",
        "E5121": "too few snapshots",
    }


class NamerError(SegmentryError):
    """No name could be had from the endpoint that was asked, or none that the rules let pass."""

    codes: ClassVar[dict[str, str]] = {
        "E5060": "no endpoint or model",
        "E5061": "address not allowed",
        "E5062": "not reached",
        "E5063": "key refused",
        "E5064": "too many requests",
        "E5065": "answer not understood",
        "E5066": "request refused",
        "E5067": "suggestion refused",
        "E5068": "nothing to send",
    }


class WeightError(SegmentryError):
    """Entities cannot count by the weights that were given."""

    codes: ClassVar[dict[str, str]] = {
        "E5070": "bad weight",
        "E5071": "method takes no weights",
    }


class ReleaseError(SegmentryError):
    """A release of a project is not there, or may not be put in use."""

    codes: ClassVar[dict[str, str]] = {
        "E5110": "no such release",
        "E5111": "approval missing",
        "E5112": "in use already",
        "E5113": "nothing before it",
        "E5114": "not registered",
        "E5115": "papers gone",
        "E5116": "role not asked for",
    }


class AssignmentError(SegmentryError):
    """A release cannot score what it was given."""

    codes: ClassVar[dict[str, str]] = {
        "E6001": "schema moved",
        "E6002": "format version",
        "E6003": "other code",
        "E6004": "not as SQL",
    }


class MathsError(SegmentryError, ValueError):
    """The contract of an array function was not met."""

    codes: ClassVar[dict[str, str]] = {"E7001": "contract of an array function not met"}

    def __init__(self, what: str) -> None:
        super().__init__(what, code="E7001")
