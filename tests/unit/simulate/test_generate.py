"""Writing a simulated log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from segmentry.errors import StoreError, UsageError
from segmentry.simulate.generate import BLOCK_USERS, Simulation, parts, plain, simulate
from simulated import SCENARIOS, events_of, log, plan, truth_of

TIMES = {"retail": "ordered_at", "saas": "occurred_at", "media": "played_at"}
ENTITIES = {"retail": "customer_id", "saas": "user_id", "media": "user_id"}


@pytest.fixture(scope="module", params=SCENARIOS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return log(tmp_path_factory.mktemp("log"), request.param, 2_500)


def test_equal_seeds_write_equal_bytes(tmp_path: Path) -> None:
    first, again = (log(tmp_path / name, dirt=True) for name in ("a", "b"))
    for one, other in ((first.events, again.events), (first.truth, again.truth)):
        assert one.read_bytes() == other.read_bytes()
    assert first.facts.read_text() == again.facts.read_text()


def test_another_seed_makes_other_users_of_the_same_segments(tmp_path: Path) -> None:
    first, other = (log(tmp_path / str(seed), seed=seed) for seed in (0, 1))
    assert not truth_of(first).equals(truth_of(other))
    assert first.segment_names == other.segment_names
    assert first.spread == other.spread


def test_the_truth_covers_every_user_once(told: Simulation) -> None:
    truth, events = truth_of(told), events_of(told)
    ids = truth["entity_id"].to_pylist()
    assert len(set(ids)) == len(ids) == told.n_users == 2_500
    assert set(events[ENTITIES[told.scenario]].unique().to_pylist()) == set(ids)


def test_the_truth_tells_segment_name_and_parameters(told: Simulation) -> None:
    truth = truth_of(told)
    labels, names = truth["segment"].to_numpy(), truth["segment_name"].to_pylist()
    known = dict(enumerate(told.segment_names)) | {-1: "noise"}
    assert names == [known[label] for label in labels]
    for name in ("visits_per_week", "tenure_share", "weekend_share"):
        assert np.isfinite(truth[name].to_numpy()).all()


def test_sizes_are_those_of_the_truth_and_near_the_planted_shares(told: Simulation) -> None:
    labels = truth_of(told)["segment"].to_numpy()
    assert told.n_noise == (labels == -1).sum()
    np.testing.assert_array_equal(told.segment_sizes, np.bincount(labels[labels >= 0]))
    assert 0.018 < told.n_noise / told.n_users < 0.045
    assert all(0.15 < size / told.n_users < 0.25 for size in told.segment_sizes)


def test_events_lie_inside_the_log_and_are_enough_to_tell_users_apart(told: Simulation) -> None:
    events = events_of(told)
    times = events[TIMES[told.scenario]]
    assert pc.min(times).as_py() >= datetime.fromisoformat(told.first_day)
    assert pc.max(times).as_py() < datetime.fromisoformat(told.end_day)
    assert told.n_events == events.num_rows
    assert 50 < told.n_events / told.n_users < 250


def test_the_best_possible_classifier_is_measured_and_told(told: Simulation) -> None:
    assert 0.90 < told.bayes_accuracy < 0.95
    assert 0.8 < told.bayes_ari < told.bayes_accuracy
    assert 0.0 < told.bayes_accuracy_error < 0.003
    assert 0.0 < told.bayes_ari_error < 0.006


def test_the_facts_file_says_what_was_returned(told: Simulation) -> None:
    facts = json.loads(told.facts.read_text())
    assert facts == json.loads(json.dumps(told.as_dict()))
    assert facts["format"] == 1
    assert facts["events"] == "events.parquet"
    assert facts["bayes_accuracy"] == told.bayes_accuracy


def test_readers_see_text_and_numbers_not_word_lists(told: Simulation) -> None:
    kinds = {str(kind) for kind in pq.read_schema(told.events).types}
    assert kinds <= {"string", "int64", "double", "timestamp[us]"}


def test_one_population_has_one_label_and_nothing_to_reach(tmp_path: Path) -> None:
    told = log(tmp_path, "media", n_segments=1)
    assert set(truth_of(told)["segment"].to_pylist()) == {0}
    assert (told.bayes_accuracy, told.n_noise) == (1.0, 0)
    assert not any(name.startswith("bayes") for name in json.loads(told.facts.read_text()))


def test_users_of_one_population_stay_active_to_the_end(tmp_path: Path) -> None:
    told = log(tmp_path, "retail", 2_000, n_segments=1)
    truth = truth_of(told)
    silent_days = pc.multiply(pc.multiply(truth["tenure_share"], truth["silent_share"]), 364.0)
    assert pc.quantile(silent_days, 0.99)[0].as_py() < 30.0


def test_the_number_of_segments_can_be_chosen(tmp_path: Path) -> None:
    told = log(tmp_path, "saas", 200, n_segments=7)
    assert told.n_segments == len(set(truth_of(told)["segment"].to_pylist()) - {-1}) == 7


def test_users_are_simulated_block_by_block() -> None:
    sizes = [p.truth.num_rows for p in parts(plan(n_users=70), block_users=32)]
    assert sizes == [32, 32, 6]


def test_nothing_is_simulated_before_it_is_asked_for() -> None:
    # A hundred million users: only a lazy walk ends.
    first = next(parts(plan(n_users=100_000_000), block_users=8))
    assert first.truth.num_rows == 8


def test_a_streamed_log_equals_its_blocks_put_together(tmp_path: Path) -> None:
    n_users = BLOCK_USERS + 50
    told = log(tmp_path, "media", n_users)
    planned = plan("media", n_users)
    whole = replace(planned, population=planned.population.with_spread(told.spread))
    at_once = pa.concat_tables([plain(p.events) for p in parts(whole)])
    assert events_of(told).equals(at_once.combine_chunks())
    assert pq.ParquetFile(told.events).num_row_groups == 2


def test_order_numbers_go_on_from_block_to_block() -> None:
    orders = [set(p.events["order_id"].to_pylist()) for p in parts(plan(), block_users=20)]
    assert len(set.union(*orders)) == sum(map(len, orders))


def test_dirt_is_counted_and_clean_logs_have_none(tmp_path: Path) -> None:
    soiled, clean = (log(tmp_path / str(d), "retail", 300, dirt=d) for d in (True, False))
    events = events_of(soiled)
    assert soiled.dirt.n_missing_entity <= events["customer_id"].null_count
    assert soiled.dirt.n_cancellations > 0
    assert set(json.loads(clean.facts.read_text())["dirt"].values()) == {0}
    assert soiled.n_events == (
        clean.n_events + soiled.dirt.n_cancellations + soiled.dirt.n_duplicates
    )


def test_csv_holds_the_same_events_as_parquet(tmp_path: Path) -> None:
    text = log(tmp_path / "csv", "retail", file_format="csv")
    table = csv.read_csv(text.events, convert_options=csv.ConvertOptions(strings_can_be_null=True))
    binary = events_of(log(tmp_path / "parquet", "retail"))
    assert table.column_names == binary.column_names
    assert table["product_id"].to_pylist() == binary["product_id"].to_pylist()
    assert table["unit_price"].to_pylist() == binary["unit_price"].to_pylist()


def test_dirty_csv_has_text_among_its_numbers(tmp_path: Path) -> None:
    told = log(tmp_path, "retail", 300, file_format="csv", dirt=True)
    prices = csv.read_csv(told.events)["unit_price"]
    assert told.dirt.n_text_numbers > 0
    assert prices.type == pa.string()


def test_a_shorter_log_is_cut_to_whole_weeks(tmp_path: Path) -> None:
    told = log(tmp_path, days=100)
    assert (told.first_day, told.end_day) == ("2025-03-24", "2025-06-30")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("users", {"n_users": 0}), ("seed", {"seed": -1}), ("days", {"days": 55})],
)
def test_arguments_out_of_range_are_refused(tmp_path: Path, name: str, wrong: dict) -> None:
    with pytest.raises(UsageError, match=f"cannot simulate with {name} = "):
        log(tmp_path, **wrong)


def test_an_unknown_form_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write events as 'xlsx'"):
        log(tmp_path, file_format="xlsx")


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="cannot write a simulated log"):
        log(tmp_path / "taken")


def test_an_interrupted_simulation_leaves_the_one_before_whole(tmp_path: Path) -> None:
    before = log(tmp_path)
    bytes_before = before.events.read_bytes()

    class Impatient:
        def phase(self, name: str, detail: str = "") -> None: ...

        def advance(self, done: int, total: int) -> None:
            raise KeyboardInterrupt("enough")

    with pytest.raises(KeyboardInterrupt, match="enough"):
        simulate("retail", 60, seed=9, out=tmp_path, progress=Impatient())
    assert before.events.read_bytes() == bytes_before
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "events.parquet",
        "simulation.json",
        "truth.parquet",
    ]


def test_progress_is_told_in_users(tmp_path: Path) -> None:
    told: list[tuple[str, int, int] | tuple[str, str]] = []

    class Listener:
        def phase(self, name: str, detail: str = "") -> None:
            told.append((name, detail))

        def advance(self, done: int, total: int) -> None:
            told.append(("advance", done, total))

    log(tmp_path, progress=Listener())
    assert told[-1] == ("advance", 60, 60)
    assert ("simulate events", "60 users") in told
