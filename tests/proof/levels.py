"""How often a segment without parts is divided, and how often one with parts.

Writes ``docs/proof/levels.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/levels.py --sets 40``; some fifteen minutes on one core.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from segmentry.cluster.compress import compress
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.levels import fit_levels
from segmentry.domain.crew import Crew
from segmentry.domain.evidence import StructureVerdict
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.intervals import wilson_interval

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "levels.md"

N = 1_500

PURE = 0.97
"""Share of a cell that one group holds from which the cell has no parts."""

PART = 0.15
"""Share of a cell from which a group is a part of it."""

HEAD = """# How often segments are divided

Written by `python tests/proof/levels.py` (part of `make proof`). K-means cuts each set into cells,
and each cell is tried for micro-segments. Intervals are Wilson's, 95 %. Promised is that a cell
without parts is divided once in twenty times.

## Cells of one cloud

{sets} sets for each row. *Runs* are sets in which a run would tell any micro-segment: none is
looked for where the structure verdict is `none`.

| cloud | rows | columns | cells | divided | **rate** | sets with any | runs with any |
|---|---|---|---|---|---|---|---|
{clouds}

All together: {divided} of {cells} cells, {rate}.

## Cells of groups that were cut

Normal groups in a ring, cut into more cells than there are groups. Cells that one group fills
to {pure:.0%} have no parts.

| groups | apart | columns | cells | without parts | divided | **rate** |
|---|---|---|---|---|---|---|
{cut}

## Segments that have parts

Four groups far from each other, of which the first is made of parts ({sets} sets for each row). The
adjusted Rand index is that of what prototypes answer with the parts that were planted.

| parts | apart | columns | rows | with parts | divided | **rate** | mean adjusted Rand index |
|---|---|---|---|---|---|---|---|
{planted}
"""

Rng = np.random.Generator
Values = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Tried:
    """A cell: whose rows it holds, and what became of it."""

    truth: Labels
    is_divided: bool
    agreement: float

    @property
    def is_pure(self) -> bool:
        """Tell whether one group fills the cell."""
        return bool(np.bincount(self.truth).max() >= PURE * len(self.truth))

    @property
    def has_parts(self) -> bool:
        """Tell whether several groups are each a part of the cell."""
        return int((np.bincount(self.truth) >= PART * len(self.truth)).sum()) > 1


def tried(X: Values, truth: Labels, n_cells: int, rng: Rng) -> list[Tried]:
    """Cut rows into cells, and try each of them."""
    assigner = compress(fit_kmeans(X, n_cells, rng=rng, n_starts=8), X)
    labels = assigner.answer(X).segment
    found = []
    for cell, division in enumerate(fit_levels(X, lambda Y: assigner.answer(Y).segment, rng=rng)):
        rows = labels == cell
        own = np.unique(truth[rows], return_inverse=True)[1].astype(np.int64)
        parts = None if division.assigner is None else division.assigner.answer(X[rows]).segment
        agreement = np.nan if parts is None else adjusted_rand_index(own, parts)
        found.append(Tried(own, parts is not None, agreement))
    return found


def flags(rng: Rng, n: int, d: int) -> Values:
    """Draw yes and no beside two normal columns, all unrelated."""
    shares = rng.uniform(0.2, 0.6, d - 2)
    return np.column_stack([rng.random((n, d - 2)) < shares, rng.normal(size=(n, 2))])


def zeros(rng: Rng, n: int, d: int) -> Values:
    """Draw normal columns of which one is zero for half of the rows, and one is rounded."""
    X = rng.normal(size=(n, d))
    return np.column_stack([np.maximum(X[:, 0], 0.0), np.round(2.0 * X[:, 1]) / 2.0, X[:, 2:]])


def bent(rng: Rng, n: int, d: int) -> Values:
    """Draw a cloud that lies along a bow."""
    X = rng.normal(size=(n, d))
    X[:, 1] += X[:, 0] ** 2
    return X


def categories(rng: Rng, n: int, d: int) -> Values:
    """Draw unrelated categories of four levels as columns of yes and no, and two normal columns."""
    levels = [np.eye(4)[rng.choice(4, n, p=(0.4, 0.3, 0.2, 0.1))] for _ in range((d - 2) // 4)]
    return np.column_stack([*levels, rng.normal(size=(n, 2))])


def charges(rng: Rng, n: int, d: int) -> Values:
    """Draw unrelated services, what they cost together, and a normal column."""
    services = (rng.random((n, d - 2)) < 0.45).astype(np.float64)
    cost = services @ rng.choice((5.0, 10.0, 20.0), d - 2) + rng.normal(size=n)
    return np.column_stack([services, cost / 15.0, rng.normal(size=n)])


CLOUDS: tuple[tuple[str, Callable[[Rng, int, int], Values], int, int, int], ...] = (
    *(("normal", lambda r, n, d: r.normal(size=(n, d)), N, d, 5) for d in (2, 3, 6)),
    ("normal, correlated", lambda r, n, d: r.normal(size=(n, d)) @ r.normal(size=(d, d)), N, 5, 5),
    *(("even", lambda r, n, d: r.random((n, d)), N, d, 5) for d in (2, 3, 6)),
    ("lognormal (sigma 0.6)", lambda r, n, d: np.exp(0.6 * r.normal(size=(n, d))), N, 3, 5),
    ("lognormal, whole", lambda r, n, d: np.exp(0.6 * r.normal(size=(n, d))), 200, 3, 1),
    ("Student's t (4)", lambda r, n, d: r.standard_t(4, size=(n, d)), N, 3, 5),
    ("bent", bent, N, 3, 4),
    ("yes and no", flags, N, 6, 4),
    ("categories", categories, N, 14, 4),
    ("services and charges", charges, N, 8, 4),
    ("zeros and rounded", zeros, N, 4, 4),
    ("normal, few rows", lambda r, n, d: r.normal(size=(n, d)), 200, 2, 5),
    ("even, few rows", lambda r, n, d: r.random((n, d)), 200, 2, 5),
)
"""Name, draw, rows, columns, and cells that it is cut into."""

CUT = ((3, 5.0, 2, 6), (3, 8.0, 2, 6), (4, 6.0, 3, 7), (3, 4.0, 6, 6))
"""Groups, their distance, columns, and cells."""

PLANTED = ((2, 3.5, 3, N), (3, 3.5, 3, N), (3, 4.0, 3, N), (3, 4.0, 8, N), (3, 5.0, 20, N),
           (2, 5.0, 3, 200))  # fmt: skip
"""Parts, their distance, columns and rows."""


def ring(rng: Rng, n_groups: int, gap: float, d: int) -> tuple[Values, Labels]:
    """Draw normal groups in a ring, neighbours so far apart."""
    angles = 2 * np.pi * np.arange(n_groups) / n_groups
    around = gap / (2 * np.sin(np.pi / n_groups))
    centres = np.zeros((n_groups, d))
    centres[:, :2] = around * np.column_stack([np.cos(angles), np.sin(angles)])
    truth = rng.integers(0, n_groups, N)
    return centres[truth] + rng.normal(size=(N, d)), truth


def nested(rng: Rng, n_parts: int, gap: float, d: int, n: int) -> tuple[Values, Labels]:
    """Draw four normal groups far apart, the first made of parts that lie so far apart."""
    corners = np.zeros((4, d))
    corners[:, :3] = 20.0 * np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]])
    group = rng.integers(0, 4, n)
    part = rng.integers(0, n_parts, n) * (group == 0)
    moved = gap / np.sqrt(2.0) * np.eye(n_parts, d)[part] * (group == 0)[:, None]
    return corners[group] + moved + rng.normal(size=(n, d)), 10 * group + part


def rate(count: int, n: int) -> str:
    """Write a share with its interval."""
    low, high = wilson_interval(count, n)
    return f"{count / n:.3f} ({low:.3f} to {high:.3f})"


def cloud_rows(n_sets: int, seen: Counter[str]) -> Iterator[str]:
    """Try the cells of each kind of cloud."""
    for name, draw, n, d, n_cells in CLOUDS:
        counts: Counter[str] = Counter()
        for seed in range(n_sets):
            rng = np.random.default_rng([n, d, n_cells, seed])
            X = draw(rng, n, d)
            cells = tried(X, np.zeros(n, dtype=np.int64), n_cells, rng)
            divided = sum(cell.is_divided for cell in cells)
            counts["cells"] += len(cells)
            counts["divided"] += divided
            counts["sets"] += divided > 0
            if divided:
                structure = judge_structure(X, rng=rng, progress=Silent(), crew=Crew())
                counts["runs"] += structure.verdict is not StructureVerdict.NONE
        seen.update(counts)
        yield (
            f"| {name} | {n:,} | {d} | {counts['cells']} | {counts['divided']} | "
            f"{rate(counts['divided'], counts['cells'])} | {counts['sets']} of {n_sets} | "
            f"{counts['runs']} of {n_sets} |"
        )


def cut_rows(n_sets: int) -> Iterator[str]:
    """Try cells of groups that were cut."""
    for n_groups, gap, d, n_cells in CUT:
        cells = []
        for seed in range(n_sets):
            rng = np.random.default_rng([n_groups, d, n_cells, seed])
            cells += tried(*ring(rng, n_groups, gap, d), n_cells, rng)
        pure = [c for c in cells if c.is_pure]
        divided = sum(c.is_divided for c in pure)
        yield (
            f"| {n_groups} | {gap:g} | {d} | {len(cells)} | {len(pure)} | {divided} | "
            f"{rate(divided, len(pure))} |"
        )


def planted_rows(n_sets: int) -> Iterator[str]:
    """Try segments that have parts."""
    for n_parts, gap, d, n in PLANTED:
        cells = []
        for seed in range(n_sets):
            rng = np.random.default_rng([n_parts, d, n, seed])
            cells += [c for c in tried(*nested(rng, n_parts, gap, d, n), 4, rng) if c.has_parts]
        divided = [c for c in cells if c.is_divided]
        agreement = float(np.mean([c.agreement for c in divided])) if divided else float("nan")
        yield (
            f"| {n_parts} | {gap:g} | {d} | {n:,} | {len(cells)} | {len(divided)} | "
            f"{rate(len(divided), len(cells))} | {agreement:.2f} |"
        )


def main() -> None:
    """Try all sets, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=40)
    n_sets = parser.parse_args().sets
    seen: Counter[str] = Counter()
    text = HEAD.format(
        sets=n_sets,
        clouds="\n".join(cloud_rows(n_sets, seen)),
        divided=seen["divided"],
        cells=seen["cells"],
        rate=rate(seen["divided"], seen["cells"]),
        pure=PURE,
        cut="\n".join(cut_rows(n_sets)),
        planted="\n".join(planted_rows(n_sets)),
    )
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
