"""Fifty kills at random moments while runs are written, in both ways of writing.

Writes ``docs/proof/kill.md``. Run with ``make proof``.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from kill_cycle import check_next_run_works, kill_once

DOCS = Path(__file__).resolve().parents[2] / "docs" / "proof"
KILLS = 50


def main() -> None:
    """Kill, look, and write the page."""
    rng, began = random.Random(0), time.perf_counter()
    seen: dict[str, list[int]] = {"runs/latest": [], "--output": []}
    for turn in range(KILLS):
        with tempfile.TemporaryDirectory() as place:
            base = Path(place)
            way = list(seen)[turn % 2]
            output = base / "out" if way == "--output" else None
            delay_seconds = rng.uniform(0, 0.1)
            seen[way].append(kill_once(base, output=output, delay_seconds=delay_seconds))
            check_next_run_works(base, output=output)
    lines = [
        "# Killed while writing",
        "",
        "Written by `python tests/proof/kill.py` (part of `make proof`).",
        "",
        "A process writes run folders one after another and gets SIGKILL at a random moment. "
        "Afterwards the run that readers find is checked against its own inventory of SHA-256 "
        "sums, with no repair in between; then the next run is written, and nothing of the dead "
        "process may be left beside it.",
        "",
        "| way of writing | kills | whole afterwards | next run worked | runs committed before "
        "the kill, least to most |",
        "|---|---|---|---|---|",
        *(
            f"| {way} | {len(turns)} | {len(turns)} | {len(turns)} | "
            f"{min(turns) + 1} to {max(turns) + 1} |"
            for way, turns in seen.items()
        ),
        "",
        f"{KILLS} kills in {time.perf_counter() - began:.0f} s. The script stops with an error at "
        "the first run that is not whole.",
        "",
    ]
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "kill.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
