"""What people say of a segment, and the history of what they said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from segmentry.domain.percent import percent

PEOPLE = "people"
"""Who named a segment, where a person made the name."""

Facts = Mapping[str, str | bool | int | float | None]
"""Facts of a segment by name, as history keeps them."""


class Deed(StrEnum):
    """What was done to a segment."""

    RENAME = "rename"
    LOCK = "lock"
    UNLOCK = "unlock"
    OWN = "own"
    NOTE = "note"
    FORGET = "forget"
    MERGE = "merge"
    SPLIT = "split"
    CARRY = "carry"
    """A later run found the segment again."""
    ACCEPT = "accept"
    """A name that a model suggested was taken by a person."""
    UNDO = "undo"

    @property
    def noun(self) -> str:
        """Say it as a thing."""
        words = {
            Deed.RENAME: "new name", Deed.UNLOCK: "unlocking", Deed.OWN: "owner",
            Deed.ACCEPT: "accepted name",
        }  # fmt: skip
        return words.get(self, str(self))


@dataclass(frozen=True, slots=True)
class Owned:
    """A segment that people have said something of: the same one in every run that finds it.

    ``key`` is its number in the state. ``name`` is None where the rule's name stands; ``overlap``
    is how much of it was found again in the run at hand, 1 where it was said of that very run.
    ``suggested_by`` is the model whose suggestion the name is, None where people made it.
    """

    key: int
    name: str | None = None
    is_locked: bool = False
    owner: str | None = None
    note: str | None = None
    overlap: float = 1.0
    suggested_by: str | None = None

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing is said of it any more."""
        return not (self.name or self.is_locked or self.owner or self.note)

    @property
    def why(self) -> str:
        """Say where the name comes from.

        Examples
        --------
        >>> Owned(1, "VIPs").why
        'named by people'
        >>> from segmentry.domain.percent import NARROW_SPACE
        >>> Owned(1, "VIPs", overlap=0.8).why.replace(NARROW_SPACE, " ")
        'named by people; the segment was found again with an overlap of 80 %'
        >>> Owned(1, "VIPs", suggested_by="small").why
        'suggested by small, a model, and accepted by people'
        """
        told = self.named_by
        if told == PEOPLE:
            told = "named by people"
        elif self.suggested_by:
            told = f"{told}, a model, and accepted by people"
        if self.overlap >= 1.0:
            return told
        return f"{told}; the segment was found again with an overlap of {percent(self.overlap)}"

    @property
    def named_by(self) -> str:
        """Say in a word or two who named it: the rule, people, or a model.

        Examples
        --------
        >>> Owned(1).named_by, Owned(1, "VIPs").named_by
        ('rule', 'people')
        >>> Owned(1, "VIPs", suggested_by="small").named_by
        'suggested by small'
        """
        if self.name is None:
            return "rule"
        return f"suggested by {self.suggested_by}" if self.suggested_by else PEOPLE


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history, which only grows.

    ``release`` is the fingerprint of the release that it was said of, ``segment_id`` the segment
    there and ``called`` its name at that time; ``before`` and ``after`` hold the facts that
    changed; ``undoes`` is the number of the entry that this one takes back. What is of a run as a
    whole has no segment.
    """

    number: int
    at: datetime
    who: str
    what: Deed
    release: str
    key: int | None
    segment_id: int | None
    called: str | None
    before: Facts
    after: Facts
    undoes: int | None = None
