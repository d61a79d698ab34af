"""A project's features at many cuts, out of one reading of its sources.

What lives here: what several cuts share. Sources are read, cleaned and numbered once, statements
are written once, and definitions are settled once: they are a release's, or are learned at the
first cut, so that nothing after a cut shapes what is said of it. What does not: which cuts, and
what becomes of the tables (``backfill``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from segmentry.domain.audit import Audit
from segmentry.domain.feature import INSTANT
from segmentry.domain.preparation import earlier_column
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextModel
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.errors import DataError
from segmentry.features.rows import instant
from segmentry.pipeline import behaviour, span
from segmentry.pipeline import events as of_events
from segmentry.pipeline.accounts import roll_up_of
from segmentry.pipeline.figures import Figures
from segmentry.pipeline.opening import opened_sources
from segmentry.pipeline.sources import Beside
from segmentry.pipeline.texts import Texts


@dataclass(frozen=True)
class Definitions:
    """What an earlier table's columns are, with the constants learned for them."""

    columns: tuple[FeatureColumn, ...]
    texts: tuple[TextModel, ...] = ()
    window: Window | None = None
    """Its cut does not matter."""


def snapshots(
    project: Project,
    engine: Engine,
    cuts: Sequence[datetime],
    *,
    audit: Audit,
    progress: Progress,
    allow_bad_rows: bool = False,
    like: Definitions | None = None,
) -> Iterator[FeatureTable]:
    """Build a project's features at each of several cuts.

    Parameters
    ----------
    project : Project
        With sources of events that have a time.
    engine : Engine
    cuts : sequence of datetime
        In order of time, with a zone; the first settles the definitions where none are given.
    audit : Audit
    progress : Progress
    allow_bad_rows : bool
    like : Definitions or None
        What is built at every cut, such as what a release holds.

    Yields
    ------
    FeatureTable
        Equal to the table that the cut alone would give with the same definitions.

    Raises
    ------
    DataError
        E2009 if the events have no time; E2008 if there is none before the first cut.
    """
    project = of_events.with_alike_kinds(project)
    earlier = {earlier_column(run) for run in project.prepare.earlier_runs}
    known = tuple(c for c in like.columns if c.name not in earlier) if like else None
    texts = Texts.of(project, audit, known, like.texts if like else ())
    relations = opened_sources(project, engine, audit, allow_bad_rows, progress, known)
    logs = [r for r in relations if r.source.shape is Shape.EVENTS]
    events = of_events.canonical_events(logs, engine, texts, cut=cuts[0]) if logs else None
    if events is None or INSTANT not in events.fields:
        raise DataError(
            "no source holds events with a time, so there is only one state of things",
            code="E2009",
            hint="build features with `segmentry run`, or map a column as 'time'",
        )
    shape = _shape(project, like)
    figures = Figures(events, project, engine, latest=instant(cuts[-1]), are_several=len(cuts) > 1)
    beside, specs, roll, learned = Beside(relations, texts, engine), None, None, known
    for cut in cuts:
        window = replace(shape, as_of=cut)
        before, when = span.events_before(events, window, engine)
        if specs is None:
            specs = behaviour.planned(
                events, before, project, engine, audit, known, window=window, first=when.first
            )
            roll = roll_up_of(project, events, specs, engine, audit)
        told = audit if cut == cuts[0] else Audit()
        data, columns = behaviour.build(
            events, before, specs, project, window, engine,
            n_events=when.n_events, like=learned, audit=told, figures=figures,
        )  # fmt: skip
        learned = learned if learned is not None else columns
        if roll is not None:
            data, columns = roll.table(data, columns, before, window, tell=cut == cuts[0])
        table = beside.described(data, columns, told, window, known)
        yield replace(table, texts=texts.made)


def _shape(project: Project, like: Definitions | None) -> Window:
    """Give the window of what is built, or of the project; its cut does not matter."""
    if like is not None and like.window is not None:
        return like.window
    told = project.windows
    return Window(
        of_events.EPOCH,
        told.lookback_days,
        told.recent_days,
        told.decay_half_life_days,
        pause_minutes=told.pause_minutes,
    )
