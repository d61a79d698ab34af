"""Features that tell a yes-or-no outcome by themselves: perhaps they were known only afterwards.

Looks at features and outcomes of one table. Columns of a file before it is a table are
``projectfile.leaks``'s work.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.effect import roc_area

TELLS_WELL = 0.80
"""Area under the ROC curve from which on a reader is asked when the feature was known."""

FEWEST_ROWS = 20
"""Entities of either answer, below which chance separates them."""

MOST_ROWS, MOST_NAMED = 20_000, 3


def tell_leaks(table: FeatureTable, audit: Audit) -> None:
    """Warn of features that give an outcome away.

    Parameters
    ----------
    table : FeatureTable
        Outcomes with two answers are looked at, and numbers among the features.
    audit : Audit
        Gets one warning per such outcome.
    """
    features = [c for c in table.with_role(Role.CLUSTER) if c.kind is Kind.NUMBER]
    for outcome in table.with_role(Role.OUTCOME):
        happened = _answers(table, outcome)
        if happened is None:
            continue
        found = [(_separation(table.numbers(c.name)[:MOST_ROWS], happened), c) for c in features]
        telling = sorted(((a, c) for a, c in found if a >= TELLS_WELL), key=lambda p: -p[0])
        if telling:
            audit.add(_warning(outcome.name, telling))


def _answers(table: FeatureTable, outcome: FeatureColumn) -> NDArray[np.float64] | None:
    """Give an outcome as 0, 1 and unknown, where it has two answers."""
    if outcome.kind is Kind.NUMBER:
        values = table.numbers(outcome.name)[:MOST_ROWS]
    else:
        codes, _ = table.categories(outcome.name)
        values = np.where(codes[:MOST_ROWS] >= 0, codes[:MOST_ROWS], np.nan).astype(np.float64)
    known = np.unique(values[~np.isnan(values)])
    return (values - known[0]) / (known[1] - known[0]) if len(known) == 2 else None


def _separation(values: NDArray[np.float64], happened: NDArray[np.float64]) -> float:
    known = ~np.isnan(values) & ~np.isnan(happened)
    yes = happened[known] == 1
    if min(yes.sum(), (~yes).sum()) < FEWEST_ROWS:
        return 0.5
    area = roc_area(values[known], yes)
    return max(area, 1.0 - area)


def _warning(outcome: str, telling: list[tuple[float, FeatureColumn]]) -> Finding:
    named = ", ".join(f"{c.name!r} ({area:.2f})" for area, c in telling[:MOST_NAMED])
    more = f" and {len(telling) - MOST_NAMED} more" if len(telling) > MOST_NAMED else ""
    return Finding(
        "tells_outcome",
        f"Some features tell {outcome!r} well by themselves (area under the curve: {named}{more}). "
        "If they are known only afterwards, what the segments say of that outcome is circular.",
        "warning",
        column=telling[0][1].name,
        count=len(telling),
        done="used; give them the role 'outcome' if they are known only afterwards",
        proposal=f"features: {{roles: {{{json.dumps(telling[0][1].name)}: outcome}}}}",
    )
