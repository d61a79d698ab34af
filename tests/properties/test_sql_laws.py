"""Whatever a recipe does, the statement does the same, row by row."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from releases import release_of
from segmentry.domain.arrays import codes_of
from segmentry.domain.preparation import Fill, PerColumn, Preparation, Reduce
from segmentry.pipeline.sql import trial

N = 120


def table_of(seed=0):
    rng = np.random.default_rng(seed)
    gaps = rng.random((3, N)) < 0.15
    columns = {
        "spend": np.where(gaps[0], np.nan, rng.lognormal(3.0, 2.0, N)),
        "balance": np.where(gaps[1], np.nan, rng.normal(0.0, 30.0, N) ** 3),
        "visits": np.where(gaps[2], np.nan, rng.poisson(2.0, N)),
        "plan": [p or None for p in rng.choice(["a'", "b\\", "rare", ""], N,
                                               p=[0.5, 0.38, 0.02, 0.1])],
    }  # fmt: skip
    return feature_table(columns)


TABLE = table_of()
fills = st.sampled_from(
    [Fill("median"), Fill("zero"), Fill("constant", constant=-2.5), Fill("by", column="plan")]
)
bends = st.sampled_from(["auto", "none", "log1p", "yeo-johnson", "quantile-uniform"])


@st.composite
def wishes(draw):
    return Preparation(
        impute=PerColumn(draw(fills)),
        indicate_missing=draw(st.sampled_from([(), ("visits",), "all"])),
        transform=PerColumn(draw(bends), {"balance": draw(bends)}),
        scale=PerColumn(draw(st.sampled_from(["standard", "robust", "min-max", "none"]))),
        rare_share=draw(st.sampled_from([0.01, 0.05])),
        fold_rare=draw(st.booleans()),
        encode=PerColumn(draw(st.sampled_from(["indicators", "frequency"]))),
        reduce=draw(st.sampled_from([None, Reduce("pca", 2), Reduce("factor", 2)])),
    )


@settings(max_examples=25, deadline=None)
@given(wishes(), st.integers(1, 4), st.sampled_from([4, 9, 90]), st.integers(0, 2**16))
def test_the_statement_answers_as_the_assigner_does(asked, n_segments, n_prototypes, seed):
    release = release_of(TABLE, asked, n_prototypes=n_prototypes, n_segments=n_segments, seed=seed)
    answers = release.assign(TABLE).to_arrow()
    found = trial(release, TABLE.data, answers, threads=1)
    assert found.n_other == 0, found
    assert len(np.unique(codes_of(answers["segment_id"]))) <= n_segments
