"""What is read from the state and written to it: facts of segments, where they appear, history.

What lives here: statements over the tables, each for one workspace. What does not: opening
(``opening``), and which change is allowed (``pipeline.owned``). Every change is a line of the
history in the same transaction: both are stored, or neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Insert, insert, select, update

from segmentry import clock
from segmentry.domain.owned import Deed, Entry, Facts, Owned
from segmentry.stores.state.inside import Inside
from segmentry.stores.state.place import present_user
from segmentry.stores.state.schema import APPEARANCES, HISTORY, SEGMENTS

FACTS = ("name", "is_locked", "owner", "note", "suggested_by")
"""What people say of a segment."""

NOT_UNDONE = (Deed.CARRY, Deed.UNDO)
"""What nobody takes back: a run's own doing, and taking back itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A segment that people own, and the release in which it was last seen."""

    owned: Owned
    release: str
    segment_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """Which segment a line of the history is of, and which line it takes back."""

    key: int | None = None
    segment_id: int | None = None
    called: str | None = None
    undoes: int | None = None


@dataclass(frozen=True)
class Book(Inside):
    """The state of one workspace inside one transaction."""

    def said(self, release: str) -> dict[int, Owned]:
        """Give what people say of the segments of a release, by their ids."""
        found = self._rows(
            select(SEGMENTS, APPEARANCES.c.segment_id, APPEARANCES.c.overlap)
            .join_from(APPEARANCES, SEGMENTS, APPEARANCES.c.key == SEGMENTS.c.key)
            .where(APPEARANCES.c.workspace == self.workspace, APPEARANCES.c.release == release)
            .order_by(APPEARANCES.c.segment_id)
        )
        return {row["segment_id"]: _owned(row) for row in found}

    def known(self) -> tuple[Seen, ...]:
        """Give all segments that people own, each where it was last seen."""
        found = self._rows(
            select(
                SEGMENTS,
                APPEARANCES.c.segment_id,
                APPEARANCES.c.release,
                APPEARANCES.c.overlap,
            )
            .join_from(APPEARANCES, SEGMENTS, APPEARANCES.c.key == SEGMENTS.c.key)
            .where(APPEARANCES.c.workspace == self.workspace)
            .order_by(APPEARANCES.c.at)
        )
        last = {r["key"]: Seen(_owned(r), r["release"], r["segment_id"]) for r in found}
        return tuple(last[key] for key in sorted(last))

    def say(
        self,
        release: str,
        segment_id: int,
        deed: Deed,
        facts: Facts,
        *,
        called: str | None = None,
        undoes: int | None = None,
    ) -> Entry:
        """Change facts of a segment, and write it into the history.

        Parameters
        ----------
        release : str
            Fingerprint of the release that the segment is of.
        segment_id : int
        deed : Deed
        facts : mapping
            New values of some of ``FACTS``.
        called : str or None
            The segment's name before.
        undoes : int or None
            The entry that is taken back.

        Returns
        -------
        Entry
        """
        known = self.said(release).get(segment_id) or self.begin(release, segment_id)
        before = {name: getattr(known, name) for name in facts}
        self.connection.execute(
            update(SEGMENTS)
            .where(SEGMENTS.c.workspace == self.workspace, SEGMENTS.c.key == known.key)
            .values(**facts)
        )
        place = Line(known.key, segment_id, called, undoes)
        return self.wrote(deed, release, before, facts, place)

    def begin(self, release: str, segment_id: int, facts: Mapping[str, str] | None = None) -> Owned:
        """Take up a segment of a release that nobody has said anything of.

        Parameters
        ----------
        release : str
        segment_id : int
        facts : mapping or None
            What is said of it from the beginning, such as by those whose segment it was a part of.

        Returns
        -------
        Owned
        """
        row = {"workspace": self.workspace, "is_locked": False, "made_at": clock.now()}
        said = dict(facts or {})
        key = self._added(insert(SEGMENTS).values(**row, **said))
        owned = Owned(key, said.get("name"), owner=said.get("owner"), note=said.get("note"))
        self.appear(release, {segment_id: owned})
        return owned

    def appear(self, release: str, segments: Mapping[int, Owned]) -> None:
        """Say which segments of a release are ones that people own."""
        at = clock.now()
        for segment_id, owned in segments.items():
            self.connection.execute(
                insert(APPEARANCES).values(
                    workspace=self.workspace,
                    release=release,
                    segment_id=segment_id,
                    key=owned.key,
                    overlap=owned.overlap,
                    at=at,
                )
            )

    def wrote(
        self,
        deed: Deed,
        release: str,
        before: Facts,
        after: Facts,
        line: Line | None = None,
    ) -> Entry:
        """Add a line to the history."""
        row = {
            "workspace": self.workspace,
            "at": clock.now(),
            "who": present_user(),
            "what": str(deed),
            "release": release,
            "before": dict(before),
            "after": dict(after),
            **asdict(line or Line()),
        }
        return _entry({**row, "number": self._added(insert(HISTORY).values(**row))})

    def history(self) -> tuple[Entry, ...]:
        """Give all of the history, the first entry first."""
        found = self._rows(
            select(HISTORY).where(HISTORY.c.workspace == self.workspace).order_by(HISTORY.c.number)
        )
        return tuple(_entry(row) for row in found)

    def last(self, number: int | None = None) -> Entry | None:
        """Give the last entry that can be taken back, or the one of a number; None without one."""
        entries = self.history()
        undone = {e.undoes for e in entries}
        left = (e for e in reversed(entries) if e.number not in undone)
        wanted = (e for e in left if number is None or e.number == number)
        return next((e for e in wanted if e.what not in NOT_UNDONE), None)

    def _added(self, statement: Insert) -> int:
        """Add a row and give its number."""
        key = self.connection.execute(statement).inserted_primary_key
        return int(key[0]) if key else 0


def _owned(row: Mapping[str, Any]) -> Owned:
    facts = {name: row[name] for name in FACTS}
    return Owned(key=row["key"], overlap=row["overlap"], **facts)


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        number=row["number"],
        at=row["at"],
        who=row["who"],
        what=Deed(row["what"]),
        release=row["release"],
        key=row["key"],
        segment_id=row["segment_id"],
        called=row["called"],
        before=row["before"],
        after=row["after"],
        undoes=row["undoes"],
    )
