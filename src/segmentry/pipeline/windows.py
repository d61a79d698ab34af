"""Windows of time taken otherwise: features built anew, and as many segments found in them.

What lives here: which windows, and the labels that they give to the rows of a search. What does
not: the other decisions (``variations``), and what labels are compared with (``sensitivity``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.cluster.noise import without_noise
from segmentry.domain.audit import Audit
from segmentry.domain.crew import Crew
from segmentry.domain.matrix import Matrix
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, Windows
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import SegmentryError
from segmentry.pipeline.prepared import prepare_table, settled_table
from segmentry.pipeline.ready import Ready
from segmentry.pipeline.searching import Searched, find_again
from segmentry.pipeline.sources import build_table
from segmentry.pipeline.variations import Labels, Varied, not_varied

DECISION = "windows"

LOOKBACKS, RECENTS = (0.5, 1.5), (0.5, 2.0)
"""Parts of the lookback and of the recent window that are tried in their place."""

TENURE = "tenure_days"
"""The feature that tells how long the history is."""


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """What a project's features are built from again, and what was found in them."""

    project: Project
    ready: Ready
    window: Window
    matrix: Matrix
    searched: Searched
    band: range
    crew: Crew
    threads: int | None = None
    allow_bad_rows: bool = False

    def labels(self, windows: Windows) -> Labels | str:
        """Give the searched rows the segments that other windows would give them."""
        try:
            return self._found(windows)
        except SegmentryError as failed:
            return failed.what

    def _found(self, windows: Windows) -> Labels | str:
        project, ready = replace(self.project, windows=windows), self.ready
        table, _ = settled_table(project, self._table(windows), None, Audit())
        matrix = prepare_table(project, table, Audit(), ready.judging).learning(table)[1]
        if matrix.names == self.matrix.names and np.array_equal(matrix.X, self.matrix.X):
            return "it changes nothing here"
        chosen = self.searched.selection.chosen
        # The same entities and the same seed: the same rows are searched.
        ground, trial = find_again(
            matrix,
            chosen,
            project.segments,
            band=self.band,
            seed=project.seed,
            crew=self.crew,
        )
        wanted = self.matrix.ids.take(self.searched.ground.rows)
        places = pc.index_in(wanted, value_set=matrix.ids.take(ground.rows))
        if places.null_count:
            return f"{places.null_count} of {len(wanted)} searched entities have no features then"
        own: NDArray[np.int64] = without_noise(ground.X, trial.own)
        there: Labels = own[places.to_numpy(zero_copy_only=False).astype(np.int64)]
        return there

    def _table(self, windows: Windows) -> FeatureTable:
        window = replace(
            self.window, lookback_days=windows.lookback_days, recent_days=windows.recent_days
        )
        engine = open_engine(url_of(self.project.sources), threads=self.threads)
        try:
            table, _, _ = build_table(
                replace(self.project, windows=windows),
                engine,
                as_of=window.as_of,
                audit=Audit(),
                allow_bad_rows=self.allow_bad_rows,
                progress=Silent(),
                window=window,
            )
        finally:
            engine.close()
        return table


def windows_varied(rebuilt: Rebuilt | None) -> tuple[Varied, ...]:
    """List the windows that are tried in place of a project's own.

    Parameters
    ----------
    rebuilt : Rebuilt or None
        None where nothing in the sources happened at a time.

    Returns
    -------
    tuple of Varied
        One that says why, where there are none.
    """
    if rebuilt is None:
        return (not_varied(DECISION, "there are none: no event with a time makes a feature"),)
    own = rebuilt.project.windows
    return (
        *(
            Varied(DECISION, told, partial(rebuilt.labels, replace(own, lookback_days=days)))
            for told, days in _lookbacks(own, rebuilt.ready.table)
        ),
        *(
            Varied(
                DECISION,
                f"recent {part * own.recent_days:g} days, not {own.recent_days:g}",
                partial(rebuilt.labels, replace(own, recent_days=part * own.recent_days)),
            )
            for part in RECENTS
        ),
    )


def _lookbacks(own: Windows, table: FeatureTable) -> Iterator[tuple[str, float]]:
    """Give other lookbacks in days; of all history there is half, where its length is known."""
    days = own.lookback_days
    if days is not None:
        for part in LOOKBACKS:
            yield f"lookback {part * days:g} days, not {days:g}", part * days
    elif TENURE in table.data.column_names:
        half = round(float(np.nanmax(table.numbers(TENURE))) / 2)
        if half > 0:
            yield f"lookback {half} days, not all history", float(half)
