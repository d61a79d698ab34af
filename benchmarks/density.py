"""HDBSCAN beside fast_hdbscan, turn by turn: time, agreement, noise; and many rows.

Writes its section of ``docs/benchmarks.md``. Run with ``make bench``. fast_hdbscan is measured
where it is installed.
"""

from __future__ import annotations

import numpy as np
from linkages import clear, overlapping
from measure import median, peer, timed, verdict
from page import write_section

from segmentry.cluster.hdbscan import SHARES, fit_hdbscan
from segmentry.cluster.noise import dense_count
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index

SIZES, COLUMNS, MANY = (20_000, 50_000), 10, 1_000_000
SHARE, ROUNDS, DRAWS = 1.1, 3, 3
CENTRE_SPREAD, NOISE_SHARE = 3.5, 0.1
SIZE_SHARES = (0.3, 0.25, 0.2, 0.1, 0.1, 0.05)


def noisy(n: int, d: int, seed: int) -> np.ndarray:
    """Draw clouds of unequal size and density, and a tenth of rows anywhere between them."""
    return noisy_with_truth(n, d, seed)[0]


def noisy_with_truth(n: int, d: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([5, seed])
    labels = rng.choice(len(SIZE_SHARES), n, p=SIZE_SHARES)
    centres = CENTRE_SPREAD * rng.normal(size=(len(SIZE_SHARES), d))
    widths = np.exp(0.5 * rng.normal(size=len(SIZE_SHARES)))
    X = centres[labels] + widths[labels, None] * rng.normal(size=(n, d))
    noise = rng.random(n) < NOISE_SHARE
    X[noise] = rng.uniform(X.min(axis=0), X.max(axis=0), size=(int(noise.sum()), d))
    labels[noise] = -1
    return X, labels


def ours(X: np.ndarray, seed: int = 0) -> np.ndarray:
    return fit_hdbscan(X, rng=np.random.default_rng(seed), crew=Crew.of()).labels


def theirs(X: np.ndarray) -> np.ndarray:
    """Fit the peer with our least size and neighbours; it does not count a row among its own."""
    model = peer("fast_hdbscan").HDBSCAN(
        min_cluster_size=round(SHARES[0] * len(X)), min_samples=dense_count(*X.shape) - 1
    )
    return np.asarray(model.fit(X).labels_, dtype=np.int64)


def beside() -> list[str]:
    """Time both in turns on the same rows."""
    installed = peer("fast_hdbscan") is not None
    if installed:
        theirs(clear(2_000, COLUMNS, 0))  # compiles
    lines = [
        f"HDBSCAN, rows of {COLUMNS} columns, clusters from {SHARES[0]:.0%} of rows on, in turns "
        f"in one process, medians of {ROUNDS} rounds. Rows apart: noise to one and not to the "
        "other, or in another cluster.",
        "",
        "| rows | groups | ours s | fast_hdbscan s | ratio | clusters | noise | rows apart |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for n in SIZES:
        for draw in (clear, noisy, overlapping):
            X = draw(n, COLUMNS, 0)
            pairs = [
                (timed(lambda: ours(X)), timed(lambda: theirs(X)) if installed else None)  # noqa: B023
                for _ in range(ROUNDS)
            ]
            labels = pairs[0][0][1]
            told = f"{median([mine[0] for mine, _ in pairs]):.2f} | not installed | | "
            apart = ""
            if installed:
                ratio = median([mine[0] / other[0] for mine, other in pairs])
                mine, other = (median([side[0] for side in s]) for s in zip(*pairs, strict=True))
                held = verdict(held=ratio <= SHARE)
                told = f"{mine:.2f} | {other:.2f} | {ratio:.2f} (held to {SHARE}: {held}) | "
                apart = f"{rows_apart(labels, pairs[0][1][1])}"
            lines.append(
                f"| {n:,} | {draw.__name__} | {told}{labels.max() + 1} "
                f"| {(labels < 0).mean():.1%} | {apart} |"
            )
    return lines


def rows_apart(labels: np.ndarray, others: np.ndarray) -> int:
    """Count the rows outside of the pairs of clusters that share most rows."""
    table = np.zeros((labels.max() + 2, others.max() + 2), dtype=np.int64)
    np.add.at(table, (labels + 1, others + 1), 1)
    return int(len(labels) - table[0, 0] - table[1:, 1:].max(axis=1, initial=0).sum())


def many() -> list[str]:
    """Time more rows than are points of the tree, and compare draws with each other."""
    X, truth = noisy_with_truth(MANY, COLUMNS, 0)
    found = [timed(lambda s=s: ours(X, s)) for s in range(DRAWS)]
    labels = [each for _, each in found]
    alike = [adjusted_rand_index(labels[0] + 1, each + 1) for each in labels[1:]]
    right = [adjusted_rand_index(each + 1, truth + 1) for each in labels]
    noise = ", ".join(f"{(each < 0).mean():.1%}" for each in labels)
    return [
        "",
        f"- {MANY:,} rows of the second kind, through small clusters: "
        f"{median([seconds for seconds, _ in found]):.1f} s, median of {DRAWS} draws; noise "
        f"{noise} (drawn: {NOISE_SHARE:.0%}); agreement of draws {min(alike):.3f} and more, with "
        f"the groups drawn, noise one of them, {min(right):.3f} and more.",
    ]


def main() -> None:
    """Measure and write the section."""
    lines = beside()
    print("\n".join(lines), flush=True)
    lines += many()
    print(lines[-1])
    write_section("density", "Density", lines)


if __name__ == "__main__":
    main()
