from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from reading import Built, built, events, table, write
from segmentry.domain.project import FeatureChoice, Outcome, Windows, frozen_mapping
from segmentry.domain.role import Role
from segmentry.pipeline import behaviour

START = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = 120


def shop_log(folder: Path, *, n: int = 40, seed: int = 0) -> Path:
    """Write a log of 120 days in which everyone buys at random, and some leave."""
    rng = np.random.default_rng(seed)
    lines = []
    for entity in range(n):
        for day in np.sort(rng.uniform(0, DAYS, 1 + rng.poisson(12))):
            at = START + timedelta(days=float(day))
            kind = rng.choice(["buy", "look", "leave"], p=[0.45, 0.45, 0.1])
            amount = f"{rng.uniform(1, 9):.2f}" if kind == "buy" else ""
            lines.append((at, f"e{entity:03d},{at:%Y-%m-%d %H:%M:%S.%f},{kind},{amount}"))
    rows = "\n".join(line for _, line in sorted(lines))
    return write(folder / "log.csv", f"id,at,what,paid\n{rows}\n")


def run(folder: Path, **facts) -> Built:
    return built(events(shop_log(folder), kind="what", amount="paid"), **facts)


def rows_of(folder: Path) -> list[tuple[str, datetime, str, float]]:
    lines = (folder / "log.csv").read_text().splitlines()[1:]
    cells = [line.split(",") for line in lines]
    return [
        (e, datetime.fromisoformat(at).replace(tzinfo=UTC), kind, float(paid or 0))
        for e, at, kind, paid in cells
    ]


def test_what_followed_is_what_the_log_says(tmp_path: Path) -> None:
    outcomes = (Outcome("left", event="leave", horizon_days=10.0),)
    judging = run(tmp_path, outcomes=outcomes).judging
    assert judging is not None
    log, cut = rows_of(tmp_path), judging.window.as_of
    ids = judging.table.entity_ids.to_pylist()
    assert ids == sorted({e for e, at, *_ in log if at < cut})
    later = {e: [r for r in log if r[0] == e and cut <= r[1] < judging.until] for e in ids}
    left = {
        e: any(k == "leave" and at < cut + timedelta(days=10) for _, at, k, _ in later[e])
        for e in ids
    }
    wanted = {
        "active_after": [float(bool(later[e])) for e in ids],
        "events_after": [float(len(later[e])) for e in ids],
        "value_after": [sum(paid for *_, paid in later[e]) for e in ids],
        "left": [float(left[e]) for e in ids],
    }
    assert [f.name for f in judging.followed] == list(wanted)
    for followed in judging.followed:
        np.testing.assert_allclose(followed.values, wanted[followed.name], rtol=1e-12)
    assert {f.name for f in judging.followed if f.is_share} == {"active_after", "left"}
    sentences = {f.name: f.sentence for f in judging.followed}
    # A mean over entities, those who did nothing included: no mean over events.
    assert "total value per entity" in sentences["value_after"]
    assert "counts as 0" in sentences["value_after"]
    assert "per entity" in sentences["events_after"]
    assert 0 < sum(left.values()) < len(ids)


def test_periods_after_the_cut_are_what_the_log_says(tmp_path: Path) -> None:
    judging = run(tmp_path).judging
    assert judging is not None
    course = judging.course
    assert course is not None
    assert course.value is not None
    assert course.days == 7.0
    ids, cut = judging.table.entity_ids.to_pylist(), judging.window.as_of
    active, value = np.zeros((len(ids), 4)), np.zeros((len(ids), 4))
    for entity, at, _, paid in rows_of(tmp_path):
        week = (at - cut) // timedelta(days=7)
        if entity in ids and 0 <= week < 4:
            active[ids.index(entity), week] = 1
            value[ids.index(entity), week] += paid
    np.testing.assert_array_equal(course.active, active)
    np.testing.assert_allclose(course.value, value)
    assert course.take(np.array([3])).active.tolist() == [active[3].tolist()]


def test_features_at_the_judging_cut_are_those_of_a_run_that_ends_there(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert found.judging is not None
    assert found.window is not None
    then = found.judging
    earlier = built(
        events(tmp_path / "log.csv", kind="what", amount="paid"),
        window=then.window,
        like=found.table.columns,
    )
    assert then.table.columns == found.table.columns
    assert then.table.data.equals(earlier.table.data)


def test_the_default_horizon_is_thirty_days(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert found.judging is not None
    assert found.window is not None
    assert found.window.outcome_days == pytest.approx(DAYS / 4, abs=0.3)
    assert found.judging.until == found.window.as_of
    assert found.window.as_of - found.judging.window.as_of == timedelta(
        days=found.window.outcome_days
    )


@pytest.mark.parametrize(("asked", "days"), [(7.0, 7.0), (39.0, 39.0)])
def test_a_horizon_that_is_asked_for_is_used(tmp_path: Path, asked: float, days: float) -> None:
    found = run(tmp_path, windows=Windows(outcome_days=asked))
    assert found.window is not None
    assert found.window.outcome_days == days


def test_a_horizon_of_more_than_a_third_of_the_history_is_told(tmp_path: Path) -> None:
    outcomes = (Outcome("left", event="leave", horizon_days=10.0),)
    found = run(tmp_path, windows=Windows(outcome_days=60.0), outcomes=outcomes)
    # The outcome has a horizon of its own that fits.
    assert found.window is not None
    assert found.window.outcome_days == 10.0
    found = run(tmp_path, windows=Windows(outcome_days=60.0))
    assert found.judging is None
    assert "fewer than 3 times the 60 days" in found.findings("no_judging_cut")[0].sentence


def test_an_outcome_that_cannot_be_measured_is_told_with_the_reason(tmp_path: Path) -> None:
    outcomes = (
        Outcome("left", event="leave", horizon_days=10.0),
        Outcome("sold", event="sell", horizon_days=10.0),
        Outcome("gone", event="leave", horizon_days=90.0),
    )
    found = run(tmp_path, outcomes=outcomes)
    told = {f.sentence for f in found.findings("outcome_not_measured")}
    assert told == {
        "The outcome 'sold' could not be measured: no event is of the kind 'sell'.",
        "The outcome 'gone' could not be measured: the history is too short for its horizon.",
    }


def test_an_outcome_is_measured_where_all_events_are_of_its_kind(tmp_path: Path) -> None:
    path = shop_log(tmp_path)
    outcomes = (Outcome("again", event="purchase", horizon_days=20.0),)
    judging = built(events(path, event="purchase"), outcomes=outcomes).judging
    assert judging is not None
    assert [f.name for f in judging.followed] == ["active_after", "events_after", "again"]
    assert "share_kind" not in {c.name.partition("=")[0] for c in judging.table.columns}


def test_assignment_and_tables_have_no_judging_cut(tmp_path: Path) -> None:
    found = run(tmp_path)
    again = built(
        events(tmp_path / "log.csv", kind="what", amount="paid"),
        window=found.window,
        like=found.table.columns,
    )
    assert again.judging is None
    people = write(tmp_path / "people.csv", "id,age\n1,30\n2,40\n")
    outcomes = (Outcome("left", event="leave", horizon_days=10.0),)
    of_tables = built(table(people), outcomes=outcomes)
    assert of_tables.judging is None
    assert "no source holds events" in of_tables.findings("outcome_not_measured")[0].sentence


def test_columns_of_tables_are_there_at_the_judging_cut(tmp_path: Path) -> None:
    path = shop_log(tmp_path)
    rows = "".join(f"e{i:03d},{20 + i},2019-12-{1 + i % 28:02d}\n" for i in range(40))
    people = write(tmp_path / "people.csv", "id,age,joined\n" + rows)
    found = built(events(path), table(people))
    assert found.judging is not None
    assert found.window is not None
    then, now = found.judging.table, found.table
    assert then.columns == now.columns
    days = dict(zip(now.entity_ids.to_pylist(), now.numbers("joined_days_ago"), strict=True))
    for entity, age in zip(
        then.entity_ids.to_pylist(), then.numbers("joined_days_ago"), strict=True
    ):
        assert days[entity] - age == pytest.approx(found.window.outcome_days)


def test_a_sample_of_the_entities_is_judged_where_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(tmp_path).judging
    monkeypatch.setattr(behaviour, "SAMPLE_ENTITIES", 20)
    sample = run(tmp_path).judging
    assert whole is not None
    assert sample is not None
    assert (whole.is_sample, sample.is_sample) == (False, True)
    assert 5 < sample.table.n_entities < 35
    known = {r["entity_id"]: r for r in whole.table.data.to_pylist()}
    for row in sample.table.data.to_pylist():
        assert row["n_events"] == known[row["entity_id"]]["n_events"]


def test_a_role_is_kept_at_both_cuts(tmp_path: Path) -> None:
    choice = FeatureChoice(roles=frozen_mapping({"trend": Role.OVERLAY}))
    found = run(tmp_path, features=choice)
    assert found.judging is not None
    assert found.judging.table.column("trend").role is Role.OVERLAY
