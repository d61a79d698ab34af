"""Rules of a finished run: its features and segments read again, a small tree grown over them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.release import Release
from segmentry.domain.ruleset import RuleSet
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError
from segmentry.judge.rules import grow_rules
from segmentry.judge.surrogate import readable_columns
from segmentry.projectfile.schema import from_data
from segmentry.seeds import stream
from segmentry.stores.runfolder import RunFolder


def rules_of(stored: RunFolder, *, depth: int | None = None) -> RuleSet:
    """Find rules that tell the segments of a run, and count how often they are right.

    Parameters
    ----------
    stored : RunFolder
    depth : int or None
        Questions on the longest way to a rule; None for as few of four to six as tell nine in ten.

    Returns
    -------
    RuleSet

    Raises
    ------
    DataError
        E2006 if there are too few entities to try rules on, or one segment.
    """
    release = stored.release()
    table = FeatureTable(stored.table("features"), release.columns)
    segment = segments_of(stored, release)
    seed = from_data(release.project, folder=Path.cwd()).seed
    found = grow_rules(
        readable_columns(release.recipe.features, table),
        segment,
        tuple(zip(release.segment_ids, release.segment_names, strict=True)),
        # The stream of the run's own tree, so that both ask the same questions.
        rng=stream(seed, "surrogate"),
        depth=depth,
    )
    if found is None:
        raise DataError(
            f"{table.n_entities} entities in {len(np.unique(segment))} segments have no rules: "
            "some entities are needed to make them and others to try them",
            code="E2006",
            hint="`segmentry sql` without --rules writes the segments themselves",
        )
    return found


def segments_of(stored: RunFolder, release: Release) -> NDArray[np.int64]:
    """Give each entity's segment by its place among those of the release."""
    places = {identity: place for place, identity in enumerate(release.segment_ids)}
    ids, where = np.unique(codes_of(stored.table("assignments")["segment_id"]), return_inverse=True)
    return np.array([places[int(i)] for i in ids])[where]


def units_of(stored: RunFolder) -> Mapping[str, str]:
    """Give the unit of each feature of a run."""
    return {c.name: c.unit for c in stored.release().columns}
