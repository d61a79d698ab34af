"""A segmentation as an immutable value: everything that assignment needs, and who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segmentry.domain.assigner import Assigner
from segmentry.domain.assignment import Assignments
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextModel
from segmentry.domain.window import Window

RELEASE_FORMAT = 2


@dataclass(frozen=True)
class Release:
    """What ``release/`` holds: assigner, recipe, columns, specs, names, fingerprint.

    ``project`` is the project as plain data, so that raw events can be featured again in the
    very same way; ``fingerprint`` covers inputs, specs and results, not clock times.
    """

    fingerprint: str
    workspace: str
    project: Mapping[str, Any]
    window: Window | None
    columns: tuple[FeatureColumn, ...]
    recipe: Recipe
    assigner: Assigner
    segment_ids: tuple[int, ...]
    segment_names: tuple[str, ...]
    texts: tuple[TextModel, ...] = ()
    """What texts are read with; none where no feature is of texts."""

    def assign(self, table: FeatureTable, *, as_of: datetime | None = None) -> Assignments:
        """Put entities into segments; unknown columns are ignored, missing ones refused."""
        matrix = self.recipe.apply(table)
        return Assignments(
            matrix.ids,
            self.assigner.answer(matrix.X),
            self.segment_ids,
            self.segment_names,
            self.fingerprint,
            as_of or table.as_of,
        )
