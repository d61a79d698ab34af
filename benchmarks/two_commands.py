"""`init` and `run` as a user types them: real data, a wide table, the simulator at full size.

Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measure import Measured, measured, median, segmentry
from page import write_section

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SEGMENTRY_DATA", str(REPOSITORY.parent / "shared" / "data")))
SETS = (
    "online_retail/online_retail.parquet",
    "cdnow/cdnow.csv.gz",
    "cc_general/cc_general.csv.gz",
    "telco_churn/telco_churn.csv.gz",
)


def wide_table(folder: Path, n_columns: int = 3_000, n_rows: int = 2_000) -> Path:
    """Write a table with far too many columns."""
    rng = np.random.default_rng(0)
    columns = {f"metric_{i}": rng.gamma(2.0, size=n_rows).round(4) for i in range(n_columns)}
    path = folder / "wide.csv"
    import pyarrow.csv

    pyarrow.csv.write_csv(pa.table({"customer_id": np.arange(n_rows), **columns}), path)
    return path


def two_commands(data: Path, rounds: int) -> tuple[list[Measured], list[Measured]]:
    """Run both commands several times, each in a fresh folder."""
    inits, runs = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            inits.append(measured(segmentry("init", str(data)), Path(place)))
            runs.append(measured(segmentry("run"), Path(place)))
    return inits, runs


def row(name: str, size: str, inits: list[Measured], runs: list[Measured]) -> str:
    """Write a line of the table."""
    return (
        f"| {name} | {size} | {median([m.wall_seconds for m in inits]):.1f} | "
        f"{median([m.wall_seconds for m in runs]):.1f} "
        f"({min(m.wall_seconds for m in runs):.1f} to {max(m.wall_seconds for m in runs):.1f}) | "
        f"{median([m.cpu_seconds for m in runs]):.1f} | "
        f"{max(m.peak_mib for m in [*inits, *runs]):.0f} |"
    )


def simulator(users: int) -> str:
    """Time the simulator at full size."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        words = segmentry("simulate", "retail", "--users", str(users), "--output", "data")
        m = measured(words, folder)
        n = pq.read_metadata(folder / "data" / "events.parquet").num_rows
    return (
        f"| simulate retail | {n:,} events, {users:,} users | | {m.wall_seconds:.1f} | "
        f"{m.cpu_seconds:.1f} | {m.peak_mib:.0f} |"
    )


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--users", type=int, default=250_000, help="users of the simulator's run")
    chosen = parser.parse_args()
    lines = [
        "| what | size | init s | run s, median (range) | run CPU s | peak MiB |",
        "|---|---|---|---|---|---|",
    ]
    for name in SETS:
        if not (DATA / name).exists():
            print(f"{name} is not at {DATA}: left out")
            continue
        inits, runs = two_commands(DATA / name, chosen.rounds)
        lines.append(row(name, f"{(DATA / name).stat().st_size / 2**20:.1f} MiB", inits, runs))
        print(lines[-1], flush=True)
    with tempfile.TemporaryDirectory() as place:
        inits, runs = two_commands(wide_table(Path(place)), 1)
        lines.append(row("wide table", "2,000 rows x 3,000 columns", inits, runs))
        print(lines[-1], flush=True)
    lines.append(simulator(chosen.users))
    print(lines[-1], flush=True)
    write_section("two commands", "Two commands", lines)


if __name__ == "__main__":
    main()
