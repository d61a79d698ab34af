"""Affinities and shares of steps through the whole of reading, learning and assigning."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from reading import Built, built, events, write
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.errors import ProjectFileError
from segmentry.pipeline import behaviour
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.run import run_project

START = datetime(2024, 1, 1, tzinfo=UTC)
GOODS = ("bags", "garden", "toys", "lamps")
NEXT = {"view": ("view", "cart", "view"), "cart": ("buy", "view"), "buy": ("view", "help")}
WANTED = ("n_events", "affinity_category", "share_category", "share_path", "affinity_channel")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a log of people who lean to goods, and who go from kind to kind in their own ways."""
    rng = np.random.default_rng(11)
    lines = ["id,at,what,good,through"]
    for entity in range(250):
        taste, kind = rng.dirichlet([2.0, 1.0, 0.6, 0.4]), "view"
        at = START + timedelta(hours=float(rng.integers(0, 2400)))
        for _ in range(int(rng.integers(1, 15))):
            good = "" if rng.random() < 0.1 else GOODS[int(rng.choice(4, p=taste))]
            through = ("web", "app")[int(rng.random() < (entity % 5) / 5)]
            told = "" if rng.random() < 0.05 else kind
            lines.append(f"{entity},{at:%Y-%m-%d %H:%M:%S},{told},{good},{through}")
            # Now and then two events have one instant.
            at += timedelta(minutes=int(rng.integers(0, 4)) * 700)
            ways = NEXT.get(kind, ("view",))
            kind = ways[int(rng.integers(len(ways)))] if entity % 3 else ways[-1]
    return write(tmp_path_factory.mktemp("log") / "log.csv", "\n".join(lines) + "\n")


def table(path: Path, *names: str, **more: object) -> Built:
    source = events(path, kind="what", category="good", channel="through")
    return built(source, features=FeatureChoice(include=names or WANTED), **more)  # type: ignore[arg-type]


def seen(path: Path) -> Mapping[int, list[dict[str, str]]]:
    """Read the log plainly: each entity's events in order, those of an instant by their kind."""
    found: dict[int, list[dict[str, str]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            found.setdefault(int(row["id"]), []).append(row)
    return {i: sorted(rows, key=lambda r: (r["at"], r["what"])) for i, rows in found.items()}


@pytest.fixture(scope="module")
def found(path: Path) -> Built:
    return table(path)


def test_an_affinity_is_the_logarithm_of_the_drawn_share_over_everyones(
    path: Path, found: Built
) -> None:
    columns = [c for c in found.table.columns if c.name.startswith("affinity_category=")]
    assert [c.name.partition("=")[2] for c in columns] == list(GOODS)
    for entity, rows in seen(path).items():
        known = Counter(r["good"] for r in rows if r["good"])
        for column in columns:
            share = column.share
            assert share is not None
            value = found.of(entity)[column.name]
            if not known:
                assert value is None
                continue
            drawn = (known[share.levels[0]] + share.prior) / (known.total() + share.strength)
            everyone = share.prior / share.strength
            assert value == pytest.approx(math.log2(drawn / everyone), rel=1e-9, abs=1e-9)


def test_an_affinity_is_learned_as_the_share_is_and_says_the_same_of_everyone(found: Built) -> None:
    for good in GOODS:
        one, other = (
            found.table.column(f"{n}_category={good}").share for n in ("affinity", "share")
        )
        assert one is not None
        assert other is not None
        assert (one.prior, one.strength) == (other.prior, other.strength)
        shares = found.table.numbers(f"share_category={good}")
        told = found.table.numbers(f"affinity_category={good}")
        np.testing.assert_allclose(shares, 2.0**told * one.prior / one.strength, rtol=1e-9)


def test_shares_of_steps_are_those_of_a_plain_count(path: Path, found: Built) -> None:
    columns = [c for c in found.table.columns if c.name.startswith("share_path=")]
    assert {"share_path=view to cart", "share_path=view to view"} <= {c.name for c in columns}
    assert len(columns) <= 8
    taken: Counter[tuple[str, str]] = Counter()
    takers: Counter[tuple[str, str]] = Counter()
    walkers = 0
    for entity, rows in seen(path).items():
        steps = list(pairwise(r["what"] for r in rows if r["what"]))
        walkers += bool(steps)
        taken.update(steps)
        takers.update(set(steps))
        for column in columns:
            share = column.share
            assert share is not None
            value = found.of(entity)[column.name]
            if not steps:
                assert value is None
                continue
            drawn = steps.count((share.levels[0], share.levels[1])) + share.prior
            assert value == pytest.approx(drawn / (len(steps) + share.strength), rel=1e-9)
    fewest = 0.02 * taken.total(), 0.05 * walkers
    enough = [p for p, n in taken.items() if n >= fewest[0] or takers[p] >= fewest[1]]
    ranked = sorted(enough, key=lambda p: (-takers[p], -taken[p]))
    assert {c.share.levels for c in columns if c.share} == set(ranked[:8])


def test_one_entity_alone_gets_what_it_got_among_all(
    path: Path, found: Built, tmp_path: Path
) -> None:
    header, *rows = path.read_text().splitlines()
    alone = write(tmp_path / "a.csv", "\n".join([header, *(r for r in rows if r[:2] == "7,")]))
    one = table(alone, like=found.table.columns, window=found.window)
    assert one.table.columns == found.table.columns
    assert one.of(7) == found.of(7)


def test_somebody_new_is_measured_against_those_who_were_there(
    found: Built, tmp_path: Path
) -> None:
    rows = "x,2024-03-01,view,bags,web\nx,2024-03-02,leave,ships,web\nx,2024-03-03,view,,web\n"
    new = write(tmp_path / "new.csv", "id,at,what,good,through\n" + rows)
    one = table(new, like=found.table.columns, window=found.window).of("x")
    share = found.table.column("affinity_category=bags").share
    path = found.table.column("share_path=view to view").share
    assert share is not None
    assert path is not None
    lift = (1 + share.prior) / (2 + share.strength) / (share.prior / share.strength)
    assert one["affinity_category=bags"] == pytest.approx(math.log2(lift))
    # A kind that was never seen is a kind: two steps, neither from a view to a view.
    assert one["share_path=view to view"] == pytest.approx(path.prior / (2 + path.strength))


def test_order_and_sampling_change_nothing_that_they_should_not(
    path: Path, found: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *rows = path.read_text().splitlines()
    np.random.default_rng(0).shuffle(rows)
    other = write(tmp_path / "b.csv", "\n".join([header, *rows]) + "\n")
    again = table(other)
    assert again.table.columns == found.table.columns
    assert again.table.data.equals(found.table.data)
    monkeypatch.setattr(behaviour, "SAMPLE_ENTITIES", 60)
    few = table(path)
    assert few.table.data.num_rows == found.table.data.num_rows
    # Learned from some of the entities, and so near to what all teach, and not the same.
    one, whole = (t.table.column("share_path=view to view").share for t in (few, found))
    assert one is not None
    assert whole is not None
    assert one != whole
    assert one.prior / one.strength == pytest.approx(whole.prior / whole.strength, abs=0.15)


def test_what_comes_later_changes_nothing(path: Path, tmp_path: Path) -> None:
    cut = START + timedelta(days=60)
    header, *rows = path.read_text().splitlines()
    past = [r for r in rows if r.split(",")[1] < f"{cut:%Y-%m-%d %H:%M:%S}"]
    later = [f"{i % 300},2024-12-01 00:00:0{i % 9},new {i % 4},ships,fax" for i in range(900)]
    files = [past, [*later, *past]]
    one, other = (
        table(write(tmp_path / f"{i}.csv", "\n".join([header, *lines]) + "\n"), as_of=cut)
        for i, lines in enumerate(files)
    )
    assert one.table.columns == other.table.columns
    assert one.table.data.equals(other.table.data)


def test_steps_look_as_far_back_as_features_do(path: Path) -> None:
    windows = Windows(lookback_days=30.0)
    found = table(path, "share_path", windows=windows)
    assert found.window is not None
    since = f"{found.window.as_of - timedelta(days=30):%Y-%m-%d %H:%M:%S}"
    n = Counter(
        len([r for r in rows if r["what"] and r["at"] >= since]) < 2 for rows in seen(path).values()
    )
    column = found.table.data["share_path=view to view"]
    assert column.null_count == n[True]
    assert n[False] > 20


def test_neither_is_built_unless_it_is_asked_for(path: Path) -> None:
    source = events(path, kind="what", category="good", channel="through")
    names = built(source).table.data.column_names
    assert any(n.startswith("share_category=") for n in names)
    assert not any(n.startswith(("affinity_", "share_path")) for n in names)


def test_members_are_asked_for_and_left_out_by_name(path: Path) -> None:
    names = ("n_events", "affinity_category=toys", "share_path=view to view")
    assert table(path, *names).table.data.column_names[1:] == list(names)
    choice = FeatureChoice(include=("affinity_category",), exclude=("affinity_category=toys",))
    source = events(path, category="good")
    left = built(source, features=choice).table.data.column_names[1:]
    assert left == [f"affinity_category={g}" for g in GOODS if g != "toys"]
    with pytest.raises(ProjectFileError, match="'share_path=view to cast'") as caught:
        table(path, "share_path=view to cast")
    assert caught.value.hint == "did you mean 'share_path=view to cart'?"


def test_one_kind_alone_is_no_path(tmp_path: Path) -> None:
    rows = "".join(f"{i % 9},2024-01-{1 + i % 28:02d},view,bags,web\n" for i in range(90))
    found = table(write(tmp_path / "a.csv", "id,at,what,good,through\n" + rows), *WANTED)
    assert found.table.data.column_names == ["entity_id", "n_events"]


def test_a_release_gives_everybody_and_one_alone_what_the_run_gave(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "log.csv").write_bytes(path.read_bytes())
    columns = {"entity": "id", "time": "at", "kind": "what", "category": "good"}
    names = ("n_events", "recency_days", "affinity_category", "share_path")
    # Who leans to what goes along with nothing else here, so it is asked for.
    weights = frozen_mapping({"affinity_category": 1.0, "share_path": 1.0})
    project = Project(
        "leanings",
        (Source("log", "log.csv", columns=frozen_mapping(columns)),),
        features=FeatureChoice(include=names),
        segments=SegmentChoice(3, 3, methods=("k-means",), weights=weights),
        folder=tmp_path,
    )
    run = run_project(project)
    release = run.release()
    assert {c.share.tells for c in release.columns if c.share} == {"affinity", "steps"}
    assert any(n.startswith("affinity_category=") for n in release.recipe.names)
    assert any(n.startswith("share_path=") for n in release.recipe.names)
    assert assign_file(run.folder, tmp_path / "log.csv").equals(run.assignments())
    header, *rows = path.read_text().splitlines()
    alone = "\n".join([header, *(r for r in rows if r[:3] == "42,")])
    one = assign_file(run.folder, write(tmp_path / "one.csv", alone + "\n")).to_pylist()
    assert one == [r for r in run.assignments().to_pylist() if r["entity_id"] == 42]
    told = [t for s in run.segments for t in s["traits"]]
    assert any("times the usual share" in t or " of steps from '" in t for t in told), told


def test_what_is_luck_is_told_where_it_was_asked_for(path: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    rows = "".join(
        f"{i % 150},2024-01-{1 + i % 28:02d} 0{i % 9}:00:00,{rng.choice(['a', 'b', 'c'])},"
        f"{rng.choice(GOODS)},web\n"
        for i in range(1500)
    )
    file = write(tmp_path / "luck.csv", "id,at,what,good,through\n" + rows)
    names = ("n_events", "affinity_category", "share_path")
    found = table(file, *names)
    assert any(c.name.startswith("share_path=") for c in found.table.columns)
    told = found.findings("shares_are_luck")
    assert [(f.column, f.done[:5]) for f in told] == [
        ("affinity_category", "built"),
        ("share_path", "built"),
    ]
    leaning = table(path, *names).findings("shares_are_luck")
    assert "affinity_category" not in {f.column for f in leaning}
