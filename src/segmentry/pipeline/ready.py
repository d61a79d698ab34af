"""A project up to where searching begins: sources read, features built, columns prepared.

What lives here: the steps that a run and a comparison of methods have in common. What does not: the
steps themselves (``sources``, ``prepared``), and what is done with the matrix (``run``,
``compare``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from segmentry.domain.audit import Audit
from segmentry.domain.judging import Judging
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.pipeline.find import feasible_band
from segmentry.pipeline.prepared import Prepared, prepare_table, settled_table, within
from segmentry.pipeline.settings import check_settings
from segmentry.pipeline.sources import build_table


@dataclass(frozen=True)
class Ready:
    """The features of everybody, the window they look at, what followed, and what is prepared."""

    table: FeatureTable
    window: Window | None
    judging: Judging | None
    prepared: Prepared

    @property
    def unseen(self) -> Judging | None:
        """Give what followed for those whose outcome weighed no feature."""
        learned = self.prepared.learned
        if self.judging is None or self.prepared.guidance is None or learned is None:
            return self.judging
        return within(self.judging, self.table.take(np.flatnonzero(~learned)))


def make_ready(
    project: Project,
    *,
    audit: Audit,
    steps: Progress,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    threads: int | None = None,
    output: Path | None = None,
) -> Ready:
    """Read a project's sources, build its features and prepare them; nothing is written.

    Parameters
    ----------
    project : Project
    audit : Audit
        Is told what was found in the data.
    steps : Progress
    as_of : datetime or None
        The cut; None is the last event plus a microsecond.
    allow_bad_rows : bool
        Go on where more than 1 % of the rows are bad.
    threads : int or None
        Threads of the engine; results do not depend on it.
    output : Path or None
        Where a run will lie, which can be no earlier run.

    Returns
    -------
    Ready

    Raises
    ------
    ProjectFileError, DataError, EngineError
        If the sources cannot be read as the file says, or hold too few entities.
    """
    steps.phase("read", "sources and features")
    engine = open_engine(url_of(project.sources), threads=threads)
    try:
        table, window, judging = build_table(
            project, engine, as_of=as_of, audit=audit, allow_bad_rows=allow_bad_rows, progress=steps
        )
    finally:
        engine.close()
    check_settings(project, table)
    table, judging = settled_table(project, table, judging, audit, output=output)
    steps.phase("prepare", f"entities: {table.n_entities}, columns: {len(table.columns)}")
    feasible_band(table.n_entities, project.segments, Audit())
    return Ready(table, window, judging, prepare_table(project, table, audit, judging))
