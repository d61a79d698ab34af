"""From a table of events to a table of features; the figures themselves have an oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segmentry.domain.project import FeatureChoice
from segmentry.domain.window import Window
from segmentry.features.arrays.compute import compute_features, sorted_events
from segmentry.features.choose import choose
from segmentry.features.rows import instant
from segmentry.features.terms import total

CUT = datetime(2024, 4, 1, tzinfo=UTC)
SPECS = choose(("at", "amount", "kind"), FeatureChoice(include=("all",)))


def log(n: int = 400) -> pa.Table:
    rng = np.random.default_rng(3)
    return pa.table(
        {
            "entity_id": [f"e{i}" for i in rng.integers(0, 20, n)],
            "micros": instant(CUT) - rng.integers(-(10**12), 10**13, n),
            "amount": rng.integers(1, 99, n),
            "kind": rng.choice(["a", "b", None], n),
        }
    )


def test_rows_are_entities_in_order_with_an_event_before_the_cut() -> None:
    events = log()
    found = compute_features(SPECS, events, Window(CUT), time_zone="UTC")
    before = events.filter(np.array(events["micros"]) < instant(CUT))
    assert found["entity_id"].to_pylist() == sorted(set(before["entity_id"].to_pylist()))
    assert found.column_names == ["entity_id", *(s.name for s in SPECS if s.family is None)]
    counted = before.group_by("entity_id").aggregate([([], "count_all")]).sort_by("entity_id")
    assert found["n_events"].to_pylist() == counted["count_all"].to_pylist()


def test_what_is_sorted_once_serves_every_cut() -> None:
    events = log()
    held = sorted_events(events, "UTC", {})
    for days in (-30, 0, 3, 40, 4_000):
        window = replace(Window(CUT), as_of=CUT - timedelta(days=days))
        alone = compute_features(SPECS, events, window, time_zone="UTC")
        assert held.before(window).features(SPECS, window).equals(alone)


@pytest.mark.parametrize("seed", range(3))
def test_no_bit_depends_on_the_order_of_rows_or_on_other_entities(seed: int) -> None:
    events = log()
    whole = compute_features(SPECS, events, Window(CUT), time_zone="UTC")
    shuffled = events.take(np.random.default_rng(seed).permutation(events.num_rows))
    assert compute_features(SPECS, shuffled, Window(CUT), time_zone="UTC").equals(whole)
    some = events.filter(pa.compute.is_in(events["entity_id"], pa.array(["e1", "e7"])))
    alone = compute_features(SPECS, some, Window(CUT), time_zone="UTC")
    assert alone.equals(whole.filter(pa.compute.is_in(whole["entity_id"], pa.array(["e1", "e7"]))))


def test_no_events_give_no_rows() -> None:
    found = compute_features(SPECS, log(0), Window(CUT), time_zone="UTC")
    assert found.num_rows == 0


def test_a_number_beyond_all_bounds_is_unknown() -> None:
    spec = replace(SPECS[0], formula=total("amount") * 1e300 * 1e300)
    found = compute_features([spec], log(), Window(CUT), time_zone="UTC")
    assert found.num_rows
    assert found[spec.name].null_count == found.num_rows


def test_sessions_of_wide_ids_are_as_long_as_their_events_lie_apart() -> None:
    rng = np.random.default_rng(0)
    n = 20_000
    entity = rng.integers(0, 1_000, n)
    # So far apart that entity, session and place do not fit into one number.
    session = entity * 10**12 + rng.integers(0, 3, n) * 10**11
    micros = instant(CUT) - rng.integers(1, 10**12, n)
    events = pa.table({"entity_id": entity, "micros": micros, "session_id": session})
    (spec,) = choose(("at", "session_id"), FeatureChoice(include=("session_minutes",)))
    found = compute_features([spec], events, Window(CUT), time_zone="UTC")
    frame = pd.DataFrame({"entity": entity, "session": session, "micros": micros})
    spans = frame.groupby(["entity", "session"])["micros"].agg(lambda t: t.max() - t.min())
    wanted = spans.groupby("entity").mean() / 60e6
    assert found["session_minutes"].to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-9)
