"""The map of a run by UMAP or PaCMAP: on demand, from the extra ``maps``, beside its worth.

What lives here: which entities are placed by whom. What does not: the map that every run has, and
how pictures are judged (``maps``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, EngineError, UsageError, nearest
from segmentry.pipeline.maps import (
    MAP_POINTS,
    Cells,
    Counts,
    leading_directions,
    points_told,
    quality,
)
from segmentry.pipeline.rules import segments_of
from segmentry.projectfile.schema import from_data
from segmentry.seeds import stream
from segmentry.stores.runfolder import RunFolder

PLACED = 5_000
"""Entities that are placed at most: some minutes of UMAP, seconds of PaCMAP."""

FEWEST_PLACED = 50

Placing = Callable[[NDArray[np.float64], int], NDArray[np.floating[Any]]]


def map_by(stored: RunFolder, by: str) -> dict[str, Any]:
    """Place entities of a run in two dimensions by their neighbours.

    Parameters
    ----------
    stored : RunFolder
    by : {"umap", "pacmap"}

    Returns
    -------
    dict
        As the map of ``summary.json``; ``by`` names the method, ``n_all`` is how many entities
        there are, ``beside`` the quality of the principal components on the same points.

    Raises
    ------
    UsageError
        For a method that there is not.
    EngineError
        E3007 if its package is missing.
    DataError
        E2006 for fewer than 50 entities; E2007 where two columns leave nothing to place.
    """
    if by not in METHODS:
        raise UsageError(f"no map by {by!r}", hint=nearest(by, ("pca", *METHODS)))
    name, place = METHODS[by]
    release = stored.release()
    matrix = release.recipe.apply(FeatureTable(stored.table("features"), release.columns))
    _check(matrix.X, name)
    rng = stream(from_data(release.project, folder=Path.cwd()).seed, f"map by {by}")
    rows = matrix.sample(PLACED, rng)
    X, segment = matrix.X[rows], segments_of(stored, release)[rows]
    judged = np.sort(rng.permutation(len(X))[:MAP_POINTS])
    picture = np.asarray(_placed(place, X, int(rng.integers(2**31))), dtype=np.float64)
    centred = X - X.mean(axis=0)
    flat = (centred @ leading_directions(centred)[1])[judged]
    told = {
        "by": name,
        "axes": [f"{name}, first", f"{name}, second"],
        "n_all": len(matrix.X),
        "n_entities": len(X),
        "quality": quality(X[judged], picture[judged], segment[judged]),
        "beside": quality(X[judged], flat, segment[judged]),
    }
    if len(matrix.X) <= MAP_POINTS:
        return {**told, "points": points_told(picture, segment)}
    cells, counts = Cells.chosen(picture, segment, len(X)), Counts()
    cells.count(counts, picture, segment)
    return {**told, **cells.told(counts, segment)}


def _check(X: NDArray[np.float64], name: str) -> None:
    hint = "the map by principal components shows these as they are"
    if len(X) < FEWEST_PLACED:
        what = f"{name} needs {FEWEST_PLACED} entities, and there are {len(X)}"
        raise DataError(what, code="E2006", hint=hint)
    if X.shape[1] < 3:
        raise DataError(f"{name} needs three prepared columns", code="E2007", hint=hint)


def _placed(place: Placing, X: NDArray[np.float64], seed: int) -> NDArray[np.floating[Any]]:
    try:
        return place(X, seed)
    except ModuleNotFoundError as error:
        what = f"this map needs the package {error.name}, which is not installed"
        raise EngineError(what, code="E3007", hint="pip install 'segmentry[maps]'") from error


# Both begin at the principal components: from a beginning by chance, where clouds end up says less.
def _umap(X: NDArray[np.float64], seed: int) -> NDArray[np.floating[Any]]:
    from umap import UMAP

    # A seed and one thread: the same run gives the same picture.
    placed: NDArray[np.floating[Any]] = UMAP(init="pca", random_state=seed, n_jobs=1).fit_transform(
        X
    )
    return placed


def _pacmap(X: NDArray[np.float64], seed: int) -> NDArray[np.floating[Any]]:
    from pacmap import PaCMAP

    # It warns of every seed that it is given.
    logger = logging.getLogger("pacmap")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        placed: NDArray[np.floating[Any]] = PaCMAP(random_state=seed).fit_transform(X, init="pca")
    finally:
        logger.setLevel(level)
    return placed


METHODS: dict[str, tuple[str, Placing]] = {"umap": ("UMAP", _umap), "pacmap": ("PaCMAP", _pacmap)}
"""What they are called by, and how they place."""
