"""A project that was set up and run by the two commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from commands import Done


@dataclass(frozen=True)
class Finished:
    """The project's folder and how its two commands ended."""

    folder: Path
    init: Done
    run: Done

    @property
    def latest(self) -> Path:
        """Give the folder of the latest run."""
        return self.folder / "runs" / "latest"
