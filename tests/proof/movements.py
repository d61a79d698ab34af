"""Whether movement is told as what it is: a real year by month, and shops with planted moves.

Writes ``docs/proof/movements.md``. Run with ``make proof``.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from real_data import DATA, DOCS

from segmentry.cli.movement_words import summary
from segmentry.domain.movement import Movements
from segmentry.domain.progress import Silent
from segmentry.maths.intervals import wilson_interval
from segmentry.pipeline.backfill import cuts_of
from segmentry.pipeline.movements import Asked, movements_of_project
from segmentry.pipeline.run import run_project
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags
from segmentry.seeds import stream
from segmentry.simulate import simulate
from segmentry.stores.runfolder import open_run

REAL = "online_retail/online_retail.parquet"

USERS, SEEDS, MOVERS = 1_500, (21, 22, 23), 0.2
DWELLS = (2, 3)
STEADY = ("loyal regulars", "weekend bargain hunters", "big-basket occasionals")
"""Planted segments whose members behave alike all year."""

LOOKBACK = 90.0
FROM, TO = date(2024, 12, 1), date(2025, 6, 29)
MOVES = (date(2025, 1, 10), date(2025, 3, 10))
"""Between which days planted moves lie."""

WITHIN = 120
"""Days after a planted move within which it should be told: the lookback and a month."""

HEAD = """# Is movement told as what it is?

Written by `python tests/proof/movements.py` (part of `make proof`). How moves are told apart
stands in [their page](../methods/movements.md). Intervals are of 95 %.

## Planted moves

Simulated retail shops of {users:,} users, {seeds} seeds. In each, a fifth of the steady users
({steady}) change places in pairs of different segments: from a day between {begin} and {end} on,
each does what the other did. Features look back {lookback:.0f} days, and snapshots are monthly,
{first} to {last}. A planted segment is taken for the found one that most of its steady users are
in at the end. *Recall* is the share of movers who are told to move by behaviour to the right
segment within {within} days. *Precision* is the share of moves told between steady users' segments
that movers made; what a list of changed answers would give stands beside it.

| seed | dwell | recall, behaviour | recall, any change | precision, behaviour \
| precision, any change |
|---|---|---|---|---|---|
{rows}

What became of the changes of steady users who did not move:

| seed | dwell | told as boundary | as behaviour | undecided |
|---|---|---|---|---|
{flicker}

Features that look back {lookback:.0f} days share two thirds of what they saw a month before,
so that an odd month lasts for three snapshots; a mover is a mixture of two behaviours as long, and
may pass through other segments. Both are told as behaviour, and count against precision here.

## A real year

{real}
"""


@dataclass(frozen=True)
class Counted:
    """Hits among tries."""

    hits: int
    n: int

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.hits + other.hits, self.n + other.n)

    def __str__(self) -> str:
        if not self.n:
            return "-"
        low, high = wilson_interval(self.hits, self.n)
        return f"{self.hits / self.n:.1%} ({low:.1%} to {high:.1%}), {self.hits:,} of {self.n:,}"


@dataclass(frozen=True)
class Measured:
    """Recall and precision, by behaviour and by any change, and what became of flicker."""

    scores: list[Counted]
    flicker: Counter[str]

    def __add__(self, other: Measured) -> Measured:
        pairs = zip(self.scores, other.scores, strict=True)
        return Measured([a + b for a, b in pairs], self.flicker + other.flicker)

    def row(self, name: str, dwell: int) -> str:
        """Lay out recall and precision."""
        return f"| {name} | {dwell} | {' | '.join(map(str, self.scores))} |"

    def flicker_row(self, name: str, dwell: int) -> str:
        """Lay out what became of flicker."""
        n = sum(self.flicker.values())
        causes = ("boundary", "behaviour", "undecided")
        return (
            f"| {name} | {dwell} | {' | '.join(str(Counted(self.flicker[c], n)) for c in causes)} |"
        )


def planted(folder: Path, seed: int) -> tuple[Path, dict[str, tuple[str, str, date]], Any]:
    """Write a shop in which pairs of users swap behaviour; give who moved, whither, when."""
    made = simulate("retail", USERS, seed=seed, out=folder, progress=Silent())
    truth = pq.read_table(made.truth)
    names = dict(
        zip(truth["entity_id"].to_pylist(), truth["segment_name"].to_pylist(), strict=True)
    )
    rng = stream(seed, "planted moves")
    steady = {s: [e for e, own in names.items() if own == s] for s in STEADY}
    n_pairs = int(MOVERS * sum(map(len, steady.values())) / 2)
    pools = {s: list(rng.permutation(own)) for s, own in steady.items()}
    moves: dict[str, tuple[str, str, date]] = {}
    partner: dict[str, str] = {}
    span = (MOVES[1] - MOVES[0]).days
    for _ in range(n_pairs):
        one, other = rng.choice([s for s in STEADY if pools[s]], 2, replace=False)
        a, b = str(pools[one].pop()), str(pools[other].pop())
        day = date.fromordinal(MOVES[0].toordinal() + int(rng.integers(0, span + 1)))
        moves[a], moves[b] = (str(one), str(other), day), (str(other), str(one), day)
        partner[a], partner[b] = b, a
    events = pq.read_table(made.events)
    who = np.array(events["customer_id"].cast(pa.string()).to_pylist())
    when = np.array(events["ordered_at"].cast(pa.timestamp("s")).to_numpy()).astype("M8[D]")
    cut = {e: np.datetime64(m[2]) for e, m in moves.items()}
    swapped = [
        partner[e] if e in partner and t >= cut[e] else e
        for e, t in zip(who.tolist(), when, strict=True)
    ]
    place = events.column_names.index("customer_id")
    events = events.set_column(place, "customer_id", pa.array(swapped))
    path = folder / "shop.parquet"
    pq.write_table(events, path)
    return path, moves, names


def measure(folder: Path, seed: int) -> list[Measured]:
    """Follow a shop with planted moves by each dwell."""
    path, moves, names = planted(folder, seed)
    project = guess([path], Flags()).project
    project = replace(project, windows=replace(project.windows, lookback_days=LOOKBACK))
    run = run_project(project, output=folder / "run")
    days = cuts_of(FROM, TO, "month")
    stored = open_run(run.folder)
    now = run.assignments()
    home = dict(zip(now["entity_id"].to_pylist(), now["segment_id"].to_pylist(), strict=True))
    meant = {}
    for segment in STEADY:
        own = Counter(
            home[e] for e, s in names.items() if s == segment and e not in moves and e in home
        )
        meant[segment] = own.most_common(1)[0][0]
    return [
        _scores(
            movements_of_project(project, stored, days, asked=Asked(dwell)), moves, names, meant
        )
        for dwell in DWELLS
    ]


def _scores(
    found: Movements, moves: dict[str, Any], names: dict[str, str], meant: dict[str, int]
) -> Measured:
    rows = found.to_arrow().to_pylist()
    told: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        told.setdefault(row["entity_id"], []).append(row)
    # A pair whose planted segments were found as one cannot be told to move.
    movers = {e: m for e, m in moves.items() if meant[m[0]] != meant[m[1]]}
    steady = {e for e, s in names.items() if s in STEADY}
    hits = {"behaviour": 0, "any": 0}
    for entity, (_, to, day) in movers.items():
        own = [
            r for r in told.get(entity, ()) if _is_due(r, day) and r["to_segment_id"] == meant[to]
        ]
        hits["any"] += any(r["cause"] in ("behaviour", "boundary", "undecided") for r in own)
        hits["behaviour"] += any(r["cause"] == "behaviour" for r in own)
    flicker: Counter[str] = Counter()
    right, n = {"behaviour": 0, "any": 0}, {"behaviour": 0, "any": 0}
    for row in rows:
        entity, cause = row["entity_id"], row["cause"]
        if entity not in steady or cause not in ("behaviour", "boundary", "undecided"):
            continue
        is_right = entity in moves and _is_due(row, moves[entity][2])
        for kind in ("any", "behaviour") if cause == "behaviour" else ("any",):
            n[kind] += 1
            right[kind] += is_right
        if entity not in moves:
            flicker[cause] += 1
    scores = [
        Counted(hits["behaviour"], len(movers)),
        Counted(hits["any"], len(movers)),
        Counted(right["behaviour"], n["behaviour"]),
        Counted(right["any"], n["any"]),
    ]
    return Measured(scores, flicker)


def _is_due(row: dict[str, Any], day: date) -> bool:
    return 0 < (row["day"] - day).days <= WITHIN


def real_year(folder: Path) -> str:
    """Follow the customers of a real shop over its year."""
    project = guess([DATA / REAL], Flags()).project
    run = run_project(project, output=folder / "run")
    found = movements_of_project(
        replace(project, folder=folder, sources=_absolute(project)), open_run(run.folder)
    )
    lines = [f"`{REAL}` as it comes, by month.", "", *(f"- {s}" for s in summary(found)), ""]
    lines += ["From (rows) to (columns), over all steps; moves by behaviour in brackets:", ""]
    lines += [
        "| | " + " | ".join(found.segment_names) + " |",
        "|---" * (len(found.segment_ids) + 1) + "|",
    ]
    total = found.counts.sum(axis=0)
    own = {(f.source, f.target): f for f in found.flows}
    for a, i in enumerate(found.segment_ids):
        cells = [
            f"{total[a, b]:,}" + (f" ({own[i, j].n_behaviour:,})" if (i, j) in own else "")
            for b, j in enumerate(found.segment_ids)
        ]
        lines.append(f"| {found.name_of(i)} | " + " | ".join(cells) + " |")
    lines += ["", "| path | changes | by noise | above noise |", "|---|---|---|---|"]
    lines += [
        f"| {found.name_of(f.source)} to {found.name_of(f.target)} | {f.n:,} "
        f"| {f.expected or 0:.1f} "
        f"| {'yes' if f.is_above_noise else 'no'} |"
        for f in found.flows_by_size()
    ]
    lines += ["", "Warnings of who comes nearer, tried on the snapshots after them:", ""]
    lines += [
        "| toward | warned | came true | as near | everyone | found |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {found.name_of(w.toward)} | {w.n_past:,} | "
        + " | ".join(
            "-" if s is None else _told(s) for s in (w.precision, w.as_near, w.base, w.found)
        )
        + " |"
        for w in found.warnings
    ]
    return "\n".join(lines)


def _told(share: Any) -> str:
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"


def _absolute(project: Any) -> Any:
    return tuple(replace(s, path=str(project.folder / s.path)) for s in project.sources)


def main() -> None:
    """Write the page."""
    rows, flickers = [], []
    whole: list[Measured] = []
    with tempfile.TemporaryDirectory() as place:
        for seed in SEEDS:
            found = measure(Path(place) / str(seed), seed)
            for dwell, one in zip(DWELLS, found, strict=True):
                rows.append(one.row(str(seed), dwell))
                flickers.append(one.flicker_row(str(seed), dwell))
                print(rows[-1], flickers[-1], sep="\n", flush=True)
            whole = [a + b for a, b in zip(whole, found, strict=True)] if whole else found
        real = Path(place) / "real"
        real.mkdir()
        year = real_year(real)
        print(year)
    for dwell, one in zip(DWELLS, whole, strict=True):
        rows.append(one.row("all", dwell))
        flickers.append(one.flicker_row("all", dwell))
    text = HEAD.format(
        users=USERS, seeds=len(SEEDS), steady=", ".join(STEADY), begin=MOVES[0], end=MOVES[1],
        lookback=LOOKBACK, first=FROM, last=TO, within=WITHIN, rows="\n".join(rows),
        flicker="\n".join(flickers), real=year,
    )  # fmt: skip
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "movements.md").write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
