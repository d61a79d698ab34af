"""Whether ids follow segments: planted changes of groups, and refits of unchanged data.

Writes ``docs/proof/descent.md``. Run with ``make proof``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.random import Generator
from numpy.typing import NDArray
from real_data import DATA, DOCS, command
from scipy.spatial.distance import pdist

from segmentry.cluster.compress import compress
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.domain.assigner import Assigner
from segmentry.domain.percent import percent
from segmentry.estimator import Segmenter
from segmentry.maths.intervals import wilson_interval
from segmentry.releases.identity import Lineage, descend

Array = NDArray[np.float64]

EACH, COLUMNS, MEMBERS, GROUPS = 25, 6, 300, 5
GAPS = (7.0, 5.0, 4.0)
"""Standard deviations between the two nearest groups."""

SEEDS = 50

HEAD = f"""# Do ids follow segments?

Written by `python tests/proof/descent.py` (part of `make proof`). How descent is told stands in
[its page](../methods/descent.md).

## Planted changes

{GROUPS} groups of about {MEMBERS} entities in {COLUMNS} columns are found by k-means and become a
release. Then the population changes as planted, all entities are drawn anew, and as many segments
are found as there are groups now. An event is one line of descent: which segment it is of, what
became of it and from which segments it comes; it is right where all three are those planted. 95 %
are wanted. Columns to the right: standard deviations between the two nearest groups. Halves of a
group that falls apart are 5 apart; two that become one go from 5 apart to 2.

| planted | times | events | {" | ".join(f"{gap:g} apart" for gap in GAPS)} |
|---|---|---|{"---|" * len(GAPS)}
"""


def places_of(rng: Generator, n: int, gap: float) -> Array:
    """Draw places of which the two nearest are a gap apart."""
    found = rng.normal(size=(n, COLUMNS))
    return found * gap / float(pdist(found).min())


def beside(rng: Generator, places: Array, gap: float) -> Array:
    """Draw one place more, a gap and a little from the nearest of some."""
    while True:
        way = rng.normal(size=COLUMNS)
        place = places[rng.integers(len(places))] + 1.1 * gap * way / np.linalg.norm(way)
        if np.linalg.norm(places - place, axis=1).min() >= gap:
            return place


@dataclass(frozen=True)
class Planted:
    """Groups before and after a change, and what it is.

    Clouds are places of members, several of which may be of one group; ``told`` has for each group
    of today, and for those that are gone, what became of it and the groups that it comes from.
    """

    before: Array
    after: Array
    group: tuple[int, ...]
    told: tuple[tuple[str, tuple[int, ...]], ...]


def the_same(places: Array, first: int = 0) -> list[tuple[str, tuple[int, ...]]]:
    return [("continued", (g,)) for g in range(first, len(places))]


def unchanged(rng: Generator, gap: float) -> Planted:
    """Draw the same groups again, in another order."""
    places, order = places_of(rng, GROUPS, gap), rng.permutation(GROUPS)
    told = tuple(("continued", (int(g),)) for g in order)
    return Planted(places, places[order], tuple(range(GROUPS)), told)


def drifted(rng: Generator, gap: float) -> Planted:
    """Move every group by one standard deviation."""
    places = places_of(rng, GROUPS, gap)
    step = rng.normal(size=places.shape)
    after = places + step / np.linalg.norm(step, axis=1, keepdims=True)
    return Planted(places, after, tuple(range(GROUPS)), tuple(the_same(places)))


def split(rng: Generator, gap: float) -> Planted:
    """Let a group fall apart."""
    places = places_of(rng, GROUPS, gap)
    way = rng.normal(size=COLUMNS)
    way *= 2.5 / np.linalg.norm(way)
    after = np.vstack([places[0] - way, places[0] + way, places[1:]])
    told = (("split", (0,)), ("split", (0,)), *the_same(places, 1))
    return Planted(places, after, tuple(range(GROUPS + 1)), told)


def merged(rng: Generator, gap: float) -> Planted:
    """Let two neighbours come so near each other that they are one."""
    places = places_of(rng, GROUPS - 1, gap)
    way = rng.normal(size=COLUMNS)
    way /= np.linalg.norm(way)
    before = np.vstack([places[0] - 2.5 * way, places[0] + 2.5 * way, places[1:]])
    after = np.vstack([places[0] - way, places[0] + way, places[1:]])
    told = (("merged", (0, 1)), *the_same(before, 2))
    return Planted(before, after, (0, *range(GROUPS - 1)), told)


def born(rng: Generator, gap: float) -> Planted:
    """Add a group far from all others."""
    places = places_of(rng, GROUPS, gap)
    after = np.vstack([places, beside(rng, places, gap)])
    return Planted(places, after, tuple(range(GROUPS + 1)), (*the_same(places), ("new", ())))


def died(rng: Generator, gap: float) -> Planted:
    """Take a group away."""
    places = places_of(rng, GROUPS, gap)
    told = (*the_same(places, 1), ("retired", (0,)))
    return Planted(places, places[1:], tuple(range(GROUPS - 1)), told)


def one_more(rng: Generator, gap: float) -> Planted:
    """Look for one segment more in the same groups: which one is cut is not planted."""
    places = places_of(rng, GROUPS, gap)
    return Planted(places, places, tuple(range(GROUPS)), ())


def one_fewer(rng: Generator, gap: float) -> Planted:
    """Look for one segment fewer in the same groups: which two go together is not planted."""
    return one_more(rng, gap)


CHANGES: dict[str, tuple[Callable[[Generator, float], Planted], int]] = {
    "nothing but the order": (unchanged, 0),
    "all drift by one standard deviation": (drifted, 0),
    "one falls apart": (split, 0),
    "two become one": (merged, 0),
    "one is new": (born, 0),
    "one is gone": (died, 0),
    "one segment more is looked for": (one_more, 1),
    "one segment fewer is looked for": (one_fewer, -1),
}


def drawn(rng: Generator, places: Array) -> tuple[Array, NDArray[np.int64]]:
    """Draw members around places, a different number for each."""
    sizes = rng.integers(int(0.6 * MEMBERS), int(1.4 * MEMBERS), len(places))
    cloud = np.repeat(np.arange(len(places)), sizes)
    return places[cloud] + rng.normal(size=(len(cloud), COLUMNS)), cloud


def found(X: Array, k: int, rng: Generator) -> Assigner:
    """Find segments, as prototypes with radii."""
    return compress(fit_kmeans(X, k, rng=rng, n_starts=10), X, None)


def trial(
    change: Callable[[Generator, float], Planted], more: int, gap: float, seed: int
) -> tuple[int, int]:
    """Count the events of one planted change, and those that are told right."""
    rng = np.random.default_rng(seed)
    planted = change(rng, gap)
    X, cloud = drawn(rng, planted.before)
    champion = found(X, len(planted.before), rng)
    # Ids of the champion's segments are one more than the group that most of each are of.
    own = champion.answer(X).segment
    group_of = [int(np.bincount(cloud[own == s]).argmax()) for s in range(champion.n_segments)]
    Y, then = drawn(rng, planted.after)
    group = np.array(planted.group)[then]
    k = int(group.max()) + 1 + more
    answer = found(Y, k, rng).answer(Y).segment
    before = champion.answer(Y)
    near = ~before.anomaly
    counts = np.zeros((champion.n_segments, k), dtype=np.int64)
    np.add.at(counts, (before.segment[near], answer[near]), 1)
    lineage = descend(
        counts, group_of, strangers=np.bincount(answer[~near], minlength=k), largest_id=GROUPS
    )
    if more:
        return cut_otherwise(lineage, more)
    main = [int(np.bincount(group[answer == s]).argmax()) for s in range(k)]
    lines = {
        (
            main[place] if kin.segment_id is not None else None,
            str(kin.descent),
            frozenset(kin.from_ids),
        )
        for place, kin in enumerate(lineage.descents)
    }
    wanted = [
        (g if what != "retired" else None, what, frozenset(of))
        for g, (what, of) in enumerate(planted.told)
    ]
    return len(wanted), sum(line in lines for line in wanted)


def cut_otherwise(lineage: Lineage, more: int) -> tuple[int, int]:
    """Count lines where the same groups are cut into more or fewer: the others have to stay."""
    what = [str(kin.descent) for kin in lineage.descents]
    if more > 0:
        cut = min(what.count("split"), 2)
        return GROUPS + 1, what.count("continued") + cut if what.count("split") <= 2 else 0
    return GROUPS - 1, what.count("continued") + min(what.count("merged"), 1)


def planted_rows() -> list[str]:
    """Try every planted change at every gap, and write a row for each and one for all."""
    rows = []
    whole = np.zeros((len(GAPS), 2), dtype=np.int64)
    for name, (change, more) in CHANGES.items():
        cells = []
        for place, gap in enumerate(GAPS):
            tried = [trial(change, more, gap, 1000 * i + len(name)) for i in range(EACH)]
            n, hits = np.array(tried).sum(axis=0)
            whole[place] += n, hits
            cells.append(right(int(hits), int(n)))
        rows.append(f"| {name} | {EACH} | {n} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    told = " | ".join(right(int(hits), int(n)) for n, hits in whole)
    rows.append(f"| **all** | {EACH * len(CHANGES)} | {whole[0, 0]:,} | {told} |")
    return rows


def right(hits: int, n: int) -> str:
    """Write a share with its interval."""
    low, high = wilson_interval(hits, n)
    return f"{percent(hits / n)} ({percent(low)} to {percent(high)})"


def refitted() -> list[str]:
    """Find segments of unchanged data from many seeds, each held against the first."""
    rng = np.random.default_rng(7)
    X, _ = drawn(rng, places_of(rng, GROUPS, GAPS[1]))
    first = Segmenter(methods=("k-means",), random_state=0).fit(X)
    changed = moved = 0
    for seed in range(1, SEEDS + 1):
        other = Segmenter(methods=("k-means",), random_state=seed).fit(X)
        k = len(np.unique(other.labels_))
        counts = np.zeros((len(np.unique(first.labels_)), k), dtype=np.int64)
        np.add.at(counts, (first.labels_, other.labels_), 1)
        ids = descend(counts, tuple(range(1, len(counts) + 1))).ids
        changed += sum(i > len(counts) for i in ids) + abs(k - len(counts))
        moved += int((np.array(ids)[other.labels_] != first.labels_ + 1).sum())
    return [
        "",
        "## Refits of unchanged data",
        "",
        f"The same {len(X):,} entities, `Segmenter` from {SEEDS} other seeds, each held against "
        f"the first: **{changed} ids changed, {moved} of {SEEDS * len(X):,} entities are in "
        "another segment**. Nothing is begun from the champion.",
    ]


def on_real_data() -> list[str]:
    """Run a project on real data twice, from two seeds, and count who stays."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        command("init", str(DATA / "online_retail" / "online_retail.parquet"), folder=folder)
        command("run", folder=folder)
        one = segments(folder)
        path = folder / "segmentry.yaml"
        path.write_text(path.read_text().replace("seed: 0 ", "seed: 1 "))
        command("run", folder=folder)
        two = segments(folder)
        done = subprocess.run(
            [sys.executable, "-m", "segmentry", "releases", "show", "latest", "--json"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        lines = json.loads(done.stdout)["descents"]
    stays = sum(one[entity] == two[entity] for entity in one)
    told = ", ".join(f"{line['segment_id']} {line['descent']}" for line in lines)
    return [
        "",
        "## Online Retail",
        "",
        f"Two runs of {len(one):,} customers, with the seeds 0 and 1: {right(stays, len(one))} "
        f"keep the id of their segment. Segments: {told}.",
        "",
    ]


def segments(folder: Path) -> dict[Any, int]:
    """Give each entity's segment of the latest run."""
    table = pq.read_table(folder / "runs" / "latest" / "assignments.parquet")
    return dict(zip(table["entity_id"].to_pylist(), table["segment_id"].to_pylist(), strict=True))


def main() -> None:
    """Write the page."""
    lines = [*planted_rows(), *refitted(), *on_real_data()]
    (DOCS / "descent.md").write_text(HEAD + "\n".join(lines))


if __name__ == "__main__":
    main()
