"""One digest over inputs, specs and results; clock times and folders are not in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from segmentry.domain.assigner import Assigner
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import ENTITY, FeatureTable

SHAPES_NOTHING = frozenset({"sources", "namer", "review"})
"""Keys of a project that are not digested as they stand: sources go without their places, and who
is asked for names or approves changes no segment."""

PLACES = frozenset({"path", "table", "connection"})
"""Keys of a source that say where its rows lie."""


def fingerprint(
    project: Mapping[str, Any],
    table: FeatureTable,
    recipe: Recipe,
    assigner: Assigner,
    names: tuple[str, ...],
    micro: MicroAssigner | None = None,
    *,
    segment_ids: tuple[int, ...] = (),
) -> str:
    """Digest a segmentation, so that equal seed and input can be seen to give equal results.

    Parameters
    ----------
    project : mapping
        The project as plain data; where its sources lie is left out, since the features themselves
        are in.
    table : FeatureTable
    recipe : Recipe
    assigner : Assigner
    names : tuple of str
        Names of the segments.
    micro : MicroAssigner or None
    segment_ids : tuple of int
        Nothing is added where they are numbered in their order.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(_intent(project))
    for part in _contents(table):
        digest.update(part)
    digest.update(repr(recipe).encode())
    for array in (assigner.prototypes, assigner.groups, assigner.radii, assigner.kept):
        digest.update(np.ascontiguousarray(array).tobytes())
    if assigner.origin is not None:
        digest.update(np.ascontiguousarray(assigner.origin).tobytes())
    if micro is not None:
        for array in (micro.prototypes, micro.groups, micro.parents):
            digest.update(np.ascontiguousarray(array).tobytes())
    for model in table.texts:
        digest.update(repr(model.facts).encode() + model.idf.tobytes() + model.axes.tobytes())
    digest.update(json.dumps(names).encode())
    if segment_ids not in {(), tuple(range(1, len(names) + 1))}:
        digest.update(json.dumps(segment_ids).encode())
    return digest.hexdigest()


def data_digest(table: FeatureTable) -> str:
    """Digest what was learned from: entities and their features, to the last digit.

    Parameters
    ----------
    table : FeatureTable

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for part in _contents(table):
        digest.update(part)
    return digest.hexdigest()


def config_digest(project: Mapping[str, Any]) -> str:
    """Digest what a project asks for, wherever its sources lie."""
    return hashlib.sha256(_intent(project)).hexdigest()


def _intent(project: Mapping[str, Any]) -> bytes:
    plain = {k: v for k, v in project.items() if k not in SHAPES_NOTHING}
    plain["sources"] = [
        {k: v for k, v in source.items() if k not in PLACES} for source in project["sources"]
    ]
    return json.dumps(plain, sort_keys=True, default=str).encode()


def _contents(table: FeatureTable) -> Iterator[bytes]:
    yield json.dumps(table.data[ENTITY].to_pylist(), default=str).encode()
    for column in table.columns:
        yield f"{column.name}:{column.role}:{column.kind}".encode()
        if column.kind == "number":
            values = table.numbers(column.name)
            missing = np.isnan(values)
            yield missing.tobytes() + np.where(missing, 0.0, values).tobytes()
        else:
            codes, levels = table.categories(column.name)
            yield codes.tobytes() + json.dumps(levels).encode()
