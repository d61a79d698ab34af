"""Hierarchies of any size: time beside fastcluster's, agreement with exact linkages, memory.

Writes its section of ``docs/benchmarks.md``. Run with ``make bench``. fastcluster is measured where
it is installed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable

import numpy as np
from measure import median, peer, timed, verdict
from page import write_section
from scipy.cluster.hierarchy import linkage

from segmentry.cluster.linkages import fit_linkage
from segmentry.cluster.robust import fit_robust
from segmentry.cluster.ward import fit_ward
from segmentry.domain.crew import Crew, single_threaded
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.lloyd import kmeans
from segmentry.maths.robust_linkage import robust_linkage
from segmentry.maths.spanning import spanning_tree
from segmentry.maths.ward import ward_linkage

ROWS, COLUMNS, GROUPS = 20_000, 20, 8
WARD_SHARE, CLEAR_AGREEMENT, FLOOR_GAP, JITTER = 0.1, 0.95, 0.02, 0.02
MILLION, MANY = 1_000_000, 10_000_000
MILLION_SECONDS, MANY_SECONDS, MANY_MIB = 8.0, 180.0, 8_192.0
TREE_ROWS, TREE_COLUMNS, TREE_SECONDS, TREE_MILLION_SECONDS = 50_000, 10, 2.7, 30.0
ROUNDS, SETS, DRAWS, BLOCK = 3, 8, 3, 500_000


def clear(n: int, d: int, seed: int) -> np.ndarray:
    """Draw groups with gaps between them."""
    return _groups(n, d, seed, gap=3.0)


def overlapping(n: int, d: int, seed: int) -> np.ndarray:
    """Draw groups that run into each other."""
    return _groups(n, d, seed, gap=0.9)


def unequal(n: int, d: int, seed: int) -> np.ndarray:
    """Draw overlapping groups of unequal sizes and widths."""
    rng = np.random.default_rng([2, seed])
    labels = np.searchsorted(np.cumsum([0.4, 0.2, 0.15, 0.1, 0.06, 0.05, 0.03]), rng.random(n))
    centres, widths = 1.3 * rng.normal(size=(GROUPS, d)), np.exp(0.3 * rng.normal(size=GROUPS))
    return centres[labels] + widths[labels, None] * rng.normal(size=(n, d))


def _groups(n: int, d: int, seed: int, *, gap: float) -> np.ndarray:
    rng = np.random.default_rng([1, seed])
    return gap * rng.normal(size=(GROUPS, d))[rng.integers(0, GROUPS, n)] + rng.normal(size=(n, d))


def fitted(fit: Callable[..., tuple], X: np.ndarray, seed: int = 0, **more: object) -> np.ndarray:
    if fit is fit_ward:
        more["crew"] = Crew.of()
    return fit(X, (GROUPS,), rng=np.random.default_rng(seed), **more)[0].labels


def ward_speed() -> list[str]:
    """Time our Ward in turns with fastcluster's."""
    X, fastcluster = overlapping(ROWS, COLUMNS, 0), peer("fastcluster")
    theirs, ours = [], []
    for _ in range(ROUNDS):
        if fastcluster is not None:
            theirs.append(timed(lambda: fastcluster.linkage_vector(X, "ward"))[0])
        ours.append(timed(lambda: fitted(fit_ward, X))[0])
    exact, _ = timed(lambda: ward_linkage(X))
    lines = [
        f"Ward, {ROWS:,} rows of {COLUMNS} columns, in turns in one process, medians of {ROUNDS} "
        "rounds (every row a point: one):",
        "",
        "| | s | beside fastcluster |",
        "|---|---|---|",
    ]
    rows = [("ours, every row a point", [exact]), ("ours, as `fit_ward` works", ours)]
    if theirs:
        rows.insert(0, ("fastcluster's `linkage_vector`", theirs))
    for name, seconds in rows:
        share = f"{median(seconds) / median(theirs):.3f}" if theirs else "not installed"
        lines.append(f"| {name} | {median(seconds):.2f} | {share} |")
    if theirs:
        share = median([mine / other for mine, other in zip(ours, theirs, strict=True)])
        held = verdict(held=share <= WARD_SHARE)
        lines += [
            "",
            f"- `fit_ward` beside fastcluster: {share:.3f} (held to {WARD_SHARE}: {held}).",
        ]
    return lines


def ward_agreement() -> list[str]:
    """Compare with the exact hierarchy, and with what that itself says of jittered rows."""
    lines = [
        "",
        f"Agreement with exact Ward at {GROUPS} clusters, beside what exact Ward itself reaches "
        f"where rows move by {JITTER:.0%} of a standard deviation; means of {SETS} data sets, "
        f"{DRAWS} draws each, and the standard error of the gap over data sets:",
        "",
        "| groups | ours | with moved rows | gap |",
        "|---|---|---|---|",
    ]
    for draw in (clear, unequal, overlapping):
        ours, floor = np.empty(SETS), np.empty(SETS)
        for i in range(SETS):
            X = draw(ROWS, COLUMNS, i + 1)
            noise = np.random.default_rng([3, i + 1]).normal(size=X.shape)
            exact = cut_linkage(ward_linkage(X), GROUPS)
            moved = cut_linkage(ward_linkage(X + JITTER * X.std(axis=0) * noise), GROUPS)
            floor[i] = adjusted_rand_index(moved, exact)
            drawn = [adjusted_rand_index(fitted(fit_ward, X, s), exact) for s in range(DRAWS)]
            ours[i] = np.mean(drawn)
        gaps = floor - ours
        error = float(gaps.std(ddof=1)) / SETS**0.5
        lines.append(
            f"| {draw.__name__} | {ours.mean():.3f} | {floor.mean():.3f} | {gaps.mean():.3f} "
            f"± {error:.3f} (held to {FLOOR_GAP}: {verdict(held=gaps.mean() <= FLOOR_GAP)}) |"
        )
    return lines


def ward_million() -> list[str]:
    """Time a million rows in turns with a single fit of our own k-means."""
    X = overlapping(MILLION, COLUMNS, 0)
    fits, ours = [], []
    for seed in range(ROUNDS):
        rng = np.random.default_rng(seed)
        fits.append(timed(lambda r=rng: kmeans(X, GROUPS, rng=r))[0])
        ours.append(timed(lambda s=seed: fitted(fit_ward, X, s))[0])
    return [
        "",
        f"- Ward, {MILLION:,} rows of {COLUMNS} columns: {median(ours):.1f} s (held to "
        f"{MILLION_SECONDS:.0f} s, twice a sweep of k-means: "
        f"{verdict(held=median(ours) <= MILLION_SECONDS)}); our k-means with {GROUPS} clusters, "
        f"one start on all rows, {median(fits):.1f} s.",
    ]


def ward_many() -> list[str]:
    """Run ten million rows in a process of their own, whose memory can be read."""
    words = [sys.executable, __file__, "--many"]
    seconds, mib = map(float, subprocess.check_output(words, text=True).split())
    held = verdict(held=seconds <= MANY_SECONDS and mib <= MANY_MIB)
    return [
        f"- Ward, {MANY:,} rows of {COLUMNS} columns in single precision: {seconds:.0f} s, peak "
        f"{mib:,.0f} MiB, rows included (held to {MANY_SECONDS:.0f} s and {MANY_MIB:,.0f} MiB: "
        f"{held}).",
    ]


def many() -> None:
    X = np.empty((MANY, COLUMNS), dtype=np.float32)
    for start in range(0, MANY, BLOCK):
        centres = np.random.default_rng(0).normal(size=(GROUPS, COLUMNS))
        rng = np.random.default_rng([4, start])
        labels = rng.integers(0, GROUPS, BLOCK)
        X[start : start + BLOCK] = 0.9 * centres[labels] + rng.normal(size=(BLOCK, COLUMNS))
    seconds, _ = timed(lambda: fitted(fit_ward, X))
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def robust() -> list[str]:
    """Time robust linkage, and compare small clusters with single rows."""
    seconds = {}
    Y = clear(TREE_ROWS, TREE_COLUMNS, 0)
    exact = cut_linkage(robust_linkage(spanning_tree(Y)), GROUPS)
    agreement = adjusted_rand_index(fitted(fit_robust, Y), exact)
    for draw in (clear, overlapping):
        X = draw(TREE_ROWS, TREE_COLUMNS, 0)
        seconds[draw.__name__] = median(
            [timed(lambda: fitted(fit_robust, X))[0] for _ in range(ROUNDS)]  # noqa: B023
        )
    merges = robust_linkage(spanning_tree(clear(5_000, TREE_COLUMNS, 1)))
    scipys = timed(lambda: linkage(clear(5_000, TREE_COLUMNS, 1), "single"))[0]
    ours = timed(lambda: spanning_tree(clear(5_000, TREE_COLUMNS, 1)))[0]
    X = clear(MILLION, TREE_COLUMNS, 0)
    million = timed(lambda: fitted(fit_robust, X))[0]
    worst = max(seconds.values())
    told = ", ".join(f"{name} {took:.1f} s" for name, took in seconds.items())
    return [
        f"- Robust linkage, {TREE_ROWS:,} rows of {TREE_COLUMNS} columns: {told} (held to "
        f"{TREE_SECONDS} s: {verdict(held=worst <= TREE_SECONDS)}); on clear groups it agrees with "
        f"every row a point at {agreement:.3f} (held to {CLEAR_AGREEMENT}: "
        f"{verdict(held=agreement >= CLEAR_AGREEMENT)}).",
        f"- Robust linkage, {MILLION:,} rows of {TREE_COLUMNS} columns: {million:.1f} s (held to "
        f"{TREE_MILLION_SECONDS:.0f} s: {verdict(held=million <= TREE_MILLION_SECONDS)}).",
        f"- The spanning tree of {len(merges) + 1:,} rows: {ours:.2f} s; scipy's single linkage "
        f"{scipys:.2f} s.",
    ]


def others() -> list[str]:
    """Time average and complete linkage in turns with scipy's, where both are exact."""
    lines = []
    X, Y = clear(3_000, COLUMNS, 0), overlapping(MILLION, COLUMNS, 0)
    for method in ("average", "complete"):
        pairs = [
            (
                timed(lambda m=method: fitted(fit_linkage, X, method=m))[0],
                timed(lambda m=method: linkage(X, m))[0],
            )
            for _ in range(ROUNDS)
        ]
        ours, theirs = (median(list(side)) for side in zip(*pairs, strict=True))
        million = timed(lambda m=method: fitted(fit_linkage, Y, method=m))[0]
        lines.append(
            f"- {method.capitalize()} linkage, 3,000 rows: {ours:.2f} s, scipy {theirs:.2f} s; "
            f"{MILLION:,} rows {million:.1f} s."
        )
    return lines


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--many", action="store_true", help="only ten million rows, nothing written"
    )
    if parser.parse_args().many:
        many()
        return
    lines: list[str] = []
    # As the package holds it: beside other work, threads of BLAS only wait for each other.
    with single_threaded():
        for part in (ward_speed, ward_agreement, ward_million, ward_many, robust, others):
            lines += part()
            print("\n".join(lines), flush=True)
    write_section("linkages", "Hierarchies", lines)


if __name__ == "__main__":
    main()
