"""The smallest change that moves an entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from segmentry.explain.counterfactual import MOST_CHANGES, Ground, Score, smallest_change

RNG = np.random.default_rng(0)
LOW, HIGH = np.arange(0.0, 101.0), np.arange(60.0, 101.0)


def ground(**changes: object) -> Ground:
    names = ("a", "b", "c", "d", "e")
    facts: dict[str, object] = {
        "present": {**dict.fromkeys(names, 10.0), "plan": "basic"},
        "everyone": dict.fromkeys(names, LOW),
        "members": dict.fromkeys(names, HIGH),
        "levels": {"plan": {"basic": 0.2, "gold": 0.79, "trial": 0.01}},
    }
    return Ground(**(facts | changes))  # type: ignore[arg-type]


def scored(rule: Callable[[Mapping[str, object]], bool], start: Ground) -> Score:
    def score(tried: Sequence[Mapping[str, object]]) -> NDArray[np.int64]:
        return np.array([int(rule({**start.present, **changes})) for changes in tried])

    return score


ORDER = ("a", "b", "c", "d", "e", "plan")


def test_one_feature_is_drawn_back_to_the_border() -> None:
    start = ground()
    found = smallest_change(start, ORDER, 1, scored(lambda v: v["b"] >= 65, start))
    assert [(c.feature, c.before, c.after) for c in found] == [("b", 10.0, 65.0)]


def test_two_small_changes_may_be_less_than_a_large_one() -> None:
    start = ground(members=dict.fromkeys(("a", "b", "c", "d", "e"), LOW))
    rule = scored(lambda v: v["a"] + v["b"] >= 40 or v["c"] >= 90, start)
    found = smallest_change(start, ORDER, 1, rule)
    assert {c.feature for c in found} <= {"a", "b"}
    assert sum(c.after - 10.0 for c in found) <= 21.0


def test_another_level_may_do() -> None:
    start = ground()
    found = smallest_change(start, ORDER, 1, scored(lambda v: v["plan"] == "gold", start))
    assert [(c.feature, c.before, c.after) for c in found] == [("plan", "basic", "gold")]
    rare = smallest_change(start, ORDER, 1, scored(lambda v: v["plan"] == "trial", start))
    assert rare == ()


def test_what_is_not_usual_there_is_not_told() -> None:
    start = ground()
    assert smallest_change(start, ORDER, 1, scored(lambda v: v["a"] > 200, start)) == ()
    assert smallest_change(start, ORDER, 1, scored(lambda v: v["a"] < 5, start)) == ()


def test_what_only_grows_does_not_fall() -> None:
    members = dict.fromkeys(("a", "b", "c", "d", "e"), np.arange(0.0, 9.0))
    start = ground(members=members)
    rule = scored(lambda v: v["a"] < 5, start)
    assert [c.feature for c in smallest_change(start, ORDER, 1, rule)] == ["a"]
    grows = ground(members=members, only_up=frozenset({"a"}))
    assert smallest_change(grows, ORDER, 1, rule) == ()


def test_several_features_move_where_fewer_do_not_do() -> None:
    start = ground()
    rule = scored(lambda v: min(v["a"], v["b"], v["c"]) >= 70, start)
    found = smallest_change(start, ORDER, 1, rule)
    assert {c.feature: c.after for c in found} == {"a": 70.0, "b": 70.0, "c": 70.0}
    many = scored(lambda v: min(v[f] for f in "abcde") >= 70, start)
    assert smallest_change(start, ORDER, 1, many) == ()
    assert MOST_CHANGES == 4


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_what_is_told_leads_there(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ("a", "b", "c", "d", "e")
    everyone = {n: np.round(rng.lognormal(2, 1, 80), int(rng.integers(0, 4))) for n in names}
    member = rng.random(80) < 0.5
    present = {n: float(v[0]) if rng.random() < 0.9 else None for n, v in everyone.items()}
    start = Ground(present, everyone, {n: v[member] for n, v in everyone.items()}, {})
    weights, border = rng.normal(size=5), rng.normal()

    def inside(values: Mapping[str, object]) -> bool:
        known = [np.log1p(10.0 if values[n] is None else float(str(values[n]))) for n in names]
        return bool(weights @ np.array(known) > border)

    score = scored(inside, start)
    found = smallest_change(start, names, 1, score)
    if found:
        assert score([{c.feature: c.after for c in found}])[0] == 1
        assert all(c.after != c.before for c in found)
