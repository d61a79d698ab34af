"""Features of millions of events beside hand-written DuckDB and Polars, turn by turn.

The peers are ``peers/features_duckdb.py`` and ``peers/features_polars.py``: one query each, for the
same 29 features of the same file. Ours is ``segmentry backfill`` for one day, with all that belongs
to it: looking at the file, telling what is bad in it, writing the snapshot in its place. Figures
are compared first. Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb
from measure import Measured, measured, median, memory_limit, segmentry
from page import write_section
from telemetry import CUT, write_log

PEERS = Path(__file__).resolve().parent / "peers"
EVENTS = 20_000_000
LOGS = {"whole-number ids": (1_000_000, False), "text ids": (250_000, True)}
"""Users, and whether ids are texts."""

FEATURES = (
    "recency_days", "tenure_days", "n_events", "value_total", "value_mean", "n_events_30d",
    "n_events_90d", "value_30d", "value_90d", "trend", "decayed_activity", "active_days",
    "gap_median_days", "gap_mean_days", "n_categories", "n_kinds", "n_channels", "weekend_share",
    "morning_share", "night_share", "n_purchases", "n_returns", "n_logins", "n_collaboration",
    "logins_share", "n_sessions", "events_per_session", "session_minutes", "bounce_share",
)  # fmt: skip
ROUNDED = {"decayed_activity"}
"""We round each weight to nine digits, so that a sum does not depend on the order."""

SHARES = {"weekend_share", "morning_share", "night_share"}
"""We tell them of those with five events or more."""

PROJECT = """version: 1
sources:
  - name: events
    path: LOG
    shape: events
    columns:
      entity: user_id
      time: ts
      kind: event_type
      channel: channel
      category: category
      amount: amount
      session: session_id
windows: {recent: 14d}
features:
  include: [INCLUDE]
  kinds: {purchase: [purchase], return: [refund], login: [login], collaborate: [share]}
"""

MOST_DUCKDB, MOST_POLARS, MOST_MEMORY = 1.0, 0.7, 0.5
"""What we hold ourselves to: medians of ratios."""

LIMIT_MIB, MOST_TIGHT = 2_048, 1.3
"""Under a limit of so much memory we may take so much longer than without."""


@dataclass(frozen=True)
class Turn:
    """One round on a machine that does nothing else."""

    duckdb: Measured
    polars: Measured
    own: Measured
    tight: Measured | None
    """Ours under a limit of memory; None where the machine allows none."""

    def wall(self, peer: str) -> float:
        """Our wall time in theirs."""
        return self.own.wall_seconds / getattr(self, peer).wall_seconds

    def memory(self, peer: str) -> float:
        """Our peak memory in theirs."""
        return self.own.peak_mib / getattr(self, peer).peak_mib


def peer(name: str, log: Path, output: Path) -> list[str]:
    """Build the command line of a peer."""
    return [sys.executable, str(PEERS / f"features_{name}.py"), str(log), str(output)]


def own(folder: Path, turn: str) -> list[str]:
    """Build our command line."""
    return segmentry("backfill", "--from", CUT, "--to", CUT, "--every", "day", "--threads", "2",
                     "--output", str(folder / f"snapshots {turn}"))  # fmt: skip


def one_turn(folder: Path, log: Path, turn: str) -> Turn:
    """Measure each once."""
    with memory_limit(LIMIT_MIB) as group:
        return Turn(
            measured(peer("duckdb", log, folder / "duckdb.parquet"), folder),
            measured(peer("polars", log, folder / "polars.parquet"), folder),
            measured(own(folder, turn), folder),
            measured(own(folder, f"{turn} tight"), folder, group=group) if group else None,
        )


def compare(folder: Path, turn: str) -> int:
    """Hold the features of all three against each other; give the number of users.

    Raises
    ------
    SystemExit
        If a figure differs.
    """
    ours = f"'{folder}/snapshots {turn}/as_of={CUT}/features.parquet'"
    connection = duckdb.connect()
    for name in ("duckdb", "polars"):
        theirs = f"'{folder}/{name}.parquet'"
        sums = []
        for f in FEATURES:
            known = "WHERE b.n_events >= 5" if f in SHARES else "WHERE TRUE"
            gap = f"abs(a.{f} - b.{f}) / greatest(abs(b.{f}), 1)"
            nulls = f"(a.{f} IS NULL) <> (b.{f} IS NULL)"
            sums += [f"max({gap}) FILTER ({known})", f"count(*) FILTER ({known} AND {nulls})"]
        rows = connection.execute(
            f"SELECT count(*), count(a.entity_id), count(b.entity_id), {', '.join(sums)} "
            f"FROM {ours} a FULL JOIN {theirs} b USING (entity_id)"
        ).fetchone()
        assert rows is not None
        n, here, there, *told = rows
        for f, gap, nulls in zip(FEATURES, told[::2], told[1::2], strict=True):
            if nulls or (gap or 0.0) > (1e-7 if f in ROUNDED else 1e-9) or not n == here == there:
                raise SystemExit(f"{f} differs from {name}'s: by {gap}, {nulls} nulls")
    return int(n)


def table_of(name: str, n_events: int, n_users: int, turns: list[Turn]) -> list[str]:
    """Write the figures of one log."""

    def row(of: str, label: str) -> str:
        runs = [getattr(t, of) for t in turns]
        wall, cpu, mib = (
            median([getattr(r, k) for r in runs])
            for k in ("wall_seconds", "cpu_seconds", "peak_mib")
        )
        return f"| {label} | {wall:.1f} | {cpu:.1f} | {mib:,.0f} |"

    told = [f"### {n_events:,} events of {n_users:,} users, {name}", "",
            "| | wall s | CPU s | peak MiB |", "|---|---|---|---|",
            row("duckdb", "DuckDB, one query by hand"), row("polars", "Polars, streaming, by hand"),
            row("own", "`segmentry backfill`, one day"), ""]  # fmt: skip
    for peer_, label, most in (
        ("duckdb", "DuckDB", MOST_DUCKDB),
        ("polars", "Polars", MOST_POLARS),
    ):
        wall, memory = (median([getattr(t, k)(peer_) for t in turns]) for k in ("wall", "memory"))
        told.append(
            f"- Beside {label}: {wall:.2f} of its time (held to {most}:"
            f" {'met' if wall <= most else 'missed'}), {memory:.2f} of its memory (held to"
            f" {MOST_MEMORY}: {'met' if memory <= MOST_MEMORY else 'missed'})."
        )
    tight = [t.tight.wall_seconds / t.own.wall_seconds for t in turns if t.tight is not None]
    if tight:
        told.append(
            f"- Under a limit of {LIMIT_MIB:,} MiB: {median(tight):.2f} of its own time without"
            f" (held to {MOST_TIGHT}: {'met' if median(tight) <= MOST_TIGHT else 'missed'})."
        )
    else:
        told.append("- Under a limit of memory: not measured, this machine allows none.")
    return told


def main() -> None:
    """Draw the logs, take turns, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--print", action="store_true", help="print, and leave the page alone")
    asked = parser.parse_args()
    lines = [
        f"29 features; {asked.rounds} rounds, one after the other in turns; medians. All figures"
        " of all three are equal to nine digits (sums of weights to seven), or this page is not"
        " written.",
    ]
    for name, (users, text_ids) in LOGS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            log = folder / "log.parquet"
            share = asked.events / EVENTS
            # In a process of its own: what this one holds would count as its children's peak.
            drawn = {"events": asked.events, "users": int(users * share), "text_ids": text_ids}
            drawing = get_context("spawn").Process(target=write_log, args=(log,), kwargs=drawn)
            drawing.start()
            drawing.join()
            text = PROJECT.replace("LOG", str(log)).replace("INCLUDE", ", ".join(FEATURES))
            (folder / "segmentry.yaml").write_text(text)
            turns = [one_turn(folder, log, str(i)) for i in range(asked.rounds)]
            n_users = compare(folder, "0")
            lines += ["", *table_of(name, asked.events, n_users, turns)]
    if asked.print:
        print("\n".join(lines))
    else:
        write_section("features", "Features", lines)


if __name__ == "__main__":
    main()
