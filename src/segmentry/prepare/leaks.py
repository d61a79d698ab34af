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
from segmentry.maths.roc import roc_area

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
    for outcome in table.with_role(Role.OUTCOME):
        if found := telling(table, outcome):
            audit.add(_warning(outcome.name, found))


def telling(table: FeatureTable, outcome: FeatureColumn) -> list[tuple[float, str]]:
    """Give the numbers among the features that tell an outcome well by themselves.

    Parameters
    ----------
    table : FeatureTable
    outcome : FeatureColumn
        With two answers; any other is told by nothing.

    Returns
    -------
    list of (float, str)
        The area under the ROC curve, 0.8 or more, and the feature; the largest first.
    """
    happened = _answers(table, outcome)
    if happened is None:
        return []
    features = [c for c in table.with_role(Role.CLUSTER) if c.kind is Kind.NUMBER]
    found = [(_separation(table.numbers(c.name)[:MOST_ROWS], happened), c.name) for c in features]
    return sorted(((a, name) for a, name in found if a >= TELLS_WELL), key=lambda p: -p[0])


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


def _warning(outcome: str, found: list[tuple[float, str]]) -> Finding:
    named = ", ".join(f"{name!r} ({area:.2f})" for area, name in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return Finding(
        "tells_outcome",
        f"Some features tell {outcome!r} well by themselves (area under the curve: {named}{more}). "
        "If they are known only afterwards, what the segments say of that outcome is circular.",
        "warning",
        column=found[0][1],
        count=len(found),
        done="used; give them the role 'outcome' if they are known only afterwards",
        proposal=f"features: {{roles: {{{json.dumps(found[0][1])}: outcome}}}}",
    )
