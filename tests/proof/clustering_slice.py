"""The automatic choice on data sets with reference labels, and on noise.

Writes ``docs/proof/clustering_slice.md``. Run with ``make proof``.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from segmentry.cluster.catalogue import AUTOMATIC, ROBUST
from segmentry.domain.audit import Audit
from segmentry.domain.matrix import Matrix
from segmentry.domain.progress import Silent
from segmentry.domain.project import SegmentChoice
from segmentry.pipeline.find import Found, find

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "docs" / "proof" / "clustering_slice.md"
DATA = Path(os.environ.get("SEGMENTRY_DATA", str(REPOSITORY.parent / "shared" / "data")))
Methods = Literal["auto"] | tuple[str, ...]

MIN_SHARE = 0.01
"""Half of the usual one: the smallest true groups hold 1.5 %."""

HEAD = """# Data sets with reference labels

Written by `python tests/proof/clustering_slice.py` (part of `make proof`). The sets are those of
Gagolewski, M. (2022). A framework for benchmarking clustering algorithms. SoftwareX 20, 101270.

Columns are standardised, nothing else is prepared; smallest share {share:.0%}, seed 0, one
configuration for all sets. Agreement is the adjusted Rand index with the best of the references,
points that a reference calls noise left out. Beside ours stands k-means of scikit-learn (10
starts).

## Told the number of groups

`auto` chooses by its rule, which sees no labels, among {automatic}.
`robust` chooses by the same rule among what `methods="robust"` tries: {shapes}.

| set | rows | columns | groups | `auto` chose | `auto` | `robust` | k-means |
|---|---|---|---|---|---|---|---|
{told}
| **mean** | | | | | **{auto:.2f}** | **{robust:.2f}** | **{peer:.2f}** |

## Not told

Two segments up to the larger of ten and the largest reference. K-means is still told the number.

| set | groups | found | method | agreement | k-means told k | structure |
|---|---|---|---|---|---|---|
{rows}

The number of groups was found on {right} of {n}; mean agreement {ours:.2f}.

## Noise

Three columns of Gaussian noise, 500 rows, {seeds} seeds: the structure verdict was `none` {none}
times, `weak` {weak}, `clear` {clear}.
"""


@dataclass(frozen=True)
class Labelled:
    """A data set and its references."""

    name: str
    X: np.ndarray
    references: list[np.ndarray]

    def agreement(self, labels: np.ndarray) -> float:
        """Compare with the reference that fits best, its noise left out."""
        return max(adjusted_rand_score(r[r > 0], labels[r > 0]) for r in self.references)

    @property
    def counts(self) -> list[int]:
        """Give the number of groups of each reference."""
        return [len(set(r[r > 0])) for r in self.references]


def labelled_sets(folder: Path) -> list[Labelled]:
    """Read every set, columns standardised."""
    found = []
    for path in sorted(folder.glob("*/*.data.gz")):
        name = path.name.removesuffix(".data.gz")
        X = np.loadtxt(path, ndmin=2)
        references = [
            np.loadtxt(p, dtype=np.int64) for p in sorted(path.parent.glob(f"{name}.labels*.gz"))
        ]
        found.append(Labelled(name, (X - X.mean(axis=0)) / X.std(axis=0), references))
    return found


def found_in(X: np.ndarray, band: range, *, methods: Methods = "auto", seed: int = 0) -> Found:
    """Let the automatic choice run on rows."""
    names = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    return find(
        Matrix(X.copy(), pa.array(range(len(X))), names, names),
        SegmentChoice(band.start, band.stop - 1, methods=methods, min_share=MIN_SHARE),
        seed=seed,
        band=band,
        audit=Audit(),
        steps=Silent(),
    )


@dataclass(frozen=True)
class Measured:
    """What was found in one set: rows of both tables, and what their means are of."""

    told_row: str
    row: str
    is_right: bool
    auto: float
    robust: float
    peer: float
    untold: float


def peer(data: Labelled) -> float:
    """Measure k-means that is told the number of groups, with the reference that suits it best."""
    scores = []
    for k, reference in zip(data.counts, data.references, strict=True):
        labels = KMeans(k, n_init=10, random_state=0).fit(data.X).labels_
        scores.append(adjusted_rand_score(reference[reference > 0], labels[reference > 0]))
    return max(scores)


def told(data: Labelled, methods: Methods) -> tuple[float, str]:
    """Measure a choice that is told the number of groups, and name the method that it took."""
    tried = []
    for k, reference in zip(data.counts, data.references, strict=True):
        found = found_in(data.X, range(k, k + 1), methods=methods)
        labels = found.answers.segment
        score = adjusted_rand_score(reference[reference > 0], labels[reference > 0])
        tried.append((score, found.selection.chosen.partition.method))
    return max(tried)


def measure(data: Labelled, *, verbose: bool) -> Measured:
    """Measure one set, told the number of groups and not told it."""
    auto, method = told(data, "auto")
    robust, _ = told(data, ROBUST)
    theirs = peer(data)
    found = found_in(data.X, range(2, max(10, *data.counts) + 1))
    chosen = found.selection.chosen
    ours = data.agreement(found.answers.segment)
    groups = " or ".join(str(k) for k in data.counts)
    told_row = (
        f"| {data.name} | {len(data.X):,} | {data.X.shape[1]} | {groups} | {method} | "
        f"{auto:.2f} | {robust:.2f} | {theirs:.2f} |"
    )
    row = (
        f"| {data.name} | {groups} | {chosen.n_segments} | {chosen.partition.method} | "
        f"{ours:.2f} | {theirs:.2f} | {found.evidence.structure.verdict} |"
    )
    print(told_row, row, sep="\n", flush=True)
    if verbose:
        for c in found.selection.candidates:
            shown = {k: round(v, 3) for k, v in c.scores.items() if k != "bic"}
            agreement = data.agreement(c.partition.labels)
            print(f"    {c.name}: {agreement:.2f} {c.reason} {shown}")
    is_right = chosen.n_segments in data.counts
    return Measured(told_row, row, is_right, auto, robust, theirs, ours)


def noise_verdicts(n_seeds: int) -> list[str]:
    """Give the structure verdict on noise for each seed."""
    verdicts = []
    for seed in range(n_seeds):
        X = np.random.default_rng([17, seed]).normal(size=(500, 3))
        verdicts.append(str(found_in(X, range(2, 7), seed=seed).evidence.structure.verdict))
    return verdicts


def main() -> None:
    """Try all sets and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise-seeds", type=int, default=20)
    parser.add_argument("--only", nargs="*", help="names of sets; then nothing is written")
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    sets = labelled_sets(DATA / "clustering_slice")
    if asked.only:
        sets = [s for s in sets if s.name in asked.only]
    measured = [measure(s, verbose=asked.verbose) for s in sets]
    if asked.only:
        return
    verdicts = noise_verdicts(asked.noise_seeds)
    text = HEAD.format(
        share=MIN_SHARE,
        automatic=", ".join(AUTOMATIC),
        shapes=", ".join(ROBUST),
        told="\n".join(m.told_row for m in measured),
        auto=np.mean([m.auto for m in measured]),
        robust=np.mean([m.robust for m in measured]),
        peer=np.mean([m.peer for m in measured]),
        rows="\n".join(m.row for m in measured),
        right=sum(m.is_right for m in measured),
        n=len(measured),
        ours=np.mean([m.untold for m in measured]),
        seeds=len(verdicts),
        none=verdicts.count("none"),
        weak=verdicts.count("weak"),
        clear=verdicts.count("clear"),
    )
    print(text)
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
