"""Rules for every segment: a small tree read leaf by leaf, each tried on entities it has not seen.

What lives here: choosing and counting rules. What does not: the tree (``surrogate``), and saying
them in words and in SQL (``explain.rules``). Read on in ``docs/methods/surrogate.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.ruleset import Counted, Rule, RuleSet, SegmentRules
from segmentry.judge.surrogate import DEPTH, Grown, Readable, grow_over, rows_apart

DEPTHS = (DEPTH, DEPTH + 1, DEPTH + 2)
"""Questions on the longest way to a rule, where nobody says how many."""

ENOUGH = 0.9
"""Share of entities told from which on no further question is asked."""


def grow_rules(
    features: Sequence[Readable],
    segment: NDArray[np.int64],
    names: Sequence[tuple[int, str]],
    *,
    rng: Generator,
    depth: int | None = None,
) -> RuleSet | None:
    """Tell each segment by the leaves of a tree in which it is the most frequent one.

    Parameters
    ----------
    features : sequence of Readable
        In their own units, with gaps.
    segment : ndarray of int, shape (n_rows,)
        Places in ``names``.
    names : sequence of (int, str)
        Id and name of each segment.
    rng : Generator
        Chooses the rows that the tree is grown on and tried on.
    depth : int or None
        Questions on the longest way to a rule; None for as few of four to six as tell nine in ten
        of some of the entities that rules are made from, or else as tell most of them.

    Returns
    -------
    RuleSet or None
        None where there are too few rows to try rules on, or one segment.
    """
    apart = rows_apart(segment, rng)
    if apart is None:
        return None
    depth = depth or _fewest_questions(features, segment, apart[0])
    made = grow_over(features, segment, *apart, depth=depth, merges=True)
    own = segment[made.tried]
    covered = {leaf: made.covers(leaf, made.tried) for leaf in made.leaves}
    label = {leaf: int(made.tree.nodes[leaf].counts.argmax()) for leaf in made.leaves}
    told = tuple(
        _segment(
            place, identity, made, {f: c for f, c in covered.items() if label[f] == place}, own
        )
        for place, identity in enumerate(names)
    )
    passed = np.zeros((len(names), len(names)), dtype=np.int64)
    for leaf, inside in covered.items():
        passed[:, label[leaf]] += np.bincount(own[inside], minlength=len(names))
    sizes = np.bincount(own)
    return RuleSet(
        told,
        Counted(sum(s.precision.hits for s in told), len(own)),
        float(sizes.max() / len(own)),
        depth,
        len(made.grown),
        tuple(tuple(row) for row in passed.tolist()),
    )


def _fewest_questions(
    features: Sequence[Readable], segment: NDArray[np.int64], grown: NDArray[np.int64]
) -> int:
    """Ask on, as long as too few of a third of the rows are told by rules made from the others."""
    n_checked = max(1, len(grown) // 3)
    checked, rest = grown[:n_checked], grown[n_checked:]
    told = {}
    for depth in DEPTHS:
        made = grow_over(features, segment, rest, checked, depth=depth, merges=False)
        told[depth] = float((made.tree.labels(made.values[checked]) == segment[checked]).mean())
        if told[depth] >= ENOUGH:
            return depth
    return max(told, key=lambda depth: (told[depth], -depth))


def _segment(
    place: int,
    identity: tuple[int, str],
    made: Grown,
    covered: dict[int, NDArray[np.bool_]],
    own: NDArray[np.int64],
) -> SegmentRules:
    """Count the rules of a segment, each and together; that which finds most comes first."""
    members = own == place
    size = int(members.sum())
    rules = []
    for leaf, inside in covered.items():
        hits = int((inside & members).sum())
        conditions = tuple(made.leaves[leaf].values())
        rules.append(Rule(conditions, Counted(hits, int(inside.sum())), Counted(hits, size)))
    rules.sort(key=lambda r: -r.recall.hits)
    hits = sum(r.recall.hits for r in rules)
    n_covered = sum(r.precision.n for r in rules)
    return SegmentRules(*identity, tuple(rules), Counted(hits, n_covered), Counted(hits, size))
