"""Groups planted by another maker of events come back without editing, and in the right number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from commands import segmentry
from second_generator import BEHAVIOURS, make_events
from segmentry.pipeline.finished import Run
from tree import REPOSITORY

PEOPLE = 2_000


def rfm_labels(events: pd.DataFrame, people: list[str]) -> np.ndarray:
    """Cluster recency, frequency and money, as a plain script would, told how many groups."""
    bought = events[events["event"] == "purchase"].groupby("customer")
    end = events["happened_at"].max()
    table = pd.DataFrame(
        {
            "recency": (end - bought["happened_at"].max()).dt.total_seconds() / 86_400.0,
            "frequency": bought["basket"].nunique(),
            "money": bought["paid"].sum(),
        }
    ).reindex(people)
    table["recency"] = table["recency"].fillna(365.0)
    logs = np.log1p(table.fillna(0.0))
    return KMeans(len(BEHAVIOURS), n_init=10, random_state=0).fit_predict(
        (logs - logs.mean()) / logs.std()
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_behaviours_are_found_by_the_two_commands(seed: int, tmp_path: Path) -> None:
    events, truth = make_events(PEOPLE, seed)
    pq.write_table(events, tmp_path / "log.parquet")
    for words in (("init", tmp_path / "log.parquet"), ("run",)):
        done = segmentry(*words, folder=tmp_path)
        assert done.status == 0, done.messages
    run = Run.opened(tmp_path / "runs" / "latest")
    answers = run.assignments()
    people = answers["entity_id"].to_pylist()
    planted = [truth[p] for p in people]
    assert sorted(people) == sorted(truth)
    assert len(run.segments) == len(BEHAVIOURS)
    assert adjusted_rand_score(planted, answers["segment_id"].to_numpy()) >= 0.9
    assert run.verdict == "clear"
    # The groups are no gift: counting orders, days and money does not find them.
    assert adjusted_rand_score(planted, rfm_labels(events.to_pandas(), people)) < 0.8


def test_the_log_is_what_its_maker_says() -> None:
    events, truth = make_events(300, 5)
    again, _ = make_events(300, 5)
    assert events.equals(again)
    frame = events.to_pandas()
    assert frame["happened_at"].is_monotonic_increasing
    assert set(frame["customer"]) == set(truth)
    views = frame["event"] == "view"
    assert frame.loc[views, ["paid", "basket"]].isna().all(axis=None)
    assert (frame.loc[~views, "paid"] > 0).all()
    baskets = frame[~views].groupby("basket")
    for column in ("customer", "happened_at", "channel"):
        assert (baskets[column].nunique() == 1).all(), column


def test_the_two_makers_of_events_know_nothing_of_each_other() -> None:
    source = (REPOSITORY / "tests" / "second_generator.py").read_text()
    code = source.split('"""', 2)[2]
    assert "segmentry" not in code
