"""Criteria of partitions beside scikit-learn, turn by turn: time, agreement, spread over draws.

Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from measure import median
from numpy.typing import NDArray
from page import write_section
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from segmentry import clock
from segmentry.domain.crew import Crew
from segmentry.maths.indices import centre_indices
from segmentry.maths.silhouette import mean_silhouette, silhouettes
from segmentry.seeds import stream

K, COLUMNS, MANY = 8, 20, 1_000_000
CREW = Crew(2)
EXACT_MOST, ESTIMATE_MOST, SPREAD_MOST, CENTRE_MOST = 0.4, 1.0, 0.25, 0.2
"""Shares of scikit-learn's time, and of its standard deviation, that we hold ourselves to."""

AGREE = 1e-5
QUERIES, DRAWS, ROUNDS = 20_000, 8, 3


def skewed_blobs(n: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw blobs whose first ten columns have a long right tail, and what they were drawn as."""
    rng = stream(0, "benchmark", "criteria")
    labels = rng.integers(0, K, n)
    noise = rng.normal(size=(n, COLUMNS))
    noise[:, : COLUMNS // 2] = np.exp(0.5 * noise[:, : COLUMNS // 2])
    return (rng.normal(size=(K, COLUMNS))[labels] + noise).astype(np.float32), labels


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Time a piece of work, and give what it made."""
    began = clock.seconds()
    result = work()
    return clock.seconds() - began, result


def in_turns(
    ours: Callable[[int], Any], theirs: Callable[[int], Any], rounds: int
) -> tuple[list[float], list[float], list[Any], list[Any]]:
    """Give both sides' seconds and results, round by round."""
    pairs = [(timed(lambda r=r: ours(r)), timed(lambda r=r: theirs(r))) for r in range(rounds)]
    mine, other = zip(*pairs, strict=True)
    return [t for t, _ in mine], [t for t, _ in other], [v for _, v in mine], [v for _, v in other]


def row(name: str, mine: list[float], other: list[float], most: float, note: str) -> str:
    """Word one line of the table."""
    ratio = median([a / b for a, b in zip(mine, other, strict=True)])
    held = "held" if ratio <= most else "missed"
    seconds = f"{median(mine):.3f} | {median(other):.3f} | {ratio:.3f}"
    return f"| {name} | {len(mine)} | {seconds} | {most} {held} | {note} |"


def exact_row(X: NDArray[np.float32], labels: NDArray[np.int64], n: int, rounds: int) -> str:
    """Measure every row against every other."""
    X, labels = X[:n], labels[:n]
    mine, other, ours, theirs = in_turns(
        lambda _: silhouettes(X, labels, spread=CREW.map).mean(),
        lambda _: silhouette_score(X, labels),
        rounds,
    )
    apart = abs(ours[0] - theirs[0])
    note = f"apart {apart:.1e} (bar {AGREE:g} {'held' if apart <= AGREE else 'missed'})"
    return row(f"silhouette, exact, {n:,} rows", mine, other, EXACT_MOST, note)


def estimate_row(X: NDArray[np.float32], labels: NDArray[np.int64]) -> str:
    """Estimate the mean of a million silhouettes, with several draws."""
    mine, other, ours, theirs = in_turns(
        lambda seed: mean_silhouette(
            X,
            labels,
            rng=np.random.default_rng(seed),
            n_queries=QUERIES,
            strata="depths",
            spread=CREW.map,
        ),
        lambda seed: silhouette_score(X, labels, sample_size=10_000, random_state=seed),
        DRAWS,
    )
    spread = float(np.std([e.mean for e in ours], ddof=1))
    share = spread / float(np.std(theirs, ddof=1))
    half = median([(e.high - e.low) / 2 for e in ours])
    note = (
        f"standard deviation {spread:.5f}, {share:.2f} of theirs (bar {SPREAD_MOST} "
        f"{'held' if share <= SPREAD_MOST else 'missed'}); interval ± {half:.5f}, theirs has none"
    )
    return row("silhouette, estimate, 1,000,000 rows", mine, other, ESTIMATE_MOST, note)


def centre_row(X: NDArray[np.float32], labels: NDArray[np.int64]) -> str:
    """Measure Davies-Bouldin and Calinski-Harabasz together."""
    mine, other, ours, theirs = in_turns(
        lambda _: centre_indices(X, labels),
        lambda _: (davies_bouldin_score(X, labels), calinski_harabasz_score(X, labels)),
        2 * ROUNDS + 1,
    )
    apart = max(
        abs(ours[0].davies_bouldin / theirs[0][0] - 1),
        abs(ours[0].calinski_harabasz / theirs[0][1] - 1),
    )
    note = f"relative difference {apart:.1e}; ours on one thread"
    return row("both by centres, 1,000,000 rows", mine, other, CENTRE_MOST, note)


def main() -> None:
    """Measure in turns, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print, and leave the page alone")
    parser.add_argument("--only", choices=["exact", "many"], help="one part, printed")
    told = parser.parse_args()
    X, labels = skewed_blobs(MANY)
    silhouettes(X[:500], labels[:500], spread=CREW.map)
    lines = [
        f"{COLUMNS} columns, {K} clusters, blobs with skewed tails in single precision, two "
        "threads; medians, turn by turn.",
        "",
        "| | rounds | ours, s | scikit-learn, s | ratio | bar | |",
        "|---|---|---|---|---|---|---|",
    ]
    if told.only != "many":
        lines += [exact_row(X, labels, 20_000, ROUNDS), exact_row(X, labels, 50_000, 1)]
    if told.only != "exact":
        lines += [estimate_row(X, labels), centre_row(X, labels)]
    if told.print or told.only:
        print("\n".join(lines))
    else:
        write_section("criteria", "Criteria", lines)


if __name__ == "__main__":
    main()
