"""An outcome by its name, with the features of its entities as they were before it.

What lives here: finding the outcome that is meant, and its entities. What does not: which of them
may learn or judge (``guided``), outcomes for judging candidates (``outcomes``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.judging import Judging
from segmentry.domain.project import Project
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, UsageError, nearest
from segmentry.explain.outcome import is_binary, outcome_values

FEWEST = 50
"""Entities with a known outcome that either side of a split needs."""


@dataclass(frozen=True, eq=False)
class Happened:
    """An outcome of some entities.

    ``table`` holds their features before it, ``places`` their rows among all entities. ``values``
    has shape (n_entities, n_levels): one column, or zeros and ones for each level of several.
    """

    name: str
    table: FeatureTable
    places: NDArray[np.int64]
    values: NDArray[np.float64]
    is_share: bool
    basis: str

    def learned_from(self, learned: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which of its entities are learned from, where enough are and are not.

        Parameters
        ----------
        learned : ndarray of bool
            For all entities.

        Raises
        ------
        DataError
            E2006 if either side has fewer than 50 of them.
        """
        train: NDArray[np.bool_] = learned[self.places]
        smaller = int(min(train.sum(), (~train).sum()))
        if smaller < FEWEST:
            raise DataError(
                f"the outcome {self.name!r} is known of {len(train)} entities, which leaves "
                f"{smaller} on one side of the split; each needs {FEWEST}",
                code="E2006",
                hint="give more data, or another split.train",
            )
        return train


def outcome_called(name: str, project: Project) -> str:
    """Give the name of an outcome that goes by its own name or by that of its column."""
    if any(o.name == name for o in project.outcomes):
        return name
    return next((o.name for o in project.outcomes if o.column == name), name)


def happened(project: Project, table: FeatureTable, judging: Judging | None, name: str) -> Happened:
    """Find an outcome by its name or by that of its column.

    Parameters
    ----------
    project : Project
    table : FeatureTable
        Of all entities.
    judging : Judging or None
        What followed an earlier cut.
    name : str

    Returns
    -------
    Happened
        Of events: what entities did after the judging cut, with their features at it. Of columns:
        the entities of which it is known, with their features at the cut.

    Raises
    ------
    UsageError
        E1101 if there is no such outcome.
    DataError
        E2007 if it is the same for everyone of whom it is known, or was not measured.
    """
    meant = outcome_called(name, project)
    column = next((o.column for o in project.outcomes if o.name == meant and o.column), name)
    found = _followed(table, judging, meant) or _column(table, meant, column)
    if found is None:
        _refuse(project, table, judging, name)
    elif len(found.values) and np.ptp(found.values, axis=0).any():
        return found
    raise DataError(
        f"the outcome {name!r} is the same for everyone, or was not measured",
        code="E2007",
        hint="name another outcome, or give a history that is long enough for its horizon",
    )


def _followed(table: FeatureTable, judging: Judging | None, name: str) -> Happened | None:
    import pyarrow.compute as pc

    told = None if judging is None else next((f for f in judging.followed if f.name == name), None)
    if judging is None or told is None:
        return None
    places = pc.index_in(judging.table.entity_ids, value_set=table.entity_ids)
    known = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
    days = judging.window.outcome_days or 0.0
    return Happened(
        name,
        judging.table.take(known),
        places.drop_null().to_numpy().astype(np.int64),
        told.values[known, None],
        told.is_share,
        f"what entities did in the {days:g} days after {judging.window.as_of:%Y-%m-%d}, by their "
        "features before it",
    )


def _column(table: FeatureTable, name: str, column: str) -> Happened | None:
    described = next((c for c in table.with_role(Role.OUTCOME) if c.name == column), None)
    levels = [] if described is None else outcome_values(table, described)
    if described is None or not levels:
        return None
    values = np.column_stack([v for _, v in levels])
    known = np.flatnonzero(~np.isnan(values).any(axis=1))
    values = values[known]
    if len(values):
        values = values[:, np.ptp(values, axis=0) > 0]
    is_share = described.kind is Kind.CATEGORY or is_binary(values.ravel())
    return Happened(
        name,
        table.take(known),
        known,
        values,
        is_share,
        f"the column {column!r}, beside features of the same time",
    )


def _refuse(project: Project, table: FeatureTable, judging: Judging | None, name: str) -> None:
    """Refuse the name of no outcome; one that was only not measured is let through."""
    names = [o.name for o in project.outcomes]
    if name in names:
        return
    names += [c.name for c in table.with_role(Role.OUTCOME)]
    names += [] if judging is None else [f.name for f in judging.followed]
    raise UsageError(
        f"there is no outcome {name!r}",
        hint=nearest(name, names)
        if names
        else "name one below outcomes, or give a column the role 'outcome'",
    )
