"""An earlier run read back into what its steps made: table, matrix, sample, refits.

What lives here: what can be had from a run's folder alone. What does not: what is done with it
(``reshaped``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.catalogue import method
from segmentry.domain.arrays import codes_of
from segmentry.domain.assigner import Answers
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Partition
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.errors import FitError
from segmentry.judge.stability import Resamples
from segmentry.pipeline.searching import Ground, find_again, ground_of, resampled
from segmentry.pipeline.weighted import weighted
from segmentry.projectfile.schema import from_data
from segmentry.stores.runfolder import RunFolder

if TYPE_CHECKING:
    import pyarrow as pa

RESAMPLES = "resamples"
"""The file of refits that a run made by hand keeps: another change begins with these."""


@dataclass(frozen=True)
class Material:
    """An earlier run as its steps made it, under the names that people gave."""

    stored: RunFolder
    project: Project
    release: Release
    table: FeatureTable
    features: Matrix
    """Prepared columns before any reduction."""
    matrix: Matrix
    answers: Answers
    ground: Ground
    """The sample on which segments are judged: the very one of the run."""
    papers: Mapping[str, dict[str, Any]]

    @classmethod
    def of(cls, stored: RunFolder, home: Path, crew: Crew) -> Material:
        """Read a run back.

        Parameters
        ----------
        stored : RunFolder
        home : Path
            The project's folder.
        crew : Crew

        Returns
        -------
        Material
        """
        release, papers = stored.release(), stored.documents()
        project = from_data(release.project, folder=home)
        as_of = papers["summary"].get("as_of")
        cut = None if as_of is None else datetime.fromisoformat(as_of)
        table = FeatureTable.of(stored.table("features"), release.columns, cut)
        table = replace(table, texts=release.texts)
        features = weighted(release.recipe.prepare(table), table)
        matrix = release.recipe.reduced(features)
        name, _ = chosen_of(papers)
        with single_threaded():
            most = project.segments.most_searched
            ground = ground_of(matrix, (name,), seed=project.seed, crew=crew, most=most)
            answers = release.assigner.answer(matrix.X)
        return cls(stored, project, release, table, features, matrix, answers, ground, papers)

    @property
    def sample(self) -> NDArray[np.int64]:
        """Give the segments of the sample."""
        found: NDArray[np.int64] = self.answers.segment[self.ground.rows]
        return found

    def refits(self, crew: Crew) -> Resamples:
        """Give refits of these segments: those that the run keeps, or its method's, made anew."""
        if (self.stored.folder / f"{RESAMPLES}.parquet").is_file():
            return _read(self.stored.table(RESAMPLES))
        chosen = self._candidate(crew)
        with single_threaded():
            found = resampled(self.ground, [chosen], seed=self.project.seed, crew=crew)
        return found[chosen.name]

    def _candidate(self, crew: Crew) -> Candidate:
        """Give the run's choice as what fits it anew, with what its search had settled."""
        name, k = chosen_of(self.papers)
        bare = Partition(np.zeros(0, dtype=np.int64), np.zeros((k, 1)), name)
        if method(name).has_centres:
            return Candidate(bare, {})
        choice, seed = self.project.segments, self.project.seed
        try:
            _, trial = find_again(
                self.matrix, Candidate(bare, {}), choice, band=range(k, k + 1), seed=seed, crew=crew
            )
        except FitError:
            return Candidate(bare, {})
        return Candidate(replace(bare, arguments=trial.best.arguments), {})


def chosen_of(papers: Mapping[str, Mapping[str, Any]]) -> tuple[str, int]:
    """Give method and number of segments that the search of a run chose."""
    told = papers["candidates"]
    row = next(c for c in told["candidates"] if c["name"] == told["chosen"])
    return str(row["method"]), int(row["n_segments"])


def as_table(resamples: Resamples) -> pa.Table:
    """Give refits as a table: number of the refit, row of the sample, cluster."""
    import pyarrow as pa

    sizes = [len(rows) for rows in resamples.rows]
    return pa.table(
        {
            "refit": np.repeat(np.arange(len(sizes)), sizes),
            "row": np.concatenate(resamples.rows),
            "cluster": np.concatenate(resamples.labels),
            "n_rows": np.full(sum(sizes), resamples.n_rows),
        }
    )


def _read(table: pa.Table) -> Resamples:
    refit, row, cluster, n_rows = (codes_of(table[n]) for n in table.column_names)
    cuts = np.searchsorted(refit, np.arange(1, int(refit.max()) + 1))
    return Resamples(tuple(np.split(row, cuts)), tuple(np.split(cluster, cuts)), int(n_rows[0]))
