"""The tree in which segments would merge: the spec with its sentence and table.

What lives here: laying the tree out. What does not: the order of merges (the run measured it), and
drawing (``draw_tree``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.palette import Look


@dataclass(frozen=True, slots=True)
class Fork:
    """Two groups of segments that merge: their ids, and what all that are left explain.

    ``within`` is the interval of that, and ``lost`` the loss with its own; empty where unknown.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    explained: float
    within: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """The line of a merge: from the middle of one group, over what is lost, to that of the other.

    Places count leaves from the first one on; what is lost is a share of the variance.
    """

    places: tuple[float, float]
    starts: tuple[float, float]
    lost: float
    text: str


@dataclass(frozen=True, slots=True)
class Tree:
    """Segments, and the order in which the least is lost by merging them."""

    key: str
    title: str
    labels: Mapping[int, str]
    looks: Mapping[int, Look]
    explained: float
    forks: tuple[Fork, ...]
    within: str = ""

    @property
    def leaves(self) -> tuple[int, ...]:
        """Give the ids so that no two lines cross."""
        order: dict[tuple[int, ...], tuple[int, ...]] = {(i,): (i,) for i in self.labels}
        for fork in self.forks:
            together = tuple(sorted(fork.first + fork.second))
            order[together] = order[fork.first] + order[fork.second]
        return order[tuple(sorted(self.forks[-1].first + self.forks[-1].second))]

    def brackets(self) -> tuple[Bracket, ...]:
        """Give the lines of the tree, the cheapest merge first."""
        at: dict[tuple[int, ...], tuple[float, float]] = {
            (i,): (float(place), 0.0) for place, i in enumerate(self.leaves)
        }
        found = []
        for n_left, fork in zip(range(len(self.forks), 0, -1), self.forks, strict=True):
            (one, low), (other, high) = at[fork.first], at[fork.second]
            lost = self.explained - fork.explained
            text = f"{self._named(fork.first)} with {self._named(fork.second)}"
            left = f"{_counted(n_left)} left explain {fmt.share(fork.explained)}"
            found.append(Bracket((one, other), (low, high), lost, f"{text}\n{left}"))
            at[tuple(sorted(fork.first + fork.second))] = (one + other) / 2, lost
        return tuple(found)

    def summary(self) -> str:
        """Say which two would merge first, and at what price."""
        fork = self.forks[0]
        return (
            f"With one segment fewer, {self._named(fork.first)} and {self._named(fork.second)} "
            f"would be one: {_counted(len(self.forks))} explain "
            f"{_bounded(fork.explained, fork.within)} of all variance, {len(self.forks) + 1} "
            f"explain {_bounded(self.explained, self.within)}"
            + (f"; {fork.lost} is lost." if fork.lost else ".")
        )

    def table(self) -> Table:
        """Give one row per merge."""
        head = (
            Cell("Segments left"),
            Cell("What merges"),
            *numbers("They explain", "Lost by this merge"),
        )
        before = (self.explained, *(f.explained for f in self.forks))
        rows = tuple(
            (
                Cell(str(n_left)),
                Cell(f"{self._named(fork.first)} with {self._named(fork.second)}"),
                *numbers(
                    _bounded(fork.explained, fork.within),
                    fork.lost or fmt.share(earlier - fork.explained),
                ),
            )
            for n_left, fork, earlier in zip(
                range(len(self.forks), 0, -1), self.forks, before, strict=False
            )
        )
        return Table("Segments merged one by one", head, rows)

    def _named(self, ids: tuple[int, ...]) -> str:
        *before, last = (self.labels[i] for i in ids)
        return f"{', '.join(before)} and {last}" if before else last


def _bounded(share: float, within: str) -> str:
    return f"{fmt.share(share)} ({within})" if within else fmt.share(share)


def _counted(n_segments: int) -> str:
    return "1 segment" if n_segments == 1 else f"{n_segments} segments"
