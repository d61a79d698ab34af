"""Finding the order that several lines share by how it repeats, where no name tells it.

What lives here: the search by values, for exports that call an order's number ``Name`` or ``Ref``.
What does not: orders with a name (``fields``), and what a line is worth (``money``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.projectfile.fields import Fields
from segmentry.projectfile.idlike import is_name_of_something, looks_coded
from segmentry.projectfile.money import is_money
from segmentry.projectfile.names import known, singular, weights
from segmentry.projectfile.survey import Column, varying_share

LINES = 1.1
"""Lines per order from which on lines share something."""

SELDOM = 0.005
"""Share of orders that may span two entities by mistake."""

NEARLY_NEVER = 0.02
"""Share of orders that may span two times: a clock may tick between two lines."""


def find_shared_order(fields: Fields, times: tuple[str, ...]) -> None:
    """Take as the order what lines of one entity and one time share, if nothing is called so.

    Parameters
    ----------
    fields : Fields
        With entity and named fields; the order is put into it.
    times : tuple of str
        The columns that tell when a row happened.
    """
    if "order" in fields.columns or not times or not _is_bought(fields):
        return
    moments = [fields.survey.get(name).codes for name in times]
    found = [c for c in fields.free() if _may_name_orders(c)]
    found = [c for c in found if _is_shared(c, fields, moments)]
    if found:
        order = max(found, key=lambda c: c.n_distinct)
        lines = order.n / order.n_distinct
        why = f"its {lines:.1f} lines each share entity and time, as those of an order do"
        fields.put("order", order.name, (order.name,), why)


def _is_bought(fields: Fields) -> bool:
    """Tell whether rows have money or pieces, so that lines of orders may be meant."""
    if "kind" in fields.columns:
        return False
    free = fields.free()
    return any(is_money(c) or set(c.words) & (known("quantities") | {"price"}) for c in free)


def _may_name_orders(column: Column) -> bool:
    said = {singular(w) for w in column.words}
    others = {*weights("sessions"), *weights("items"), *weights("categories"), *known("personal")}
    if said & (others - {"name"}) or column.missing_share > 0.05:
        return False
    return is_name_of_something(column) or (column.kind == "text" and looks_coded(column))


def _is_shared(column: Column, fields: Fields, moments: list[NDArray[np.int64]]) -> bool:
    n_entities = len(np.unique(fields.entities[fields.entities >= 0]))
    if not n_entities * LINES < column.n_distinct <= column.n / LINES:
        return False
    if varying_share(column.codes, fields.entities) > SELDOM:
        return False
    return all(varying_share(column.codes, m) <= NEARLY_NEVER for m in moments)
