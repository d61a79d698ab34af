"""Which way of choosing next items is used, by what entities took after an earlier cut.

What lives here: the ways, and the rule. What does not: scores (``maths.cooccurrence``), reading who
had what (``pipeline.nextitems``). Read on in ``docs/methods/next.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.nextitem import NextJudged, Way
from segmentry.domain.percent import percent
from segmentry.errors import DataError
from segmentry.maths.cooccurrence import Nearness, Scorer, nearness, popularity
from segmentry.maths.intervals import mean_interval, wilson_interval

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SHOWN = 5
"""Items of each entity that are held against what it took, where there are many."""

ITEMS_PER_SHOWN = 3
"""Items that there must be for each that is shown: of few, any choice hits."""

FEWEST = 100
"""Entities that took something new after the cut: fewer judge nothing."""

MOST = 20_000
"""More make no interval that matters narrower."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a way scores; ``near`` is None for popularity alone, ``weight`` is popularity's part."""

    name: str
    sentence: str
    by_segment: bool
    near: Nearness | None = None
    weight: float = 1.0

    def scorer(self, had: csr_array[Any], groups: NDArray[np.int64], n_groups: int) -> Scorer:
        """Learn it from who had what."""
        overall, within = popularity(had, groups, n_groups)
        popular = within if self.by_segment else np.tile(overall, (n_groups, 1))
        near = None if self.near is None else nearness(had, self.near)
        return Scorer(popular, near, self.weight)


BASELINES = (
    Recipe("popular", "what is most common overall", by_segment=False),
    Recipe("segment", "what is most common in the segment", by_segment=True),
)
_NEARNESS: tuple[tuple[Nearness, str], ...] = (
    ("share", "what those with the same items often have"),
    ("cosine", "what lies near by cosine"),
    ("lift", "what lies near by lift"),
)
RECIPES = (
    *BASELINES,
    *(Recipe(kind, told, by_segment=True, near=kind, weight=0.0) for kind, told in _NEARNESS),
    *(
        Recipe(
            f"{kind} and segment",
            f"{told}, half by the segment",
            by_segment=True,
            near=kind,
            weight=0.5,
        )
        for kind, told in _NEARNESS
    ),
)


@dataclass(frozen=True, eq=False)
class Taken:
    """Who had what before a cut, and took what after it.

    ``had`` has shape (n_entities, n_items); ``groups`` are segments at the cut. ``rows`` and
    ``items`` are pairs of what was taken; an item that nobody had before is -1.
    """

    had: csr_array[Any]
    groups: NDArray[np.int64]
    n_groups: int
    rows: NDArray[np.int64]
    items: NDArray[np.int64]

    @property
    def shown(self) -> int:
        """Say how many items of each entity are held against what it took."""
        n_items = int(self.had.shape[1])
        return max(1, min(SHOWN, n_items // ITEMS_PER_SHOWN))

    def who(self, *, again: bool) -> NDArray[np.int64]:
        """Name those by whom a choice can be judged: they had and took something, and could choose.

        Whom no more items are left than are shown takes one of them whatever is chosen.
        """
        who = np.unique(self.rows)
        n_had = np.asarray(self.had[who].sum(axis=1)).ravel()
        left = self.had.shape[1] - (0 if again else n_had)
        found: NDArray[np.int64] = who[(n_had > 0) & (left > self.shown)]
        return found

    def hits(self, scorer: Scorer, who: NDArray[np.int64], *, again: bool) -> NDArray[np.float64]:
        """Say for each of some entities whether one of its ``shown`` items was taken."""
        n_items = self.had.shape[1]
        known = self.items >= 0
        keys = np.unique(self.rows[known] * n_items + self.items[known])
        found, start = np.zeros(len(who)), 0
        for items, _ in scorer.best(self.had[who], self.groups[who], self.shown, again=again):
            part = who[start : start + len(items)]
            met = np.isin(part[:, None] * n_items + items, keys) & (items >= 0)
            found[start : start + len(items)] = met.any(axis=1)
            start += len(items)
        return found


def judge_ways(
    taken: Taken, rng: Generator, *, cut: datetime, days: float, again: bool
) -> tuple[Recipe, NextJudged]:
    """Choose a way on one half of the entities that took something, and judge it on the other.

    Parameters
    ----------
    taken : Taken
    rng : numpy.random.Generator
    cut : datetime
    days : float
        How long after the cut what was taken counts.
    again : bool
        Whether items that one has had count as next.

    Returns
    -------
    used : Recipe
        The best way where it betters both baselines beyond chance, else a baseline.
    judged : NextJudged

    Raises
    ------
    DataError
        E2006 if fewer than ``FEWEST`` entities took something.
    """
    who = taken.who(again=again)
    if len(who) < FEWEST:
        what = "anything" if again else "anything new"
        raise DataError(
            f"only {len(who)} entities that could choose took {what} in the {days:g} days after "
            f"{cut:%Y-%m-%d}, so nothing can be judged; {FEWEST} are needed",
            code="E2006",
            hint="give a longer history, another --item such as a category, or --again",
        )
    who = rng.permutation(who)[:MOST]
    half = len(who) // 2
    choosing, judging = np.sort(who[:half]), np.sort(who[half:])
    chosen_by, hits = {}, {}
    for recipe in RECIPES:
        scorer = recipe.scorer(taken.had, taken.groups, taken.n_groups)
        chosen_by[recipe.name] = float(taken.hits(scorer, choosing, again=again).mean())
        hits[recipe.name] = taken.hits(scorer, judging, again=again)
    facts = {"cut": cut, "until": cut + timedelta(days=days), "days": days}
    return _told(chosen_by, hits, facts | {"shown": taken.shown, "n_choosing": half})


def _told(
    chosen_by: dict[str, float],
    hits: dict[str, NDArray[np.float64]],
    facts: dict[str, Any],
) -> tuple[Recipe, NextJudged]:
    """Apply the rule, and say what came of it."""
    best = max(RECIPES[len(BASELINES) :], key=lambda r: chosen_by[r.name])
    baseline = max(BASELINES, key=lambda r: chosen_by[r.name])
    gain, low, high = _difference(hits[best.name], hits[baseline.name])
    # By chance the choosing half may take the worse of the two for the one to beat.
    betters = all(_difference(hits[best.name], hits[b.name])[1] > 0.0 for b in BASELINES)
    used = best
    if not betters:
        # The segment's own popularity has to earn its place as well.
        popular, segment = BASELINES
        used = segment if _difference(hits["segment"], hits["popular"])[1] > 0.0 else popular
    ways = tuple(_way(r, hits[r.name]) for r in RECIPES)
    n = len(hits[best.name])
    told = _sentence(ways, used, best, n, facts["shown"])
    return used, NextJudged(
        **facts, n_judged=n, ways=ways, used=used.name, best=best.name, baseline=baseline.name,
        gain=gain, low=low, high=high, betters=betters, sentence=told,
    )  # fmt: skip


def _difference(
    hits: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Give how much more often one way hits than another on the same entities."""
    apart = hits - others
    low, high = mean_interval(apart)
    return float(apart.mean()), low, high


def _way(recipe: Recipe, hits: NDArray[np.float64]) -> Way:
    low, high = wilson_interval(int(hits.sum()), len(hits))
    return Way(recipe.name, recipe.sentence, float(hits.mean()), low, high)


def _sentence(ways: Sequence[Way], used: Recipe, best: Recipe, n: int, shown: int) -> str:
    told = {w.name: f"{percent(w.hit_rate)} ({percent(w.low)} to {percent(w.high)})" for w in ways}
    one = f"one of {shown} items was" if shown > 1 else "the item was"
    compared = (
        f"Of {n:,} entities held out, {one} taken by {told[best.name]} when chosen by "
        f"{best.sentence}, by {told['popular']} for {BASELINES[0].sentence}, and by "
        f"{told['segment']} for {BASELINES[1].sentence}."
    )
    if used is best:
        return f"{compared} The first is used."
    beaten = "No way did better beyond chance than both of these"
    return f"{compared} {beaten}, so {used.sentence} is given."
