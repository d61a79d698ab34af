"""The health score of a run: held against an outcome, unchecked, or none, and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leavers import N, accounts, carried_out
from segmentry.domain.health import Basis
from segmentry.domain.preparation import Split
from segmentry.domain.project import (
    Project,
    Source,
    frozen_mapping,
)
from segmentry.errors import StoreError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.healthtold import Told
from segmentry.pipeline.run import run_project
from segmentry.stores.documents import json_bytes
from simulated import log


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return carried_out(tmp_path_factory.mktemp("planted"), accounts())


def test_a_score_against_an_outcome_is_judged_and_told_by_segment(run: Run) -> None:
    told = Told.of(run.stored).health
    assert told.basis is Basis.OUTCOME
    assert told.area is not None
    assert told.area.low > 0.5
    assert "by a model of 'churned'" in told.sentence
    assert "Features and outcome are of one time" in told.sentence
    assert [s.id for s in told.segments] == [s["id"] for s in run.segments]
    for segment in told.segments:
        assert segment.mean is not None
        assert segment.mean.low < segment.mean.value < segment.mean.high


def test_an_outcome_that_comes_by_chance_gives_no_score(tmp_path: Path) -> None:
    run = carried_out(tmp_path, accounts("chance"))
    told = Told.of(run.stored).health
    assert told.basis is Basis.NONE
    assert told.area is not None
    assert told.area.low <= 0.5
    assert told.segments == ()
    with pytest.raises(StoreError, match="no better than chance may") as caught:
        run.health()
    assert caught.value.code == "E5040"


@pytest.mark.parametrize("table", [accounts().drop_columns(["churned"]), accounts("rare")])
def test_without_an_outcome_to_check_against_it_is_told_as_unchecked(
    tmp_path: Path, table: pa.Table
) -> None:
    told = Told.of(carried_out(tmp_path, table).stored).health
    assert told.basis is Basis.RANKS
    assert "Not checked against any outcome" in told.sentence
    assert "less 'recency_days'" in told.sentence
    assert "more 'logins'" in told.sentence
    if "churned" in table.column_names:
        assert "fewer than 20 of one answer" in told.sentence


def test_where_no_good_end_is_known_there_is_none(tmp_path: Path) -> None:
    bare = accounts().select(["account", "seats", "logins"]).rename_columns(["account", "a", "b"])
    told = Told.of(carried_out(tmp_path, bare).stored).health
    assert told.basis is Basis.NONE
    assert "no outcome that tells who stays" in told.sentence


def test_a_split_judges_on_those_who_are_held_out(tmp_path: Path) -> None:
    run = carried_out(tmp_path, accounts(), split=Split(0.7))
    told = Told.of(run.stored).health
    assert told.n_judged == N - round(0.7 * N)
    assert "those that the split holds out" in told.sentence


def test_in_events_the_score_is_of_what_followed_an_earlier_cut(tmp_path: Path) -> None:
    made = log(tmp_path, "retail", n_users=300)
    columns = {"entity": "customer_id", "time": "ordered_at", "order": "order_id"}
    source = Source("log", str(made.events), columns=frozen_mapping(columns))
    run = run_project(Project("shop", (source,), folder=tmp_path))
    told = Told.of(run.stored).health
    assert told.outcome == "active_after"
    assert told.column is None
    assert "what entities did in the 30 days after" in told.sentence
    assert "of no purchase in 30 days" in told.sentence
    assert "leaving" not in told.sentence
    if told.basis is Basis.OUTCOME:
        assert "nobody is known to have left" in told.sentence
        assert "gone" not in run.health().column_names


def test_equal_seeds_give_equal_bytes(run: Run, tmp_path: Path) -> None:
    again = carried_out(tmp_path, accounts())
    one, other = (json_bytes(r.documents["evidence"]["health"]) for r in (run, again))
    assert one == other


def latecomers(home: Path) -> Run:
    """Run events of people who all began within days of each other, of whom the latest stay."""
    rng = np.random.default_rng(1)
    people, days = [], []
    for person in range(300):
        began = rng.integers(0, 12)
        seen = rng.integers(began, 170, rng.integers(4, 30))
        stays = rng.random() < 1 / (1 + np.exp(3.0 - 0.5 * began))
        after = rng.integers(170, 200, 5 if stays else 0)
        people += [person] * (1 + len(seen) + len(after))
        days += [began, *seen, *after]
    at = np.datetime64("2024-01-01T10:00:00") + np.array(days) * np.timedelta64(86_400, "s")
    pq.write_table(pa.table({"person": people, "at": at.astype("M8[us]")}), home / "log.parquet")
    columns = frozen_mapping({"entity": "person", "time": "at"})
    return run_project(
        Project("late", (Source("log", "log.parquet", columns=columns),), folder=home)
    )


def test_what_has_moved_since_the_earlier_cut_is_left_out_of_the_model(tmp_path: Path) -> None:
    told = Told.of(latecomers(tmp_path).stored).health
    assert "tenure_days" not in {w.feature for w in told.weights}
    assert told.basis is Basis.OUTCOME
    _, said, names = told.sentence.partition("Left out, as they have moved since that cut: ")
    assert said
    assert "'tenure_days'" in names


@pytest.mark.parametrize("today", [1.0, 99.9])
def test_forecasts_that_do_not_hold_for_today_give_no_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: float
) -> None:
    # As where a model of features that have moved since tells the same of everybody.
    monkeypatch.setattr(
        "segmentry.pipeline.health.scores_alone", lambda h, r, t: np.full(t.n_entities, today)
    )
    told = Told.of(latecomers(tmp_path).stored).health
    assert told.basis is Basis.NONE
    assert told.area is not None
    assert told.area.low > 0.5
    assert "features have moved too far for it to hold" in told.sentence
    assert told.segments == ()
