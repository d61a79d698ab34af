"""Seconds and peak memory of each step, for ``timings.json``. Never part of a fingerprint."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from segmentry import clock
from segmentry.domain.progress import Progress


def peak_mib() -> float:
    """Read the largest memory this process has held so far, in MiB."""
    try:
        import resource
    except ImportError:  # Windows has no such counter
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


@dataclass
class Steps:
    """Times phases and tells a listener of them."""

    listener: Progress
    _started: float = field(default_factory=clock.seconds)
    _name: str = ""
    _since: float = 0.0
    _done: list[dict[str, Any]] = field(default_factory=list)

    def phase(self, name: str, detail: str = "") -> None:
        """Begin a phase; the one before it is over."""
        self._close()
        self._name, self._since = name, clock.seconds()
        self.listener.phase(name, detail)

    def advance(self, done: int, total: int) -> None:
        """Tell how far the present phase is."""
        self.listener.advance(done, total)

    def document(self) -> dict[str, Any]:
        """Give what ``timings.json`` holds."""
        self._close()
        total = round(clock.seconds() - self._started, 3)
        return {
            "format": 1,
            "total_seconds": total,
            "peak_mib": round(peak_mib(), 1),
            "steps": list(self._done),
        }

    def _close(self) -> None:
        if self._name:
            seconds = round(clock.seconds() - self._since, 3)
            step = {"name": self._name, "seconds": seconds, "peak_mib": round(peak_mib(), 1)}
            self._done.append(step)
        self._name = ""
