"""Rows that last: a beginning and an end, as subscriptions and contracts have.

Plays and tickets have both ends too, but they are over soon: rows are states of an entity if many
have no end yet, or if they last for weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import floats_of
from segmentry.projectfile.survey import Column, Survey

STARTS = frozenset(["start", "started", "begin", "began", "from", "since", "valid", "effective"])
ENDS = frozenset(["end", "ended", "until", "to", "expires", "expiry", "expired", "expiration",
                  "terminated", "stop", "stopped"])  # fmt: skip
"""Words of dates that begin and end something."""

OPEN = 0.2
"""Share of rows without an end from which on rows are states."""

LONG_DAYS = 14.0
"""Median length in days from which on rows are states."""

DAY = 86_400_000_000.0


@dataclass(frozen=True)
class Span:
    """The columns that begin and end a row, and its two ends in days."""

    start: str
    end: str
    told: str
    begins: NDArray[np.float64] = field(repr=False, compare=False)
    ends: NDArray[np.float64] = field(repr=False, compare=False)

    def overlap(self, codes: NDArray[np.int64]) -> float:
        """Give the share of rows that begin while an earlier one of the same entity is open."""
        ends = np.where(np.isnan(self.ends), np.inf, self.ends)
        known = (codes >= 0) & ~np.isnan(self.begins)
        codes, begins, ends = codes[known], self.begins[known], ends[known]
        if not len(codes):
            return 0.0
        order = np.lexsort((begins, codes))
        codes, begins, ends = codes[order], begins[order], ends[order]
        latest, n = -np.inf, 0
        for i in range(len(codes)):
            if i and codes[i] != codes[i - 1]:
                latest = -np.inf
            n += begins[i] < latest
            latest = max(latest, ends[i])
        return n / len(codes)


def span_of(seen: Survey) -> Span | None:
    """Find the beginning and the end of rows that last; None where rows do not last."""
    dated = [c for c in seen.columns if c.kind == "time"]
    starts = [c for c in dated if set(c.words) & STARTS and not set(c.words) & ENDS]
    ends = [c for c in dated if set(c.words) & ENDS]
    if not starts or not ends:
        return None
    start, end = starts[0], ends[0]
    begins, closes = _days(start), _days(end)
    missing = float(np.mean(np.isnan(closes)))
    lengths = (closes - begins)[~np.isnan(closes - begins)]
    length = float(np.median(lengths)) if len(lengths) else 0.0
    if missing < OPEN and length < LONG_DAYS:
        return None
    told = f"{100 * missing:.0f} % of the rows have none yet"
    if missing < OPEN:
        told = f"rows last {length:.0f} days, in the middle"
    return Span(start.name, end.name, told, begins, closes)


def _days(column: Column) -> NDArray[np.float64]:
    """Give times as days since 1970, NaN where there is none."""
    import pyarrow as pa

    micros = column.values.cast(pa.timestamp("us")).cast(pa.int64())
    return floats_of(micros) / DAY
