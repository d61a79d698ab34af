"""Where long work is put aside as it is done, so that whoever begins again need not do it twice."""

from __future__ import annotations

from typing import Protocol


class Aside(Protocol):
    """A place for finished pieces of work, by names that tell all that they depend on."""

    def take(self, name: str) -> bytes | None:
        """Give a piece; None where it is not there or not whole."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a piece, whole or not at all."""
