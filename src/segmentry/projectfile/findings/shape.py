"""How the features of a table are distributed: long tails, and columns that move together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from segmentry.projectfile.findings.finding import Finding, plain
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.survey import Column

TOGETHER = 0.9
"""Rank correlation from which on two columns say nearly the same."""

LONG_TAIL = 3.0
"""Skewness from which on a few rows would rule every distance."""

ROWS = 5_000
MOST_COLUMNS = 400
MOST_TOLD = 6


def skewed(look: Look) -> Iterator[Finding]:
    """Find numbers of which a few are far larger (or smaller) than all others."""
    found = [(skewness(c.present), c) for c in _numbers(look)]
    tails = sorted(((s, c) for s, c in found if abs(s) > LONG_TAIL), key=lambda p: -abs(p[0]))
    if not tails:
        return
    names = [repr(c.name) for _, c in tails]
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if names[6:] else "")
    yield Finding(
        "skewed",
        "info",
        f"{shown} {'has' if len(names) == 1 else 'have'} a long tail",
        tuple(c.name for _, c in tails),
        len(tails),
        len(found),
        tuple(
            f"{c.name}: median {plain(float(np.median(c.present)))}, most {plain(c.present.max())}"
            for _, c in tails[:3]
        ),
        advice="a run bends such columns before it measures distances",
        is_exact=look.is_whole,
    )


def correlated(look: Look) -> Iterator[Finding]:
    """Find pairs of numbers whose ranks move together."""
    pairs = correlated_pairs(_numbers(look))
    if not pairs:
        return
    first, other, rho = pairs[0]
    many = f"{len(pairs)} pairs of columns move" if len(pairs) > 1 else "two columns move"
    yield Finding(
        "correlated",
        "info",
        f"{many} together, most of all {first!r} and {other!r} (rank correlation {rho:.2f})",
        tuple(dict.fromkeys(name for pair in pairs for name in pair[:2])),
        len(pairs),
        examples=tuple(f"{a} with {b} ({r:.2f})" for a, b, r in pairs[:MOST_TOLD]),
        advice="a run keeps one column of each pair",
        is_exact=False,
    )


def correlated_pairs(columns: list[Column]) -> list[tuple[str, str, float]]:
    """List pairs of columns with a rank correlation beyond 0.9, the strongest first.

    At most 400 columns and 5,000 rows are looked at; a missing value counts as the median.
    """
    columns = columns[:MOST_COLUMNS]
    if len(columns) < 2:
        return []
    step = max(len(columns[0].numbers) // ROWS, 1)
    ranks = np.column_stack([_ranks(c.numbers[::step]) for c in columns])
    ranks -= ranks.mean(axis=0)
    sizes = np.sqrt((ranks**2).sum(axis=0))
    ranks /= np.where(sizes > 0, sizes, 1.0)
    rho = ranks.T @ ranks
    above = np.argwhere(np.triu(np.abs(rho) > TOGETHER, 1))
    found = [(columns[i].name, columns[j].name, float(rho[i, j])) for i, j in above]
    return sorted(found, key=lambda pair: -abs(pair[2]))


def _numbers(look: Look) -> list[Column]:
    if look.is_events:
        used = {c for f, c in look.source.columns.items() if f in {"amount", "quantity"}}
        return [c for c in look.survey.columns if c.kind == "number" and c.name in used
                and c.n > 20]  # fmt: skip
    return [c for c in look.features if c.kind == "number" and c.n > 20 and c.n_distinct > 2]


def skewness(values: NDArray[np.float64]) -> float:
    """Measure how far one tail is longer than the other: the third standardised moment."""
    spread = float(np.std(values)) if len(values) else 0.0
    if spread == 0:
        return 0.0
    return float(np.mean(((values - values.mean()) / spread) ** 3))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each value its mean rank; a missing one the rank in the middle."""
    known = np.isfinite(values)
    found = values[known]
    if not len(found):
        return np.zeros(len(values))
    _, places, counts = np.unique(found, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    mean_ranks = ends - (counts - 1) / 2
    ranks = np.full(len(values), float(np.median(mean_ranks[places])))
    ranks[known] = mean_ranks[places]
    return ranks
