"""The structure verdict: its rule, its figures and its words."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from clouds import blobs, normal_cloud, one_population, two_humps
from segmentry.domain.crew import Crew
from segmentry.domain.evidence import Structure, StructureVerdict
from segmentry.domain.progress import Silent
from segmentry.judge.humps import Humps
from segmentry.judge.structure import (
    _Comparison,
    _p_value,
    _rule,
    _sentence,
    judge_structure,
)
from segmentry.maths.grouping import Grouping


def judged(X: np.ndarray, *, seed: int = 0, names: tuple[str, ...] = ()) -> Structure:
    return judge_structure(X, rng=np.random.default_rng(seed), progress=Silent(), names=names)


def indicators(n: int, *levels: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.hstack([np.eye(level)[rng.integers(0, level, n)] for level in levels])


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def phase(self, name: str, detail: str = "") -> None:
        raise AssertionError(name)

    def advance(self, done: int, total: int) -> None:
        self.steps.append((done, total))


def test_blobs_are_clear_and_the_figures_say_why() -> None:
    found = judged(blobs(400, 4, 4, accuracy=0.97, seed=0))
    assert found.verdict is StructureVerdict.CLEAR
    assert found.p_value <= 0.01
    assert found.silhouette > max(found.null_silhouettes)
    assert found.sentence.startswith("There are clear groups: cut into")
    assert f"{found.silhouette:.2f}" in found.sentence


def test_one_cloud_holds_no_groups_and_few_draws_are_enough_to_say_so() -> None:
    found = judged(normal_cloud(400, seed=0))
    assert found.verdict is StructureVerdict.NONE
    assert len(found.null_silhouettes) < 99
    assert found.sentence.startswith("There are no groups beyond")


def test_two_humps_are_clear_and_the_column_is_named() -> None:
    found = judged(two_humps(500, seed=0), names=("spend", "b", "c", "d"))
    assert found.verdict is StructureVerdict.CLEAR
    assert found.dip_where == "spend"
    assert found.dip_p_value < 0.001
    assert "'spend' has more than one hump (dip test, p below 0.001)" in found.sentence


def test_columns_without_names_are_numbered() -> None:
    assert judged(two_humps(300, seed=0)).dip_where == "column 1"


def test_heaped_columns_are_left_out_and_the_sentence_says_so() -> None:
    X = np.c_[normal_cloud(600, 3, seed=0), indicators(600, 4), np.arange(600) % 5]
    found = judged(X)
    assert found.verdict is StructureVerdict.NONE
    assert "3 of 8 columns were compared" in found.sentence


def test_a_gap_between_heaps_alone_is_never_clear() -> None:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 2, 500)
    X = np.stack([np.clip(rng.poisson(2 + 4 * group), 0, 8) for _ in range(5)], axis=1)
    assert judged(X.astype(float)).verdict is not StructureVerdict.CLEAR


@pytest.mark.parametrize("X", [indicators(500, 3, 4), np.ones((100, 3))])
def test_columns_of_two_values_have_no_shape_to_judge(X: np.ndarray) -> None:
    found = judged(X)
    assert found.verdict is StructureVerdict.NONE
    assert found.sentence.startswith("Every column has two values at most")


@pytest.mark.parametrize("n", [0, 1, 59])
def test_too_few_entities_are_never_groups(n: int) -> None:
    found = judged(blobs(60, 3, 4, accuracy=0.99, seed=0)[:n])
    assert found.verdict is StructureVerdict.NONE
    assert found.sentence == f"With {n} entities, groups cannot be told from chance."
    assert (found.p_value, found.null_silhouettes) == (1.0, ())


@pytest.mark.parametrize("shape", [(200, 1), (80, 45), (70, 150)])
def test_narrow_and_wide_tables_are_judged(shape: tuple[int, int]) -> None:
    X = np.random.default_rng(1).normal(size=shape)
    assert judged(X).verdict is StructureVerdict.NONE


def test_groups_in_a_wide_table_are_found_on_its_principal_axes() -> None:
    groups = 3 * blobs(500, 3, 4, accuracy=0.999, seed=0)
    X = np.hstack([groups, np.random.default_rng(0).normal(size=(500, 60))])
    assert judged(X).verdict is not StructureVerdict.NONE


def test_repeated_columns_do_no_harm() -> None:
    X = np.repeat(normal_cloud(500, 2, seed=0), 3, axis=1)
    assert judged(X).verdict is StructureVerdict.NONE


def test_a_wide_table_of_few_independent_columns_is_judged_on_those() -> None:
    mixed = normal_cloud(300, 3, seed=0) @ np.random.default_rng(0).normal(size=(3, 40))
    found = judged(mixed)
    assert found.verdict is StructureVerdict.NONE
    assert "columns were compared" not in found.sentence


def test_equal_chance_gives_the_equal_verdict() -> None:
    X = one_population(400, rate=30, seed=0)
    assert judged(X, seed=4) == judged(X, seed=4)


def test_the_number_of_hands_changes_nothing() -> None:
    X = one_population(400, rate=30, seed=1)
    alone, together = (
        judge_structure(X, rng=np.random.default_rng(4), progress=Silent(), crew=Crew(hands))
        for hands in (1, 3)
    )
    assert alone == together


def test_moving_and_stretching_all_columns_changes_nothing() -> None:
    X = blobs(300, 3, 4, accuracy=0.99, seed=1)
    found, moved = judged(X), judged(2.0 * X + 8.0)
    assert (moved.verdict, moved.p_value) == (found.verdict, found.p_value)
    assert moved.silhouette == pytest.approx(found.silhouette, abs=1e-6)


def test_the_matrix_given_is_left_alone() -> None:
    X = blobs(200, 3, 4, accuracy=0.99, seed=1)
    before = X.copy()
    X.flags.writeable = False
    judged(X)
    np.testing.assert_array_equal(X, before)


def test_nothing_to_test_is_told_apart_from_no_groups() -> None:
    untested = judged(indicators(400, 2, 2, 2))
    assert (str(untested.verdict), str(untested.test)) == ("none", "nothing")
    tested = judged(normal_cloud(300, seed=0))
    assert (str(tested.verdict), str(tested.test)) == ("none", "comparison")
    assert tested.n_reached >= 1


def test_shallow_humps_in_one_column_are_signs_and_no_more() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((3_000, 4))
    X[:, 0] += 4.2 * (rng.random(3_000) < 0.5)
    found = judged(X / X.std(axis=0))
    assert (str(found.verdict), str(found.test)) == ("weak", "humps")
    assert found.dip_p_value < 0.001


def test_progress_ends_at_the_end_even_when_it_stops_early() -> None:
    heard = Heard()
    judge_structure(normal_cloud(300, seed=0), rng=np.random.default_rng(0), progress=heard)
    assert heard.steps[-1][0] == heard.steps[-1][1]
    assert heard.steps == sorted(heard.steps)


def test_at_most_two_hundred_draws_are_told() -> None:
    assert len(judged(blobs(400, 4, 4, seed=3)).null_silhouettes) <= 200


def grouping(gain: float, valley: float) -> Grouping:
    return Grouping(np.full(5, 0.3 + gain), np.full(5, valley))


@pytest.mark.parametrize(
    ("gain", "valley", "smooth", "expected"),
    [
        (0.10, 3.0, True, ("clear", 0.01)),
        (0.10, 3.0, False, ("weak", 0.01)),
        (0.025, 3.0, True, ("weak", 0.01)),
        (0.010, 3.0, True, ("none", 0.01)),
        (0.10, 0.4, True, ("weak", 0.01)),
        (0.05, 0.4, True, ("none", 1.0)),
        (0.001, 0.4, True, ("none", 1.0)),
    ],
)
def test_the_rule_asks_for_gain_and_valley(
    gain: float, valley: float, smooth: bool, expected: tuple[str, float]
) -> None:
    rng = np.random.default_rng(0)
    draws = tuple(grouping(rng.normal(0, 0.003), 1 + 0.2 * rng.random()) for _ in range(99))
    view = SimpleNamespace(all_smooth=smooth)
    comparison = _Comparison(grouping(gain, valley), draws)
    verdict, test, tail = _rule(view, comparison, Humps(1.0, 0.0, ""))
    assert (str(verdict), str(test)) == (expected[0], "comparison")
    assert tail.p_value <= expected[1]


@pytest.mark.parametrize(
    ("p_value", "dip", "valley", "expected"),
    [
        (0.009, 0.05, 0.3, "clear"),
        (0.009, 0.05, 0.4, "weak"),
        (0.03, 0.05, 0.1, "weak"),
        (0.009, 0.01, 0.1, "none"),
        (0.2, 0.05, 0.1, "none"),
    ],
)
def test_the_rule_asks_for_a_dip_and_a_valley_that_matter(
    p_value: float, dip: float, valley: float, expected: str
) -> None:
    draws = tuple(grouping(0.0, 1.0) for _ in range(20))
    comparison = _Comparison(grouping(0.0, 0.5), draws)
    humps = Humps(p_value, dip, "spend", valley)
    found, test, _ = _rule(SimpleNamespace(all_smooth=True), comparison, humps)
    assert str(found) == expected
    assert (str(test) == "humps") == (expected != "none")


@pytest.mark.parametrize(
    ("gain", "valley", "said"),
    [
        (0.05, 0.4, "lie as densely as in a cloud without groups"),
        (0.012, 3.0, "a gain below 0.02 is too little"),
        (0.001, 0.4, ""),
    ],
)
def test_a_silhouette_beyond_chance_that_is_no_sign_of_groups_is_explained(
    gain: float, valley: float, said: str
) -> None:
    rng = np.random.default_rng(0)
    draws = tuple(grouping(rng.normal(0, 0.003), 1 + 0.2 * rng.random()) for _ in range(99))
    view = SimpleNamespace(all_smooth=True, X=np.zeros((9, 3)), n_columns=3, on_axes=False)
    comparison, humps = _Comparison(grouping(gain, valley), draws), Humps(1.0, 0.0, "")
    verdict, _, tail = _rule(view, comparison, humps)
    told = _sentence(verdict, tail, view, comparison, humps)
    assert ("beyond chance" in told) == bool(said)
    assert said in told


def test_a_p_value_counts_the_draws_that_reach_the_value() -> None:
    null = np.arange(99.0)
    assert _p_value(96.5, null) == pytest.approx(3 / 100)
    assert _p_value(-1.0, null) == 1.0


def test_far_beyond_all_draws_the_tail_says_more_than_the_count() -> None:
    null = np.random.default_rng(0).normal(size=20)
    assert _p_value(float(null.max()) + 0.01, null) == pytest.approx(1 / 21, abs=0.03)
    assert 1e-7 < _p_value(30.0, null) < 1e-5


def test_the_tail_is_no_bolder_than_the_extremes_of_chance() -> None:
    rng = np.random.default_rng(1)
    draws = rng.gumbel(size=(4_000, 21))
    found = np.array([_p_value(row[0], row[1:]) for row in draws])
    assert (found <= 0.002).mean() < 0.006
