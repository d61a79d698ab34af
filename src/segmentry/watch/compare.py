"""A release held against its reference: all checks, the alarm, and the cause, in one value.

What lives here: the order of the work, and the decision to raise an alarm. What does not: where the
tables come from (``pipeline.watching``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.domain.arrays import numbers_of
from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import FALSE_ALARMS, Drift, Emerging, Shift, Sign
from segmentry.domain.matrix import Matrix
from segmentry.domain.release import Release
from segmentry.domain.role import Kind
from segmentry.domain.sketch import Grid, Sketch
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.multiplicity import benjamini_hochberg
from segmentry.seeds import stream
from segmentry.watch.cause import Grounds, named_cause
from segmentry.watch.drift import (
    blur,
    gap_signs,
    schema_signs,
    segment_shifts,
    shifts,
    sized_signs,
    stability,
)
from segmentry.watch.effect import effect_on_segments, unit_sign
from segmentry.watch.emergence import emerging_region
from segmentry.watch.mix import by_strata, explained, is_newcomer, same_entities
from segmentry.watch.reference import sketch_of

TIMES_USUAL = 2.0
"""Movement up to so many times the largest between earlier cuts is no news."""

SAMPLE_ROWS = 20_000
"""Entities whose rows are looked at one by one; all are counted."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A feature table at a cut: counts of everybody, and the rows of some."""

    sketch: Sketch
    rows: FeatureTable
    columns: tuple[FeatureColumn, ...]
    """Those that were there; the rows also have those that a release needs, as gaps."""


@dataclass(frozen=True, eq=False)
class Usual:
    """What the history says: movement between earlier cuts as far apart, and a year earlier.

    ``sizes`` holds the largest figure of each check. Where there ``is_time`` and no history,
    growing counts cannot be told from news: then only what needs no history raises an alarm.
    """

    sizes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    is_time: bool = False
    year_ago: Sketch | None = None

    @classmethod
    def of(
        cls, earlier: Sequence[Sketch], release: Release, year_ago: Sketch | None = None
    ) -> Usual:
        """Measure sketches at cuts as far apart as the reference and now, in order of time."""
        sizes: dict[tuple[str, str], float] = {}
        for now, then in zip(earlier[1:], earlier[:-1], strict=True):
            for sign in sized_signs(now, then, shifts(now, then, {}), release):
                key = sign.check, sign.about
                sizes[key] = max(sign.size, sizes.get(key, 0.0))
        return cls(sizes, is_time=True, year_ago=year_ago)

    def tempered(self, sign: Sign) -> Sign:
        """Take the weight from a sign that is no larger than twice what was usual."""
        if not self.is_time:
            return sign
        usual = self.sizes.get((sign.check, sign.about))
        is_news = usual is not None and sign.size > TIMES_USUAL * usual
        return replace(sign, is_material=sign.is_material and is_news)

    @property
    def of_features(self) -> dict[str, float]:
        """Give the stability index that was usual, by feature."""
        return {about: size for (check, about), size in self.sizes.items() if check == "feature"}


def moment_of(
    parts: Iterable[FeatureTable], grid: Grid, release: Release, *, n_entities: int
) -> Moment:
    """Count a table, part by part, and keep the rows of a sample of entities.

    Parameters
    ----------
    parts : iterable of FeatureTable
    grid : Grid
        Of the reference.
    release : Release
    n_entities : int
        Of all parts; beyond ``SAMPLE_ROWS``, entities are drawn by their ids, so that two moments
        keep the same ones.

    Returns
    -------
    Moment
    """
    kept: list[FeatureTable] = []
    columns: list[tuple[FeatureColumn, ...]] = []

    def seen() -> Iterable[FeatureTable]:
        for part in parts:
            columns.append(part.columns)
            whole = _with_all(part, release)
            kept.append(_sample(whole, n_entities))
            yield whole

    sketch = sketch_of(seen(), grid, release)
    data = pa.concat_tables([t.data for t in kept]).combine_chunks()
    return Moment(sketch, replace(kept[0], data=data), columns[0])


def _with_all(table: FeatureTable, release: Release) -> FeatureTable:
    """Put gaps where a column of the release is not there, or is of another type."""
    present = {c.name: c for c in table.columns}
    data, columns = table.data, list(table.columns)
    for column in release.columns:
        there = present.get(column.name)
        if there is not None and there.kind is column.kind:
            continue
        n = table.n_entities
        gaps = (
            numbers_of(np.full(n, np.nan))
            if column.kind is Kind.NUMBER
            else pa.nulls(n, pa.string())
        )
        if there is not None:
            data = data.drop_columns([column.name])
            columns.remove(there)
        data = data.append_column(column.name, gaps)
        columns.append(column)
    return replace(table, data=data, columns=tuple(columns))


def _sample(table: FeatureTable, n_entities: int) -> FeatureTable:
    if n_entities <= SAMPLE_ROWS:
        return table
    bar = int(SAMPLE_ROWS / n_entities * 2**32)
    ids = table.entity_ids.cast(pa.string()).to_pylist()
    marks = np.fromiter((crc32(i.encode()) < bar for i in ids), np.bool_, len(ids))
    return table.take(np.flatnonzero(marks))


def watched(
    now: Moment,
    then: Moment,
    release: Release,
    *,
    told_then: str,
    usual: Usual | None = None,
    volume: Sequence[Sign] = (),
    seed: int = 0,
) -> Drift:
    """Hold a release at work against its reference, and name one cause.

    Parameters
    ----------
    now, then : Moment
        In the same bins.
    release : Release
    told_then : str
        What the reference is called.
    usual : Usual or None
    volume : sequence of Sign
        What events over time tell.
    seed : int

    Returns
    -------
    Drift
        Shifts by effect on segments; signs, alarms first.
    """
    usual = usual or Usual()
    shaping = frozenset(release.recipe.features)
    here = shifts(now.sketch, then.sketch, usual.of_features)
    separation, cohesion, _ = blur(now.sketch, then.sketch)
    sized = sized_signs(now.sketch, then.sketch, here, release)
    checks = [
        *(usual.tempered(s) for s in sized),
        *gap_signs(now.sketch, then.sketch),
        *schema_signs(now.columns, release.columns, frozenset(release.recipe.needs)),
        *volume,
    ]
    moved = [s for s in here if s.stability.low > 0.0 and s.feature in shaping]
    checks += _units(now.rows, [s for s in here if s.stability.low > 0.0], then.sketch)
    here = _with_effects(here, moved, now, then, release, seed)
    alarms, others = _decided(checks)
    if usual.is_time:
        alarms = _as_news(alarms)
    matrix = release.recipe.apply(now.rows)
    found = None
    if any(s.check in {"anomalies", "shares", "cohesion"} for s in alarms):
        found = _emerging(matrix, now, then, release, seed)
    n, far = now.sketch.n, now.sketch.n_anomalies
    drift = Drift(
        told_then,
        now.rows.as_of,
        then.sketch.n,
        n,
        here,
        segment_shifts(now.sketch, then.sketch, release),
        then.sketch.n_anomalies / max(then.sketch.n, 1),
        Bounded(far / max(n, 1), *wilson_interval(far, max(n, 1))),
        separation,
        cohesion,
        None if found is None else found[0],
        (*alarms, *others),
        len(alarms),
        len(checks),
    )
    return drift.with_cause(
        named_cause(drift, _grounds(drift, now, then, usual, None if found is None else found[1]))
    )


def _decided(checks: Sequence[Sign]) -> tuple[list[Sign], list[Sign]]:
    """Part what raises the alarm from what is only told: material, and a discovery among all."""
    rates = benjamini_hochberg(np.array([s.p_value for s in checks]))
    sure = [(s, float(r)) for s, r in zip(checks, rates, strict=True) if r <= FALSE_ALARMS]
    alarms = sorted((s for s, _ in sure if s.is_material), key=_gravest_first)
    return alarms, [s for s, _ in sure if not s.is_material]


def _as_news(alarms: list[Sign]) -> list[Sign]:
    """Keep alarms about borders and shares only where a feature's movement is news, too.

    In a log that grows, borders move with all features together, each as usual.
    """
    if any(s.check == "feature" for s in alarms):
        return alarms
    following = {"shares", "anomalies", "separation", "cohesion"}
    return [s for s in alarms if s.check not in following]


_ORDER = ("gone", "type", "unit", "constant", "missing", "levels", "volume", "emerging", "shares",
          "anomalies", "cohesion", "separation", "feature", "mix", "new column")  # fmt: skip


def _gravest_first(sign: Sign) -> tuple[int, float, str]:
    return _ORDER.index(sign.check), sign.p_value, sign.about


def _units(rows: FeatureTable, moved: Iterable[Shift], then: Sketch) -> list[Sign]:
    numbers = [s for s in moved if s.feature in then.grid.numbers]
    present = {c.name for c in rows.columns}
    found = (unit_sign(rows.numbers(s.feature), s, then) for s in numbers if s.feature in present)
    return [s for s in found if s is not None]


def _with_effects(
    found: tuple[Shift, ...],
    moved: Sequence[Shift],
    now: Moment,
    then: Moment,
    release: Release,
    seed: int,
) -> tuple[Shift, ...]:
    """Measure what each moved feature does to segments, and put the largest effect first."""
    effects: dict[str, Bounded] = {}
    for s in moved:
        rng = stream(seed, "watch", "effect", s.feature)
        effects[s.feature] = effect_on_segments(now.rows, s, then.sketch, release, rng)
    told = (replace(s, effect=effects.get(s.feature)) for s in found)
    return tuple(sorted(told, key=_most_first))


def _most_first(shift: Shift) -> tuple[float, float, str]:
    effect = -1.0 if shift.effect is None else shift.effect.value
    return -effect, -shift.stability.value, shift.feature


def _emerging(
    matrix: Matrix, now: Moment, then: Moment, release: Release, seed: int
) -> tuple[Emerging, NDArray[np.intp]] | None:
    newcomers: NDArray[np.bool_] = is_newcomer(now.rows, then.rows)
    rng = stream(seed, "watch", "emerging")
    return emerging_region(matrix.X, matrix.names, release, rng, newcomers=newcomers)


def _grounds(
    drift: Drift, now: Moment, then: Moment, usual: Usual, region: NDArray[np.intp] | None
) -> Grounds:
    """Look for explanations of what moved."""
    if not drift.is_alarm:
        return Grounds()
    moved = [s.about for s in drift.alarms if s.check == "feature"]
    # Segments may move by many small steps: then all are asked that moved at all, or else shape.
    moved = moved or [s.feature for s in drift.shifts if s.effect is not None]
    present = {c.name for c in now.columns}
    names = moved or list(then.sketch.grid.columns)
    names = [n for n in names if n in present]
    grid = then.sketch.grid
    season = without = None
    if usual.year_ago is not None:
        plain = sum(stability(now.sketch, then.sketch, n).value for n in names)
        against = sum(stability(now.sketch, usual.year_ago, n).value for n in names)
        season = 1.0 - against / plain if plain > 0 else None
    if region is not None:
        weights = np.ones(now.rows.n_entities)
        weights[region] = 0.0
        without = explained(now.rows, then.rows, names, grid, weights)
    return Grounds(
        season,
        without,
        by_strata(now.rows, then.rows, names, grid),
        same_entities(now.rows, then.rows, names, grid),
    )
