"""Broad segments divided further where they hold more structure: the steps, in order.

What lives here: micro-segments of a settled segmentation, as what answers and as what is told. What
does not: whether and how a segment is divided (``cluster.levels``), and the words
(``explain.within``). Read on in ``docs/methods/levels.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.compress import compress, stand_in
from segmentry.cluster.levels import DRAWS, LEAST_SHARE, MOST_PARTS, Levels, Node, fit_levels
from segmentry.domain.crew import single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.micro import Branch, MicroAssigner, MicroSegment, MicroTree
from segmentry.domain.partition import Partition
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.table import FeatureTable
from segmentry.explain.within import part_traits
from segmentry.pipeline.find import Found
from segmentry.pipeline.ready import Ready
from segmentry.seeds import stream

HOUSE = 1
"""What ``segments.micro`` is where it is only switched on."""

FEWEST_ROWS = 10
"""Entities from which a part is told of, however few there are in all."""

Words = Callable[[FeatureTable, Matrix, NDArray[np.int64], int], tuple[tuple[str, ...], ...]]
"""Says what sets the parts of a segment apart from it."""


def divided(
    project: Project, ready: Ready, found: Found, *, has_other_events: bool
) -> tuple[MicroAssigner | None, MicroTree | None]:
    """Divide the segments of a project further, where it asks for that.

    Parameters
    ----------
    project : Project
    ready : Ready
    found : Found
        Its answers are everybody's.
    has_other_events : bool
        Whether the events are not all purchases: for the words.

    Returns
    -------
    assigner : MicroAssigner or None
        None where nothing is asked for, or every segment stays whole.
    tree : MicroTree or None
    """
    if not project.segments.micro:
        return None, None
    _, learned = ready.prepared.learning(ready.table)
    with single_threaded():
        assigner, levels = find_micro(
            learned.X,
            found.assigner.answer(learned.X).segment,
            project.segments.micro,
            rng=stream(project.seed, "micro"),
        )
    words = partial(
        part_traits,
        objective=project.objective,
        entity=project.entity,
        has_other_events=has_other_events,
    )
    tree = micro_tree(
        assigner,
        levels,
        ready.table,
        ready.prepared.matrix,
        ready.prepared.features,
        found.answers.segment,
        segment_ids=tuple(range(1, found.assigner.n_segments + 1)),
        words=words,
    )
    return assigner, tree


def find_micro(
    X: NDArray[np.float64], segment: NDArray[np.int64], most_parts: int, *, rng: Generator
) -> tuple[MicroAssigner | None, Levels]:
    """Divide broad segments further where that holds, and learn what answers for the parts.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        Who is learned from.
    segment : ndarray of int, shape (n_rows,)
        The assigner's answers for them; every segment has rows.
    most_parts : int
        Of each broad segment; 1 takes the house's.
    rng : Generator

    Returns
    -------
    assigner : MicroAssigner or None
        None where every segment stays whole. Parts are numbered by their size among the answers.
    levels : Levels
    """
    most = MOST_PARTS if most_parts == HOUSE else most_parts
    least = max(LEAST_SHARE, FEWEST_ROWS / len(X))
    levels = fit_levels(X, segment, rng=rng, most_parts=most, least_share=least)
    prototypes, groups = [], []
    parents: list[int] = []
    for place, node in enumerate(levels.nodes):
        if node.parent:
            continue
        rows = np.flatnonzero(levels.broad == place)
        found = np.unique(levels.fine[rows], return_inverse=True)[1].astype(np.int64)
        if not found.any():
            continue
        own = np.ascontiguousarray(X[rows])
        centres = np.vstack([own[found == i].mean(axis=0) for i in range(int(found.max()) + 1)])
        partition, _ = stand_in(Partition(found, centres, "ward"), own, rng=rng)
        part = compress(partition, own)
        if part.n_segments < 2:
            continue
        prototypes.append(part.prototypes)
        groups.append(part.groups + len(parents))
        parents += [int(node.id) - 1] * part.n_segments
    if not parents:
        return None, levels
    assigner = MicroAssigner(np.vstack(prototypes), np.concatenate(groups), np.array(parents))
    return assigner, levels


def micro_tree(
    assigner: MicroAssigner | None,
    levels: Levels,
    table: FeatureTable,
    matrix: Matrix,
    features: Matrix,
    segment: NDArray[np.int64],
    *,
    segment_ids: tuple[int, ...],
    words: Words,
) -> MicroTree:
    """Tell the tree of broad segments and their parts, everybody in it.

    Parameters
    ----------
    assigner : MicroAssigner or None
    levels : Levels
        What was found among those that are learned from.
    table : FeatureTable of n rows
    matrix : Matrix of the same n rows
        What the assigner answers for.
    features : Matrix of the same n rows
        Prepared columns by which parts are described.
    segment : ndarray of int, shape (n,)
    segment_ids : tuple of int
    words : callable

    Returns
    -------
    MicroTree
    """
    whole = np.full(len(segment), -1, dtype=np.int64)
    micro = whole if assigner is None else assigner.answer(matrix.X, segment)
    nodes = {int(node.id) - 1: node for node in levels.nodes if not node.parent}
    branches = []
    for index, segment_id in enumerate(segment_ids):
        rows = np.flatnonzero((segment == index) & (micro >= 0))
        parts: tuple[MicroSegment, ...] = ()
        if assigner is not None and len(rows):
            ids = assigner.ids(segment_ids)
            places = np.flatnonzero(assigner.parents == index)
            part = micro[rows] - int(places[0])
            sizes = np.bincount(part, minlength=len(places))
            told = words(table.take(rows), _rows_of(features, rows), part, len(places))
            parts = tuple(
                MicroSegment(ids[p], int(n), float(n / len(segment)), float(n / len(rows)), said)
                for p, n, said in zip(places, sizes, told, strict=True)
            )
        branches.append(_branch(segment_id, nodes[index], parts))
    return MicroTree(tuple(branches), _sentence(branches))


def _rows_of(matrix: Matrix, rows: NDArray[np.int64]) -> Matrix:
    import pyarrow as pa

    ids = matrix.ids.take(pa.array(rows))
    return Matrix(np.ascontiguousarray(matrix.X[rows]), ids, matrix.names, matrix.features)


def _branch(segment_id: int, node: Node, parts: tuple[MicroSegment, ...]) -> Branch:
    if not parts:
        told = (
            f"Segment {segment_id} stays whole: no division into parts that are large enough "
            f"explains more of it than of each of {DRAWS} clouds of the same spread."
        )
        return Branch(segment_id, 0.0, 0.0, (), told)
    told = (
        f"Segment {segment_id} has {len(parts)} micro-segments: they explain "
        f"{percent(node.explained)} of how it scatters, and {percent(node.by_chance)} in clouds of "
        "the same spread."
    )
    return Branch(segment_id, node.explained, node.by_chance, parts, told)


def _sentence(branches: list[Branch]) -> str:
    divided = [b for b in branches if b.parts]
    count = sum(len(b.parts) for b in divided)
    if not divided:
        return f"All {len(branches)} segments stay whole: none holds more structure than one cloud."
    verb = "is" if len(divided) == 1 else "are"
    return (
        f"{len(divided)} of {len(branches)} segments {verb} divided further, into {count} "
        "micro-segments; the others hold no more structure than one cloud would."
        if len(divided) < len(branches)
        else f"All {len(branches)} segments are divided further, into {count} micro-segments."
    )
