"""What twelve monthly snapshots of a simulated shop cost beside one.

Run it on a quiet machine: ``python benchmarks/backfill.py --users 30000``. Both sides are whole
processes with the same features, one after the other, each three times; the ratio is of medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from measure import measured, segmentry

ROUNDS = 3
FIRST, LAST = "2024-08-01", "2025-07-01"


def main() -> None:
    """Simulate, fill, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=30_000)
    parser.add_argument("--include", choices=["auto", "all"], default="auto")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        words = (
            "simulate",
            "retail",
            "--users",
            str(told.users),
            "--days",
            "730",
            "--output",
            "shop",
        )
        measured(segmentry(*words), folder)
        measured(segmentry("init", "shop/events.parquet"), folder)
        file = folder / "segmentry.yaml"
        include = "[all]" if told.include == "all" else "auto"
        file.write_text(file.read_text().replace("include: auto", f"include: {include}"))
        sides: dict[str, list[float]] = {FIRST: [], LAST: []}
        for turn in range(ROUNDS):
            for first, times in sides.items():
                output = f"{first}-{turn}"
                command = segmentry("backfill", "--from", first, "--to", LAST, "--output", output)
                times.append(measured(command, folder).wall_seconds)
        twelve, one = (statistics.median(sides[d]) for d in (FIRST, LAST))
        print(f"12 snapshots {twelve:.1f} s, 1 snapshot {one:.1f} s: {twelve / one:.2f} times")


if __name__ == "__main__":
    main()
