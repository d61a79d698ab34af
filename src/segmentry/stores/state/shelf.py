"""The releases of a project: adding one, which is in use, putting another in its place.

What lives here: statements over the tables, each for one workspace. What does not: opening
(``opening``), matching segments (``releases.identity``), and which promotion is allowed
(``pipeline.releasing``). The champion is one row, changed by compare and set in the transaction
that writes the step: nobody ever sees two, or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from segmentry import clock
from segmentry.domain.lifecycle import Descent, Kinship, Registered, Stage, Step, Stepped
from segmentry.errors import StoreError
from segmentry.stores.state.inside import Inside
from segmentry.stores.state.place import present_user
from segmentry.stores.state.schema import CHAMPIONS, DESCENTS, RELEASES, STEPS


@dataclass(frozen=True, slots=True)
class Champion:
    """The release that is in use, and the fence by which it is replaced."""

    release: str
    fence: int


@dataclass(frozen=True)
class Shelf(Inside):
    """The releases of one workspace inside one transaction."""

    def add(self, release: Registered, descents: Sequence[Kinship] = ()) -> Registered:
        """Register a release; the first of a project is in use at once.

        Parameters
        ----------
        release : Registered
            Its number and stage are given here.
        descents : sequence of Kinship

        Returns
        -------
        Registered
            As it was registered first, where it is known already: equal data and seed make an
            equal release.
        """
        known = self.find(release.fingerprint)
        if known is not None:
            return known
        last = select(func.max(RELEASES.c.number)).where(RELEASES.c.workspace == self.workspace)
        number = int(self.connection.execute(last).scalar() or 0) + 1
        self.connection.execute(
            insert(RELEASES).values(
                workspace=self.workspace,
                number=number,
                fingerprint=release.fingerprint,
                run=release.run,
                made_at=release.made_at,
                as_of=release.as_of,
                n_entities=release.n_entities,
                n_segments=release.n_segments,
                parent=release.parent,
                facts=dict(release.facts),
            )
        )
        rows = [
            {
                "workspace": self.workspace,
                "release": release.fingerprint,
                "segment_id": kin.segment_id,
                "descent": str(kin.descent),
                "from_ids": list(kin.from_ids),
                "overlap": kin.overlap,
            }
            for kin in descents
        ]
        if rows:
            self.connection.execute(insert(DESCENTS), rows)
        if self.champion() is None:
            self._begin(release.fingerprint)
        found = self.find(release.fingerprint)
        assert found is not None  # noqa: S101 - it was added above, in this transaction
        return found

    def releases(self) -> tuple[Registered, ...]:
        """Give all releases, the first one first, each with its stage."""
        champion = self.champion()
        past = self._past()
        found = self._rows(
            select(RELEASES)
            .where(RELEASES.c.workspace == self.workspace)
            .order_by(RELEASES.c.number)
        )
        return tuple(_registered(row, champion, past) for row in found)

    def find(self, fingerprint: str) -> Registered | None:
        """Give the release of a fingerprint; None where it is not known."""
        found = self._rows(
            select(RELEASES).where(
                RELEASES.c.workspace == self.workspace, RELEASES.c.fingerprint == fingerprint
            )
        )
        return _registered(found[0], self.champion(), self._past()) if found else None

    def champion(self) -> Champion | None:
        """Give the release that is in use; None before there is any."""
        found = self._rows(select(CHAMPIONS).where(CHAMPIONS.c.workspace == self.workspace))
        return Champion(found[0]["release"], found[0]["fence"]) if found else None

    def promote(
        self,
        release: str,
        seen: Champion,
        *,
        what: Step = Step.PROMOTE,
        role: str | None = None,
        reason: str | None = None,
    ) -> Stepped:
        """Put a release in the place of the champion that was seen.

        Parameters
        ----------
        release : str
            Fingerprint.
        seen : Champion
            What was in use when it was decided.
        what : Step
        role, reason : str or None
            What is said of it.

        Returns
        -------
        Stepped

        Raises
        ------
        StoreError
            E5021 if another one was put in use meanwhile.
        """
        changed = self.connection.execute(
            update(CHAMPIONS)
            .where(
                CHAMPIONS.c.workspace == self.workspace,
                CHAMPIONS.c.release == seen.release,
                CHAMPIONS.c.fence == seen.fence,
            )
            .values(release=release, fence=seen.fence + 1)
        )
        if changed.rowcount != 1:
            raise StoreError(
                "another release was put in use at the same time",
                code="E5021",
                hint="`segmentry releases list` tells which; nothing was changed",
            )
        return self.stepped(what, release, before=seen.release, role=role, reason=reason)

    def stepped(
        self,
        what: Step,
        release: str,
        *,
        before: str | None = None,
        role: str | None = None,
        reason: str | None = None,
    ) -> Stepped:
        """Add a line to the history of releases."""
        row = {
            "workspace": self.workspace,
            "at": clock.now(),
            "who": present_user(),
            "what": str(what),
            "release": release,
            "before": before,
            "role": role,
            "reason": reason,
        }
        key = self.connection.execute(insert(STEPS).values(**row)).inserted_primary_key
        return _stepped({**row, "number": int(key[0]) if key else 0})

    def steps(self, release: str | None = None) -> tuple[Stepped, ...]:
        """Give what was done to a release, or to all of them, the first step first."""
        asked = select(STEPS).where(STEPS.c.workspace == self.workspace).order_by(STEPS.c.number)
        if release is not None:
            asked = asked.where(STEPS.c.release == release)
        return tuple(_stepped(row) for row in self._rows(asked))

    def descents(self, release: str) -> tuple[Kinship, ...]:
        """Give how the segments of a release descend from those of its parent."""
        found = self._rows(
            select(DESCENTS)
            .where(DESCENTS.c.workspace == self.workspace, DESCENTS.c.release == release)
            .order_by(DESCENTS.c.key)
        )
        return tuple(
            Kinship(
                row["segment_id"], Descent(row["descent"]), tuple(row["from_ids"]), row["overlap"]
            )
            for row in found
        )

    def largest_id(self) -> int:
        """Give the largest id that any segment of any release had; 0 before there is any."""
        asked = select(func.max(DESCENTS.c.segment_id)).where(
            DESCENTS.c.workspace == self.workspace
        )
        return int(self.connection.execute(asked).scalar() or 0)

    def _begin(self, release: str) -> None:
        self.connection.execute(
            insert(CHAMPIONS).values(workspace=self.workspace, release=release, fence=1)
        )
        self.stepped(Step.FIRST, release)

    def _past(self) -> frozenset[str]:
        """Give the releases that were in use at some time."""
        asked = select(STEPS.c.release).where(
            STEPS.c.workspace == self.workspace, STEPS.c.what != str(Step.APPROVE)
        )
        return frozenset(row["release"] for row in self._rows(asked))


def _registered(
    row: Mapping[str, Any], champion: Champion | None, past: frozenset[str]
) -> Registered:
    stage = Stage.RETIRED if row["fingerprint"] in past else Stage.CANDIDATE
    if champion is not None and champion.release == row["fingerprint"]:
        stage = Stage.CHAMPION
    kept = ("number", "fingerprint", "run", "made_at", "as_of", "n_entities", "n_segments",
            "parent", "facts")  # fmt: skip
    return Registered(**{name: row[name] for name in kept}, stage=stage)


def _stepped(row: Mapping[str, Any]) -> Stepped:
    kept = ("number", "at", "who", "release", "before", "role", "reason")
    return Stepped(**{name: row[name] for name in kept}, what=Step(row["what"]))
