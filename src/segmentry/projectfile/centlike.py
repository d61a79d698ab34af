"""Telling by its values that a column without a name holds money: numbers with two decimals."""

from __future__ import annotations

import numpy as np

from segmentry.projectfile.fields import Fields
from segmentry.projectfile.idlike import is_unnamed
from segmentry.projectfile.survey import Column

BROKEN_SHARE = 0.2
"""Share of values that must have decimals; of these, two decimals in most."""


def looks_like_money(column: Column) -> bool:
    """Tell whether numbers are at least nought, and end in cents where they are not whole.

    Numbers of one decimal are hours or scores sooner than money.
    """
    numbers = column.present
    if column.kind != "number" or not len(numbers) or column.is_whole or numbers.min() < 0:
        return False
    cents = np.round(numbers * 100, 6)
    broken = numbers != np.floor(numbers)
    tenths = np.round(numbers * 10, 6)
    has_two = broken & (tenths != np.floor(tenths))
    return bool(
        np.all(cents == np.floor(cents))
        and np.mean(broken) >= BROKEN_SHARE
        and np.mean(has_two[broken]) >= 0.5
    )


def unnamed_amount(fields: Fields) -> Column | None:
    """Find the one column without a name that holds money; several tell nothing."""
    found = [c for c in fields.free() if is_unnamed(c) and looks_like_money(c)]
    return found[0] if len(found) == 1 else None
