"""The only place that reads the time. Everything else is given an instant."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Read the wall clock, in UTC."""
    return datetime.now(tz=UTC)


def seconds() -> float:
    """Read a monotonic clock, for durations only."""
    return time.perf_counter()
