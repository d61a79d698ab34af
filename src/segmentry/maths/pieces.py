"""Work cut into pieces: how array functions let other hands help without knowing of threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")


class Spread(Protocol):
    """Carry out work on pieces, results in the pieces' order: ``map``, or hands side by side.

    What takes one adds up results in that order, so that they do not depend on who carries out
    which, as long as the numeric libraries work with one thread in each piece.
    """

    def __call__(
        self, work: Callable[[_Piece], _Result], pieces: Sequence[_Piece], /
    ) -> Iterable[_Result]:
        """Give the results."""
        ...
