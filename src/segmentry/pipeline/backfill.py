"""Snapshots of a project's features over a range of time, in a folder of their own.

What lives here: which cuts a range has, what a snapshot depends on, which of them are there
already. What does not: building them (``snapshots``), their files (``stores.snapshots``).
"""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import segmentry
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.engines.files import listed
from segmentry.errors import UsageError
from segmentry.pipeline.coded import check_code
from segmentry.pipeline.prepared import settled_table
from segmentry.pipeline.privacy import protected
from segmentry.pipeline.snapshots import Definitions, snapshots
from segmentry.projectfile.schema import as_data, from_data
from segmentry.stores.documents import plain
from segmentry.stores.files import sha256_of
from segmentry.stores.snapshots import Snapshot, SnapshotFolder

Every = Literal["day", "week", "month", "quarter"]

MOST_CUTS = 5_000

_MONTHS = {"month": 1, "quarter": 3}
_DAYS = {"day": 1, "week": 7}


def cuts_of(first: date, last: date, every: Every) -> list[date]:
    """Give the days at whose beginning snapshots are taken.

    Parameters
    ----------
    first : date
        The first of them; months and quarters are counted from it.
    last : date
        The last that may be one.
    every : {"day", "week", "month", "quarter"}

    Returns
    -------
    list of date
        A day that a month lacks gives way to its last.

    Raises
    ------
    UsageError
        If there is none, or more than 5,000.

    Examples
    --------
    >>> [str(d) for d in cuts_of(date(2024, 1, 31), date(2024, 4, 30), "month")]
    ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']
    """
    found: list[date] = []
    while not found or found[-1] <= last:
        if len(found) > MOST_CUTS:
            raise UsageError(
                f"from {first} to {last} there are more than {MOST_CUTS} snapshots",
                hint="choose a longer --every, or a shorter range",
            )
        found.append(_nth(first, len(found), every))
    if len(found) == 1:
        raise UsageError(f"--to {last} lies before --from {first}", hint="swap them")
    return found[:-1]


def steps_before(last: date, n: int, every: Every) -> date:
    """Give the day so many steps before another.

    Examples
    --------
    >>> str(steps_before(date(2024, 3, 31), 1, "month"))
    '2024-02-29'
    """
    return _nth(last, -n, every)


def _nth(first: date, n: int, every: Every) -> date:
    if every in _DAYS:
        return first + timedelta(days=n * _DAYS[every])
    months = first.month - 1 + n * _MONTHS[every]
    year, month = first.year + months // 12, months % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Backfilled:
    """What a backfill left: every snapshot of the range, and which were there already."""

    folder: Path
    snapshots: tuple[Snapshot, ...]
    n_kept: int
    audit: Audit


def backfill(
    project: Project,
    days: Sequence[date],
    output: Path,
    *,
    release: Release | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Backfilled:
    """Write a snapshot of a project's features for each of several days.

    Parameters
    ----------
    project : Project
    days : sequence of date
        A snapshot looks at what happened before the day begins in the project's zone.
    output : Path
        New, empty, or of an earlier backfill with the same definitions.
    release : Release or None
        Whose features are built, and whose segments are assigned; without it the definitions are
        learned at the first day.
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None

    Returns
    -------
    Backfilled

    Raises
    ------
    AssignmentError
        E6003 if code makes a feature of the release, and the project holds other code.
    """
    listener, audit = progress or Silent(), Audit()
    if release is not None:
        project = _with_own_of(release, project)
    folder = SnapshotFolder.at(output)
    zone = ZoneInfo(project.time_zone)
    cuts = [datetime.combine(d, time(), zone).astimezone(UTC) for d in days]
    listener.phase("look", "what is there already")
    whole = inputs_fingerprint(project, release, days[0])
    prints = [None if whole is None else _digest(whole, cut.isoformat()) for cut in cuts]
    done = {
        day: there
        for day, wanted in zip(days, prints, strict=True)
        if wanted is not None and (there := folder.finished(day, wanted)) is not None
    }
    if len(done) == len(days):
        return Backfilled(output, tuple(done[d] for d in days), len(done), audit)
    # Definitions are settled at the first cut, so it is built even where it is there already.
    needed = [d for d in days if d not in done or (release is None and d == days[0])]
    listener.phase("read", "sources")
    engine = open_engine(url_of(project.sources), threads=threads)
    kept, made = set(done), dict(done)
    with ExitStack() as opened:
        opened.callback(engine.close)
        at = dict(zip(days, cuts, strict=True))
        tables = snapshots(
            project,
            engine,
            [at[d] for d in needed],
            audit=audit,
            progress=listener,
            allow_bad_rows=allow_bad_rows,
            like=None
            if release is None
            else Definitions(release.columns, release.texts, release.window),
        )
        with ThreadPoolExecutor(1) as pool:
            writing: dict[date, Future[Snapshot]] = {}
            for i, day in enumerate(needed):
                table = next(tables)
                # One is written while the next is computed, and no more than one waits.
                made.update((d, w.result()) for d, w in writing.items())
                writing.clear()
                if i == 0:
                    folder.settle(_definitions(table, release), days)
                    listener.phase("snapshots", f"{len(days)} days, {len(done)} there already")
                listener.advance(i + 1, len(needed))
                if day not in kept:
                    files = _files(project, table, release)
                    told = prints[days.index(day)] or ""
                    writing[day] = pool.submit(folder.write, day, at[day], files, fingerprint=told)
            # All is computed; what was kept goes while the last is written.
            opened.close()
            made.update((d, w.result()) for d, w in writing.items())
    found = tuple(made[d] for d in days)
    folder.list_all()
    return Backfilled(output, found, len(kept), audit)


def _with_own_of(release: Release, project: Project) -> Project:
    """Take the features that a project defines from the release: the file may say others by now."""
    own = from_data(release.project, folder=project.folder).features.define
    project = replace(project, features=replace(project.features, define=own))
    check_code(project)
    return project


def _files(project: Project, table: FeatureTable, release: Release | None) -> dict[str, object]:
    """Give the tables of a snapshot by the names of their files, ids as the project shows them."""
    folder = project.folder
    files = {"features.parquet": protected(table.data, project, folder, may_make=True)}
    if release is not None:
        settled, _ = settled_table(project, table, None, Audit())
        answers = release.assign(settled).to_arrow()
        files["assignments.parquet"] = protected(answers, project, folder, may_make=True)
    return dict(files)


def _definitions(table: FeatureTable, release: Release | None) -> dict[str, object]:
    """Say what the columns of every snapshot mean, learned constants included."""
    told: dict[str, object] = {"columns": [plain(c) for c in table.columns]}
    if release is not None:
        told["release"] = release.fingerprint
    return told


def inputs_fingerprint(project: Project, release: Release | None, first: date) -> str | None:
    """Digest all that snapshots depend on beside their own day; None where that cannot be known.

    Files count by their content. What lies in a database may change unseen.
    """
    data = as_data(project)
    if any(s.connection for s in project.sources):
        return None
    contents = [[sha256_of(p) for p in listed(project.folder / s.path)] for s in project.sources]
    learned = release.fingerprint if release is not None else first.isoformat()
    told = json.dumps([data, contents, learned], sort_keys=True, default=str)
    return _digest(segmentry.__version__, told)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
