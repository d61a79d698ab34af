"""How often the structure verdict is right where it can look at a third of the columns only.

Writes ``docs/proof/few_columns.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/few_columns.py --sets 60``; some six minutes on one core.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from drawn_sets import STRUCTURELESS, as_prepared, planted, zero_inflated
from segmentry.domain.crew import Crew
from segmentry.domain.evidence import Structure
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure
from segmentry.maths.intervals import wilson_interval
from segmentry.seeds import stream

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "few_columns.md"

COLUMNS, MOST_ROWS = range(3, 9), 8_000
"""Columns that can be compared; twice as many heaps stand beside them."""

HEAD = """# Groups in a third of the columns

Written by `python tests/proof/few_columns.py` (part of `make proof`). Intervals are Wilson's, 95 %.

Three to eight columns that vary smoothly, and beside them twice as many amounts of which three to
eight in ten are zero, and which know nothing of the others. The verdict looks at the smooth columns
alone, a third of all. {n} sets of each kind, up to {rows:,} rows, prepared as a run prepares them.

| in the smooth columns | sets | none | weak | **clear** | rate of clear |
|---|---|---|---|---|---|
{rows_of}

Groups are those of [the structure proof](structure.md): the best possible classifier is right for
95 to 99.5 % of rows. A cap at `weak` for verdicts on few columns would take `clear` from all of
them. What `clear` does not say here is that the segments, which all columns make, are those groups:
report and evidence say so, with the columns that were compared.
"""


def beside_heaps(X: Any, number: int) -> Any:
    """Put twice as many columns of heaps beside, and prepare all."""
    rng = np.random.default_rng([53, number])
    return as_prepared(np.hstack([X, zero_inflated(rng, len(X), 2 * X.shape[1])]))


def with_groups(number: int) -> Any:
    """Plant groups in a few columns: the next set of the structure proof that has so few."""
    while True:
        found = planted(number).X
        if found.shape[1] in COLUMNS and len(found) <= MOST_ROWS:
            return found
        number += 1_009


def without_groups(number: int) -> Any:
    """Draw a few columns of one cloud."""
    rng = np.random.default_rng([54, number])
    families = [name for name in STRUCTURELESS if name != "zero-inflated"]
    n, d = int(rng.integers(500, MOST_ROWS)), int(rng.choice(COLUMNS))
    return STRUCTURELESS[families[number % len(families)]](rng, n, d)


def judged(X: Any, number: int) -> Structure:
    """Judge one set, which has to be one of which few columns are looked at."""
    rng = stream(number, "proof")
    found = judge_structure(beside_heaps(X, number), rng=rng, progress=Silent(), crew=Crew())
    assert found.is_partial, found.scope
    return found


def row(name: str, verdicts: list[str]) -> str:
    """Count the verdicts of one kind."""
    counts, n = Counter(verdicts), len(verdicts)
    low, high = wilson_interval(counts["clear"], n)
    told = " | ".join(str(counts[v]) for v in ("none", "weak", "clear"))
    return f"| {name} | {n} | {told} | {counts['clear'] / n:.3f} ({low:.3f} to {high:.3f}) |"


def main() -> None:
    """Judge all sets, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=60)
    n = parser.parse_args().sets
    kinds = {"one cloud": without_groups, "groups": with_groups}
    rows = [
        row(name, [str(judged(draw(i), i).verdict) for i in range(n)])
        for name, draw in kinds.items()
    ]
    text = HEAD.format(n=n, rows=MOST_ROWS, rows_of="\n".join(rows))
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
