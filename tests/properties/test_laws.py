"""Laws that hold for any data: what must not change an answer does not change it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from builders import blobs, feature_table, number_step
from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.partition import Partition, Trial
from segmentry.domain.recipe import CategoryStep, Recipe, scaled
from segmentry.judge.criteria import measured
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.comparison import Yardstick
from segmentry.maths.indices import centre_indices, cluster_means
from segmentry.maths.prototypes import BLOCK_ROWS
from segmentry.maths.rounding import round_significant
from segmentry.maths.silhouette import silhouettes
from segmentry.prepare.fit import fit_recipe

FEW = settings(max_examples=25, deadline=None)

labellings = st.integers(2, 60).flatmap(
    lambda n: st.tuples(*[arrays(np.int64, n, elements=st.integers(-1, 5))] * 2)
)
seeds = st.integers(0, 2**32 - 1)
numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e-300, 1e15, 1.7e308, -1.7e308]),
)
levels = st.sampled_from(["free", "pro", "unseen", "", None])
rows = st.lists(st.tuples(numbers, numbers, numbers, levels), min_size=1, max_size=40)

RECIPE = Recipe(
    (
        number_step("plain", impute=2.0, centre=1.0, scale=3.0, weight=0.7, limit=5.0),
        number_step("amount", transform="log1p", centre=0.4, scale=1.3, unit=17.0),
        number_step("bent", transform="yeo-johnson", exponent=-0.37, scale=0.9, unit=0.3),
    ),
    (CategoryStep("plan", ("free", "pro"), 1.4, 0.8),),
)


# ---------------------------------------------------------------- agreement and criteria


@given(labellings)
def test_agreement_is_symmetric(pair):
    a, b = pair
    assert adjusted_rand_index(a, b) == pytest.approx(adjusted_rand_index(b, a), abs=1e-12)


@given(labellings)
def test_a_partition_agrees_with_itself_fully(pair):
    assert adjusted_rand_index(pair[0], pair[0]) == 1.0


@given(labellings, st.permutations(range(7)))
def test_other_names_for_the_groups_change_no_agreement(pair, names):
    a, b = pair
    renamed = np.array(names)[a + 1] * 10
    assert adjusted_rand_index(renamed, b) == pytest.approx(adjusted_rand_index(a, b), abs=1e-12)


@given(labellings, seeds)
def test_the_order_of_entities_changes_no_agreement(pair, seed):
    a, b = pair
    order = np.random.default_rng(seed).permutation(len(a))
    assert adjusted_rand_index(a[order], b[order]) == adjusted_rand_index(a, b)


def labelled(seed, n=60, k=4):
    """Draw rows with a partition that knows nothing of them."""
    rng = np.random.default_rng(seed)
    return blobs(n, k=k, gap=2.0, seed=seed)[0], rng.permutation(np.arange(n) % k)


def scores(X, labels):
    found = centre_indices(X, labels)
    return [found.inertia, found.davies_bouldin, found.calinski_harabasz]


@FEW
@given(seeds)
def test_the_order_of_rows_changes_no_score_and_permutes_silhouettes(seed):
    X, labels = labelled(seed)
    order = np.random.default_rng(seed).permutation(len(X))
    np.testing.assert_allclose(scores(X[order], labels[order]), scores(X, labels), rtol=1e-10)
    np.testing.assert_allclose(
        silhouettes(X[order], labels[order]), silhouettes(X, labels)[order], atol=1e-12
    )


@FEW
@given(seeds, st.permutations(range(4)))
def test_other_names_for_the_clusters_change_no_score(seed, names):
    X, labels = labelled(seed)
    renamed = np.array(names)[labels]
    np.testing.assert_allclose(scores(X, renamed), scores(X, labels), rtol=1e-10)
    np.testing.assert_allclose(silhouettes(X, renamed), silhouettes(X, labels), atol=1e-12)


@FEW
@given(seeds)
def test_the_order_of_rows_changes_no_figure_of_a_candidate_but_its_interval(seed):
    X, labels = labelled(seed)
    order = np.random.default_rng(seed).permutation(len(X))

    def figures(X, labels):
        best = Partition(labels, cluster_means(X, labels, 4), "k-means")
        trial = Trial(best, labels, (labels % 2,), fidelity=0.99, bic=7.0)
        yardstick = Yardstick.over(X, np.random.default_rng(0))
        found = measured(X, [trial], yardstick)[0].scores
        bounded = ("silhouette", "davies_bouldin", "calinski_harabasz")
        drawn = {f"{name}_{end}" for name in bounded for end in ("low", "high")}
        assert drawn <= set(found)
        return [v for k, v in found.items() if k not in drawn]

    np.testing.assert_allclose(figures(X[order], labels[order]), figures(X, labels), rtol=1e-9)


# ---------------------------------------------------------------- the recipe


def table_of(values):
    # The row in front keeps the builder from taking a category without values for a number.
    columns = zip(*[(0.0, 0.0, 0.0, "free"), *values], strict=True)
    return feature_table(dict(zip(("plain", "amount", "bent", "plan"), columns, strict=True)))


@given(rows, st.data())
def test_a_recipe_applied_to_any_rows_gives_the_rows_of_the_whole_bit_for_bit(values, data):
    table = table_of(values)
    index = st.integers(0, table.n_entities - 1)
    chosen = np.array(data.draw(st.lists(index, min_size=1, max_size=20)))
    part, whole = RECIPE.apply(table.take(chosen)), RECIPE.apply(table)
    assert part.X.tobytes() == whole.X[chosen].tobytes()
    assert part.ids.to_pylist() == [whole.ids[i].as_py() for i in chosen.tolist()]


@pytest.mark.parametrize("step", RECIPE.numbers, ids=lambda step: step.column)
def test_a_column_of_any_length_and_layout_is_scaled_bit_for_bit_alike(step):
    values = np.random.default_rng(0).lognormal(3.0, 2.0, size=1_003)
    values[::50] = np.nan
    whole = scaled(values, step)
    alone = np.concatenate([scaled(values[i : i + 1], step) for i in range(len(values))])
    for part in (alone, *(scaled(values[k:], step) for k in (1, 3, 8, 1_000))):
        assert part.tobytes() == whole[len(whole) - len(part) :].tobytes()
    assert scaled(values[::3], step).tobytes() == whole[::3].tobytes()


@given(rows)
def test_a_recipe_pulls_every_number_in_to_its_limit(values):
    X = RECIPE.apply(table_of(values)).X
    limits = [s.limit * s.weight for s in RECIPE.numbers]
    assert (np.abs(X[:, :3]) <= limits).all()


def fitted_matrix(columns):
    table = feature_table(columns)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    return recipe.apply(table).X


def raw_columns(seed, n=300):
    """Draw a bell, a tail of amounts with gaps, and a tail that crosses zero."""
    rng = np.random.default_rng(seed)
    amounts = rng.lognormal(3.0, 1.2, size=n)
    amounts[rng.random(n) < 0.1] = np.nan
    return {
        "bell": rng.normal(50.0, 8.0, size=n),
        "amounts": amounts,
        "balance": rng.lognormal(0.0, 1.5, size=n) - 1.0,
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("factor", [2.0**-20, 0.01, 60.0, 1024.0, 86_400.0, 1e9 / 7])
def test_the_unit_of_a_column_changes_nothing(seed, factor):
    columns = raw_columns(seed)
    other = {name: values * factor for name, values in columns.items()}
    np.testing.assert_allclose(fitted_matrix(other), fitted_matrix(columns), rtol=0, atol=1e-9)


@pytest.mark.parametrize("shift", [-50.0, 0.125, 500.0])
def test_the_zero_of_an_unbent_column_changes_nothing(shift):
    # A much larger shift would cost digits: a feature keeps twelve of them.
    columns = raw_columns(0)
    other = {**columns, "bell": columns["bell"] + shift}
    np.testing.assert_allclose(fitted_matrix(other), fitted_matrix(columns), rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_entities_permutes_the_matrix(seed):
    columns = raw_columns(seed)
    order = np.random.default_rng(seed).permutation(300)
    other = {name: values[order] for name, values in columns.items()}
    np.testing.assert_allclose(
        fitted_matrix(other), fitted_matrix(columns)[order], rtol=0, atol=1e-9
    )


# ---------------------------------------------------------------- the assigner


def random_assigner(rng, d=7):
    prototypes = rng.normal(size=(6, d))
    return Assigner(prototypes, np.array([0, 1, 2, 3, 1, 0]), rng.uniform(0.5, 3.0, size=4))


def assert_same(part, whole, index):
    for name in ("segment", "second", "confidence", "anomaly", "anomaly_score"):
        assert getattr(part, name).tobytes() == getattr(whole, name)[index].tobytes(), name


@FEW
@given(seeds, st.integers(1, 300), st.integers(1, 5))
def test_a_row_gets_the_same_answer_alone_and_in_any_batch(seed, n, step):
    rng = np.random.default_rng(seed)
    rule, X = random_assigner(rng), rng.normal(size=(n, 7))
    whole = rule.answer(X)
    assert_same(rule.answer(X[::step]), whole, slice(None, None, step))
    assert_same(rule.answer(np.asfortranarray(X)), whole, slice(None))
    for i in range(0, n, 37):
        assert_same(rule.answer(X[i : i + 1]), whole, slice(i, i + 1))


@pytest.mark.parametrize("start", [0, 1, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1])
@pytest.mark.parametrize("size", [1, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1])
def test_the_borders_of_blocks_change_no_answer(start, size):
    rng = np.random.default_rng(0)
    rule, X = random_assigner(rng), rng.normal(size=(2 * BLOCK_ROWS + 5, 7))
    part = slice(start, start + size)
    assert_same(rule.answer(X[part]), rule.answer(X), part)


@FEW
@given(seeds)
def test_a_view_into_a_wider_matrix_changes_no_answer(seed):
    rng = np.random.default_rng(seed)
    rule, wide = random_assigner(rng), rng.normal(size=(200, 20))
    view = wide[50:150:2, 3:17:2]
    assert_same(rule.answer(view), rule.answer(view.copy()), slice(None))


@FEW
@given(seeds, st.permutations(range(50)))
def test_the_order_of_rows_permutes_the_answers(seed, order):
    rng = np.random.default_rng(seed)
    rule, X = random_assigner(rng), rng.normal(size=(50, 7))
    assert_same(rule.answer(X[order]), rule.answer(X), list(order))


@FEW
@given(seeds)
def test_confidence_lies_between_a_half_and_one_and_anomalies_beyond_their_radius(seed):
    rng = np.random.default_rng(seed)
    answers = random_assigner(rng).answer(rng.normal(scale=3.0, size=(100, 7)))
    assert ((answers.confidence >= 0.5) & (answers.confidence <= 1.0)).all()
    assert (answers.segment != answers.second).all()
    assert (answers.anomaly_score[answers.anomaly] >= 1.0).all()


# ---------------------------------------------------------------- rounding

# Inside this range the powers of ten that rounding uses are exact.
magnitudes = st.floats(1e-9, 1e15) | st.floats(-1e15, -1e-9) | st.just(0.0)


@given(arrays(np.float64, st.integers(1, 20), elements=magnitudes), st.integers(1, 12))
def test_rounding_twice_is_rounding_once(values, digits):
    once = round_significant(values, digits=digits)
    assert round_significant(once, digits=digits).tobytes() == once.tobytes()


@given(
    arrays(np.float64, 20, elements=st.floats(1e-280, 1e280) | st.floats(-1e280, -1e-280)),
    st.integers(1, 12),
)
def test_rounding_changes_a_value_by_half_a_digit_at_most(values, digits):
    relative = np.abs(round_significant(values, digits=digits) / values - 1.0)
    assert (relative <= 0.5 * 10.0 ** (1 - digits) * (1 + 1e-3)).all()


@given(arrays(np.float64, 20, elements=magnitudes))
def test_rounding_keeps_signs_and_mirrors(values):
    assert (round_significant(-values) == -round_significant(values)).all()
