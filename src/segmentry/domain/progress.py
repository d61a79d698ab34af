"""How long work says where it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener: the command line draws a bar, a notebook or a test may ignore it."""

    def phase(self, name: str, detail: str = "") -> None:
        """Begin a named phase; the one before it is over."""

    def advance(self, done: int, total: int) -> None:
        """Tell how far the present phase is."""


class Silent:
    """Listens to nothing."""

    def phase(self, name: str, detail: str = "") -> None:
        """Ignore it."""

    def advance(self, done: int, total: int) -> None:
        """Ignore it."""
