"""What segments are worth after a day, and what they cost: value kept, tickets, messages."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Flows:
    """What came from each entity before and after the judging cut, over a horizon either side.

    Each has shape (n_entities,); None where the data do not tell it. ``before`` and ``after`` are
    amounts of events; ``recurring_before`` and ``recurring_after`` are what was due at the cut and
    at the end, of rows open then; ``tickets``, ``ticket_hours`` and ``messages`` lie after the cut.
    """

    before: NDArray[np.float64] | None = None
    after: NDArray[np.float64] | None = None
    recurring_before: NDArray[np.float64] | None = None
    recurring_after: NDArray[np.float64] | None = None
    tickets: NDArray[np.float64] | None = None
    ticket_hours: NDArray[np.float64] | None = None
    messages: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.int64]) -> Flows:
        """Keep some entities."""
        told = {f.name: getattr(self, f.name) for f in fields(self)}
        return Flows(**{name: None if v is None else v[rows] for name, v in told.items()})


@dataclass(frozen=True, slots=True)
class BusinessFigure:
    """A figure of a segment with its 95 % interval, beside everyone's.

    ``n`` members are behind it. ``unit`` is ``share``, ``money`` or what is counted.
    """

    name: str
    sentence: str
    unit: str
    value: float
    low: float
    high: float
    everyone: float
    n: int


@dataclass(frozen=True, slots=True)
class BusinessOf:
    """The figures of one segment."""

    id: int
    figures: tuple[BusinessFigure, ...]
