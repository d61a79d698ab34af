"""The map: entities in two dimensions, and how far that picture may be trusted.

What lives here: the chart with its sentence and table. What does not: what is measured
(``pipeline.maps``), and drawing (``draw_map``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, named, numbers
from segmentry.render.palette import Look

Place = tuple[float, float]

FAINTEST = 0.25
"""Opacity of marks of cells in which hardly any segment leads."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A figure with its 95 % interval, in words of two digits."""

    value: float
    low: float
    high: float

    @property
    def cell(self) -> Cell:
        """Write it for a table."""
        interval = f"{fmt.fixed(self.low, 3)} to {fmt.fixed(self.high, 3)}"
        return Cell(fmt.fixed(self.value, 3), is_number=True, note=interval)


@dataclass(frozen=True, slots=True)
class Quality:
    """How far a picture keeps neighbourhoods, measured on ``n_points`` of the entities.

    ``shared`` is how many of the ``n_neighbours`` nearest in the picture are among as many nearest
    in the data, on average.
    """

    n_points: int
    n_neighbours: int
    shared: float
    trustworthiness: Estimated
    continuity: Estimated

    def sentence(self) -> str:
        """Say it in plain words."""
        k = self.n_neighbours
        nearest = f"the {fmt.whole(k)} nearest neighbours" if k > 1 else "1 nearest neighbour"
        return (
            f"Of {nearest} in the picture, {fmt.fixed(self.shared, 1)} are among the "
            f"{fmt.whole(k)} nearest in the data, too. Trustworthiness, which forgives near "
            f"misses, is {fmt.fixed(self.trustworthiness.value, 2)}, continuity "
            f"{fmt.fixed(self.continuity.value, 2)} (1 is the best, about 0.5 is chance)."
        )


@dataclass(frozen=True, slots=True)
class Cloud:
    """One segment on the map: points, or centres of cells, with how many of its entities are there.

    ``trustworthiness`` and ``continuity`` are those of its own points, where they were measured.
    """

    label: str
    points: tuple[Place, ...]
    look: Look
    counts: tuple[int, ...]
    trustworthiness: float | None = None
    continuity: float | None = None


@dataclass(frozen=True, slots=True)
class Lattice:
    """Cells in which entities are counted: their distances, and the least that is told of."""

    width: float
    height: float
    fewest: int


@dataclass(frozen=True, slots=True)
class Lead:
    """A cell of a counted map, in the look of the segment that most of its entities are in."""

    place: Place
    count: int
    parts: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Give the share of the leading segment in what is counted here."""
        return self.parts[0][1] / self.count

    @property
    def opacity(self) -> float:
        """Say how opaque its mark is: the paler, the more of the entities are in other segments."""
        return round(FAINTEST + (1 - FAINTEST) * max(0.0, (self.share - 0.4) / 0.6), 2)


@dataclass(frozen=True, slots=True)
class Map:
    """Entities in two dimensions, and how much of the data these two keep.

    ``kept`` is the share of the variance along each axis, zero where axes have no such meaning.
    ``made`` tells of a map that is not by principal components, and ``beside`` is what these are
    worth on the same points.
    """

    key: str
    title: str
    axes: tuple[str, str]
    kept: Place
    clouds: tuple[Cloud, ...]
    n_entities: int = 0
    entities: str = "entities"
    quality: Quality | None = None
    lattice: Lattice | None = None
    made: str = ""
    beside: Quality | None = None

    @property
    def n_points(self) -> int:
        """Count the entities that are drawn or counted."""
        return sum(sum(c.counts) for c in self.clouds)

    def axis_names(self) -> tuple[str, str]:
        """Write what the axes are, with what they keep of the variance."""
        across, up = (
            f"{axis} ({fmt.share(kept)} of variance)" if kept else axis
            for axis, kept in zip(self.axes, self.kept, strict=True)
        )
        return across, up

    def leads(self) -> tuple[tuple[Lead, ...], ...]:
        """Give, for each segment, the cells in which it has the most entities."""
        parts: dict[Place, list[tuple[int, int]]] = defaultdict(list)
        for i, cloud in enumerate(self.clouds):
            for place, count in zip(cloud.points, cloud.counts, strict=True):
                parts[place].append((count, i))
        led: list[list[Lead]] = [[] for _ in self.clouds]
        for place, found in parts.items():
            found.sort(key=lambda part: (-part[0], part[1]))
            told = tuple((self.clouds[i].label, count) for count, i in found)
            led[found[0][1]].append(Lead(place, sum(n for n, _ in found), told))
        return tuple(tuple(cells) for cells in led)

    def extent(self) -> tuple[float, float]:
        """Count the cells from one side of a counted map to the other, across and up."""
        if self.lattice is None:
            return 0.0, 0.0
        across, up = zip(*(p for c in self.clouds for p in c.points), strict=True)
        return (
            (max(across) - min(across)) / self.lattice.width + 1,
            (max(up) - min(up)) / self.lattice.height + 1,
        )

    def summary(self) -> str:
        """Say what is drawn, and how far the picture may be trusted."""
        told = [self.made] if self.made else []
        told.append(self._drawn())
        if any(self.kept):
            kept = sum(self.kept)
            told.append(
                f"This picture keeps {fmt.share(kept)} of the variance and leaves out "
                f"{fmt.share(max(0.0, 1 - kept))}."
            )
        if self.quality is not None:
            told.append(self.quality.sentence())
        if self.beside is not None:
            told.append(
                f"On the same points the map by principal components has "
                f"{fmt.fixed(self.beside.shared, 1)} of {fmt.whole(self.beside.n_neighbours)}, "
                f"trustworthiness {fmt.fixed(self.beside.trustworthiness.value, 2)} and "
                f"continuity {fmt.fixed(self.beside.continuity.value, 2)}."
            )
        return " ".join(told)

    def _drawn(self) -> str:
        n, every = fmt.whole(self.n_points), fmt.whole(self.n_entities)
        if self.lattice is not None:
            fewest = fmt.whole(self.lattice.fewest)
            rest = "" if self.n_points == self.n_entities else "; the others lie too far apart"
            return (
                f"{n} of {every} {self.entities}, counted where {fewest} or more of a segment lie "
                f"together{rest}."
            )
        by_chance = ", drawn by chance" if self.n_points < self.n_entities else ""
        return f"{n} {self.entities if not by_chance else 'points'}{by_chance}."

    def table(self) -> Table:
        """Give centre and spread of each cloud: points themselves would tell nobody anything."""
        head = [
            Cell("Segment"),
            *numbers("Counted" if self.lattice else "Points", "Centre across", "Centre up"),
            *numbers("Spread across", "Spread up"),
        ]
        rows = [
            [
                Cell(c.label, slot=c.look.slot),
                *numbers(fmt.whole(sum(c.counts)), *_cloud_figures(c)),
            ]
            for c in self.clouds
        ]
        if self.quality is not None:
            head += [
                named("Trustworthiness", "trustworthiness"),
                named("Continuity", "continuity"),
            ]
            for row, cloud in zip(rows, self.clouds, strict=True):
                row.extend(numbers(_known(cloud.trustworthiness), _known(cloud.continuity)))
            rows.append(_all("All", fmt.whole(self.n_points), self.quality))
        if self.beside is not None:
            rows.append(_all("All, by principal components", fmt.ABSENT, self.beside))
        caption = "Where each segment lies on the map (mean and standard deviation)"
        return Table(caption, tuple(head), tuple(tuple(row) for row in rows))


def _all(name: str, count: str, quality: Quality) -> list[Cell]:
    return [
        Cell(name),
        *numbers(count, *(fmt.ABSENT,) * 4),
        quality.trustworthiness.cell,
        quality.continuity.cell,
    ]


def _known(value: float | None) -> str:
    return fmt.ABSENT if value is None else fmt.fixed(value, 3)


def _cloud_figures(cloud: Cloud) -> tuple[str, ...]:
    n = sum(cloud.counts)
    if not n:
        return (fmt.ABSENT,) * 4
    told = list(zip(cloud.points, cloud.counts, strict=True))
    means = [sum(w * p[axis] for p, w in told) / n for axis in (0, 1)]
    spreads = [(sum(w * (p[a] - means[a]) ** 2 for p, w in told) / n) ** 0.5 for a in (0, 1)]
    return tuple(fmt.fixed(v) for v in (*means, *spreads))
