"""A small tree that tells segments apart in words of the features, and how far it can be trusted.

The tree explains, it never assigns. It is grown over the features in their own units and tried on
entities that it has not seen. Read on in ``docs/methods/surrogate.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.evidence import SegmentRule, Surrogate
from segmentry.domain.matrix import Matrix
from segmentry.domain.percent import percent
from segmentry.domain.role import Kind
from segmentry.domain.ruleset import Condition
from segmentry.domain.table import FeatureTable
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.rounding import round_significant
from segmentry.maths.trees import Tree, grow_tree, merged

DEPTH = 4
"""Questions that a reader can follow."""

GROWN_ROWS, TRIED_ROWS = 4_000, 2_000
LEAST_LEAF_SHARE = 0.01
MOST_LEVELS = 12
FEWEST_ROWS = 30


@dataclass(frozen=True)
class Readable:
    """A feature as a tree sees it: a number with gaps, or whether a category has a level."""

    name: str
    values: NDArray[np.float64]
    level: str | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether all known values are whole numbers."""
        known = self.values[~np.isnan(self.values)]
        return bool(len(known) and (known == np.floor(known)).all())

    @property
    def is_flag(self) -> bool:
        """Tell whether all known values are 0 or 1, and count nothing."""
        if self.name.startswith("n_"):
            return False
        known = self.values[~np.isnan(self.values)]
        return bool(len(known) and np.isin(known, (0.0, 1.0)).all())


def readable_features(matrix: Matrix, table: FeatureTable | None) -> tuple[Readable, ...]:
    """Give the features behind a matrix in their own units; the matrix itself where none are known.

    Parameters
    ----------
    matrix : Matrix
    table : FeatureTable or None
        With the matrix's rows.

    Returns
    -------
    tuple of Readable
    """
    if table is None:
        return tuple(Readable(n, c) for n, c in zip(matrix.names, matrix.X.T, strict=True))
    return readable_columns(matrix.features, table)


def readable_columns(names: Iterable[str], table: FeatureTable) -> tuple[Readable, ...]:
    """Give columns of a table as a tree sees them; of a category, its most frequent levels."""
    found: list[Readable] = []
    for name in dict.fromkeys(names):
        if table.column(name).kind is Kind.NUMBER:
            found.append(Readable(name, table.numbers(name)))
            continue
        codes, levels = table.categories(name)
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        found += [
            Readable(name, (codes == code).astype(np.float64), levels[code])
            for code in np.argsort(-sizes, kind="stable")[:MOST_LEVELS]
        ]
    return tuple(found)


@dataclass(frozen=True)
class Grown:
    """A tree, what is asked on the way to each leaf, and the rows behind it.

    ``leaves`` holds, for each leaf, the condition on each column that is asked of. ``grown`` and
    ``tried`` are rows of ``values``: those that the tree is made from, and those that it is not.
    """

    tree: Tree
    leaves: dict[int, dict[int, Condition]]
    values: NDArray[np.float64]
    grown: NDArray[np.int64]
    tried: NDArray[np.int64]

    def covers(self, leaf: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which rows end in a leaf, by its conditions as they are said."""
        inside = np.ones(len(rows), dtype=bool)
        for column, condition in self.leaves[leaf].items():
            inside &= condition.holds(self.values[rows, column])
        return inside


def grow_explaining_tree(
    features: Sequence[Readable],
    segment: NDArray[np.int64],
    *,
    rng: Generator,
    depth: int = DEPTH,
    merges: bool = False,
) -> Grown | None:
    """Grow a tree over some rows, keeping others to try it on.

    Parameters
    ----------
    features : sequence of Readable
    segment : ndarray of int, shape (n_rows,)
    rng : Generator
        Chooses the rows.
    depth : int, default=4
    merges : bool, default=False
        Take back questions whose answers lead to the same segment.

    Returns
    -------
    Grown or None
        None where there are too few rows to try it, or one segment.
    """
    apart = rows_apart(segment, rng)
    return apart and grow_over(features, segment, *apart, depth=depth, merges=merges)


def rows_apart(
    segment: NDArray[np.int64], rng: Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Draw rows to grow a tree on and others to try it on; None where there are too few."""
    n = len(segment)
    if n < FEWEST_ROWS or len(np.unique(segment)) < 2:
        return None
    order = rng.permutation(n)[: GROWN_ROWS + TRIED_ROWS]
    n_tried = max(1, round(len(order) / 3))
    return order[n_tried:], order[:n_tried]


def grow_over(
    features: Sequence[Readable],
    segment: NDArray[np.int64],
    grown: NDArray[np.int64],
    tried: NDArray[np.int64],
    *,
    depth: int,
    merges: bool,
) -> Grown:
    """Grow a tree over some rows; ``tried`` are those that it is to be tried on."""
    values = np.column_stack([f.values for f in features])
    leaf = max(5, round(LEAST_LEAF_SHARE * len(grown)))
    tree = grow_tree(values[grown], segment[grown], depth=depth, least_leaf=leaf)
    tree = merged(tree) if merges else tree
    return Grown(tree, _leaves(tree, features), values, grown, tried)


def grow_surrogate(
    features: tuple[Readable, ...],
    segment: NDArray[np.int64],
    segment_ids: Sequence[int],
    *,
    rng: Generator,
) -> Surrogate | None:
    """Grow a tree that predicts segments, and read a rule for each of them from it.

    Parameters
    ----------
    features : tuple of Readable
        Gaps are allowed: a question sends them to one side.
    segment : ndarray of int, shape (n_rows,)
        Places in ``segment_ids``.
    segment_ids : sequence of int
    rng : Generator
        Chooses the rows that the tree is grown on and tried on.

    Returns
    -------
    Surrogate or None
        None where there are too few rows to try it.

    References
    ----------
    Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984). Classification and regression
    trees. Craven, M. and Shavlik, J. (1996). Extracting tree-structured representations of trained
    networks. NIPS 8, 24-30.
    """
    made = grow_explaining_tree(features, segment, rng=rng)
    if made is None:
        return None
    tree, tried = made.tree, made.tried
    n_tried = len(tried)
    hits = int((tree.labels(made.values[tried]) == segment[tried]).sum())
    low, high = wilson_interval(hits, n_tried)
    grown_at = tree.leaf_of(made.values[made.grown])
    rules = tuple(
        _rule(segment_id, made, grown_at, segment == s) for s, segment_id in enumerate(segment_ids)
    )
    accuracy = hits / n_tried
    return Surrogate(
        accuracy,
        low,
        high,
        tree.depth,
        len(tree.leaves),
        n_tried,
        rules,
        f"A tree of at most {DEPTH} questions about the features puts {percent(accuracy)} "
        f"({percent(low)} to {percent(high)}) of entities that it has not seen into their segment.",
    )


def _words(condition: Condition) -> str:
    name = condition.feature
    if condition.level is not None:
        return f"{name} is {'' if condition.has_level else 'not '}{condition.level}"
    gaps = " (or unknown)" if condition.keeps_gaps and condition.has_gaps else ""
    if condition.is_flag:
        return f"{name}: {'yes' if condition.has_level else 'no'}{gaps}"
    low = f"{'at least' if condition.is_whole else 'above'} {_told(condition.least)}"
    high = f"at most {_told(condition.most)}"
    bounds = [w for w, v in ((low, condition.over), (high, condition.upto)) if np.isfinite(v)]
    return f"{name} {' and '.join(bounds)}{gaps}"


def _told(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:g}"


def _leaves(tree: Tree, features: Sequence[Readable]) -> dict[int, dict[int, Condition]]:
    """Give each leaf with what is true of the rows that end there, column by column."""
    asked = {n.split.column for n in tree.nodes if n.split is not None}
    free = {
        c: Condition(
            features[c].name,
            features[c].level,
            is_whole=features[c].is_whole,
            has_gaps=bool(np.isnan(features[c].values).any()),
            is_flag=features[c].is_flag,
        )
        for c in asked
    }
    found: dict[int, dict[int, Condition]] = {}
    paths: list[tuple[int, dict[int, Condition]]] = [(0, {})]
    while paths:
        place, conditions = paths.pop()
        node = tree.nodes[place]
        if node.split is None:
            found[place] = _needed(conditions)
            continue
        c = node.split.column
        before = conditions.get(c, free[c])
        at, gaps_left = _cut(node.split.threshold, features[c]), node.split.gaps_left
        below = replace(
            before, upto=min(before.upto, at), keeps_gaps=before.keeps_gaps and gaps_left
        )
        above = replace(
            before, over=max(before.over, at), keeps_gaps=before.keeps_gaps and not gaps_left
        )
        paths += [(node.left, {**conditions, c: below}), (node.right, {**conditions, c: above})]
    return found


def _needed(conditions: dict[int, Condition]) -> dict[int, Condition]:
    """Leave out what goes without saying: who has one level of a category has no other."""
    had = {c.feature for c in conditions.values() if c.level is not None and c.has_level}
    return {
        column: c
        for column, c in conditions.items()
        if c.level is None or c.has_level or c.feature not in had
    }


def _cut(threshold: float, feature: Readable) -> float:
    """Round a threshold to what can be said; rules are measured as they are said."""
    if feature.level is not None or feature.is_whole:
        return float(np.floor(threshold))
    return float(round_significant(np.array([threshold]), digits=3)[0])


def _rule(
    segment_id: int, made: Grown, grown_at: NDArray[np.int64], is_in: NDArray[np.bool_]
) -> SegmentRule:
    """Choose the leaf that says most of a segment, and try its words on unseen rows."""
    members, own = is_in[made.grown], is_in[made.tried]
    best = max(made.leaves, key=lambda leaf: _harmony(grown_at == leaf, members))
    inside = made.covers(best, made.tried)
    hits = int((inside & own).sum())
    words = " and ".join(map(_words, made.leaves[best].values())) or "everyone"
    return SegmentRule(
        segment_id, words, hits / max(int(inside.sum()), 1), hits / max(int(own.sum()), 1)
    )


def _harmony(inside: NDArray[np.bool_], members: NDArray[np.bool_]) -> float:
    """Weigh precision and coverage alike (F1)."""
    return float(2 * (inside & members).sum() / max(int(inside.sum() + members.sum()), 1))
