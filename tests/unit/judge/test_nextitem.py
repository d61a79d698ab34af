"""Choosing a way for next items: planted tastes are found, chance is told as chance."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from segmentry.domain.nextitem import NextJudged
from segmentry.errors import DataError
from segmentry.judge.nextitem import BASELINES, RECIPES, Recipe, Taken, _told, judge_ways
from segmentry.maths.cooccurrence import incidence

CUT = datetime(2025, 6, 1, tzinfo=UTC)


def drawn(tastes: float, n: int = 900, n_items: int = 40, *, seed: int = 0) -> Taken:
    """Draw who had five items and took two, a share of them within one of eight tastes."""
    rng = np.random.default_rng(seed)
    taste = rng.integers(0, 8, n)
    own = rng.random((n, n_items)) + 9.0 * (np.arange(n_items) % 8 == taste[:, None])
    own = np.where(rng.random((n, 1)) < tastes, own, rng.random((n, n_items)))
    order = np.argsort(-own, axis=1)
    rows = np.repeat(np.arange(n), 3)
    had = incidence(rows, order[:, :3].ravel(), shape=(n, n_items))
    taken = order[:, 3:5].ravel()
    return Taken(had, np.arange(n) % 2, 2, np.repeat(np.arange(n), 2), taken)


def judged(taken: Taken, *, again: bool = False) -> tuple[Recipe, NextJudged]:
    return judge_ways(taken, np.random.default_rng(1), cut=CUT, days=30.0, again=again)


def test_tastes_are_found_and_better_popularity() -> None:
    used, told = judged(drawn(0.9))
    assert told.betters
    assert used.near is not None
    assert told.used == told.best == used.name
    assert told.low > 0.2
    assert told.sentence.endswith("The first is used.")
    assert (told.until - told.cut).days == 30


def test_rates_are_counted_on_those_who_chose_nothing() -> None:
    taken = drawn(0.9)
    used, told = judged(taken)
    assert told.n_choosing == told.n_judged == 450
    rate = next(w for w in told.ways if w.name == "popular").hit_rate
    # The most common overall, counted by hand on the same half.
    who = np.sort(np.random.default_rng(1).permutation(np.arange(900))[450:])
    common = np.argsort(-np.asarray(taken.had.sum(axis=0)).ravel(), kind="stable")
    hits = []
    for row in who:
        own = set(taken.had[[row]].nonzero()[1].tolist())
        five = [i for i in common if i not in own][:5]
        hits.append(bool(set(five) & set(taken.items[taken.rows == row].tolist())))
    assert rate == pytest.approx(np.mean(hits), abs=0.02)  # ties on the border fall otherwise
    assert 0 < told.n_judged == len(who)
    assert used in RECIPES


def test_without_tastes_popularity_is_given_and_that_is_said() -> None:
    used, told = judged(drawn(0.0))
    assert used in BASELINES
    assert not told.betters
    assert told.low <= 0.0 <= told.high
    assert "No way did better beyond chance than both" in told.sentence
    assert told.sentence.endswith("is most common overall is given.")


def test_a_way_has_to_better_both_baselines() -> None:
    hit, miss = np.ones(400), np.zeros(400)
    hits = {r.name: hit for r in RECIPES} | {"popular": miss}
    # The half that chooses takes the worse baseline for the better one.
    chosen_by = {r.name: 1.0 for r in RECIPES} | {"popular": 0.5, "segment": 0.4}
    facts = {"cut": CUT, "until": CUT, "days": 0.0, "shown": 5, "n_choosing": 400}
    used, told = _told(chosen_by, hits, facts)
    assert (told.baseline, told.low > 0.0) == ("popular", True)
    assert (told.betters, used.name) == (False, "segment")


def test_chance_betters_popularity_about_as_often_as_it_may() -> None:
    found = [judged(drawn(0.0, 300, seed=s))[1].betters for s in range(40)]
    assert sum(found) <= 5  # 2.5 % each; more than 5 of 40 happens once in 2,000 times


def test_too_few_judge_nothing() -> None:
    with pytest.raises(DataError, match="only 80 entities that could choose took anything new"):
        judged(drawn(0.9, 80))
    with pytest.raises(DataError, match="took anything in the 30 days after 2025-06-01"):
        judged(drawn(0.9, 80), again=True)


def test_those_who_have_nearly_all_cannot_choose() -> None:
    had = np.ones((200, 6))
    had[:, 5] = 0
    had[:150, 1:] = 0
    rows = np.arange(200)
    taken = Taken(incidence(*np.nonzero(had), shape=had.shape), rows * 0, 1, rows, np.full(200, 5))
    assert taken.shown == 2
    assert taken.who(again=False).tolist() == list(range(150))
    assert len(taken.who(again=True)) == 200


def test_what_nobody_had_before_is_a_miss() -> None:
    taken = drawn(0.9)
    unknown = Taken(taken.had, taken.groups, 2, taken.rows, np.full(len(taken.rows), -1))
    scorer = RECIPES[2].scorer(taken.had, taken.groups, 2)
    assert unknown.hits(scorer, np.arange(900), again=False).sum() == 0
