"""The methods of a run by which people own its segments.

What lives here: their signatures and words. What does not: what they do (``owned``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Self

from segmentry.domain.owned import Deed, Entry
from segmentry.pipeline.owned import change, forget, history, settled_home
from segmentry.pipeline.undoing import undo

if TYPE_CHECKING:
    from segmentry.pipeline.byhand import Asked


class OwnedSegments(ABC):
    """What can be said of the segments of a run; each method gives the run as it is shown then.

    The run's files stay as they were written: what is said is kept in the project's state, and
    follows the segment into later runs. A run that lies elsewhere than in its project's ``runs``
    needs ``project_folder``.
    """

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Say where the run lies."""

    @classmethod
    @abstractmethod
    def opened(cls, folder: Path, project_folder: Path | None = None) -> Self:
        """Open a run folder under the present names."""

    def rename(self, segment: int | str, name: str, *, project_folder: Path | None = None) -> Self:
        """Call a segment, told by its id or name, by another name.

        Raises
        ------
        UsageError
            If there is no such segment, it is locked, or the name is taken or none.
        """
        return self._changed(segment, Deed.RENAME, name, project_folder)

    def lock(self, segment: int | str, *, project_folder: Path | None = None) -> Self:
        """Keep a segment's name, in later runs too, and refuse to merge or split it."""
        return self._changed(segment, Deed.LOCK, "", project_folder)

    def unlock(self, segment: int | str, *, project_folder: Path | None = None) -> Self:
        """Take a lock away."""
        return self._changed(segment, Deed.UNLOCK, "", project_folder)

    def own(self, segment: int | str, owner: str, *, project_folder: Path | None = None) -> Self:
        """Say who answers for a segment; an empty text says nobody does."""
        return self._changed(segment, Deed.OWN, owner, project_folder)

    def note(self, segment: int | str, text: str, *, project_folder: Path | None = None) -> Self:
        """Keep a note with a segment; an empty text takes it away."""
        return self._changed(segment, Deed.NOTE, text, project_folder)

    def forget(self, segment: str, *, project_folder: Path | None = None) -> Self:
        """Say nothing any more of a segment that people own, told by the name that they gave it."""
        forget(settled_home(self.folder, project_folder), segment)
        return type(self).opened(self.folder, project_folder)

    def merge(
        self,
        one: int | str,
        other: int | str,
        *,
        name: str | None = None,
        project_folder: Path | None = None,
    ) -> Self:
        """Make of two segments one, in a new run, which is given; this one stays as it is.

        Its evidence says what it cost: ``documents["evidence"]["reshaped"]``.

        Raises
        ------
        UsageError
            If they are one, one is locked, they are all that there are, or the name is taken.
        """
        from segmentry.pipeline.byhand import Asked

        return self._reshaped(Asked(Deed.MERGE, (one, other), name=name), project_folder)

    def split(
        self, segment: int | str, *, into: int = 2, project_folder: Path | None = None
    ) -> Self:
        """Make of a segment several, in a new run, which is given; this one stays as it is.

        Raises
        ------
        UsageError
            If it is locked.
        DataError
            E2006 if it has too few entities for so many parts.
        """
        from segmentry.pipeline.byhand import Asked

        return self._reshaped(Asked(Deed.SPLIT, (segment,), into), project_folder)

    def undo(self, entry: int | None = None, *, project_folder: Path | None = None) -> Self:
        """Take back the last change to segments of the project, or that of a number.

        A merge or a split is taken back by letting the run before be the latest again.
        """
        undo(settled_home(self.folder, project_folder), number=entry)
        return type(self).opened(self.folder, project_folder)

    def history(self, *, project_folder: Path | None = None) -> tuple[Entry, ...]:
        """Give what was done to the segments of the project, the first entry first."""
        return history(settled_home(self.folder, project_folder))

    def _reshaped(self, asked: Asked, project_folder: Path | None) -> Self:
        from segmentry.pipeline.byhand import by_hand

        done = by_hand(self.folder, asked, base=project_folder).folder
        return type(self).opened(done or self.folder, project_folder)

    def _changed(
        self, segment: int | str, deed: Deed, text: str, project_folder: Path | None
    ) -> Self:
        change(self.folder, segment, deed, text, base=project_folder)
        return type(self).opened(self.folder, project_folder)
