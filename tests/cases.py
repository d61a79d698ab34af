"""The worked cases of ``examples``: run as anybody would, and held against what was planted.

Beside a run stands what its columns allow at all: k-means of scikit-learn that is told the planted
number, and a linear classifier that is told the truth. ``python tests/cases.py FOLDER`` prints the
three for a folder that a case has written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segmentry import open_run
from segmentry.cli.demo import Agreement, agreement_with
from segmentry.maths.agreement import adjusted_rand_index
from tree import REPOSITORY

EXAMPLES = REPOSITORY / "examples"


@dataclass(frozen=True)
class Case:
    """A case that was run, in its folder."""

    folder: Path

    @cached_property
    def run(self) -> Any:
        """The run."""
        return open_run(self.folder / "runs" / "latest")

    @cached_property
    def agreement(self) -> Agreement:
        """Adjusted Rand index with the truth."""
        return agreement_with(self.folder / "truth.parquet", self.run, seed=0)

    @cached_property
    def planted(self) -> dict[str, str]:
        """The planted segment of each entity, by name."""
        truth = pq.read_table(self.folder / "truth.parquet")
        return dict(
            zip(truth["entity_id"].to_pylist(), truth["segment_name"].to_pylist(), strict=True)
        )

    def home_of(self, planted: str) -> dict[str, Any]:
        """Give the found segment in which most members of a planted one are."""
        found = self.run.assignments()
        ids = found["segment_id"].to_numpy()
        inside = np.array([self.planted[e] == planted for e in found["entity_id"].to_pylist()])
        best = int(np.bincount(ids[inside]).argmax())
        return next(s for s in self.run.segments if s["id"] == best)

    def share_at_home(self, planted: str) -> float:
        """Give the share of a planted segment's members who are in its found segment."""
        found = self.run.assignments()
        home = self.home_of(planted)["id"]
        inside = np.array([self.planted[e] == planted for e in found["entity_id"].to_pylist()])
        return float((found["segment_id"].to_numpy()[inside] == home).mean())

    def prepared(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Give the features as scikit-learn would prepare them, and the truth, without noise."""
        from sklearn.preprocessing import PowerTransformer

        truth = pq.read_table(self.folder / "truth.parquet")
        table = self.run.features()
        numbers = table.select(self.run.documents["summary"]["matrix_columns"]).to_pandas()
        filled = numbers.astype(float).fillna(numbers.astype(float).median())
        labels = dict(
            zip(truth["entity_id"].to_pylist(), truth["segment"].to_pylist(), strict=True)
        )
        planted = np.array([labels[e] for e in table["entity_id"].to_pylist()])
        known = planted >= 0
        return PowerTransformer().fit_transform(filled.to_numpy())[known], planted[known]

    def told_the_number(self) -> float:
        """Agreement of scikit-learn's k-means that is told how many segments were planted."""
        from sklearn.cluster import KMeans

        rows, planted = self.prepared()
        n = int(planted.max()) + 1
        labels = KMeans(n, n_init=10, random_state=0).fit_predict(rows)
        return float(adjusted_rand_index(planted, labels))

    def told_the_truth(self) -> float:
        """Agreement of a linear classifier that is told the planted segments themselves."""
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        rows, planted = self.prepared()
        labels = LinearDiscriminantAnalysis().fit(rows, planted).predict(rows)
        return float(adjusted_rand_index(planted, labels.astype(np.int64)))


def work(name: str, folder: Path, n_rows: int) -> Case:
    """Do a worked case by its one command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(EXAMPLES / name / "run.sh"), str(folder), str(n_rows)],
        env={**os.environ, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Case(folder)


if __name__ == "__main__":
    case = Case(Path(sys.argv[1]))
    print(case.agreement, case.told_the_number(), case.told_the_truth())
