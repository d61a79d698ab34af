"""A run's release at work: today's features by its definitions, held against those of the run.

What lives here: which cuts are built, and out of what. What does not: the checks and the cause
(``watch``). Read on in ``docs/methods/drift.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from segmentry.domain.audit import Audit
from segmentry.domain.drift import Drift, Sign
from segmentry.domain.preparation import earlier_column
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, Source
from segmentry.domain.release import Release
from segmentry.domain.sketch import Grid, Sketch
from segmentry.domain.table import FeatureTable
from segmentry.engines.base import Engine
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import DataError, UsageError
from segmentry.features.rows import DAY_MICROS, instant
from segmentry.pipeline.assign import reached
from segmentry.pipeline.coded import check_code
from segmentry.pipeline.daily import daily_events
from segmentry.pipeline.prepared import settled_table
from segmentry.pipeline.privacy import protected
from segmentry.pipeline.snapshots import Definitions, snapshots
from segmentry.pipeline.sources import build_table
from segmentry.projectfile.schema import from_data
from segmentry.stores.state.said import said_run
from segmentry.watch.compare import Moment, Usual, moment_of, watched
from segmentry.watch.reference import grid_of, sketch_of
from segmentry.watch.volume import WEEK, Daily, mix_signs, volume_signs

EARLIER = 3
"""Cuts before the reference, as far apart as it and now, that tell what movement is usual."""

MOST_RECENT_DAYS = 31
"""Days before the cut whose events are looked at one by one, at most."""

YEAR_DAYS = 365
SETTLED_DAYS = 60
"""History that has to lie before a cut for its features to tell anything of a season."""


@dataclass(frozen=True)
class Asked:
    """What to watch with: the project's folder, its sources as they are reached, and the engine."""

    folder: Path | None = None
    sources: Sequence[Source] = ()
    allow_bad_rows: bool = False
    threads: int | None = None
    progress: Progress = field(default_factory=Silent)


def watch_run(run: Path, asked: Asked, *, as_of: datetime | None = None) -> Drift:
    """Hold what there is now against a run, by the run's own definitions.

    Parameters
    ----------
    run : Path
    asked : Asked
    as_of : datetime or None
        The cut of now; None is just after the last event.

    Returns
    -------
    Drift

    Raises
    ------
    UsageError
        E1101 if the cut is not later than the run's.
    AssignmentError
        E6003 if code makes a feature, and the project holds other code.
    ProjectFileError, DataError, EngineError
        If the sources cannot be read.
    """
    watch = _Watch.of(run, asked)
    engine = open_engine(url_of(watch.project.sources), threads=asked.threads)
    try:
        return watch.told(engine, as_of)
    finally:
        engine.close()


def watch_history(run: Path, asked: Asked, cuts: Sequence[datetime]) -> Iterator[Drift]:
    """Replay history: hold each cut against the one before it.

    Parameters
    ----------
    run : Path
        Whose definitions and segments are used at every cut.
    asked : Asked
    cuts : sequence of datetime
        In order of time, evenly apart; the first is a reference only.

    Yields
    ------
    Drift
        One for each cut but the first.

    Raises
    ------
    DataError
        E2009 if nothing happened at a time.
    """
    watch = _Watch.of(run, asked)
    engine = open_engine(url_of(watch.project.sources), threads=asked.threads)
    try:
        yield from watch.replayed(engine, cuts)
    finally:
        engine.close()


@dataclass(frozen=True, eq=False)
class _Watch:
    """A run and all that its features are built again with."""

    project: Project
    release: Release
    features: FeatureTable
    name: str
    asked: Asked

    @classmethod
    def of(cls, run: Path, asked: Asked) -> _Watch:
        stored = said_run(run, asked.folder)
        release = stored.release()
        folder = asked.folder or Path.cwd()
        project = reached(from_data(release.project, folder=folder), asked.sources)
        check_code(project)
        features = FeatureTable.of(stored.table("features"), release.columns)
        return cls(project, release, features, run.resolve().name, asked)

    def told(self, engine: Engine, as_of: datetime | None) -> Drift:
        """Build now and the history, and compare."""
        steps = self.asked.progress
        steps.phase("read", "sources")
        aware = self._aware(as_of) if as_of is not None else None
        found = self._daily(engine, aware)
        grid = self._grid()
        then = self._moment(self.features, grid)
        if found is None or self.release.window is None:
            now = self._table_now(engine, as_of)
            steps.phase("watch", f"{now.n_entities} entities")
            return watched(
                self._moment(now, grid), then, self.release,
                told_then=self.name, seed=self.project.seed,
            )  # fmt: skip
        daily, cut = found
        usual, now = self._in_time(engine, grid, daily, cut)
        steps.phase("watch", f"{now.n_entities} entities")
        days = (cut - self.release.window.as_of) / timedelta(days=1)
        recent = min(max(round(days), 1), MOST_RECENT_DAYS)
        return watched(
            self._moment(now, grid),
            then,
            self.release,
            told_then=self.name,
            usual=usual,
            volume=[*volume_signs(daily, recent), *mix_signs(daily, recent)],
            seed=self.project.seed,
        )

    def _in_time(
        self, engine: Engine, grid: Grid, daily: Daily, cut: datetime
    ) -> tuple[Usual, FeatureTable]:
        """Build features now, at cuts as far apart before the reference, and a year ago."""
        window = self.release.window
        if window is None or cut <= window.as_of:
            told = "" if window is None else f"{window.as_of:%Y-%m-%d %H:%M} UTC"
            raise UsageError(
                f"{cut:%Y-%m-%d %H:%M} UTC is not later than the cut of the run, {told}",
                hint="watch when there are newer events, or give a later --as-of",
            )
        first = window.as_of.fromtimestamp(daily.first_day * 86_400, window.as_of.tzinfo)
        lag = cut - window.as_of
        settled = first + timedelta(days=SETTLED_DAYS)
        before = [window.as_of - i * lag for i in range(EARLIER, 0, -1)]
        before = [c for c in before if c > max(settled, first + lag)]
        year = cut - timedelta(days=YEAR_DAYS)
        wanted = sorted({*before, *([year] if settled < year < window.as_of else []), cut})
        self.asked.progress.phase("look back", f"features at {len(wanted)} cuts")
        sketches: dict[datetime, Sketch] = {}
        now: FeatureTable | None = None
        for i, (at, table) in enumerate(zip(wanted, self._tables(engine, wanted), strict=True)):
            self.asked.progress.advance(i, len(wanted))
            now = table
            if at != cut:
                sketches[at] = sketch_of([table], grid, self.release)
        if now is None:
            raise DataError("there is no event before the cut", code="E2008")
        then = sketch_of([self.features], grid, self.release)
        earlier = [sketches[c] for c in before]
        return Usual.of([*earlier, then], self.release, sketches.get(year)), now

    def replayed(self, engine: Engine, cuts: Sequence[datetime]) -> Iterator[Drift]:
        """Compare each cut with the one before, and with what moved between those before."""
        aware = [self._aware(c) for c in cuts]
        found = self._daily(engine, aware[-1])
        if found is None:
            raise DataError(
                "nothing in the sources happened at a time, so there is no history to replay",
                code="E2009",
                hint="map a column of events as 'time'",
            )
        daily, _ = found
        before: list[Moment] = []
        for i, (cut, table) in enumerate(zip(aware, self._tables(engine, aware), strict=True)):
            self.asked.progress.advance(i, len(aware))
            grid = before[0].sketch.grid if before else grid_of(table, self._n_segments)
            now = self._moment(table, grid)
            if before:
                part = daily.until(max(instant(cut) // DAY_MICROS - daily.first_day, 0))
                days = max(round((cut - aware[i - 1]) / timedelta(days=1)), 1)
                signs: list[Sign] = [*volume_signs(part, min(days, MOST_RECENT_DAYS))]
                signs += mix_signs(part, days)
                yield watched(
                    now,
                    before[-1],
                    self.release,
                    told_then=f"{aware[i - 1]:%Y-%m-%d}",
                    usual=Usual.of([m.sketch for m in before], self.release),
                    volume=signs,
                    seed=self.project.seed,
                )
            before = [*before[-WEEK:], now]

    @property
    def _n_segments(self) -> int:
        return self.release.assigner.n_segments

    def _grid(self) -> Grid:
        return grid_of(self.features, self._n_segments)

    def _moment(self, table: FeatureTable, grid: Grid) -> Moment:
        return moment_of([table], grid, self.release, n_entities=table.n_entities)

    def _aware(self, cut: datetime) -> datetime:
        return cut if cut.tzinfo else cut.replace(tzinfo=ZoneInfo(self.project.time_zone))

    def _daily(self, engine: Engine, until: datetime | None) -> tuple[Daily, datetime] | None:
        allow = self.asked.allow_bad_rows
        return daily_events(self.project, engine, self.release, until=until, allow_bad_rows=allow)

    def _tables(self, engine: Engine, cuts: Sequence[datetime]) -> Iterator[FeatureTable]:
        """Build features at cuts by the release's definitions, ids as the run shows them."""
        release = self.release
        for table in snapshots(
            self.project,
            engine,
            cuts,
            audit=Audit(),
            progress=Silent(),
            allow_bad_rows=self.asked.allow_bad_rows,
            like=Definitions(release.columns, release.texts, release.window),
        ):
            yield self._shown(table)

    def _table_now(self, engine: Engine, as_of: datetime | None) -> FeatureTable:
        """Build the features of sources that hold one state of things."""
        release = self.release
        earlier = {earlier_column(run) for run in self.project.prepare.earlier_runs}
        table, _, _ = build_table(
            self.project,
            engine,
            as_of=as_of,
            audit=Audit(),
            allow_bad_rows=self.asked.allow_bad_rows,
            progress=Silent(),
            window=release.window,
            like=tuple(c for c in release.columns if c.name not in earlier),
            models=release.texts,
        )
        return self._shown(table)

    def _shown(self, table: FeatureTable) -> FeatureTable:
        settled, _ = settled_table(self.project, table, None, Audit())
        folder = self.asked.folder or Path.cwd()
        data = protected(settled.data, self.project, folder, may_make=False)
        return replace(settled, data=data)
