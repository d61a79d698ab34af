"""Broad segments divided further where they hold more structure: the steps, in order.

What lives here: micro-segments of a settled segmentation, as what answers and as what is told. What
does not: whether and how a segment is divided (``cluster.levels``), and the words
(``explain.within``). Read on in ``docs/methods/levels.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.compress import FIDELITY
from segmentry.cluster.levels import DRAWS, MOST_PARTS, ONE_IN, Answer, Division, fit_levels
from segmentry.domain.crew import single_threaded
from segmentry.domain.evidence import StructureVerdict
from segmentry.domain.existing import told_parts
from segmentry.domain.matrix import Matrix
from segmentry.domain.micro import Branch, MicroAssigner, MicroSegment, MicroTree, Whole
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.table import FeatureTable
from segmentry.explain.within import PartWords, part_words
from segmentry.pipeline.find import Found
from segmentry.pipeline.ready import Ready
from segmentry.seeds import stream

HOUSE = 1
"""What ``segments.micro`` is where it is only switched on."""

Words = Callable[
    [FeatureTable, Matrix, NDArray[np.int64], int, frozenset[str]], tuple[PartWords, ...]
]
"""Names the parts of a segment, and says what sets them apart from it."""


def divided(
    project: Project,
    ready: Ready,
    found: Found,
    *,
    names: Mapping[int, str],
    has_other_events: bool,
) -> tuple[MicroAssigner | None, MicroTree | None]:
    """Divide the segments of a project further, where it asks for that.

    Parameters
    ----------
    project : Project
    ready : Ready
    found : Found
        Its answers are everybody's.
    names : mapping of int to str
        Of the segments by their ids.
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
    n_segments = found.assigner.n_segments
    assigner, divisions = None, (Division(Whole.NO_GROUPS),) * n_segments
    if found.evidence.structure.verdict is not StructureVerdict.NONE:
        _, learned = ready.prepared.learning(ready.table)
        with single_threaded():
            assigner, divisions = find_micro(
                learned.X,
                lambda X: found.assigner.answer(X).segment,
                project.segments.micro,
                rng=stream(project.seed, "micro"),
            )
    words = partial(
        part_words,
        objective=project.objective,
        entity=project.entity,
        has_other_events=has_other_events,
    )
    tree = micro_tree(
        assigner,
        divisions,
        ready.table,
        ready.prepared.matrix,
        ready.prepared.features,
        found.answers.segment,
        names=names,
        words=words,
    )
    return assigner, tree


def find_micro(
    X: NDArray[np.float64], answer: Answer, most_parts: int, *, rng: Generator
) -> tuple[MicroAssigner | None, tuple[Division, ...]]:
    """Divide broad segments further where that holds, and learn what answers for the parts.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        Who is learned from.
    answer : callable
        Gives the broad segment of each row; every segment has rows.
    most_parts : int
        Of each broad segment; 1 takes the house's.
    rng : Generator

    Returns
    -------
    assigner : MicroAssigner or None
        None where every segment stays whole. Parts are numbered by their size among the answers.
    divisions : tuple of Division
        One for each broad segment.
    """
    most = MOST_PARTS if most_parts == HOUSE else most_parts
    divisions = fit_levels(X, answer, rng=rng, most_parts=most)
    prototypes, groups = [], []
    parents: list[int] = []
    for parent, division in enumerate(divisions):
        if division.assigner is not None:
            prototypes.append(division.assigner.prototypes)
            groups.append(division.assigner.groups + len(parents))
            parents += [parent] * division.assigner.n_segments
    if not parents:
        return None, divisions
    assigner = MicroAssigner(np.vstack(prototypes), np.concatenate(groups), np.array(parents))
    return assigner, divisions


def micro_tree(
    assigner: MicroAssigner | None,
    divisions: Sequence[Division],
    table: FeatureTable,
    matrix: Matrix,
    features: Matrix,
    segment: NDArray[np.int64],
    *,
    names: Mapping[int, str],
    words: Words,
) -> MicroTree:
    """Tell the tree of broad segments and their parts, everybody in it.

    Parameters
    ----------
    assigner : MicroAssigner or None
    divisions : sequence of Division
        What was found among those that are learned from.
    table : FeatureTable of n rows
    matrix : Matrix of the same n rows
        What the assigner answers for.
    features : Matrix of the same n rows
        Prepared columns by which parts are described.
    segment : ndarray of int, shape (n,)
    names : mapping of int to str
        Of the broad segments by their ids, in their order; no part is called alike.
    words : callable

    Returns
    -------
    MicroTree
    """
    segment_ids, taken = tuple(names), frozenset(n.casefold() for n in names.values())
    whole = np.full(len(segment), -1, dtype=np.int64)
    micro = whole if assigner is None else assigner.answer(matrix.X, segment)
    branches = []
    for index, segment_id in enumerate(segment_ids):
        rows = np.flatnonzero((segment == index) & (micro >= 0))
        parts: tuple[MicroSegment, ...] = ()
        if assigner is not None and len(rows):
            ids = assigner.ids(segment_ids)
            places = np.flatnonzero(assigner.parents == index)
            part = micro[rows] - int(places[0])
            sizes = np.bincount(part, minlength=len(places))
            told = words(table.take(rows), _rows_of(features, rows), part, len(places), taken)
            taken |= {w.name.casefold() for w in told}
            parts = tuple(
                MicroSegment(
                    ids[p],
                    int(n),
                    float(n / len(segment)),
                    float(n / len(rows)),
                    said.traits,
                    said.name,
                )
                for p, n, said in zip(places, sizes, told, strict=True)
            )
        branches.append(_branch(segment_id, divisions[index], parts, matrix.X.shape[1]))
    return MicroTree(tuple(branches), _sentence(branches))


def _rows_of(matrix: Matrix, rows: NDArray[np.int64]) -> Matrix:
    import pyarrow as pa

    ids = matrix.ids.take(pa.array(rows))
    return Matrix(np.ascontiguousarray(matrix.X[rows]), ids, matrix.names, matrix.features)


_WORDS = {
    Whole.NO_GROUPS: "no parts were looked for, as no groups were shown in the data as a whole",
    Whole.FEW: "it has too few entities for two parts, each of ten and of "
    f"{percent(1 / ONE_IN)} of everyone",
    Whole.UNTESTED: "no column varies smoothly in it, or no structureless cloud like it could be "
    "drawn to compare it with",
    Whole.CHANCE: f"it stands out no more than the most striking of {DRAWS} structureless clouds "
    "like it, cut by the same borders",
    Whole.SMALL: "it holds more structure than one cloud, but a part would hold less than "
    f"{percent(1 / ONE_IN)} of everyone, or fewer than ten entities",
    Whole.UNFAITHFUL: "it holds more structure than one cloud, but prototypes would leave less "
    f"than {percent(FIDELITY)} of its entities in their part",
}
_COUNTED = {
    Whole.FEW: ("has", "have", "too few entities"),
    Whole.UNTESTED: ("", "", "could not be compared with one cloud"),
    Whole.CHANCE: ("stands", "stand", "out no more than one cloud"),
    Whole.SMALL: ("has", "have", "parts too small to be told"),
    Whole.UNFAITHFUL: ("has", "have", "parts that prototypes do not keep"),
}


def _branch(
    segment_id: int, division: Division, parts: tuple[MicroSegment, ...], n_columns: int
) -> Branch:
    if division.whole is not None:
        told = f"Segment {segment_id} stays whole: {_WORDS[division.whole]}."
    else:
        few = division.n_columns < n_columns
        where = (
            f" in the {division.n_columns} of {n_columns} columns that vary smoothly there" * few
        )
        told = (
            f"Segment {segment_id} has {len(parts)} micro-segments: they explain "
            f"{percent(division.explained)} of how it scatters{where}, and as many parts of a "
            f"structureless cloud cut by the same borders {percent(division.by_chance)} on "
            f"average. Of its entities {percent(division.fidelity, finely=True)} lie in the part "
            "where the hierarchy had them."
        )
    return Branch(
        segment_id,
        division.explained,
        division.by_chance,
        division.fidelity,
        division.n_columns,
        division.whole,
        parts,
        told,
    )


def _sentence(branches: Sequence[Branch]) -> str:
    divided = [b for b in branches if b.whole is None]
    reasons = Counter(b.whole for b in branches if b.whole is not None)
    if Whole.NO_GROUPS in reasons:
        return (
            "No segment is divided further: no groups were shown in the data as a whole, so that "
            "none are looked for within its segments."
        )
    verb = "is" if len(divided) < 2 else "are"
    told = f"{len(divided) or 'None'} of {len(branches)} segments {verb} divided further"
    if divided:
        told += f", into {sum(len(b.parts) for b in divided)} micro-segments"
    if reasons:
        why = told_parts([_counted(n, *_COUNTED[r]) for r in _COUNTED if (n := reasons[r])])
        told += f"; of the others {why}" if divided else f": {why}"
    return f"{told}."


def _counted(n: int, one: str, many: str, what: str) -> str:
    return " ".join(filter(None, (str(n), one if n == 1 else many, what)))
