"""What twelve monthly snapshots cost beside one: of a simulated shop, and of twenty million events.

Whole processes with the same features, one after the other in turns; the ratio is of medians.
Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import tempfile
from multiprocessing import get_context
from pathlib import Path

from features import FEATURES, PROJECT
from measure import measured, median, segmentry
from page import write_section
from telemetry import write_log

MOST = 4.0
"""What we hold ourselves to."""

EVENTS, USERS, YEAR = 20_000_000, 1_000_000, 365


def shop(folder: Path, users: int) -> str:
    """Simulate a shop of two years, and say what it is."""
    measured(
        segmentry("simulate", "retail", "--users", str(users), "--days", "730", "--output", "shop"),
        folder,
    )
    measured(segmentry("init", "shop/events.parquet"), folder)
    return f"A simulated shop of {users:,} users, the second of its two years, default features"


def telemetry(folder: Path, events: int) -> str:
    """Draw a log of a year, and say what it is."""
    log = folder / "log.parquet"
    drawn = {"events": events, "users": USERS * events // EVENTS, "text_ids": False, "days": YEAR}
    drawing = get_context("spawn").Process(target=write_log, args=(log,), kwargs=drawn)
    drawing.start()
    drawing.join()
    text = PROJECT.replace("LOG", str(log)).replace("INCLUDE", ", ".join(FEATURES))
    (folder / "segmentry.yaml").write_text(text)
    return f"{events:,} events of a year, {len(FEATURES)} features"


def compare(folder: Path, what: str, first: str, last: str, rounds: int) -> str:
    """Measure twelve snapshots and the last of them, in turns."""
    twelve: list[float] = []
    one: list[float] = []
    for turn in range(rounds):
        for begin, times in ((first, twelve), (last, one)):
            output = f"{begin} {turn}"
            command = segmentry("backfill", "--from", begin, "--to", last, "--output", output)
            times.append(measured(command, folder).wall_seconds)
    ratio = median(twelve) / median(one)
    return (
        f"- {what}: twelve {median(twelve):.1f} s, one {median(one):.1f} s, {ratio:.2f} times (held"
        f" to {MOST}: {'met' if ratio <= MOST else 'missed'})."
    )


def main() -> None:
    """Simulate, draw, measure, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=15_000)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--print", action="store_true", help="print, and leave the page alone")
    asked = parser.parse_args()
    lines = [f"`segmentry backfill`, month by month; medians of {asked.rounds}.", ""]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        what = shop(folder, asked.users)
        lines.append(compare(folder, what, "2024-08-01", "2025-07-01", asked.rounds))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        what = telemetry(folder, asked.events)
        lines.append(compare(folder, what, "2025-02-01", "2026-01-01", asked.rounds))
    if asked.print:
        print("\n".join(lines))
    else:
        write_section("backfill", "Backfill", lines)


if __name__ == "__main__":
    main()
