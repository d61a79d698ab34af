"""``GaussianMixture`` behaves as scikit-learn asks, and its figures are scikit-learn's."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture as Theirs
from sklearn.utils.estimator_checks import estimator_checks_generator

from builders import blobs
from segmentry import GaussianMixture
from segmentry.maths.agreement import adjusted_rand_index

ELSEWHERE = ("check_array_api_input",)
"""Array namespaces need an environment variable before SciPy is imported."""

X, TRUTH = blobs(900, k=3, d=4, gap=4.0)
FORMS = ("full", "tied", "diag", "spherical")


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{getattr(check, 'func', check).__name__}-{i}")
        for i, (_, check) in enumerate(estimator_checks_generator(GaussianMixture(), mark=None))
        if not getattr(check, "func", check).__name__.startswith(ELSEWHERE)
    ],
)
def test_scikit_learn_finds_nothing_to_object_to(check) -> None:
    check(GaussianMixture())


@pytest.mark.parametrize("form", FORMS)
def test_it_is_as_likely_as_scikit_learn_s_and_answers_alike(form) -> None:
    ours = GaussianMixture(3, covariance_type=form, random_state=0).fit(X)
    theirs = Theirs(3, covariance_type=form, random_state=0, n_init=3).fit(X)
    assert ours.score(X) >= theirs.score(X) - 2e-3
    assert ours.bic(X) == pytest.approx(theirs.bic(X), rel=1e-3)
    assert adjusted_rand_index(ours.labels_, theirs.predict(X)) > 0.99
    assert ours.bic_ == pytest.approx(ours.bic(X), rel=1e-5)
    assert ours.log_likelihood_ == pytest.approx(ours.score_samples(X).sum(), rel=1e-5)


def test_shares_sum_to_one_and_the_largest_is_the_answer() -> None:
    found = GaussianMixture(3, random_state=0).fit(X)
    shares = found.predict_proba(X)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_array_equal(shares.argmax(axis=1), found.predict(X))
    assert (found.predict(X) == found.labels_).mean() > 0.999
    assert (
        found.score_samples(X.max(axis=0, keepdims=True) + 50.0)[0] < found.score_samples(X).min()
    )


def test_rows_between_components_are_fined() -> None:
    far = GaussianMixture(3, random_state=0).fit(blobs(600, k=3, d=2, gap=40.0)[0])
    near = GaussianMixture(3, random_state=0).fit(np.random.default_rng(0).normal(size=(600, 2)))
    assert far.icl_ == pytest.approx(far.bic_, abs=1e-3)
    assert near.icl_ > near.bic_ + 10.0


def test_threads_change_nothing_and_a_number_repeats() -> None:
    one, two = (GaussianMixture(3, random_state=4, n_jobs=n).fit(X) for n in (1, 2))
    np.testing.assert_array_equal(one.labels_, two.labels_)
    np.testing.assert_array_equal(one.covariances_, two.covariances_)


def test_names_of_columns_are_kept() -> None:
    frame = pd.DataFrame(X, columns=list("abcd"))
    assert GaussianMixture(3, random_state=0).fit(frame).feature_names_in_.tolist() == list("abcd")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_components": 0}, "n_components must be a whole number from 1, not 0"),
        ({"n_init": 0}, "n_init must be a whole number from 1, not 0"),
        ({"n_components": True}, "n_components must be a whole number from 1, not True"),
        ({"n_components": 901}, "900 rows cannot make 901 components"),
        ({"covariance_type": "diagonal"}, "covariance_type must be one of full, tied, diag"),
        ({"tol": 0.0}, r"tol must be a number above 0, not 0\.0"),
        ({"reg_covar": "x"}, "reg_covar must be a number above 0, not 'x'"),
    ],
)
def test_what_will_not_do_is_refused_with_its_value(parameters, message) -> None:
    with pytest.raises(ValueError, match=message):
        GaussianMixture(**parameters).fit(X)


def test_the_package_does_not_import_it_until_it_is_asked_for() -> None:
    code = "import segmentry, sys; sys.exit('segmentry.mixture' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
