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
from segmentry.judge.surrogate import DEPTH, Grown, Readable, grow_explaining_tree


def grow_rules(
    features: Sequence[Readable],
    segment: NDArray[np.int64],
    names: Sequence[tuple[int, str]],
    *,
    rng: Generator,
    depth: int = DEPTH,
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
    depth : int, default=4
        Questions on the longest way to a rule.

    Returns
    -------
    RuleSet or None
        None where there are too few rows to try rules on, or one segment.
    """
    made = grow_explaining_tree(features, segment, rng=rng, depth=depth, merges=True)
    if made is None:
        return None
    own = segment[made.tried]
    covered = {leaf: made.covers(leaf, made.tried) for leaf in made.leaves}
    label = {leaf: int(made.tree.nodes[leaf].counts.argmax()) for leaf in made.leaves}
    told = tuple(
        _segment(
            place, identity, made, {f: c for f, c in covered.items() if label[f] == place}, own
        )
        for place, identity in enumerate(names)
    )
    sizes = np.bincount(own)
    return RuleSet(
        told,
        Counted(sum(s.precision.hits for s in told), len(own)),
        float(sizes.max() / len(own)),
        depth,
        len(made.grown),
    )


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
