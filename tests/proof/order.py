"""A thousand permutations of one log of 10,000 events: how many change a bit of a feature.

Writes ``docs/proof/order.md``. Run with ``make proof``.
"""

from __future__ import annotations

from pathlib import Path

from plainly.oracle import CASES
from plainly.order import fixed_log, shuffles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proof" / "order.md"
N_EVENTS, N_ORDERS = 10_000, 1_000
RUNS = (("Los Angeles forward, many words", 1, 500), ("leap day", 2, 500))
"""A cut and its words, threads, permutations."""


def main() -> None:
    """Count, and write the page."""
    lines = [
        "| cut | threads | entities | features | values | orders | orders that change a bit |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, threads, n in RUNS:
        case = CASES[name]
        found = shuffles(case, fixed_log(case, N_EVENTS), n, threads=threads)
        first = next(found)
        known = sum(len(c) - c.null_count for c in first.columns[1:])
        changed = sum(not other.equals(first) for other in found)
        facts = (name, threads, first.num_rows, first.num_columns - 1, known, n, changed)
        lines.append(f"| {' | '.join(str(x) for x in facts)} |")
        print(lines[-1], flush=True)
    text = [
        "# The order of rows",
        "",
        "Written by `python tests/proof/order.py` (part of `make proof`): one log of",
        f"{N_EVENTS:,} events with every field unknown now and then, ties and duplicates, its rows",
        f"in {N_ORDERS:,} random orders; all bits of all features compared with those of the",
        "first.",
        "",
        *lines,
    ]
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
