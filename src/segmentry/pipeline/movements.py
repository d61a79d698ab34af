"""Movement between the segments of a run, out of its snapshots.

What lives here: reading snapshots, answering for them again with distances, and the order of the
work. What does not: who moved and why (``watch.movements``), writing snapshots (``backfill``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of, whole_of
from segmentry.domain.audit import Audit
from segmentry.domain.matrix import Matrix
from segmentry.domain.movement import Hysteresis, Movements, Noise, Shift
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.errors import DataError, StoreError, UsageError
from segmentry.pipeline.backfill import Every, backfill, steps_before
from segmentry.pipeline.prepared import settled_table
from segmentry.projectfile.schema import from_data
from segmentry.stores.files import damaged, read_json, sha256_of
from segmentry.stores.runfolder import RunFolder
from segmentry.stores.snapshots import MANIFEST, SnapshotFolder
from segmentry.stores.state.place import home_of
from segmentry.watch.movement_figures import (
    Centres,
    flows,
    growth,
    share_by_noise,
    shifts,
    staying,
    unexpected,
)
from segmentry.watch.movement_noise import expected_changes, learn_noise, margin_of
from segmentry.watch.movement_warning import warn
from segmentry.watch.movements import Moment, follow

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST = 2
"""Snapshots between which something can move."""

STEPS_BACK = 12
"""How far the history of a run goes back where nobody says."""

HISTORY = "history"
"""Where snapshots of runs go beside the project file, one folder for each run."""


@dataclass(frozen=True)
class Era:
    """A run, and the folder of the snapshots that its release answered: some days of it, or all."""

    stored: RunFolder
    snapshots: Path
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the dwell, and the segments toward which to warn (none: all)."""

    dwell: int = 2
    toward: tuple[int | str, ...] = ()

    def __post_init__(self) -> None:
        if self.dwell < 1:
            raise UsageError(f"a dwell of {self.dwell} cannot be", hint="1 or more snapshots")


@dataclass(frozen=True, eq=False)
class _Seen:
    """A snapshot as one release sees it."""

    day: date
    ids: pa.Array
    matrix: Matrix
    segment: NDArray[np.int64]
    distances: NDArray[np.float32]


def movements(
    eras: Sequence[Era],
    asked: Asked | None = None,
    *,
    project_folder: Path | None = None,
    progress: Progress | None = None,
) -> Movements:
    """Follow the entities of snapshots from segment to segment.

    Parameters
    ----------
    eras : sequence of Era
        In order of time. Where there are several, the first snapshot of each has the day of the
        last one before it: both releases answer for that day, which tells a refit from behaviour.
    asked : Asked or None
    project_folder : Path or None
        Of runs that lie elsewhere than in their project's ``runs``.
    progress : Progress or None

    Returns
    -------
    Movements

    Raises
    ------
    StoreError
        E5120 if snapshots were made with another release, E5121 if there are too few of them or
        days do not meet, E5003 if a file differs from what was written.
    UsageError
        For a segment that there is not.
    """
    asked, listener = asked or Asked(), progress or Silent()
    releases = [era.stored.release() for era in eras]
    last, ids = releases[-1], _all_ids(releases)
    targets = [last.segment_ids[last.place_of(t)] for t in asked.toward] or list(last.segment_ids)
    seen = [
        _seen(era, release, project_folder, listener)
        for era, release in zip(eras, releases, strict=True)
    ]
    _check_days(seen, eras)
    entities = _entities([s for own in seen for s in own])
    made = [
        [_moment(s, entities, r, ids) for s in own] for own, r in zip(seen, releases, strict=True)
    ]
    listener.phase("follow", f"{len(entities):,} entities through their segments")
    moments = _joined(made)
    days = tuple(s.day for own in seen for s in own[: len(own) if own is seen[-1] else -1])
    noise = learn_noise(moments, len(entities))
    rule = Hysteresis(margin_of(last.assigner, noise), asked.dwell)
    followed = follow(moments, len(entities), len(ids), rule)
    expected = _expected(moments, len(entities), len(ids), noise)
    ends = _ends(made[-1][0], made[-1][-1], len(entities), len(ids))
    return Movements(
        days,
        ids,
        _names(eras, releases, ids),
        entities,
        followed.transitions,
        rule,
        followed.counts,
        ends,
        None if expected is None else share_by_noise(followed.counts, expected),
        flows(followed.counts, followed.transitions, ids, expected),
        unexpected(followed.counts, ids, days),
        growth(followed.sizes, ends, ids),
        staying(followed.spells, ids),
        _shifts(seen[-1], last),
        tuple(
            warn(
                made[-1], len(entities), ids.index(t), id_=t,
                least=float(np.quantile(noise.wobbles, 0.5)) if noise.is_known else 0.0,
            )
            for t in targets
        ),
    )  # fmt: skip


def movements_of_project(
    project: Project,
    stored: RunFolder,
    days: Sequence[date] = (),
    *,
    every: Every = "month",
    asked: Asked | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Movements:
    """Build the snapshots of a run that are missing, and follow its entities through them.

    Parameters
    ----------
    project : Project
    stored : RunFolder
        Whose segments entities move between.
    days : sequence of date
        None are up to twelve before the run's cut.
    every : {"day", "week", "month", "quarter"}
        How far apart, where no days are given.
    asked : Asked or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None
        Results do not depend on it.

    Returns
    -------
    Movements
        Snapshots are kept under ``history`` beside the project file, and are not built again.

    Raises
    ------
    DataError, ProjectFileError, EngineError
        As a backfill would.
    StoreError, UsageError
        As for ``movements``.
    """
    days = tuple(days) or usual_days(stored, every)
    folder = project.folder / HISTORY / stored.folder.name
    backfill(
        project,
        days,
        folder,
        release=stored.release(),
        allow_bad_rows=allow_bad_rows,
        progress=progress,
        threads=threads,
    )
    era = Era(stored, folder, days)
    return movements([era], asked, project_folder=project.folder, progress=progress)


def usual_days(stored: RunFolder, every: Every) -> tuple[date, ...]:
    """Give the days up to a run's cut, twelve steps back or to the first recent window.

    Raises
    ------
    DataError
        E2009 if nothing happened at a time.
    StoreError
        E5121 if the history is too short for two.
    """
    window, facts = stored.release().window, stored.document("audit")["facts"]
    if window is None or not facts.get("first_event"):
        raise DataError(
            "nothing in the sources happened at a time, so nothing can have moved",
            code="E2009",
            hint="map a column of events as 'time'",
        )
    zone = ZoneInfo(str(stored.document("summary")["project"].get("time_zone", "UTC")))
    last = window.as_of.astimezone(zone).date()
    begun = datetime.fromisoformat(facts["first_event"]) + timedelta(days=window.recent_days)
    days = [steps_before(last, n, every) for n in range(STEPS_BACK, -1, -1)]
    kept = tuple(d for d in days if datetime.combine(d, time(), zone) > begun)
    if len(kept) < FEWEST:
        raise StoreError(
            f"the history begins at {begun:%Y-%m-%d} with its first window, "
            f"and ends at {last}: too short for two snapshots",
            code="E5121",
            where=str(stored.folder),
            hint="give a shorter --every, or --from and --to",
        )
    return kept


def _expected(
    moments: Sequence[Moment], n_entities: int, n_segments: int, noise: Noise
) -> NDArray[np.float64] | None:
    return expected_changes(moments, n_entities, n_segments, noise) if noise.is_known else None


def _all_ids(releases: Sequence[Release]) -> tuple[int, ...]:
    """Give the ids of all segments: those of the last release first, then what is no more."""
    return tuple(dict.fromkeys(i for r in reversed(releases) for i in r.segment_ids))


def _names(
    eras: Sequence[Era], releases: Sequence[Release], ids: tuple[int, ...]
) -> tuple[str, ...]:
    """Name segments as people do now; what a release alone knows, as it does."""
    told: dict[int, str] = {}
    for era, release in zip(eras, releases, strict=True):
        told |= dict(zip(release.segment_ids, release.segment_names, strict=True))
        told |= {int(s["id"]): str(s["name"]) for s in era.stored.document("segments")["segments"]}
    return tuple(told[i] for i in ids)


def _seen(era: Era, release: Release, base: Path | None, listener: Progress) -> list[_Seen]:
    """Answer for every snapshot of a folder by the release that it was made with."""
    import pyarrow.parquet as pq

    folder = era.snapshots
    known = read_json(folder / MANIFEST).get("definitions", {}) if folder.is_dir() else {}
    if known.get("release") != release.fingerprint:
        raise StoreError(
            "the snapshots were not made with this run",
            code="E5120",
            where=str(folder),
            hint="make them with `segmentry backfill --run RUN`, or name the run that made them",
        )
    project = from_data(release.project, folder=home_of(era.stored.folder, base) or Path())
    asked, found = {d.isoformat() for d in era.days}, []
    there = [s for s in SnapshotFolder(folder).all_snapshots() if not asked or s.day in asked]
    listener.phase("read", f"{len(there)} snapshots")
    for number, snapshot in enumerate(there):
        listener.advance(number, len(there))
        place = folder / f"as_of={snapshot.day}"
        for file in snapshot.files:
            if not (place / file.name).is_file() or sha256_of(place / file.name) != file.sha256:
                raise damaged(place / file.name, "is missing or differs from what was written")
        data = pq.read_table(place / "features.parquet", partitioning=None)
        columns = tuple(c for c in release.columns if c.name in data.column_names)
        table = FeatureTable.of(data, columns, snapshot.as_of)
        settled, _ = settled_table(project, table, None, Audit())
        matrix = release.recipe.apply(settled)
        segment = release.assigner.answer(matrix.X).segment
        distances = release.assigner.distances(matrix.X).astype(np.float32)
        found.append(
            _Seen(date.fromisoformat(snapshot.day), matrix.ids, matrix, segment, distances)
        )
    return found


def _check_days(seen: Sequence[Sequence[_Seen]], eras: Sequence[Era]) -> None:
    for own, era in zip(seen, eras, strict=True):
        if len(own) < FEWEST:
            raise StoreError(
                f"there are {len(own)} snapshots, and movement needs {FEWEST}",
                code="E5121",
                where=str(era.snapshots),
                hint="give a longer range, or a shorter --every",
            )
    for before, after, era in zip(seen[:-1], seen[1:], eras[1:], strict=True):
        if before[-1].day != after[0].day:
            raise StoreError(
                f"the snapshots begin at {after[0].day}, and those before end at {before[-1].day}",
                code="E5121",
                where=str(era.snapshots),
                hint="let both releases answer for the day on which one takes over",
            )


def _entities(seen: Sequence[_Seen]) -> pa.Array:
    import pyarrow as pa

    every = pa.chunked_array([s.ids for s in seen])
    return whole_of(pa.table({ENTITY: every.unique()}).sort_by(ENTITY)[ENTITY])


def _moment(seen: _Seen, entities: pa.Array, release: Release, ids: tuple[int, ...]) -> Moment:
    """Say the same by places among all entities and all segments."""
    import pyarrow.compute as pc

    own = np.array([ids.index(i) for i in release.segment_ids])
    distances = np.full((len(seen.segment), len(ids)), np.inf, dtype=np.float32)
    distances[:, own] = seen.distances
    places = codes_of(pc.index_in(seen.ids, value_set=entities))
    return Moment(places, own[seen.segment], distances)


def _joined(made: Sequence[Sequence[Moment]]) -> list[Moment]:
    """Put eras one after the other; the first answers of each are a refit of the last before."""
    moments = list(made[0])
    for own in made[1:]:
        moments[-1] = replace(moments[-1], refit=own[0])
        moments += own[1:]
    return moments


def _ends(first: Moment, last: Moment, n_entities: int, n_segments: int) -> NDArray[np.int64]:
    before = np.full(n_entities, -1)
    before[first.places] = first.segment
    both = before[last.places] >= 0
    counts = np.zeros((n_segments, n_segments), dtype=np.int64)
    np.add.at(counts, (before[last.places[both]], last.segment[both]), 1)
    return counts


def _shifts(seen: Sequence[_Seen], release: Release) -> tuple[Shift, ...]:
    ends = [
        Centres.of(s.matrix.X, s.segment, len(release.segment_ids)) for s in (seen[0], seen[-1])
    ]
    # The release was learned late in the range, as a rule: its unit is the spread of then.
    scale = seen[-1].matrix.X.std(axis=0)
    return shifts(ends[0], ends[1], scale, release.segment_ids, seen[0].matrix.names)
