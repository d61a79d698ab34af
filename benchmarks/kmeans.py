"""K-means of a million rows and more, in turns with scikit-learn on the same matrix.

Every ratio is ours by theirs, both measured one after the other in this process; where a bar is
named, the median of the rounds is held to it. Data are drawn by chance (blobs with skewed tails;
one cloud with lognormal columns, as recency, frequency and money have them), and one real table is
read where the environment variable SEGMENTRY_DATA leads to it. Writes its section of
``docs/benchmarks.md``. Run with ``make bench``; takes about six minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from measure import measured, median
from page import write_section
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans

from segmentry import clock
from segmentry.domain.crew import single_threaded
from segmentry.maths.bisecting import kmeans_bisecting
from segmentry.maths.constrained import kmeans_sized
from segmentry.maths.multilevel import kmeans_levels, kmeans_sweep
from segmentry.maths.spherical import kmeans_spherical
from segmentry.maths.streaming import kmeans_blocks, kmeans_once
from segmentry.seeds import stream
from segmentry.stores.rowblocks import parquet_rows

DATA = Path(
    os.environ.get("SEGMENTRY_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
COLUMNS, K, HANDS = 20, 8, 2
WALKS = 5
PIECE = 1_000_000
BAND = range(2, 13)

Matrix = Any


def standard(X: Matrix) -> Matrix:
    """Centre and scale in place."""
    X -= X.mean(axis=0)
    X /= X.std(axis=0)
    return X


def blobs(n: int, *, piece: int = 0) -> Matrix:
    """Eight blobs of unequal size, half of the columns with long tails."""
    centres = 1.5 * stream(0, "benchmark", "centres").normal(size=(K, COLUMNS))
    rng = stream(0, "benchmark", "blobs", piece)
    X = rng.standard_normal((n, COLUMNS), dtype=np.float32)
    X += centres.astype(np.float32)[rng.choice(K, n, p=np.arange(K, 0, -1) / (K * (K + 1) / 2))]
    X[:, : COLUMNS // 2] = np.sinh(0.5 * X[:, : COLUMNS // 2])
    return standard(X)


def heavy(n: int) -> Matrix:
    """One cloud of five factors, half of the columns lognormal: no groups, long tails."""
    rng = stream(0, "benchmark", "heavy")
    loads = (0.6 * rng.normal(size=(5, COLUMNS))).astype(np.float32)
    X = rng.standard_normal((n, 5), dtype=np.float32) @ loads
    X += 0.6 * rng.standard_normal((n, COLUMNS), dtype=np.float32)
    X *= 0.8
    X[:, : COLUMNS // 2] = np.exp(X[:, : COLUMNS // 2])
    return standard(X)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Time a piece of work."""
    began = clock.seconds()
    result = work()
    return clock.seconds() - began, result


def ours(work: Callable[[np.random.Generator], Any], seed: int = 0) -> tuple[float, Any]:
    """Time a piece of our work, BLAS held to one thread as the package holds it."""
    with single_threaded():
        return timed(lambda: work(stream(seed, "benchmark", "fit")))


def theirs(k: int, X: Matrix, seed: int = 0) -> tuple[float, KMeans]:
    """Time scikit-learn with a single start, on all cores."""
    return timed(lambda: KMeans(k, n_init=1, random_state=seed).fit(X))


def inertia(X: Matrix, centres: Matrix) -> float:
    """Sum up squared distances to the nearest centre."""
    total = 0.0
    for start in range(0, len(X), 100_000):
        block = X[start : start + 100_000].astype(np.float64)
        gaps = (block**2).sum(axis=1)[:, None] - 2 * block @ centres.T + (centres**2).sum(axis=1)
        total += float(gaps.min(axis=1).sum())
    return total


def verdict(value: float, bar: float) -> str:
    """Tell whether a bar is held."""
    return f"{value:.2f} (at most {bar:g}: {'held' if value <= bar else 'missed'})"


def tightness(value: float, bar: float) -> str:
    return f"{value:.5f} (at most {bar:g}: {'held' if value <= bar else 'missed'})"


def line(what: str, own: list[float], peer: list[float], bar: float | None, tight: str) -> str:
    """Give a row of the table; without a bar, the ratio alone."""
    ratio = median([a / b for a, b in zip(own, peer, strict=True)])
    told = f"{ratio:.2f}" if bar is None else verdict(ratio, bar)
    return f"| {what} | {median(own):.2f} | {median(peer):.2f} | {len(own)} | {told} | {tight} |"


def single(name: str, X: Matrix, rounds: int) -> Iterator[str]:
    """Compare fits of eight clusters, then sized ones with the same peer."""
    own, peer = [], []
    for s in range(rounds):
        own.append(ours(lambda rng: kmeans_levels(X, K, rng=rng, hands=HANDS), s))
        peer.append(theirs(K, X, s))
    best = min(fit.inertia_ for _, fit in peer)
    tight = median([fit.inertia for _, fit in own]) / best
    worst = max(fit.inertia for _, fit in own) / best
    seconds, fit_seconds = [t for t, _ in own], [t for t, _ in peer]
    words = f"{tightness(tight, 1.001)} of the best of {rounds}; our worst {worst:.5f}"
    yield line(f"k = {K}, {len(X):,} rows, {name}", seconds, fit_seconds, 0.3, words)
    sized = [
        ours(lambda rng: kmeans_sized(X, K, rng=rng, min_share=0.08, max_share=0.2, hands=HANDS), s)
        for s in range(2)
    ]
    for _, fit in sized:
        sizes = np.bincount(fit.labels, minlength=K)
        assert len(X) * 0.08 <= sizes.min()
        assert sizes.max() <= len(X) * 0.2
    yield line(
        f"sized 8 % to 20 %, {len(X):,} rows, {name}",
        [t for t, _ in sized],
        [median(fit_seconds)] * 2,
        2.0,
        f"{median([fit.inertia for _, fit in sized]) / best:.4f} of plain k-means",
    )


def swept(name: str, X: Matrix, rounds: int) -> str:
    """Compare a sweep with a loop."""
    own, peer, ratios = [], [], []
    for s in range(rounds):
        t, found = ours(lambda rng: kmeans_sweep(X, BAND, rng=rng, hands=HANDS), s)
        own.append(t)
        fits = [theirs(k, X, s) for k in BAND]
        peer.append(sum(t for t, _ in fits))
        ratios += [a.inertia / b.inertia_ for a, (_, b) in zip(found, fits, strict=True)]
    words = f"worst {tightness(max(ratios), 1.005)}, mean {np.mean(ratios):.4f}"
    return line(f"k = 2 .. 12, {len(X):,} rows, {name}", own, peer, 0.4, words)


def others(name: str, X: Matrix) -> Iterator[str]:
    """Compare bisecting and spherical k-means."""
    n = f"{len(X):,} rows, {name}"
    a, own = ours(lambda rng: kmeans_bisecting(X, K, rng=rng, hands=HANDS))
    b, peer = timed(lambda: BisectingKMeans(K, random_state=0).fit(X))
    yield line(f"bisecting, {n}", [a], [b], None, f"{own.inertia / peer.inertia_:.5f}")
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    a, own = ours(lambda rng: kmeans_spherical(X, K, rng=rng, hands=HANDS))
    b, peer = theirs(K, units)
    centres = peer.cluster_centers_ / np.linalg.norm(peer.cluster_centers_, axis=1)[:, None]
    away = float((1 - (units * centres[peer.labels_]).sum(axis=1)).sum())
    yield line(f"spherical, {n}", [a], [b], None, f"{own.inertia / away:.5f}")


def walks(name: str, X: Matrix) -> Iterator[str]:
    """Compare walks over the rows with mini-batches: the same blocks, and each as it stops itself.

    Neither gives labels. Mini-batches stop by themselves where ten in a row bring nothing; ours
    where further rows are worth less than a hundredth of the inertia; both from a single start.
    Each has its luck with that start: the mean is compared, and the worst told.
    """
    n = f"{len(X):,} rows, {name}"
    for size in (16_384, 65_536):
        walk = [X[i : i + size] for i in range(0, len(X), size)]
        own, peer, ratios = [], [], []
        for s in range(3):
            a, ours_ = ours(lambda rng, w=walk: kmeans_once(w, K, rng=rng, hands=HANDS), s)
            batches = MiniBatchKMeans(K, random_state=s)
            b, theirs_ = timed(lambda w=walk, m=batches: [m.partial_fit(block) for block in w][-1])
            own.append(a)
            peer.append(b)
            loose = inertia(X, theirs_.cluster_centers_.astype(np.float64))
            ratios.append(inertia(X, ours_.centres) / loose)
        what = f"each of all blocks of {size:,} once, {n}"
        yield line(what, own, peer, None, tightness(max(ratios), 1.0))
    walk = [X[i : i + 16_384] for i in range(0, len(X), 16_384)]
    for size in (1_024, 16_384):
        own, peer, ratios = [], [], []
        for s in range(WALKS):
            a, ours_ = ours(
                lambda rng: kmeans_once(walk, K, rng=rng, n_starts=1, tolerance=0.01, hands=HANDS),
                s,
            )
            batches = MiniBatchKMeans(K, batch_size=size, compute_labels=False, random_state=s)
            b, theirs_ = timed(lambda m=batches: m.fit(X))
            own.append(a)
            peer.append(b)
            loose = inertia(X, theirs_.cluster_centers_.astype(np.float64))
            ratios.append(inertia(X, ours_.centres) / loose)
        what = f"until more rows bring little, mini-batches of {size:,}, {n}"
        mean = float(np.mean(ratios))
        yield line(what, own, peer, 0.1, f"mean {tightness(mean, 1.0)}, worst {max(ratios):.4f}")


def beyond_memory(n_pieces: int, rounds: int) -> Iterator[str]:
    """Compare k-means out of Parquet, in a process of its own, with all rows in memory."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rows.parquet"
        names = [f"x{j}" for j in range(COLUMNS)]
        with pq.ParquetWriter(file, pa.schema([(n, pa.float32()) for n in names])) as writer:
            for piece in range(n_pieces):
                X = blobs(PIECE, piece=piece)
                table = pa.table([pa.array(np.ascontiguousarray(c)) for c in X.T], names=names)
                writer.write_table(table, row_group_size=262_144)
        own, peer = [], []
        for s in range(rounds):
            words = [sys.executable, __file__, "--blocks", str(file), "--seed", str(s)]
            process = measured(words, Path(place))
            took, found = (float(w) for w in (Path(place) / "output.txt").read_text().split())
            own.append((took, found, process.peak_mib))
            X = np.concatenate(list(parquet_rows(file)))
            X = np.ascontiguousarray(X)
            peer.append(theirs(K, X, s))
            del X
        tight = max(
            inertia_ / fit.inertia_ for (_, inertia_, _), (_, fit) in zip(own, peer, strict=True)
        )
        peak = max(mib for _, _, mib in own)
        words = f"{tightness(tight, 1.002)}; peak {peak:,.0f} MiB (under 2,048: "
        words += f"{'held' if peak < 2_048 else 'missed'})"
        what = f"out of Parquet, k = {K}, {n_pieces * PIECE:,} rows, blobs"
        yield line(what, [t for t, _, _ in own], [t for t, _ in peer], 1.0, words)


def out_of_parquet(file: Path, seed: int) -> None:
    """Fit out of a file, reading it each time: the part that runs in a process of its own."""
    took, found = ours(
        lambda rng: kmeans_blocks(lambda: parquet_rows(file), K, rng=rng, hands=HANDS), seed
    )
    print(took, found.inertia)


def cards() -> Matrix | None:
    """Read a table of card holders, where it is at hand: skewed columns, standardised."""
    file = DATA / "cc_general" / "cc_general.csv.gz"
    if not file.exists():
        return None
    table = pc.read_csv(file).drop_columns(["CUST_ID"])
    X = np.stack([c.fill_null(0).cast(pa.float64()).to_numpy() for c in table.columns], axis=1)
    return standard(X)


def real() -> Iterator[str]:
    """Compare on the real table, with ten starts."""
    X = cards()
    if X is None:
        return
    own, peer = [], []
    for s in range(3):
        own.append(ours(lambda rng: kmeans_levels(X, K, rng=rng, hands=HANDS), s))
        peer.append(timed(lambda s=s: KMeans(K, n_init=10, random_state=s).fit(X)))
    tight = median([a.inertia / b.inertia_ for (_, a), (_, b) in zip(own, peer, strict=True)])
    words = tightness(tight, 1.001)
    seconds = [t for t, _ in own], [t for t, _ in peer]
    yield line(f"k = {K}, {len(X):,} card holders, ten starts", *seconds, 0.3, words)


def main() -> None:
    """Measure everything and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print, and leave the page alone")
    parser.add_argument("--part", default="", help="measure one part only, and print it")
    parser.add_argument("--blocks", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.blocks:
        out_of_parquet(told.blocks, told.seed)
        return
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "blobs": lambda: single("blobs", blobs(1_000_000), 10),
        "heavy": lambda: single("heavy tails", heavy(1_000_000), 5),
        "sweep": lambda: iter([swept("blobs", blobs(1_000_000), 2)]),
        "heavy-sweep": lambda: iter([swept("heavy tails", heavy(1_000_000), 1)]),
        "others": lambda: others("blobs", blobs(250_000)),
        "heavy-others": lambda: others("heavy tails", heavy(250_000)),
        "walks": lambda: walks("blobs", blobs(1_000_000)),
        "heavy-walks": lambda: walks("heavy tails", heavy(1_000_000)),
        "parquet": lambda: beyond_memory(10, 1),
        "real": real,
    }
    lines = [
        "Ours by scikit-learn's, in turns on the same rows; 20 columns in single precision.",
        "",
        "| what | ours, s | theirs, s | rounds | ratio | inertia by theirs |",
        "|---|---|---|---|---|---|",
    ]
    for name, part in parts.items():
        if told.part in {"", name}:
            for row in part():
                lines.append(row)
                print(row, flush=True)
    if not (told.print or told.part):
        write_section("kmeans", "K-means of many rows, and scikit-learn", lines)


if __name__ == "__main__":
    main()
