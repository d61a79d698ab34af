"""Hands that carry out independent pieces of work side by side, results in the pieces' order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Crew:
    """Threads for pieces of work that know nothing of each other.

    Each piece draws from a stream of its own, and every library works with one thread inside a
    piece, so that results do not depend on the number of hands.
    """

    hands: int = 1

    @classmethod
    def of(cls, threads: int | None = None) -> Crew:
        """Take as many hands as are allowed; None: as there are cores, four at most."""
        if threads is not None:
            return cls(max(1, threads))
        return cls(min(4, os.cpu_count() or 1))

    def map(
        self, work: Callable[[_Piece], _Result], pieces: Sequence[_Piece]
    ) -> tuple[_Result, ...]:
        """Carry out the work on every piece.

        Parameters
        ----------
        work : callable
        pieces : sequence

        Returns
        -------
        tuple
            Results in the order of the pieces; the first piece that fails is the one that tells.
        """
        with single_threaded():
            if self.hands == 1 or len(pieces) < 2:
                return tuple(work(piece) for piece in pieces)
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(self.hands, initializer=_work_alone) as pool:
                return tuple(pool.map(work, pieces))


def _work_alone() -> None:
    """Hold OpenMP to one thread in a thread of ours: it counts for each of them apart."""
    from threadpoolctl import threadpool_limits

    # Never undone, as the thread ends with its pool. Once, not per piece: finding the libraries
    # among all that are loaded takes as long as many a piece.
    threadpool_limits(limits=1, user_api="openmp")


_HELD: list[None] = []
"""One entry for each time that libraries are held: inside another one there is nothing to do."""


@contextmanager
def single_threaded() -> Iterator[None]:
    """Hold the numeric libraries to one thread: sums in another order have other last bits."""
    if _HELD:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        _HELD.append(None)
        try:
            yield
        finally:
            _HELD.pop()
