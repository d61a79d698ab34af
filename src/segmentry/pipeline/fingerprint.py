"""One digest over inputs, specs and results; clock times and folders are not in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from segmentry.domain.assigner import Assigner
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import ENTITY, FeatureTable

SHAPES_NOTHING = frozenset({"sources", "namer"})
"""Keys of a project that are not digested as they stand: sources go without their places, and who
is asked for names changes no segment."""

PLACES = frozenset({"path", "table", "connection"})
"""Keys of a source that say where its rows lie."""


def fingerprint(
    project: Mapping[str, Any],
    table: FeatureTable,
    recipe: Recipe,
    assigner: Assigner,
    names: tuple[str, ...],
    micro: MicroAssigner | None = None,
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

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    plain = {k: v for k, v in project.items() if k not in SHAPES_NOTHING}
    plain["sources"] = [
        {k: v for k, v in source.items() if k not in PLACES} for source in project["sources"]
    ]
    digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
    digest.update(json.dumps(table.data[ENTITY].to_pylist(), default=str).encode())
    for column in table.columns:
        digest.update(f"{column.name}:{column.role}:{column.kind}".encode())
        if column.kind == "number":
            values = table.numbers(column.name)
            missing = np.isnan(values)
            digest.update(missing.tobytes() + np.where(missing, 0.0, values).tobytes())
        else:
            codes, levels = table.categories(column.name)
            digest.update(codes.tobytes() + json.dumps(levels).encode())
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
    return digest.hexdigest()
