"""`segmentry run` beside the same job written with pandas and scikit-learn, turn by turn.

The notebook is ``peers/notebook.py``. Both read the same simulated five million events. Writes its
section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from events import Log, thinned_log
from measure import Measured, measured, median, segmentry
from page import write_section

NOTEBOOK = Path(__file__).resolve().parent / "peers" / "notebook.py"
USERS, SHARE_PER_MILLE = 250_000, 233
"""21.5 million events, of which these orders are five million."""

MOST_WALL, MOST_MEMORY, MOST_INERTIA = 0.25, 0.5, 1.01
"""What we hold ourselves to: medians of ratios, and inertia against the best of ten starts."""

STARTS = 10


@dataclass(frozen=True)
class Turn:
    """One round: the notebook, then us, on a machine that does nothing else."""

    notebook: Measured
    run: Measured

    @property
    def wall_ratio(self) -> float:
        """Our wall time in theirs."""
        return self.run.wall_seconds / self.notebook.wall_seconds

    @property
    def memory_ratio(self) -> float:
        """Our peak memory in theirs."""
        return self.run.peak_mib / self.notebook.peak_mib


@dataclass(frozen=True)
class Inertia:
    """Both partitions of our matrix into as many segments."""

    n_segments: int
    own: float
    best: float

    @property
    def ratio(self) -> float:
        """Our inertia in the best of scikit-learn's starts."""
        return self.own / self.best


def turns(log: Log, project: Path, rounds: int) -> list[Turn]:
    """Measure turn by turn, so that a slow minute of the machine hits both."""
    found = []
    for _ in range(rounds):
        words = [sys.executable, str(NOTEBOOK), str(log.path), str(log.path.parent / "notebook")]
        turn = Turn(measured(words, log.path.parent), measured(segmentry("run"), project))
        print(
            f"notebook {turn.notebook.wall_seconds:.1f} s {turn.notebook.peak_mib:.0f} MiB, "
            f"run {turn.run.wall_seconds:.1f} s {turn.run.peak_mib:.0f} MiB",
            flush=True,
        )
        found.append(turn)
    return found


def inertia(project: Path) -> Inertia:
    """Compare the k-means of a run with scikit-learn's best of ten on the very same matrix."""
    import numpy as np
    from sklearn.cluster import KMeans

    from segmentry.api import open_run
    from segmentry.domain.table import FeatureTable

    file = project / "segmentry.yaml"
    text = file.read_text(encoding="utf-8")
    if "methods: auto" not in text:
        raise SystemExit("the project file has no line 'methods: auto' to narrow to k-means")
    file.write_text(text.replace("methods: auto", "methods: [k-means]"), encoding="utf-8")
    measured(segmentry("run"), project)
    run = open_run(project / "runs" / "latest")
    release = run.release()
    X = release.recipe.apply(FeatureTable.of(run.features(), release.columns)).X
    ids = np.asarray(run.assignments()["segment_id"])
    own = sum(float(((X[ids == g] - X[ids == g].mean(axis=0)) ** 2).sum()) for g in np.unique(ids))
    k = len(np.unique(ids))
    return Inertia(k, own, float(KMeans(k, n_init=STARTS, random_state=0).fit(X).inertia_))


def lines_of(log: Log, init: Measured, found: list[Turn], shape: Inertia) -> list[str]:
    """Write the section."""
    return [
        f"The same job on the same {log.n_events:,} events of {log.n_users:,} users "
        f"({log.path.stat().st_size / 2**20:.0f} MiB of Parquet): features, preparation, a search "
        "over k, profiles, files. The notebook (`benchmarks/peers/notebook.py`) is what an able "
        "analyst writes with vectorised pandas and scikit-learn: 22 features, PowerTransformer, "
        "KMeans from ten starts for k from 2 to 10, silhouettes on 10,000 rows. `segmentry run` "
        "does its whole work, tests, names and the report included; its project file was written "
        f"by `segmentry init` beforehand in {init.wall_seconds:.1f} s. "
        f"{len(found)} rounds, turn by turn.",
        "",
        "| | notebook | segmentry run | ratio, round by round | median | bar |",
        "|---|---|---|---|---|---|",
        row("wall s", [(t.notebook.wall_seconds, t.run.wall_seconds) for t in found], MOST_WALL),
        row("CPU s", [(t.notebook.cpu_seconds, t.run.cpu_seconds) for t in found]),
        row("peak MiB", [(t.notebook.peak_mib, t.run.peak_mib) for t in found], MOST_MEMORY),
        "",
        f"K-means on our own matrix, {shape.n_segments} segments: inertia {shape.own:.6g}, against "
        f"{shape.best:.6g} of scikit-learn's best of {STARTS} starts: ratio {shape.ratio:.4f} "
        f"(bar {MOST_INERTIA}).",
    ]


def row(name: str, pairs: list[tuple[float, float]], bar: float | None = None) -> str:
    """Write medians and pairwise ratios."""
    ratios = [own / theirs for theirs, own in pairs]
    digits = 0 if "MiB" in name else 1
    theirs, own = (f"{median(list(side)):.{digits}f}" for side in zip(*pairs, strict=True))
    held = "" if bar is None else f"{bar} {'held' if median(ratios) <= bar else 'missed'}"
    listed = ", ".join(f"{r:.2f}" for r in ratios)
    return f"| {name} | {theirs} | {own} | {listed} | {median(ratios):.3f} | {held} |"


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--users", type=int, default=USERS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        log = thinned_log(Path(place), users=chosen.users, share_per_mille=SHARE_PER_MILLE)
        project = Path(place) / "project"
        project.mkdir()
        init = measured(segmentry("init", str(log.path)), project)
        found = turns(log, project, chosen.rounds)
        lines = lines_of(log, init, found, inertia(project))
    print("\n".join(lines))
    write_section("notebook", "Beside a notebook", lines)


if __name__ == "__main__":
    main()
