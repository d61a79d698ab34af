from __future__ import annotations

import os
import pickle
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from builders import blobs
from segmentry import Segmenter
from segmentry.domain.evidence import StructureVerdict
from usage import mixes

QUICK = {"methods": ("k-means",), "random_state": 0}
"""For tests of what does not depend on how many methods are searched."""

EVERY_SHAPE = [Segmenter(), Segmenter(n_segments=2, prepare="auto", methods=("k-means",))]
ELSEWHERE = "check_array_api_input"
"""Needs an environment variable before SciPy is imported, so it gets a process of its own."""

COPIES = "check_sample_weight_equivalence_on_dense_data"
"""A weight is no copy where rows are looked at one by one: silhouettes, bands, samples drawn."""


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(
            estimator, check, id=f"{estimator}-{getattr(check, 'func', check).__name__}-{i}"
        )
        for given in EVERY_SHAPE
        for i, (estimator, check) in enumerate(estimator_checks_generator(given, mark=None))
        if getattr(check, "func", check).__name__ not in {ELSEWHERE, COPIES}
    ],
)
def test_scikit_learn_finds_nothing_to_object_to(estimator, check) -> None:
    check(estimator)


def test_scikit_learn_finds_nothing_to_object_to_in_array_namespaces() -> None:
    ask = (
        "from sklearn.utils.estimator_checks import estimator_checks_generator as checks;"
        "from segmentry import Segmenter;"
        "found = [(e, c) for e, c in checks(Segmenter(), mark=None)"
        f" if getattr(c, 'func', c).__name__ == {ELSEWHERE!r}];"
        "assert found; [c(e) for e, c in found]"
    )
    subprocess.run(
        [sys.executable, "-c", ask], check=True, env={**os.environ, "SCIPY_ARRAY_API": "1"}
    )


@pytest.fixture(scope="module")
def planted():
    return blobs(600, k=5, d=4, gap=10.0, seed=1)


@pytest.fixture(scope="module")
def fitted(planted):
    return Segmenter(random_state=0).fit(planted[0])


def people(n: int = 150, seed: int = 0) -> pd.DataFrame:
    """Two plain kinds of customers, in columns of every type."""
    rng = np.random.default_rng(seed)
    big = rng.random(n) < 0.5
    frame = pd.DataFrame(
        {
            "spend": rng.lognormal(np.where(big, 6.0, 2.5), 0.4),
            "visits": rng.poisson(np.where(big, 30, 4)),
            "plan": pd.Categorical(
                np.where(rng.random(n) < np.where(big, 0.9, 0.1), "pro", "free")
            ),
            "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
            "mail": rng.random(n) < 0.5,
        },
        index=pd.Index(rng.permutation(n), name="customer"),
    )
    frame.loc[frame.index[:10], "spend"] = np.nan
    return frame


def test_planted_groups_are_found_with_verdict_and_without_noise_labels(planted, fitted) -> None:
    truth = planted[1]
    assert fitted.n_segments_ == 5
    assert adjusted_rand_score(truth, fitted.labels_) > 0.99
    assert fitted.evidence_.structure.verdict is StructureVerdict.CLEAR
    assert np.unique(fitted.labels_).tolist() == [0, 1, 2, 3, 4]
    assert (np.diff(np.bincount(fitted.labels_)) <= 0).all()
    assert sum(c.kept for c in fitted.candidates_) == 1
    assert fitted.rationale_


def test_labels_are_the_answers_for_the_same_rows_in_any_company(planted, fitted) -> None:
    X, _ = planted
    assert np.array_equal(fitted.predict(X), fitted.labels_)
    one_by_one = np.concatenate([fitted.predict(row[None]) for row in X[:50]])
    assert np.array_equal(one_by_one, fitted.labels_[:50])


def test_distances_agree_with_labels_and_with_the_centres(planted, fitted) -> None:
    X, _ = planted
    D = fitted.transform(X)
    assert D.shape == (600, 5)
    assert np.array_equal(D.argmin(axis=1), fitted.labels_)
    means = np.array([X[fitted.labels_ == s].mean(axis=0) for s in range(5)])
    np.testing.assert_allclose(fitted.segment_centers_, means)
    by_hand = np.linalg.norm(X[:, None] - fitted.assigner_.prototypes[None], axis=2)
    np.testing.assert_allclose(D, by_hand, rtol=1e-8)


def test_distances_come_as_named_columns(planted, fitted) -> None:
    names = [f"segmenter{s}" for s in range(5)]
    assert fitted.get_feature_names_out().tolist() == names
    quick = Segmenter(n_segments=5, **QUICK).set_output(transform="pandas").fit(planted[0])
    frame = clone(quick).fit(planted[0]).transform(planted[0])
    assert frame.columns.tolist() == names


def test_a_row_far_away_is_told_as_an_anomaly_and_still_assigned() -> None:
    X, _ = blobs(500, k=4, d=3)
    X = np.vstack([X, [[500.0, 0.0, 0.0]]])
    segmenter = Segmenter(n_segments=4, random_state=0).fit(X[:-1])
    answers = segmenter.answers(X)
    assert answers.anomaly[-1]
    assert answers.segment[-1] in range(4)
    assert segmenter.anomaly_.mean() < 0.05
    assert ((segmenter.confidence_ >= 0.0) & (segmenter.confidence_ <= 1.0)).all()
    assert (segmenter.second_labels_ != segmenter.labels_).all()
    assert np.array_equal(segmenter.anomaly_, segmenter.anomaly_score_ > 1.0)


def test_a_number_of_segments_is_fitted_exactly_and_as_well_as_k_means(planted) -> None:
    X, _ = planted
    for k in (2, 3, 7):
        segmenter = Segmenter(n_segments=k, methods=("k-means",), random_state=0).fit(X)
        assert segmenter.n_segments_ == k
        inertia = float((segmenter.transform(X).min(axis=1) ** 2).sum())
        assert inertia <= 1.05 * KMeans(k, n_init=10, random_state=0).fit(X).inertia_


def test_the_score_is_the_silhouette(planted, fitted) -> None:
    X, _ = planted
    assert fitted.score(X) == pytest.approx(silhouette_score(X, fitted.labels_))
    assert fitted.score(X[:1]) == 0.0


@pytest.mark.parametrize(
    ("n", "wanted", "found"),
    [(2, "auto", 1), (3, "auto", 2), (5, "auto", 2), (5, 1, 1), (5, 5, 5), (5, 3, 3)],
)
def test_few_rows_get_as_many_segments_as_they_can_carry(n, wanted, found) -> None:
    X = np.random.default_rng(0).normal(size=(n, 1))
    segmenter = Segmenter(n_segments=wanted, random_state=0).fit(X)
    assert segmenter.n_segments_ == found
    assert np.array_equal(segmenter.predict(X), segmenter.labels_)
    assert segmenter.evidence_.structure.verdict is StructureVerdict.NONE
    assert "cannot be told from chance" in segmenter.evidence_.structure.sentence


def test_identical_rows_are_one_segment() -> None:
    segmenter = Segmenter().fit(np.ones((80, 3)))
    assert segmenter.n_segments_ == 1
    assert "identical" in segmenter.evidence_.warnings[0]


def test_constant_columns_change_nothing(planted, fitted) -> None:
    X, _ = planted
    wide = np.column_stack([X, np.full(len(X), 7.0)])
    assert np.array_equal(Segmenter(random_state=0).fit(wide).labels_, fitted.labels_)


def test_more_segments_than_distinct_rows_are_refused_with_both_figures() -> None:
    X = np.repeat(np.arange(3.0)[:, None], 20, axis=0)
    with pytest.raises(ValueError, match=r"n_segments=5, but n_samples=60 .* only 3 distinct"):
        Segmenter(n_segments=5).fit(X)
    assert Segmenter(random_state=0).fit(X).n_segments_ <= 3


def test_distinct_rows_are_found_behind_many_equal_ones() -> None:
    X = np.concatenate([np.zeros(5_000), np.arange(1.0, 60.0)])[:, None]
    assert Segmenter(n_segments=4, random_state=0).fit(X).n_segments_ == 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_segments": 2.5}, "n_segments must be .* got 2.5"),
        ({"methods": ("k-moans",)}, "no method 'k-moans'"),
        ({"max_share": 0.1}, "8 segments of so much each hold not everybody"),
        ({"random_state": -1}, "Seed"),
        ({"act_upon": "x7"}, r"(?s)act_upon names 'x7', which shapes no segment.*'x0', 'x1'"),
        ({"must_differ_in": "churned"}, r"(?s)column 'churned', which X does not have.*data frame"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_with_its_value(parameters, message) -> None:
    with pytest.raises(ValueError, match=message):
        Segmenter(**parameters).fit(np.random.default_rng(0).normal(size=(40, 2)))


def behaving(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Nine groups that anybody would see, of which each three are one way to behave."""
    rng = np.random.default_rng(0)
    group = np.arange(n) % 9
    centres = 1.7 * np.eye(3)[group // 3] + 0.2 * (group % 3 - 1)[:, None]
    return centres + rng.normal(size=(n, 3)) * 0.01, group


def test_segments_that_differ_in_nothing_to_act_upon_are_not_chosen() -> None:
    X, group = behaving()
    asked = Segmenter(min_segments=2, max_segments=10, **QUICK)
    assert adjusted_rand_score(group, asked.fit(X).labels_) == 1.0
    distinct = clone(asked).set_params(distinct=True).fit(X)
    assert adjusted_rand_score(group // 3, distinct.labels_) == 1.0
    assert any("nothing that can be acted upon" in c.reason for c in distinct.candidates_)
    frame = pd.DataFrame(X, columns=["visits", "spend", "items"])
    named = clone(asked).set_params(distinct=True, act_upon="visits", n_segments=2).fit(frame)
    assert named.candidates_[0].unmet == ()
    none = clone(asked).set_params(distinct=2, act_upon=("visits",)).fit(frame)
    assert none.rationale_
    assert all(c.unmet for c in none.candidates_)


def test_no_segment_is_larger_than_allowed() -> None:
    rng = np.random.default_rng(1)
    X = np.repeat([0.0, 8.0, 16.0], [400, 60, 40])[:, None] + rng.normal(size=(500, 2))
    plain = Segmenter(min_segments=2, **QUICK).fit(X)
    assert np.bincount(plain.labels_).max() >= 400
    bounded = Segmenter(min_segments=2, max_share=0.5, **QUICK).fit(X)
    assert np.bincount(bounded.labels_).max() <= 250
    assert any("more than the 50" in c.reason for c in bounded.candidates_)


@pytest.mark.parametrize("prepare", [None, "auto"])
@pytest.mark.parametrize("convert", [lambda df: df, pl.from_pandas])
def test_an_outcome_shapes_nothing_and_segments_have_to_differ_in_it(prepare, convert) -> None:
    X, _ = behaving()
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(X, columns=["visits", "spend", "items"])
    told = frame.assign(churned=rng.random(600) < np.where(X[:, 0] > 1, 0.9, 0.1))
    chance = frame.assign(churned=rng.random(600) < 0.5)
    asked = {"n_segments": 3, "must_differ_in": "churned", "prepare": prepare, **QUICK}
    met = Segmenter(**asked).fit(convert(told))
    assert met.feature_names_in_.tolist() == list(frame.columns)
    assert met.candidates_[0].unmet == ()
    plain = Segmenter(n_segments=3, prepare=prepare, **QUICK).fit(convert(frame))
    assert np.array_equal(met.labels_, plain.labels_)
    for rows in (convert(told), convert(frame)):
        assert np.array_equal(met.predict(rows), met.labels_)
    unmet = Segmenter(**asked).fit(convert(chance))
    assert "do not differ in 'churned' (p = " in unmet.candidates_[0].unmet[0]
    compared = Segmenter(**asked).compare(convert(chance))
    assert "do not differ in 'churned'" in compared.rows[0].faults[0]
    foretold = Segmenter(**asked).compare(convert(told), thorough=True)
    assert foretold.rows[0].figures["outcome_explained"] > 0.3
    assert foretold.outcome.startswith("'churned', on 600 entities")


def test_an_outcome_that_is_the_same_for_everyone_is_told() -> None:
    frame = pd.DataFrame(behaving()[0], columns=["visits", "spend", "items"]).assign(left=False)
    segmenter = Segmenter(n_segments=3, must_differ_in="left", **QUICK)
    sentence = "Whether segments differ in 'left' could not be asked"
    assert any(w.startswith(sentence) for w in segmenter.fit(frame).evidence_.warnings)
    assert any(n.startswith(sentence) for n in segmenter.sensitivity(frame).notes)
    with pytest.raises(ValueError, match="did you mean 'left'"):
        Segmenter(must_differ_in="lefd").fit(frame)


@pytest.mark.parametrize("far", [1e8, 1e9])
def test_rows_far_from_zero_are_segmented_as_those_about_it(planted, far) -> None:
    X, _ = planted
    near, moved = (Segmenter(methods="k-means", random_state=0).fit(rows) for rows in (X, X + far))
    assert np.array_equal(near.labels_, moved.labels_)
    found = [c.scores["fidelity"] for c in moved.candidates_]
    assert found == [c.scores["fidelity"] for c in near.candidates_]


def test_robust_methods_do_not_follow_rows_far_away(planted) -> None:
    X, truth = planted
    far = np.random.default_rng(0).uniform(-400, 400, (18, 4))
    robust = Segmenter(n_segments=5, methods="robust", random_state=0).fit(np.vstack([X, far]))
    assert adjusted_rand_score(truth, robust.labels_[:600]) > 0.99
    assert robust.anomaly_[600:].mean() > 0.9
    plain = Segmenter(n_segments=5, methods="k-means", random_state=0).fit(np.vstack([X, far]))
    assert adjusted_rand_score(truth, plain.labels_[:600]) < 0.9


def test_equal_seeds_give_equal_results_and_a_generator_moves_on(planted) -> None:
    X = np.random.default_rng(5).normal(size=(200, 6))
    first, second = (Segmenter(n_segments=7, random_state=3).fit(X) for _ in range(2))
    assert np.array_equal(first.labels_, second.labels_)
    assert first.evidence_ == second.evidence_
    state = np.random.RandomState(3)
    drawn = [Segmenter(n_segments=7, random_state=state).fit(X).labels_ for _ in range(2)]
    again = Segmenter(n_segments=7, random_state=np.random.RandomState(3)).fit(X).labels_
    assert np.array_equal(drawn[0], again)
    assert not np.array_equal(drawn[0], drawn[1])


def test_side_by_side_changes_nothing(planted, fitted) -> None:
    X, _ = planted
    two = Segmenter(random_state=0, n_jobs=2).fit(X)
    assert np.array_equal(two.labels_, fitted.labels_)
    assert two.evidence_ == fitted.evidence_


def test_a_copy_that_was_pickled_answers_the_same(planted, fitted) -> None:
    copied = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(copied.predict(planted[0]), fitted.labels_)
    assert copied.evidence_ == fitted.evidence_
    frame = people()
    mixed = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(frame)
    assert np.array_equal(pickle.loads(pickle.dumps(mixed)).predict(frame), mixed.labels_)


def test_it_works_in_a_pipeline_and_in_a_grid_search(planted) -> None:
    X, truth = planted
    piped = make_pipeline(StandardScaler(), Segmenter(n_segments=5, **QUICK)).fit(X)
    assert adjusted_rand_score(truth, piped.predict(X)) > 0.99
    grid = GridSearchCV(Segmenter(**QUICK), {"n_segments": [2, 5, 8]}, cv=2).fit(X[:300])
    assert grid.best_params_ == {"n_segments": 5}


def test_the_callers_array_stays_writable_and_unchanged(planted) -> None:
    X = planted[0].copy()
    Segmenter(random_state=0).fit(X)
    assert X.flags.writeable
    assert np.array_equal(X, planted[0])


@pytest.mark.parametrize(
    "convert",
    [
        lambda df: df,
        pl.from_pandas,
        lambda df: pa.Table.from_pandas(df, preserve_index=False),
        lambda df: pa.RecordBatch.from_pandas(df, preserve_index=False),
        lambda df: duckdb.from_arrow(pa.Table.from_pandas(df, preserve_index=False)),
    ],
    ids=["pandas", "polars", "arrow table", "arrow batch", "duckdb"],
)
def test_every_kind_of_data_frame_gives_the_same_labels(planted, fitted, convert) -> None:
    X, _ = planted
    frame = convert(pd.DataFrame(X, columns=list("abcd")))
    segmenter = Segmenter(n_segments=5, **QUICK).fit(frame)
    assert segmenter.feature_names_in_.tolist() == list("abcd")
    assert np.array_equal(segmenter.labels_, fitted.labels_)
    assert np.array_equal(segmenter.predict(frame), fitted.labels_)
    mixed = people()
    expected = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(mixed)
    given = convert(mixed)
    found = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(given)
    assert found.recipe_ == expected.recipe_
    assert np.array_equal(found.labels_, expected.labels_)
    assert np.array_equal(found.predict(given), found.labels_)


def test_numbers_on_other_scales_need_no_scaling_when_prepared(planted) -> None:
    X, truth = planted
    raw = np.exp(X / 4.0) * np.array([1.0, 1e3, 1e-3, 1e6])
    segmenter = Segmenter(n_segments=5, prepare="auto", **QUICK).fit(raw)
    assert adjusted_rand_score(truth, segmenter.labels_) > 0.95


def test_mixed_columns_are_prepared_named_and_told() -> None:
    frame = people()
    segmenter = Segmenter(n_segments=2, prepare="auto", random_state=0).fit(frame)
    big = frame["visits"] > 15
    assert adjusted_rand_score(big, segmenter.labels_) > 0.9
    assert {"plan=free", "plan=pro", "since_days_ago"} <= set(segmenter.recipe_.names)
    names = [s.name for s in segmenter.segments_]
    assert len(set(names)) == 2
    assert [s.segment_id for s in segmenter.segments_] == [0, 1]
    assert [s.size for s in segmenter.segments_] == np.bincount(segmenter.labels_).tolist()
    assert any(f.code == "missing_values" for f in segmenter.audit_.findings)


def test_a_level_and_a_date_that_were_never_seen_are_read_as_the_recipe_says() -> None:
    frame = people()
    segmenter = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(frame)
    new = frame.iloc[:4].copy()
    new["plan"] = ["pro", None, "other", "free"]
    new.loc[new.index[0], "since"] = pd.NaT
    alone = [segmenter.predict(new.iloc[[i]])[0] for i in range(4)]
    assert np.array_equal(segmenter.predict(new), alone)


def test_columns_that_are_missing_or_of_another_type_are_refused() -> None:
    frame = people()
    segmenter = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(frame)
    with pytest.raises(ValueError, match="spend"):
        segmenter.predict(frame.drop(columns="spend"))
    wrong = frame.assign(visits="often")
    with pytest.raises(ValueError, match="another type"):
        segmenter.predict(wrong)
    with pytest.raises(ValueError, match="give a data frame"):
        segmenter.predict(np.zeros((3, 5)))


def test_text_without_preparation_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="prepare='auto'"):
        Segmenter().fit(people())


def test_nothing_of_an_earlier_fit_is_left_behind(planted) -> None:
    segmenter = Segmenter(n_segments=3, prepare="auto", **QUICK).fit(people())
    segmenter.set_params(prepare=None).fit(planted[0])
    assert not hasattr(segmenter, "segments_")
    assert not hasattr(segmenter, "feature_names_in_")
    assert np.array_equal(segmenter.predict(planted[0]), segmenter.labels_)


def test_a_notebook_shows_parameters_first_and_the_card_once_fitted(fitted) -> None:
    assert "Clear groups" not in Segmenter()._repr_html_()
    assert "Segmenter" in Segmenter()._repr_html_()
    shown = fitted._repr_mimebundle_()["text/html"]
    assert shown == fitted._repr_html_()
    assert "Clear groups" in shown
    for size in np.bincount(fitted.labels_):
        assert f">{size}</td>" in shown


def test_the_package_does_not_import_scikit_learn_until_it_is_asked_for() -> None:
    ask = (
        "import sys, segmentry; assert 'sklearn' not in sys.modules;"
        "segmentry.Segmenter; assert 'sklearn' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", ask], check=True)


def test_methods_are_compared_as_fit_would_see_the_rows(planted, fitted) -> None:
    chosen = {"methods": ("k-means", "ward", "gaussian mixture")}
    found = Segmenter(random_state=0, **chosen).compare(planted[0])
    assert [r.method for r in found.rows] == list(chosen["methods"])
    (kept,) = [r for r in found.rows if r.is_kept]
    assert adjusted_rand_score(kept.labels, fitted.labels_) == 1.0
    exact = Segmenter(n_segments=3, **QUICK).compare(planted[0])
    assert [r.n_segments for r in exact.rows] == [3]


def test_a_comparison_fits_nothing_and_reads_frames(planted) -> None:
    segmenter = Segmenter(n_segments=2, prepare="auto", **QUICK)
    found = segmenter.compare(people(), thorough=True)
    assert [a for a in vars(segmenter) if a.endswith("_")] == []
    assert found.rows[0].figures["tree_fidelity"] > 0.8
    with pytest.raises(ValueError, match="there is no method 'k-mean'"):
        Segmenter(methods=("k-mean",)).compare(planted[0])
    with pytest.raises(ValueError, match="leave nothing to compare"):
        Segmenter().compare(np.ones((9, 2)))


def test_the_decisions_behind_the_labels_are_varied(planted) -> None:
    segmenter = Segmenter(n_segments=5, **QUICK)
    found = segmenter.sensitivity(planted[0])
    assert (found.method, found.n_segments) == ("k-means", 5)
    assert {row["decision"] for row in found.table} >= {"seed", "feature", "entities", "linkage"}
    assert [a for a in vars(segmenter) if a.endswith("_")] == []


def test_mixes_are_told_apart_and_distances_are_those_of_directions() -> None:
    X, truth = mixes(300)
    found = Segmenter(n_segments=3, methods="spherical k-means", random_state=0).fit(X)
    assert adjusted_rand_score(truth, found.labels_) > 0.9
    assert np.array_equal(found.predict(X), found.labels_)
    distances = found.transform(X)
    assert np.array_equal(distances.argmin(axis=1), found.labels_)
    assert distances.max() <= np.sqrt(2.0)
    twice = found.predict(2.0 * X - X.min(axis=0))
    assert np.array_equal(twice, found.labels_)
    copied = pickle.loads(pickle.dumps(found))
    assert np.array_equal(copied.predict(X), found.labels_)


def test_words_are_categories_to_k_prototypes_and_rule_where_k_means_follows_numbers() -> None:
    rng, truth = np.random.default_rng(0), np.arange(400) % 4
    frame = pd.DataFrame(rng.normal(size=(400, 3)) + 4 * rng.choice([-1, 1], (400, 3)))
    frame.columns = ["age", "tenure", "spend"]
    for name in ("plan", "device", "channel"):
        own = np.where(rng.random(400) < 0.7, truth, rng.integers(0, 4, 400))
        frame[name] = np.array(["w", "x", "y", "z"])[own]
    asked = Segmenter(n_segments=4, prepare="auto", random_state=0)
    found = asked.set_params(methods="k-prototypes").fit(frame)
    assert adjusted_rand_score(truth, found.labels_) > 0.6
    assert np.array_equal(found.predict(frame), found.labels_)
    assert found.candidates_[0].partition.arguments["categories"] == "3:7 7:11 11:15"
    straight = asked.set_params(methods="k-means").fit(frame)
    assert adjusted_rand_score(truth, straight.labels_) < 0.3
