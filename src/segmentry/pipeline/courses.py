"""What entities did in each period after the judging cut, counted where events lie.

What lives here: which periods there are, and counting in them. What does not: what is measured of
segments (``judge.course``), and what followed in all (``judging``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.arrays import floats_of
from segmentry.domain.course import Course
from segmentry.domain.table import ENTITY

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

LENGTHS = (1.0, 7.0, 2.0, 30.0, 91.0, 365.0)
"""Days of a period: the first of which the horizon holds neither too few nor too many. Of 13 to 20
days, too many days and too few weeks, it is two days."""

FEWEST, MOST = 3, 12
"""Fewer points are no curve; more are followed by nobody."""

MICROS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Periods:
    """So many periods of equal length after the judging cut."""

    days: float
    n: int

    @classmethod
    def of(cls, horizon: float) -> Periods | None:
        """Choose periods for a horizon in days; None where it holds fewer than three.

        Examples
        --------
        >>> Periods.of(30.0), Periods.of(14.0), Periods.of(2.5)
        (Periods(days=7.0, n=4), Periods(days=2.0, n=7), None)
        """
        for days in LENGTHS:
            n = int(horizon // days)
            if FEWEST <= n <= MOST:
                return cls(days, n)
        return cls(LENGTHS[-1], MOST) if horizon > LENGTHS[-1] else None

    def counts(self, later: ir.Table, flag: str, cut: Any) -> dict[str, Any]:
        """Give what is counted of what followed: events, and money where there is an amount.

        Parameters
        ----------
        later : ibis table
            What happened from the cut on, with ``micros``; ``flag`` is 1 for events that count.
        flag : str
        cut : ibis value
        """
        place = ((later["micros"] - cut) // int(self.days * MICROS_A_DAY)).cast("int64")
        found: dict[str, Any] = {}
        for i in range(self.n):
            inside = (place == i) & (later[flag] == 1)
            found[f"{EVENTS}{i}"] = later.count(where=inside).cast("float64")
            if "amount" in later.columns:
                found[f"{MONEY}{i}"] = later["amount"].sum(where=inside).cast("float64")
        return found

    def course(self, counted: pa.Table, entities: pa.Array) -> Course:
        """Put what was counted beside entities; who is not in it did nothing."""
        import pyarrow.compute as pc

        places = pc.index_in(entities, value_set=counted[ENTITY])

        def column(name: str) -> Any:
            return floats_of(counted[name].combine_chunks().take(places).fill_null(0.0))

        events = np.column_stack([column(f"{EVENTS}{i}") for i in range(self.n)])
        money = None
        if f"{MONEY}0" in counted.column_names:
            money = np.column_stack([column(f"{MONEY}{i}") for i in range(self.n)])
        return Course(self.days, (events > 0).astype(np.float64), money)


EVENTS, MONEY = "period: ", "period money: "
"""Begin the names of columns, which no field of events has."""
