"""How often the structure verdict is right: the long proof.

Writes ``docs/proof/structure.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/structure.py --seeds 20``; some ten minutes on one core.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from clouds import BEYOND_THE_NULL, WITH_GROUPS, WITHOUT_GROUPS, Family
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure
from segmentry.maths.intervals import wilson_interval
from segmentry.seeds import stream

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "structure.md"

HEAD = """# How often the structure verdict is right

Written by `python tests/proof/structure.py` (part of `make proof`): {n} seeds per family, one
verdict each. The interval is Wilson's, 95 %, for the share in bold. What the families are stands in
`tests/clouds.py`; accuracy is what the best possible classifier reaches on the planted groups.

## Nothing to find

| family | **none** | weak | clear | share of none |
|---|---|---|---|---|
{without}

## Nothing to find, but shapes that the draws cannot take

| family | **none** | weak | clear | share of none |
|---|---|---|---|---|
{beyond}

## Groups to find

| family | none | weak | **clear** | share of clear |
|---|---|---|---|---|
{with_groups}
"""


def row(name: str, family: Family, n_seeds: int, wanted: str) -> str:
    """Count the verdicts of one family."""
    counts: Counter[str] = Counter()
    for seed in range(n_seeds):
        found = judge_structure(family(seed), rng=stream(seed, "proof"), progress=Silent())
        counts[str(found.verdict)] += 1
    low, high = wilson_interval(counts[wanted], n_seeds)
    figures = " | ".join(str(counts[v]) for v in ("none", "weak", "clear"))
    return f"| {name} | {figures} | {counts[wanted] / n_seeds:.2f} ({low:.2f} to {high:.2f}) |"


def rows(families: dict[str, Family], n_seeds: int, wanted: str) -> str:
    """Count the verdicts of several families."""
    return "\n".join(row(name, family, n_seeds, wanted) for name, family in families.items())


def main() -> None:
    """Try all families and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    n = parser.parse_args().seeds
    text = HEAD.format(
        n=n,
        without=rows(WITHOUT_GROUPS, n, "none"),
        beyond=rows(BEYOND_THE_NULL, n, "none"),
        with_groups=rows(WITH_GROUPS, n, "clear"),
    )
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
