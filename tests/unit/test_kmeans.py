"""``KMeans`` behaves as scikit-learn asks, in memory, out of Parquet and block by block."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.cluster import KMeans as Theirs
from sklearn.utils.estimator_checks import estimator_checks_generator

from clouds import blobs, normal_cloud, skewed_cloud
from segmentry import KMeans

ELSEWHERE = ("check_array_api_input", "check_sample_weight_equivalence")
"""Array namespaces need an environment variable before SciPy is imported. A row drawn for a start
is not the same draw as one of its copies, in scikit-learn's own k-means neither: weights are tested
below, by what they are for."""


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{getattr(check, 'func', check).__name__}-{i}")
        for i, (_, check) in enumerate(estimator_checks_generator(KMeans(), mark=None))
        if not getattr(check, "func", check).__name__.startswith(ELSEWHERE)
    ],
)
def test_scikit_learn_finds_nothing_to_object_to(check) -> None:
    check(KMeans())


@pytest.fixture
def rows() -> np.ndarray:
    return blobs(6_000, 5, 4, seed=1)


@pytest.fixture
def file(tmp_path, rows):
    names = [f"x{j}" for j in range(rows.shape[1])]
    table = pa.table({name: rows[:, j] for j, name in enumerate(names)})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=1_000)
    return tmp_path / "rows.parquet"


@pytest.mark.parametrize(
    "X", [blobs(3_000, 5, 4, seed=1), normal_cloud(3_000, 3, seed=2), skewed_cloud(3_000, seed=3)]
)
def test_it_is_as_tight_as_ten_starts_of_scikit_learn(X) -> None:
    theirs = Theirs(4, n_init=10, random_state=0).fit(X)
    found = KMeans(4, random_state=0).fit(X)
    assert found.inertia_ <= 1.001 * theirs.inertia_
    assert found.score(X) == pytest.approx(-found.inertia_, rel=1e-5)
    assert (found.predict(X) == found.labels_).mean() > 0.999


def test_weights_count_rows(rows) -> None:
    weights = np.random.default_rng(0).integers(1, 4, len(rows))
    heavy = KMeans(4, random_state=0).fit(rows, sample_weight=weights)
    repeated = KMeans(4, random_state=0).fit(np.repeat(rows, weights, axis=0))
    assert heavy.inertia_ == pytest.approx(repeated.inertia_, rel=1e-3)


def test_a_sweep_fits_each_number_as_tightly_as_it_alone_would_be(rows) -> None:
    asked = KMeans(9, random_state=0)
    found = asked.sweep(rows, range(2, 7))
    assert [f.n_clusters for f in found] == [2, 3, 4, 5, 6]
    assert not hasattr(asked, "cluster_centers_")
    for one in found:
        alone = KMeans(one.n_clusters, random_state=0).fit(rows)
        assert one.inertia_ <= 1.005 * alone.inertia_
        assert (one.predict(rows) == one.labels_).mean() > 0.999


def test_a_sweep_knows_names_weights_and_no_threads(rows) -> None:
    frame = pd.DataFrame(rows, columns=[f"x{j}" for j in range(rows.shape[1])])
    weights = np.arange(len(rows)) % 3.0
    one, two = (
        KMeans(random_state=0, n_jobs=n).sweep(frame, (4, 3), sample_weight=weights) for n in (1, 2)
    )
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.cluster_centers_, b.cluster_centers_)
        assert list(a.feature_names_in_) == list(frame.columns)
    kept = rows[weights > 0]
    assert one[0].inertia_ > KMeans(4, random_state=0).fit(kept).inertia_


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((), "numbers of clusters are needed"),
        ((3, 0), "n_clusters must be a whole number from 1, not 0"),
        ((7_000,), "7000"),
    ],
)
def test_numbers_that_cannot_be_swept_are_refused(rows, numbers, message) -> None:
    with pytest.raises(ValueError, match=message):
        KMeans(random_state=0).sweep(rows, numbers)


def test_the_number_of_threads_changes_nothing(rows) -> None:
    one, two = (KMeans(4, random_state=0, n_jobs=n).fit(rows) for n in (1, 2))
    np.testing.assert_array_equal(one.labels_, two.labels_)
    np.testing.assert_array_equal(one.cluster_centers_, two.cluster_centers_)


def test_a_file_gives_what_its_rows_give(file, rows) -> None:
    found = KMeans(4, random_state=0).fit(str(file))
    assert found.inertia_ <= 1.001 * KMeans(4, random_state=0).fit(rows).inertia_
    assert list(found.feature_names_in_) == [f"x{j}" for j in range(rows.shape[1])]
    frame = pd.DataFrame(rows.astype(np.float32), columns=found.feature_names_in_)
    np.testing.assert_array_equal(found.predict(file), found.predict(frame))
    assert found.transform(file).shape == (len(rows), 4)
    assert found.score(file) == pytest.approx(-found.inertia_, rel=1e-4)


def test_one_row_alone_gets_the_answer_that_it_gets_in_a_batch(rows) -> None:
    found = KMeans(4, random_state=0).fit(rows)
    together = found.predict(rows[:200])
    assert [int(found.predict(rows[i : i + 1])[0]) for i in range(200)] == together.tolist()


def test_blocks_come_near_to_all_rows_at_once(rows) -> None:
    found = KMeans(4, random_state=0)
    for start in range(0, len(rows), 1_000):
        found.partial_fit(rows[start : start + 1_000])
    assert found.n_samples_seen_ == len(rows)
    assert -found.score(rows) <= 1.001 * KMeans(4, random_state=0).fit(rows).inertia_
    assert not hasattr(found, "labels_")
    # Each centre is the mean of what it has met: together they keep the mean of all rows.
    sizes = found._running.sizes
    np.testing.assert_allclose(
        sizes @ found.cluster_centers_ / sizes.sum(), rows.mean(axis=0), atol=1e-5
    )


def test_fitting_anew_forgets_blocks(rows) -> None:
    fresh = KMeans(4, random_state=0).fit(rows)
    again = KMeans(4, random_state=0).partial_fit(rows[:500] + 9).fit(rows)
    np.testing.assert_array_equal(fresh.labels_, again.labels_)
    assert not hasattr(again, "n_samples_seen_")


@pytest.mark.parametrize(("name", "value"), [("n_clusters", 0), ("n_init", 1.5), ("n_init", True)])
def test_numbers_are_checked(name, value, rows) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 1"):
        KMeans(**{name: value}).fit(rows)


def test_more_clusters_than_rows_are_refused(rows) -> None:
    with pytest.raises(ValueError, match="3 rows cannot make 8 clusters"):
        KMeans().fit(rows[:3])
    with pytest.raises(ValueError, match="a first block of 3 rows cannot make 8 clusters"):
        KMeans().partial_fit(rows[:3])


def test_files_that_will_not_do_are_told_by_name(tmp_path, file) -> None:
    with pytest.raises(ValueError, match=r"gone\.parquet: there is no such file"):
        KMeans(2).fit(tmp_path / "gone.parquet")
    (tmp_path / "text.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="not a Parquet file"):
        KMeans(2).fit(tmp_path / "text.parquet")
    with pytest.raises(ValueError, match="there is no column 'x9'"):
        KMeans(2).fit(file, columns=["x0", "x9"])
    with pytest.raises(ValueError, match="sample_weight needs rows in memory"):
        KMeans(2).fit(file, sample_weight=[1.0])
    found = KMeans(2, random_state=0).fit(np.eye(4))
    with pytest.raises(ValueError, match="but k-means was fitted on 4"):
        found.predict(file)


def test_texts_and_gaps_in_a_file_are_told_with_their_place(tmp_path) -> None:
    table = pa.table({"id": ["a", "b", "c"], "x": [1.0, None, 3.0], "n": [1, 2, 3]})
    pq.write_table(table, tmp_path / "mixed.parquet")
    with pytest.raises(ValueError, match="column 'id' holds string, not numbers"):
        KMeans(2).fit(tmp_path / "mixed.parquet")
    with pytest.raises(ValueError, match="row 1, column 'x': no value"):
        KMeans(2).fit(tmp_path / "mixed.parquet", columns=["x", "n"])
    found = KMeans(2, random_state=0).fit(tmp_path / "mixed.parquet", columns=["n"])
    assert found.predict(tmp_path / "mixed.parquet").shape == (3,)


def test_importing_the_package_does_not_import_it() -> None:
    ask = "import segmentry, sys; assert 'segmentry.kmeans' not in sys.modules; segmentry.KMeans"
    subprocess.run([sys.executable, "-c", ask], check=True)
