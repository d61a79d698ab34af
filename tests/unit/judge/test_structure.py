"""The structure verdict: its rule, its figures and its words."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from clouds import blobs, normal_cloud, one_population, two_humps
from segmentry.domain.crew import Crew
from segmentry.domain.evidence import Structure, StructureTest, StructureVerdict
from segmentry.domain.progress import Silent
from segmentry.judge.comparison import Comparison, Sizes
from segmentry.judge.humps import Humps
from segmentry.judge.structure import (
    HIDDEN_SIZES,
    SIZES,
    _Looks,
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


def test_a_share_that_so_few_draws_cannot_count_is_told_to_be_the_tail_of_theirs() -> None:
    found = judged(blobs(400, 4, 4, accuracy=0.97, seed=0))
    assert found.p_value < 1 / (len(found.null_silhouettes) + 1)
    assert "(the tail of the draws continued)" in found.sentence


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


def test_groups_along_a_direction_that_many_columns_hide_are_clear() -> None:
    rng = np.random.default_rng(0)
    # Twelve columns that share one cause; the groups differ across it, not along it.
    X = 3.0 * rng.normal(size=(1_500, 1)) + rng.normal(size=(1_500, 12))
    X[:, :2] += np.array([1.5, -1.5]) * rng.integers(0, 2, (1_500, 1)) * 2.0
    found = judged(X / X.std(axis=0))
    assert (str(found.verdict), str(found.test)) == ("clear", "direction")
    assert "along one direction through several columns, cut in two" in found.sentence


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


def compared(gain: float, valley: float, sizes: Sizes = SIZES) -> Comparison:
    rng = np.random.default_rng(0)
    draws = tuple(grouping(rng.normal(0, 0.003), 1 + 0.2 * rng.random()) for _ in range(99))
    return Comparison(grouping(gain, valley), draws, sizes)


NO_HUMPS = Humps(1.0, 0.0, "")
NOTHING_HIDDEN = compared(0.0, 0.5, HIDDEN_SIZES)


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
    view = SimpleNamespace(all_smooth=smooth)
    looks = _Looks(compared(gain, valley), NOTHING_HIDDEN)
    verdict, test, _, tail = _rule(view, looks, NO_HUMPS)
    assert (str(verdict), str(test)) == (expected[0], "comparison")
    assert tail.p_value <= expected[1]


@pytest.mark.parametrize(
    ("gain", "valley", "smooth", "expected"),
    [
        (0.06, 3.0, True, ("clear", "direction")),
        (0.06, 3.0, False, ("weak", "direction")),
        (0.04, 3.0, True, ("none", "comparison")),
        (0.20, 0.4, True, ("none", "comparison")),
    ],
)
def test_a_hidden_direction_needs_a_larger_gain_and_a_valley(
    gain: float, valley: float, smooth: bool, expected: tuple[str, str]
) -> None:
    looks = _Looks(compared(0.0, 0.5), compared(gain, valley, HIDDEN_SIZES))
    verdict, test, told, _ = _rule(SimpleNamespace(all_smooth=smooth), looks, NO_HUMPS)
    assert (str(verdict), str(test)) == expected
    assert told is (looks.hidden if expected[1] == "direction" else looks.whole)


def test_groups_in_all_columns_are_told_before_those_along_a_direction() -> None:
    looks = _Looks(compared(0.1, 3.0), compared(0.3, 9.0, HIDDEN_SIZES))
    assert _rule(SimpleNamespace(all_smooth=True), looks, NO_HUMPS)[1] is StructureTest.COMPARISON


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
    humps = Humps(p_value, dip, "spend", valley)
    looks = _Looks(compared(0.0, 0.5), NOTHING_HIDDEN)
    found, test, *_ = _rule(SimpleNamespace(all_smooth=True), looks, humps)
    assert str(found) == expected
    assert (str(test) == "humps") == (expected != "none")


@pytest.mark.parametrize(
    ("gain", "n_columns", "opening"),
    [
        (0.10, 12, "There are clear groups in the few columns that can be compared:"),
        (0.10, 6, "There are clear groups:"),
        (0.001, 12, "Few columns can be compared, and those show no groups"),
    ],
)
def test_a_verdict_by_few_of_many_columns_says_so_first(
    gain: float, n_columns: int, opening: str
) -> None:
    view = SimpleNamespace(
        all_smooth=True, X=np.zeros((9, 3)), n_columns=n_columns, on_axes=False, names=tuple("abc")
    )
    looks = _Looks(compared(gain, 3.0), NOTHING_HIDDEN)
    verdict, test, comparison, _ = _rule(view, looks, NO_HUMPS)
    told = _sentence(verdict, test, view, comparison, NO_HUMPS)
    assert told.startswith(opening)
    assert f"3 of {n_columns} columns were compared" in told


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
    view = SimpleNamespace(all_smooth=True, X=np.zeros((9, 3)), n_columns=3, on_axes=False)
    looks = _Looks(compared(gain, valley), NOTHING_HIDDEN)
    verdict, test, comparison, _ = _rule(view, looks, NO_HUMPS)
    told = _sentence(verdict, test, view, comparison, NO_HUMPS)
    assert ("beyond chance" in told) == bool(said)
    assert said in told


def test_the_columns_that_were_compared_are_named_and_kept():
    X = np.c_[two_humps(600, 3, seed=0), np.arange(600) % 5, indicators(600, 4)]
    names = ("spend", "b", "c", "five", "w", "x", "y", "z")
    found = judged(X, names=names)
    assert found.verdict is StructureVerdict.CLEAR
    assert (found.columns, found.n_columns) == (("spend", "b", "c"), 8)
    assert found.is_partial
    assert found.scope == "3 of 8 columns"
    assert found.sentence.startswith("There are clear groups in the few columns that can be comp")
    assert "3 of 8 columns were compared ('spend', 'b', 'c')" in found.sentence


def test_nothing_is_partial_where_all_columns_or_their_axes_were_compared():
    whole = judged(normal_cloud(300, 3, seed=0), names=("a", "b", "c"))
    assert (whole.columns, whole.is_partial) == (("a", "b", "c"), False)
    wide = judged(np.random.default_rng(1).normal(size=(80, 45)))
    assert (wide.columns, wide.n_columns, wide.is_partial) == ((), 45, False)
