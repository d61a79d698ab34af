"""``Segmenter``: the house's way of finding segments as a scikit-learn estimator.

What lives here: what an estimator takes, its checks of rows, its fitted attributes. What does not:
its parameters' values (``pipeline.parameters``), finding (``pipeline.find``), preparation
(``prepare``, ``pipeline.frames``) and the card that a notebook shows (``render.card``). Read on in
``docs/how-to/segmenter.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self, TypeVar

import numpy as np
import pyarrow as pa
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    ClusterMixin,
    TransformerMixin,
    clone,
)
from sklearn.utils import estimator_html_repr
from sklearn.utils.validation import check_is_fitted, validate_data

from segmentry.domain.assigner import Answers
from segmentry.domain.audit import Audit
from segmentry.domain.comparison import Comparison, Sensitivity
from segmentry.domain.matrix import Matrix
from segmentry.domain.profile import Profile
from segmentry.domain.project import SEARCH_ROWS, SegmentChoice
from segmentry.domain.table import FeatureTable
from segmentry.errors import SegmentryError
from segmentry.explain.describe import profile_segments
from segmentry.judge.demands import DemandsOn
from segmentry.maths.indices import cluster_means
from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline import frames
from segmentry.pipeline.arrays import Segmented, segment_rows
from segmentry.pipeline.compare import compare_rows
from segmentry.pipeline.demands import demands_of_rows, unchecked_in
from segmentry.pipeline.existing import beside_given
from segmentry.pipeline.existing_labels import given_labels
from segmentry.pipeline.parameters import choice_of, seed_of
from segmentry.pipeline.sensitivity import sensitivity_of_rows
from segmentry.pipeline.tournament import Asked
from segmentry.pipeline.weighted import weighted_by
from segmentry.prepare.fit import fit_recipe
from segmentry.render.card import card
from segmentry.seeds import stream

Held = TypeVar("Held", Comparison, Sensitivity)


class Segmenter(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]  # scikit-learn carries no types
    TransformerMixin,  # type: ignore[misc]
    ClusterMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """Find segments, judge them, and assign rows to them.

    Searches methods and numbers of segments from several seeds, chooses among them by the rule
    that projects follow, tests whether the data holds groups at all, and keeps one assigner whose
    answers are the labels: ``labels_`` equals ``predict(X)`` to the last row.

    Parameters
    ----------
    n_segments : "auto" or int, default="auto"
        How many segments. "auto" chooses within the band below; a number is fitted exactly.
    min_segments, max_segments : int, default=4 and 8
        The band of "auto". It shrinks to what the rows allow: at most the square root of half
        their number (Mardia, Kent and Bibby 1979, section 13.1), and no more than there are
        distinct rows.
    min_share : float in [0, 0.5], default=0.02
        Smallest share of rows in a segment, where a candidate offers it.
    max_share : float in (0, 1], default=1.0
        Largest share, likewise.
    methods : "auto", "robust", str or tuple of str, default="auto"
        Methods to search, by name. "robust" are those whose segments do not follow a few rows far
        from all others.
    must_differ_in : None or str, default=None
        A column of the data frame that says what happened, such as "churned": it shapes nothing,
        and candidates pass only where their segments differ in it. New rows need not have it.
    distinct : bool or int, default=False
        Whether any two segments have to differ plainly in a feature that can be acted upon, or in
        so many.
    act_upon : "auto", str or tuple of str, default="auto"
        Features that can be acted upon ("x0", "x1", .. where columns have no names); "auto": all.
    search_rows : int or "all", default=10000
        Rows that methods are searched on at most, 1,000 to 1,000,000 ("all"); labels are of all.
    prepare : None or "auto", default=None
        None takes the columns as they are: numbers, finite, on scales that may be compared. "auto"
        prepares them as a project would: skewed numbers are bent, all are scaled, categories
        become indicators, dates become days ago, gaps are filled, repeats are left out.
        Identifiers should be left out or be the index.
    random_state : None, int or RandomState, default=None
        A number makes the result repeat.
    n_jobs : None or int, default=None
        Fits side by side; None is one. The result does not depend on it.

    Attributes
    ----------
    labels_ : ndarray of int, shape (n_samples,)
        Segment of each row, from 0, largest segment first; never -1.
    n_segments_ : int
    segment_centers_ : ndarray of shape (n_segments_, n_columns)
        Mean of each segment's rows, in the space of the columns as prepared.
    confidence_ : ndarray of shape (n_samples,), in [0, 1]
        Share of entities so near to their segment that kept it when rows were drawn anew.
    second_labels_ : ndarray of int, shape (n_samples,)
        The runner-up.
    anomaly_ : ndarray of bool, shape (n_samples,)
        Rows far outside their own segment.
    anomaly_score_ : ndarray of shape (n_samples,)
        Distance to the segment over its radius; above 1 is an anomaly.
    evidence_ : Evidence
        The structure verdict (``evidence_.structure.verdict``: clear, weak or none), checks with
        estimates and thresholds, warnings.
    candidates_ : tuple of Candidate
        All that was compared, each with scores and with why it was kept or rejected.
    rationale_ : tuple of str
        Why these segments, in sentences.
    assigner_ : Assigner
        What answers: prototypes and radii as plain arrays.
    segments_ : tuple of Profile
        Name, contrasts, traits and action of each segment; only with ``prepare="auto"``.
    recipe_ : Recipe
        What preparation learned; only with ``prepare="auto"``.
    audit_ : Audit
        What was found in the columns, and what was done about it.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Only where the columns have names.

    See Also
    --------
    segmentry.open_project : Events in, features built, report and release out.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> X, _ = make_blobs(600, centers=5, n_features=4, cluster_std=0.6, random_state=3)
    >>> segmenter = Segmenter(random_state=0).fit(X)
    >>> segmenter.n_segments_, str(segmenter.evidence_.structure.verdict)
    (5, 'clear')
    >>> bool((segmenter.predict(X) == segmenter.labels_).all())
    True

    What has to hold of segments goes before the silhouette:

    >>> centres = [[0, 0], [3, 0], [20, 0], [0, 20]]  # the first two are near each other
    >>> X, _ = make_blobs([200, 200, 100, 100], centers=centres, cluster_std=0.6, random_state=3)
    >>> asked = Segmenter(min_segments=2, methods="k-means", random_state=0)
    >>> asked.fit(X).n_segments_, asked.set_params(max_share=0.5).fit(X).n_segments_
    (3, 4)
    """

    def __init__(  # noqa: PLR0913 - scikit-learn's way: each parameter by its own name
        self,
        n_segments: int | str = "auto",
        *,
        min_segments: int = 4,
        max_segments: int = 8,
        min_share: float = 0.02,
        max_share: float = 1.0,
        methods: str | tuple[str, ...] = "auto",
        must_differ_in: str | None = None,
        distinct: bool | int = False,
        act_upon: str | tuple[str, ...] = "auto",
        search_rows: int | str = SEARCH_ROWS,
        prepare: str | None = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_segments = n_segments
        self.min_segments = min_segments
        self.max_segments = max_segments
        self.min_share = min_share
        self.max_share = max_share
        self.methods = methods
        self.must_differ_in = must_differ_in
        self.distinct = distinct
        self.act_upon = act_upon
        self.search_rows = search_rows
        self.prepare = prepare
        self.random_state = random_state
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.prepare == "auto"
        tags.input_tags.categorical = self.prepare == "auto"
        tags.transformer_tags.preserves_dtype = []
        return tags

    def fit(
        self, X: Any, y: Any = None, sample_weight: Any = None, *, existing: Any = None
    ) -> Self:
        """Find segments.

        Parameters
        ----------
        X : array-like or data frame of shape (n_samples, n_features)
            NumPy, pandas, Polars, PyArrow, or any table that speaks Arrow; at least two rows.
        y : ignored
        sample_weight : array-like of shape (n_samples,), not negative, optional
            How much each row counts (``docs/methods/weights.md``); one of 0 shapes nothing.
        existing : array-like of shape (n_samples,), optional
            The segments that rows have already, none where missing: compared with, and no feature.
            ``evidence_.existing`` then says how far both agree and which explains more.

        Returns
        -------
        Segmenter

        Raises
        ------
        ValueError
            If a parameter or the data cannot carry a segmentation.
        """
        del y
        choice, seed = choice_of(vars(self)), seed_of(self.random_state)
        for earlier in ("recipe_", "learnt_", "segments_"):
            self.__dict__.pop(earlier, None)
        self.audit_ = Audit()
        try:
            table, matrix, demands = self._read(X, choice, seed)
            matrix = weighted_by(sample_weight, matrix)
            labels = given_labels(existing, len(matrix.X))
            result = segment_rows(
                matrix,
                choice,
                n_segments=None if self.n_segments == "auto" else int(self.n_segments),
                seed=seed,
                audit=self.audit_,
                table=table,
                threads=effective_n_jobs(self.n_jobs),
                demands=demands,
            )
            result = beside_given(labels, matrix, result, seed)
        except SegmentryError as error:
            raise ValueError(str(error)) from error
        self._keep(matrix, result)
        if table is not None:
            self.segments_ = self._described(table, matrix, result.silhouettes, seed)
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Give the segment of each row; one row alone gets the answer that it gets in a batch."""
        return self.answers(X).segment

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Measure the distance of each row to each segment; the least is the one predicted.

        Returns
        -------
        ndarray of shape (n_samples, n_segments_)
            To the nearest prototype of the segment, in the space of the columns as prepared; of
            directions there, where the method compares these.
        """
        rows = self._rows(X)
        return self.assigner_.distances(rows)

    def answers(self, X: Any) -> Answers:
        """Give segment, runner-up, confidence and anomaly of each row.

        Parameters
        ----------
        X : array-like or data frame of shape (n_samples, n_features)

        Returns
        -------
        Answers
        """
        rows = self._rows(X)
        return self.assigner_.answer(rows)

    def score(self, X: Any, y: Any = None) -> float:
        """Measure the mean silhouette of the rows in the segments they are assigned to.

        More is better, so that ``GridSearchCV`` can compare; 0 where all rows share a segment.
        """
        del y
        rows = self._rows(X)
        labels = self.assigner_.answer(rows).segment
        if len(np.unique(labels)) < 2:
            return 0.0
        return mean_silhouette(rows, labels, rng=stream(0, "score")).mean

    def compare(
        self, X: Any, sample_weight: Any = None, *, thorough: bool = False, everything: bool = False
    ) -> Comparison:
        """Hold methods beside each other on rows as ``fit`` would see them; nothing is fitted.

        Parameters
        ----------
        X : array-like or data frame of shape (n_samples, n_features)
        sample_weight : array-like of shape (n_samples,), not negative, optional
        thorough : bool, default=False
            Measure the costly criteria too.
        everything : bool, default=False
            Give every number of segments of each method, not only its choice.

        Returns
        -------
        Comparison
            Of ``methods``; of all that suit the rows where it is "auto". ``table`` holds its rows.

        Raises
        ------
        ValueError
            If a parameter or the data cannot carry a segmentation.
        """

        def compared(matrix: Matrix, choice: SegmentChoice, **facts: Any) -> Comparison:
            named = () if choice.methods == "auto" else choice.methods
            asked = Asked(named, is_thorough=thorough, shows_all=everything)
            return compare_rows(matrix, choice, asked, **facts)

        return self._held(X, sample_weight, compared)

    def sensitivity(self, X: Any, sample_weight: Any = None) -> Sensitivity:
        """Choose segments as ``fit`` would, and take each single decision otherwise.

        Parameters
        ----------
        X : array-like or data frame of shape (n_samples, n_features)
        sample_weight : array-like of shape (n_samples,), not negative, optional

        Returns
        -------
        Sensitivity
            ``table`` holds its variations, the largest effect first.

        Raises
        ------
        ValueError
            If a parameter or the data cannot carry a segmentation.
        """

        def varied(
            matrix: Matrix, choice: SegmentChoice, *, table: FeatureTable | None, **facts: Any
        ) -> Sensitivity:
            del table  # variations are of the matrix alone
            return sensitivity_of_rows(matrix, choice, **facts)

        return self._held(X, sample_weight, varied)

    def _held(self, X: Any, sample_weight: Any, how: Callable[..., Held]) -> Held:
        """Read rows as ``fit`` does, and hand them on without fitting anything."""
        choice = choice_of(vars(self))
        fresh: Segmenter = clone(self)
        seed, fresh.audit_ = seed_of(fresh.random_state), Audit()
        try:
            table, matrix, demands = fresh._read(X, choice, seed)
            found: Held = how(
                weighted_by(sample_weight, matrix),
                choice,
                n_segments=None if self.n_segments == "auto" else int(self.n_segments),
                seed=seed,
                table=table,
                threads=effective_n_jobs(self.n_jobs),
                demands=demands,
            )
            return replace(found, notes=(*found.notes, *unchecked_in(fresh.audit_)))
        except SegmentryError as error:
            raise ValueError(str(error)) from error

    def _as_given(self, X: Any, *, reset: bool) -> Matrix:
        if frames.is_frame(X) and not frames.is_pandas(X):
            X = frames.as_arrow(X)
        try:
            values = validate_data(
                self,
                X,
                reset=reset,
                dtype=np.float64,
                order="C",
                ensure_min_samples=2 if reset else 1,
            )
        except ValueError as error:
            if frames.is_frame(X) and frames.holds_more_than_numbers(X):
                msg = f"{error}. Text, dates and gaps need prepare='auto'."
                raise ValueError(msg) from error
            raise
        names = self._names()
        frames.refuse_beyond_range(values, names)
        # A view: the matrix is made read-only, and the caller's array must not be.
        return Matrix(values.view(), pa.array(np.arange(len(values))), names, names)

    def _names(self) -> tuple[str, ...]:
        names = getattr(self, "feature_names_in_", None)
        if names is None:
            return tuple(f"x{j}" for j in range(self.n_features_in_))
        return tuple(str(n) for n in names)

    def _read(
        self, X: Any, choice: SegmentChoice, seed: int
    ) -> tuple[FeatureTable | None, Matrix, DemandsOn | None]:
        """Give rows as they are searched, and what is asked of segments of them."""
        X, outcome = frames.parted(X, choice.must_differ_in)
        if self.prepare is None:
            table, matrix = None, self._as_given(X, reset=True)
        else:
            table, matrix = self._prepared(X, seed)
        demands = demands_of_rows(
            matrix, choice, table=table, outcome=outcome, seed=seed, audit=self.audit_
        )
        return table, matrix, demands

    def _prepared(self, X: Any, seed: int) -> tuple[FeatureTable, Matrix]:
        rows = self._as_rows(X, reset=True)
        table, self.learnt_ = frames.learn_features(rows, self.audit_)
        self.recipe_ = fit_recipe(table, weights={}, audit=self.audit_, rng=stream(seed, "prepare"))
        return table, self.recipe_.apply(table)

    def _as_rows(self, X: Any, *, reset: bool) -> Any:
        """Give what is to be prepared as an Arrow table with plain types."""
        least = 2 if reset else 1
        if not frames.is_frame(X):
            values = validate_data(
                self,
                X,
                reset=reset,
                dtype=np.float64,
                ensure_all_finite="allow-nan",
                ensure_min_samples=least,
            )
            return frames.table_of_numbers(values, self._names())
        rows = frames.as_arrow(X)
        validate_data(self, rows, reset=reset, skip_check_array=True)
        if rows.num_rows < least:
            raise ValueError(
                f"Found array with {rows.num_rows} sample(s) (shape={rows.shape}) while a minimum "
                f"of {least} is required by {type(self).__name__}."
            )
        return rows

    def _rows(self, X: Any) -> NDArray[np.float64]:
        """Give new rows as the assigner sees them."""
        check_is_fitted(self)
        try:
            X, _ = frames.parted(X, self.must_differ_in, is_needed=False)
            if not hasattr(self, "recipe_"):
                return self._as_given(X, reset=False).X
            if self.learnt_.needs_a_frame and not frames.is_frame(X):
                raise ValueError(
                    "the features came from a data frame with text or dates; give a data frame "
                    "with the same columns"
                )
            table = frames.same_features(self._as_rows(X, reset=False), self.learnt_)
            return self.recipe_.apply(table).X
        except SegmentryError as error:
            raise ValueError(str(error)) from error

    def _keep(self, matrix: Matrix, result: Segmented) -> None:
        answers = result.assigner.answer(matrix.X)
        self.assigner_ = result.assigner
        self.n_segments_ = self._n_features_out = result.assigner.n_segments
        self.evidence_, self.candidates_ = result.evidence, result.candidates
        self.rationale_ = result.rationale
        self.labels_, self.second_labels_ = answers.segment, answers.second
        self.confidence_ = answers.confidence
        self.anomaly_, self.anomaly_score_ = answers.anomaly, answers.anomaly_score
        self.segment_centers_ = cluster_means(matrix.X, answers.segment, self.n_segments_)

    def _described(
        self, table: FeatureTable, matrix: Matrix, silhouettes: NDArray[np.float64], seed: int
    ) -> tuple[Profile, ...]:
        return profile_segments(
            table,
            matrix,
            self.assigner_.answer(matrix.X),
            segment_ids=tuple(range(self.n_segments_)),
            silhouettes=silhouettes,
            objective="none",
            value_feature=None,
            rng=stream(seed, "explain"),
        )

    def _repr_html_(self) -> str:
        """Show verdict, segments and sizes in a notebook; before fitting, the parameters."""
        if not hasattr(self, "evidence_"):
            return str(estimator_html_repr(self))
        names = [p.name for p in getattr(self, "segments_", ())]
        return card(
            repr(self),
            self.evidence_,
            names=names or [f"Segment {s}" for s in range(self.n_segments_)],
            sizes=np.bincount(self.labels_, minlength=self.n_segments_).tolist(),
            n_anomalies=int(self.anomaly_.sum()),
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}
