"""A small tree that tells segments apart in words of the features, and how far it can be trusted.

The tree explains, it never assigns. It is grown over the features in their own units and tried on
entities that it has not seen. Read on in ``docs/methods/surrogate.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.evidence import SegmentRule, Surrogate
from segmentry.domain.matrix import Matrix
from segmentry.domain.percent import percent
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureTable
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.rounding import round_significant
from segmentry.maths.trees import Tree, grow_tree

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
    found: list[Readable] = []
    for name in dict.fromkeys(matrix.features):
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


def grow_surrogate(
    features: tuple[Readable, ...], segment: NDArray[np.int64], n_segments: int, *, rng: Generator
) -> Surrogate | None:
    """Grow a tree that predicts segments, and read a rule for each of them from it.

    Parameters
    ----------
    features : tuple of Readable
        Gaps are allowed: a question sends them to one side.
    segment : ndarray of int, shape (n_rows,)
    n_segments : int
    rng : Generator
        Chooses the rows that the tree is grown on and tried on.

    Returns
    -------
    Surrogate or None
        Segment ids count from 1. None where there are too few rows to try it.

    References
    ----------
    Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984). Classification and regression
    trees. Craven, M. and Shavlik, J. (1996). Extracting tree-structured representations of trained
    networks. NIPS 8, 24-30.
    """
    n = len(segment)
    if n < FEWEST_ROWS or len(np.unique(segment)) < 2:
        return None
    order = rng.permutation(n)[: GROWN_ROWS + TRIED_ROWS]
    n_tried = max(1, round(len(order) / 3))
    tried, grown = order[:n_tried], order[n_tried:]
    values = np.column_stack([f.values for f in features])
    leaf = max(5, round(LEAST_LEAF_SHARE * len(grown)))
    tree = grow_tree(values[grown], segment[grown], depth=DEPTH, least_leaf=leaf)
    hits = int((tree.labels(values[tried]) == segment[tried]).sum())
    low, high = wilson_interval(hits, n_tried)
    leaves = _leaves(tree, features)
    grown_at = tree.leaf_of(values[grown])
    rules = tuple(
        _rule(s, leaves, grown_at, segment[grown], values[tried], segment[tried])
        for s in range(n_segments)
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


@dataclass(frozen=True)
class _Condition:
    """One feature's part in a rule: above ``over``, at most ``upto``; gaps kept or not."""

    place: int
    feature: Readable
    over: float
    upto: float
    keeps_gaps: bool

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        column = values[:, self.place]
        gaps = np.isnan(column)
        with np.errstate(invalid="ignore"):
            inside = (column > self.over) & (column <= self.upto)
        result: NDArray[np.bool_] = np.where(gaps, self.keeps_gaps, inside)
        return result

    @property
    def words(self) -> str:
        name = self.feature.name
        if self.feature.level is not None:
            return f"{name} is {'' if self.over >= 0 else 'not '}{self.feature.level}"
        gaps = " (or unknown)" if self.keeps_gaps and np.isnan(self.feature.values).any() else ""
        low = f"above {_told(self.over)}"
        if self.feature.is_whole and np.isfinite(self.over):
            low = f"at least {_told(np.floor(self.over) + 1)}"
        high = f"at most {_told(np.floor(self.upto) if self.feature.is_whole else self.upto)}"
        bounds = [w for w, v in ((low, self.over), (high, self.upto)) if np.isfinite(v)]
        return f"{name} {' and '.join(bounds)}{gaps}"


def _told(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:g}"


def _leaves(tree: Tree, features: tuple[Readable, ...]) -> dict[int, tuple[_Condition, ...]]:
    """Give each leaf with what is true of the rows that end there."""
    found: dict[int, tuple[_Condition, ...]] = {}
    paths: list[tuple[int, dict[int, _Condition]]] = [(0, {})]
    while paths:
        place, conditions = paths.pop()
        node = tree.nodes[place]
        if node.split is None:
            found[place] = tuple(conditions.values())
            continue
        c = node.split.column
        before = conditions.get(c, _Condition(c, features[c], -np.inf, np.inf, keeps_gaps=True))
        at, gaps_left = _cut(node.split.threshold, features[c]), node.split.gaps_left
        below = replace(
            before, upto=min(before.upto, at), keeps_gaps=before.keeps_gaps and gaps_left
        )
        above = replace(
            before, over=max(before.over, at), keeps_gaps=before.keeps_gaps and not gaps_left
        )
        paths += [(node.left, {**conditions, c: below}), (node.right, {**conditions, c: above})]
    return found


def _cut(threshold: float, feature: Readable) -> float:
    """Round a threshold to what can be said; rules are measured as they are said."""
    if feature.level is not None or feature.is_whole:
        return float(np.floor(threshold))
    return float(round_significant(np.array([threshold]), digits=3)[0])


def _rule(
    s: int,
    leaves: dict[int, tuple[_Condition, ...]],
    grown_at: NDArray[np.int64],
    grown: NDArray[np.int64],
    values: NDArray[np.float64],
    tried: NDArray[np.int64],
) -> SegmentRule:
    """Choose the leaf that says most of a segment, and try its words on unseen rows."""
    members = grown == s
    best = max(leaves, key=lambda leaf: _harmony(grown_at == leaf, members))
    inside = np.ones(len(tried), dtype=bool)
    for condition in leaves[best]:
        inside &= condition.holds(values)
    hits = int((inside & (tried == s)).sum())
    words = " and ".join(c.words for c in leaves[best]) or "everyone"
    return SegmentRule(
        s + 1, words, hits / max(int(inside.sum()), 1), hits / max(int((tried == s).sum()), 1)
    )


def _harmony(inside: NDArray[np.bool_], members: NDArray[np.bool_]) -> float:
    """Weigh precision and coverage alike (F1)."""
    return float(2 * (inside & members).sum() / max(int(inside.sum() + members.sum()), 1))
