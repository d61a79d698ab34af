"""A run's health score as it is told: by segment, and one row per entity on demand.

What lives here: figures of segments, and reading a run's score. What does not: making the score
(``health``), and the parts of one entity's score (``explain.health``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.bounded import Bounded
from segmentry.domain.crew import single_threaded
from segmentry.domain.health import Basis, Health, SegmentHealth
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.errors import StoreError
from segmentry.explain.health import parts_of, scored, scores_alone
from segmentry.explain.outcome import outcome_values
from segmentry.maths.intervals import mean_interval, wilson_interval
from segmentry.maths.suppression import FEWEST_TOLD, small_groups
from segmentry.stores.records import from_plain
from segmentry.stores.runfolder import RunFolder

if TYPE_CHECKING:
    import pyarrow as pa


def segmented(
    health: Health,
    recipe: Recipe,
    table: FeatureTable,
    segment: NDArray[np.int64],
    segment_ids: tuple[int, ...],
) -> Health:
    """Tell the scores of each segment; those to whom it has happened already are not counted.

    Parameters
    ----------
    health : Health
        A score without one is given back as it is.
    recipe : Recipe
    table : FeatureTable
    segment : ndarray of int
    segment_ids : tuple of int

    Returns
    -------
    Health
        Segments of fewer than 10 such members have no figures; nor has one a share below the
        floor that tells of 1 to 9 members, below it or not.
    """
    if health.basis is Basis.NONE:
        return health
    scores, gone = scores_alone(health, recipe, table), gone_already(health, table)
    told = (
        _segment(id_, scores[(segment == place) & ~gone], health.floor)
        for place, id_ in enumerate(segment_ids)
    )
    return replace(health, segments=tuple(told))


def _segment(id_: int, scores: NDArray[np.float64], floor: float) -> SegmentHealth:
    n = len(scores)
    if n < FEWEST_TOLD:
        return SegmentHealth(id_, n)
    low, high = mean_interval(scores)
    mean = Bounded(float(scores.mean()), max(low, 0.0), min(high, 100.0))
    below = int((scores < floor).sum())
    if small_groups(np.array([below, n - below])).any():
        return SegmentHealth(id_, n, mean)
    return SegmentHealth(id_, n, mean, Bounded(below / n, *wilson_interval(below, n)))


def gone_already(health: Health, table: FeatureTable) -> NDArray[np.bool_]:
    """Tell to whom the bad end of the outcome has happened, as far as a column says so."""
    if health.column is None:
        return np.zeros(table.n_entities, dtype=bool)
    ((_, values),) = outcome_values(table, table.column(health.column))[:1]
    bad: NDArray[np.bool_] = ~np.isnan(values) & ((values == 1.0) == health.is_high_bad)
    return bad


@dataclass(frozen=True, eq=False)
class Told:
    """A run's health score by segment, and the table of its entities."""

    health: Health
    names: dict[int, str]
    """Of segments, by their ids."""
    stored: RunFolder

    @classmethod
    def of(cls, stored: RunFolder, floor: float | None = None) -> Told:
        """Read a run's score, its segments told by another floor where one is asked for.

        Raises
        ------
        StoreError
            E5040 if the run was made before there were scores.
        """
        told = stored.document("evidence").get("health")
        if told is None:
            raise StoreError(
                "the run holds no health score",
                code="E5040",
                where=str(stored.folder),
                hint="run the project again: segmentry run",
            )
        health = from_plain(Health, told)
        names = {s["id"]: s["name"] for s in stored.document("segments")["segments"]}
        found = cls(health, names, stored)
        if floor is None or floor == health.floor or health.basis is Basis.NONE:
            return found
        return replace(found, health=found._with_floor(floor))

    def _with_floor(self, floor: float) -> Health:
        release, table = self._read()
        segment = release.assigner.answer(release.recipe.apply(table).X).segment
        return segmented(
            replace(self.health, floor=floor), release.recipe, table, segment, release.segment_ids
        )

    def _read(self) -> tuple[Any, FeatureTable]:
        release = self.stored.release()
        return release, FeatureTable.of(self.stored.table("features"), release.columns)

    def table(self) -> pa.Table:
        """Give one row per entity: its segment, its score, and the strongest parts of it.

        Returns
        -------
        pyarrow.Table
            ``entity_id``, ``segment_id``, ``segment``, ``health`` (0 to 100), ``gone`` (whether
            the bad end has happened already, where a column tells it) and ``parts``, a list of
            ``feature``, ``points`` and ``sentence``.

        Raises
        ------
        StoreError
            E5040 if there is no score, with the reason.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.health.basis is Basis.NONE:
            raise StoreError(self.health.sentence, code="E5040", where=str(self.stored.folder))
        release, table = self._read()
        with single_threaded():
            scores = scored(self.health, release.recipe, table)
        parts = [[asdict(p) for p in own] for own in parts_of(scores, table)]
        assigned = self.stored.table("assignments")
        places = pc.index_in(table.entity_ids, value_set=assigned[ENTITY].combine_chunks())
        rows = assigned.take(pa.array(codes_of(places)))
        columns: dict[str, Any] = {
            ENTITY: table.entity_ids,
            "segment_id": rows["segment_id"],
            "segment": rows["segment"],
            "health": pa.array(np.round(scores.health, 2)),
        }
        if self.health.column is not None:
            columns["gone"] = pa.array(gone_already(self.health, table))
        columns["parts"] = pa.array(parts, type=_parts_type())
        return pa.table(columns)

    def sentences(self) -> Iterator[str]:
        """Say what the score is, and which entities it is told of."""
        yield self.health.sentence
        if self.health.column is not None:
            yield (
                f"Segments are told by members of whom {self.health.column!r} does not say that "
                "it has happened."
            )


def _parts_type() -> pa.DataType:
    import pyarrow as pa

    facts = [("feature", pa.string()), ("points", pa.float64()), ("sentence", pa.string())]
    return pa.list_(pa.struct(facts))
