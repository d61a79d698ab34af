from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reading import Built, built, events, without_time, write
from segmentry.domain.project import FeatureChoice, SegmentChoice, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.pipeline import figures

KINDS = ("look", "buy", "rate")


def log_of_kinds(folder: Path, *, strength: float | None, n: int = 200, seed: int = 0) -> Path:
    """Write a log in which entities prefer kinds of event: much, a little, or not at all."""
    rng = np.random.default_rng(seed)
    lines = []
    for entity in range(n):
        p = np.array([0.6, 0.3, 0.1])
        if strength is not None:
            p = rng.dirichlet(strength * p)
        for i in range(6 + rng.poisson(6)):
            kind = KINDS[int(rng.choice(3, p=p))]
            minutes = "" if kind == "look" else f"{rng.exponential(5):.3f}"
            day = f"2020-{1 + i % 12:02d}-{1 + int(rng.integers(28)):02d}"
            lines.append(f"e{entity:03d},{day},{kind},{minutes},{rng.integers(1, 6)}")
    return write(folder / "log.csv", "id,at,what,minutes,rating\n" + "\n".join(lines) + "\n")


def shares_of(found: Built) -> list[str]:
    return [c.name for c in found.table.columns if c.name.startswith("share_")]


def counts(path: Path) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for line in path.read_text().splitlines()[1:]:
        entity, _, kind, *_ = line.split(",")
        found.setdefault(entity, Counter())[kind] += 1
    return found


def test_entities_that_prefer_kinds_get_a_share_of_each(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=2.0)
    found = built(events(path, kind="what"))
    assert shares_of(found) == ["share_kind=look", "share_kind=buy", "share_kind=rate"]
    assert "n_kinds" in found.table.data.column_names
    known = counts(path)
    for row in found.table.data.to_pylist()[:25]:
        seen = known[row["entity_id"]]
        for kind in KINDS:
            share = found.table.column(f"share_kind={kind}").share
            assert share is not None
            wanted = (seen[kind] + share.prior) / (seen.total() + share.strength)
            assert row[f"share_kind={kind}"] == pytest.approx(wanted, rel=1e-11)
    assert share.strength == pytest.approx(2.0, rel=0.3)


def test_shares_that_are_luck_are_left_out_and_told(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=None)
    found = built(events(path, kind="what"))
    assert shares_of(found) == []
    # How many kinds an entity has is then luck too.
    assert "n_kinds" not in found.table.data.column_names
    told = found.findings("shares_are_luck")[0]
    assert told.column == "kind"
    assert told.done.startswith("left out, and n_kinds with them; 'share_kind'")


def test_shares_that_are_asked_for_are_built_whatever_they_are(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=None)
    choice = FeatureChoice(include=("n_events", "share_kind=buy"))
    found = built(events(path, kind="what"), features=choice)
    assert found.table.data.column_names == ["entity_id", "n_events", "share_kind=buy"]
    with pytest.raises(ProjectFileError, match="no event gives the share 'share_kind=bye'"):
        built(events(path, kind="what"), features=FeatureChoice(include=("share_kind=bye",)))


def test_one_entity_alone_gets_the_shares_of_the_whole(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=2.0)
    whole = built(events(path, kind="what"))
    lines = path.read_text().splitlines()
    one = [line for line in lines[1:] if line.startswith("e007,")]
    alone = write(tmp_path / "one.csv", "\n".join([lines[0], *one]) + "\n")
    again = built(events(alone, kind="what"), window=whole.window, like=whole.table.columns)
    assert again.table.columns == whole.table.columns
    assert again.of("e007") == whole.of("e007")


def test_a_kind_that_was_never_seen_before_counts_as_none_of_the_known(tmp_path: Path) -> None:
    whole = built(events(log_of_kinds(tmp_path, strength=2.0), kind="what"))
    path = write(tmp_path / "new.csv", "id,at,what\nx,2020-05-01,return\nx,2020-05-02,buy\n")
    found = built(events(path, kind="what"), window=whole.window, like=whole.table.columns)
    share = whole.table.column("share_kind=buy").share
    assert share is not None
    wanted = (1 + share.prior) / (2 + share.strength)
    assert found.of("x")["share_kind=buy"] == pytest.approx(wanted, rel=1e-11)


def test_one_kind_for_all_is_no_share(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at,what\n" + "a,2020-01-01,buy\nb,2020-01-02,buy\n" * 9)
    assert shares_of(built(events(path, kind="what"))) == []


def test_too_many_items_get_no_shares(tmp_path: Path) -> None:
    rows = "".join(f"e{i % 60},2020-01-01,item {i % 60 if i % 2 else i}\n" for i in range(900))
    found = built(events(write(tmp_path / "a.csv", "id,at,thing\n" + rows), item="thing"))
    assert shares_of(found) == []
    assert "top_item_share" in found.table.data.column_names


def test_measures_are_averaged_and_added_up(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=None, n=30)
    choice = FeatureChoice(measures=("minutes", "rating"))
    found = built(events(path), features=choice)
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    for entity in ("e000", "e029"):
        minutes = [float(m) for e, _, _, m, _ in rows if e == entity and m]
        ratings = [float(r) for e, *_, r in rows if e == entity]
        row = found.of(entity)
        assert row["total_minutes"] == pytest.approx(sum(minutes))
        assert row["mean_minutes"] == pytest.approx(np.mean(minutes))
        assert row["mean_rating"] == pytest.approx(np.mean(ratings))
    assert "total_rating" not in found.table.data.column_names


def test_a_measure_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=None, n=3)
    with pytest.raises(ProjectFileError, match="no column 'minuts'") as caught:
        built(events(path), features=FeatureChoice(measures=("minuts",)))
    assert caught.value.key == "features.measures[0]"


def test_a_measure_may_have_another_role_as_a_column(tmp_path: Path) -> None:
    path = log_of_kinds(tmp_path, strength=None, n=5)
    roles = frozen_mapping({"rating": Role.OVERLAY})
    found = built(events(path), features=FeatureChoice(measures=("rating",), roles=roles))
    assert found.table.column("rating").role is Role.OVERLAY
    assert found.table.column("mean_rating").role is Role.CLUSTER


def test_segments_that_there_are_are_the_last_known_ones_and_other_columns_the_most_frequent(
    tmp_path: Path,
) -> None:
    log = """id,at,tier,shop
        a,2020-01-01,basic,north
        a,2020-01-02,basic,north
        a,2020-01-03,gold,south
        a,2020-01-04,,south
        b,2020-01-01,gold,north
        b,2020-01-03,basic,south
        b,2020-01-03,silver,south
        c,2020-01-01,,north
    """
    path = write(tmp_path / "log.csv", "\n".join(line.strip() for line in log.splitlines()))
    roles = frozen_mapping({"shop": Role.OVERLAY})
    asked = {"features": FeatureChoice(roles=roles), "segments": SegmentChoice(existing="tier")}
    found = built(events(path), **asked)
    assert [found.of(e)["tier"] for e in "abc"] == ["gold", "basic", None]
    assert [found.of(e)["shop"] for e in "abc"] == ["north", "south", "north"]
    assert found.table.column("tier").sentence == "last known tier of the entity's events"
    earlier = built(events(path), as_of=datetime(2020, 1, 3, tzinfo=UTC), **asked)
    assert [earlier.of(e)["tier"] for e in "ab"] == ["basic", "gold"]


def test_what_is_no_number_in_a_measure_is_unknown(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {"id": ["a", "a", "b"], "at": ["2020-01-01"] * 3, "x": [1.5, float("nan"), float("inf")]}
    pq.write_table(pa.table(rows), tmp_path / "log.parquet")
    found = built(events(tmp_path / "log.parquet"), features=FeatureChoice(measures=("x",)))
    assert found.of("a")["mean_x"] == 1.5
    assert found.of("b")["mean_x"] is None


def test_a_log_without_time_gives_what_needs_no_instant(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plays.csv",
        "id,track,plays\na,x,3\na,y,1\na,x,2\nb,y,5\n",
    )
    found = built(without_time(path, item="track", quantity="plays"))
    assert [c.name for c in found.table.columns if c.share is None] == [
        "n_events",
        "quantity_total",
        "n_items",
        "top_item_share",
    ]
    row = found.of("a")
    assert (row["n_events"], row["quantity_total"], row["n_items"]) == (3.0, 6.0, 2.0)
    assert row["top_item_share"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("part", "threads"), [(250, 1), (400, 2)])
def test_pieces_and_threads_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int, threads: int
) -> None:
    path = log_of_kinds(tmp_path, strength=2.0, n=60)
    facts: dict[str, Any] = {"features": FeatureChoice(measures=("minutes",))}
    whole = built(events(path, kind="what"), **facts)
    monkeypatch.setattr(figures, "PART_EVENTS", part)
    pieces = built(events(path, kind="what"), threads=threads, **facts)
    assert pieces.table.data.equals(whole.table.data)


def log_of_visits(folder: Path, *, returning: int, n: int = 600) -> Path:
    """Write a log in which some entities are seen on a second day."""
    rng = np.random.default_rng(0)
    lines = []
    for entity in range(n):
        day = int(rng.integers(1, 26))
        days = [day] * int(rng.integers(2, 9)) + ([day + 2] if entity < returning else [])
        lines += [f"e{entity:03d},2020-01-{d:02d},{rng.integers(1, 20)}" for d in days]
    return write(folder / "log.csv", "id,at,page\n" + "\n".join(lines) + "\n")


def test_where_nobody_comes_back_features_of_time_are_left_out_and_told(tmp_path: Path) -> None:
    found = built(events(log_of_visits(tmp_path, returning=2), item="page"))
    assert "n_events" in found.table.data.column_names
    dated = {"recency_days", "tenure_days", "trend", "active_days", "weekend_share"}
    assert not dated & set(found.table.data.column_names)
    told = found.findings("nobody_comes_back")[0]
    assert told.count == 598
    assert "recency_days" in told.done


def test_where_some_come_back_features_of_time_stay(tmp_path: Path) -> None:
    found = built(events(log_of_visits(tmp_path, returning=12), item="page"))
    assert "recency_days" in found.table.data.column_names
    assert found.findings("nobody_comes_back") == []


def test_features_of_time_that_are_asked_for_are_built_all_the_same(tmp_path: Path) -> None:
    asked = FeatureChoice(include=("recency_days", "n_events"))
    found = built(events(log_of_visits(tmp_path, returning=0)), features=asked)
    assert "recency_days" in found.table.data.column_names


def log_of_days(folder: Path, days: int, *, n: int = 150) -> Path:
    """Write a log of entities that come back again and again for so many days."""
    rng = np.random.default_rng(0)
    lines = []
    for entity in range(n):
        for day in rng.integers(0, days, size=int(rng.integers(3, 12))):
            at = np.datetime64("2020-01-01") + int(day)
            lines.append(f"e{entity:03d},{at}")
    lines += ["e000,2020-01-01", f"e000,{np.datetime64('2020-01-01') + days - 1}"]
    return write(folder / "log.csv", "id,at\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("days", "left_out"),
    [
        (20, {"n_events_recent", "trend", "n_events_90d"}),
        (40, {"trend", "n_events_90d"}),
        (60, {"n_events_90d"}),
        (100, set()),
    ],
)
def test_windows_longer_than_the_log_give_no_features(
    tmp_path: Path, days: int, left_out: set[str]
) -> None:
    found = built(events(log_of_days(tmp_path, days)))
    windowed = {"n_events_recent", "trend", "n_events_90d"}
    assert windowed - set(found.table.data.column_names) == left_out
    assert "recency_days" in found.table.data.column_names
    told = found.findings("log_too_short")
    assert bool(told) == bool(left_out)
    assert all(name in told[0].done for name in left_out)
