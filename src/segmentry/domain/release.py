"""A segmentation as an immutable value: everything that assignment needs, and who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segmentry.domain.assigner import Assigner
from segmentry.domain.assignment import Assignments
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextModel
from segmentry.domain.window import Window
from segmentry.errors import UsageError

PLAIN_FORMAT, MICRO_FORMAT, RELEASE_FORMAT = 2, 3, 4
"""A release is written in the first that holds it, so that earlier versions read what they can:
micro-segments need the second, prototypes that are directions the last."""


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
    micro: MicroAssigner | None = None
    """What answers for micro-segments; None where no segment is divided."""

    @property
    def format(self) -> int:
        """Say which format holds it."""
        if self.assigner.origin is not None:
            return RELEASE_FORMAT
        return PLAIN_FORMAT if self.micro is None else MICRO_FORMAT

    def place_of(self, asked: int | str) -> int:
        """Find a segment by its id or its name.

        Parameters
        ----------
        asked : int or str
            The case of a name does not matter.

        Returns
        -------
        int
            Its place among the segments.

        Raises
        ------
        UsageError
            If there is none; it names those that there are.
        """
        pairs = list(zip(self.segment_ids, self.segment_names, strict=True))
        for place, (number, name) in enumerate(pairs):
            if str(asked) == str(number) or str(asked).casefold() == name.casefold():
                return place
        known = ", ".join(f"{n} ({w})" for n, w in pairs)
        raise UsageError(f"there is no segment {asked!r}", hint=f"segments are {known}")

    def assign(self, table: FeatureTable, *, as_of: datetime | None = None) -> Assignments:
        """Put entities into segments; unknown columns are ignored, missing ones refused."""
        matrix = self.recipe.apply(table)
        answers = self.assigner.answer(matrix.X)
        micro = None
        if self.micro is not None:
            micro = self.micro.named(matrix.X, answers.segment, self.segment_ids)
        return Assignments(
            matrix.ids,
            answers,
            self.segment_ids,
            self.segment_names,
            self.fingerprint,
            as_of or table.as_of,
            micro,
        )
