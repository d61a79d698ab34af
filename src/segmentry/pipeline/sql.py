"""The statement that assigns as a run does, tried on the run's own entities.

What lives here: reading a run for it, and holding its answers against the run's. What does not:
writing it (``explain.sqltext``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of, wholes_of
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.engines.duckdb.connection import asked
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.explain.sqltext.statement import MARGIN, assigning_statement
from segmentry.stores.runfolder import RunFolder

if TYPE_CHECKING:
    import pyarrow as pa

TRIED_ROWS = 200_000
"""Entities that a statement is tried on, spread evenly where there are more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a statement answered for entities of a run.

    ``n_close`` lie so near to a border that rounding to nine digits may decide; ``n_other_close``
    of them, and ``n_other`` of all the rest, got another segment than in the run.
    """

    n_entities: int
    n_close: int
    n_other_close: int
    n_other: int

    @property
    def is_equal(self) -> bool:
        """Tell whether all agree but those at which rounding decides."""
        return not self.n_other

    @property
    def sentence(self) -> str:
        """Say it.

        Examples
        --------
        >>> Trial(600, 2, 0, 0).sentence
        'tried in DuckDB on 600 entities of the run: 600 get their segment; 2 lie on a border'
        >>> Trial(600, 2, 1, 0).sentence
        'tried in DuckDB on 600 entities of the run: 599 get their segment; 2 lie on a border'
        """
        n = self.n_entities - self.n_other - self.n_other_close
        return (
            f"tried in DuckDB on {self.n_entities:,} entities of the run: {n:,} get their segment; "
            f"{self.n_close:,} lie on a border"
        )


def statement_of(stored: RunFolder, *, dialect: Dialect, table: str = "features") -> str:
    """Write the statement that gives raw features the segments of a run.

    Raises
    ------
    AssignmentError
        E6004 for what cannot be written as SQL.
    UsageError
        If ``table`` is no name of a table.
    """
    return assigning_statement(stored.release(), dialect=dialect, table=table)


def tried(stored: RunFolder, *, threads: int | None = None) -> Trial:
    """Carry the statement out in DuckDB over a run's own features, and compare with the run."""
    features, answers = stored.table("features"), stored.table("assignments")
    n = features.num_rows
    if n > TRIED_ROWS:
        rows = wholes_of(np.linspace(0, n - 1, TRIED_ROWS).astype(np.int64))
        features, answers = features.take(rows), answers.take(rows)
    return trial(stored.release(), features, answers, threads=threads)


def trial(
    release: Release, features: pa.Table, answers: pa.Table, *, threads: int | None = None
) -> Trial:
    """Hold the statement's answers for features against given ones, entity by entity.

    Parameters
    ----------
    release : Release
    features : pyarrow.Table
        As ``features.parquet`` has them.
    answers : pyarrow.Table
        As ``assignments.parquet`` has them, with the same entities.
    threads : int or None

    Returns
    -------
    Trial
    """
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    found = asked(sql, threads, features=features).sort_by(ENTITY)
    same = codes_of(found["segment_id"]) == codes_of(answers.sort_by(ENTITY)["segment_id"])
    close = close_rows(release, features.sort_by(ENTITY))
    return Trial(
        features.num_rows,
        int(close.sum()),
        int((close & ~same).sum()),
        int((~close & ~same).sum()),
    )


def close_rows(release: Release, features: pa.Table) -> NDArray[np.bool_]:
    """Tell which rows lie so near to a border that rounding to nine digits may decide.

    Parameters
    ----------
    release : Release
    features : pyarrow.Table

    Returns
    -------
    ndarray of bool, shape (n_rows,)
    """
    if release.assigner.n_segments == 1:
        return np.zeros(features.num_rows, dtype=np.bool_)
    X = release.recipe.apply(FeatureTable(features, release.columns)).X
    squares = np.sort(release.assigner.distances(X) ** 2, axis=1)
    result: NDArray[np.bool_] = squares[:, 1] <= squares[:, 0] * (1.0 + MARGIN)
    return result
