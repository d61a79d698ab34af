"""A project without any common mistake, and the same with each one planted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.domain.preparation import PerColumn, Preparation
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role

N_GROUPS = 5
CENTRES = 3.0 * np.array(
    [
        [1, 1, -1, -1, 0, 0],
        [-1, 1, 1, 0, -1, 0],
        [0, -1, 1, 1, 1, -1],
        [1, 0, 0, 1, -1, 1],
        [-1, -1, -1, -1, 1, 1],
    ]
)
"""Groups that differ each from each in several columns, no two of which move together."""

NAMES = ("visits", "spend", "items", "tickets", "guides_read", "spend_change")

Columns = dict[str, np.ndarray]


def columns_of(n: int, seed: int) -> Columns:
    """Draw five groups, with an outcome that follows from the group and shapes none."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, N_GROUPS, n)
    X = 12.0 + CENTRES[group] + rng.normal(size=(n, len(NAMES)))
    found: Columns = {name: X[:, j] for j, name in enumerate(NAMES)}
    found["spend_change"] = found["spend_change"] - 12.0
    return {**found, "renewed": rng.random(n) < 0.15 + 0.16 * group}


def project_of(folder: Path, columns: Mapping[str, np.ndarray]) -> Project:
    """Write a table, and give the project that a careful person would make of it."""
    folder.mkdir(parents=True, exist_ok=True)
    n = len(next(iter(columns.values())))
    pq.write_table(pa.table({"customer_id": np.arange(n), **columns}), folder / "people.parquet")
    source = Source(
        "people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "customer_id"})
    )
    roles = {"renewed": Role.OUTCOME} if "renewed" in columns else {}
    return Project(
        "people",
        (source,),
        decision="who gets a call, and who an offer",
        owner="customer success",
        features=FeatureChoice(roles=frozen_mapping(roles)),
        segments=SegmentChoice(4, 8, methods=("k-means",)),
        folder=folder,
    )


def clean(folder: Path, *, n: int = 700, seed: int = 0) -> Project:
    """Give a project that makes no mistake."""
    return project_of(folder, columns_of(n, seed))


def _correlated(folder: Path, n: int, seed: int) -> Project:
    """Four more columns say what the visits say, each with noise of its own."""
    rng, columns = np.random.default_rng(seed + 1), columns_of(n, seed)
    noisy = {
        f"{name}_of_pages": columns["visits"] + rng.normal(size=n) * 2.4
        for name in ("views", "clicks", "downloads", "searches", "shares")
    }
    return project_of(folder, {**columns, **noisy})


def _unscaled(folder: Path, n: int, seed: int) -> Project:
    """Spend is told in cents, and nothing is put on one scale."""
    columns = columns_of(n, seed)
    columns["spend"] = columns["spend"] * 100.0
    asked = Preparation(scale=PerColumn("none"), transform=PerColumn("none"))
    return replace(project_of(folder, columns), prepare=asked)


def _fixed(folder: Path, n: int, seed: int) -> Project:
    made = clean(folder, n=n, seed=seed)
    return replace(made, segments=replace(made.segments, minimum=5, maximum=5))


def _undecided(folder: Path, n: int, seed: int) -> Project:
    return replace(clean(folder, n=n, seed=seed), decision="")


def _outliers(folder: Path, n: int, seed: int) -> Project:
    """One in a hundred reads guides by the thousand, and the column is taken as it is."""
    columns = columns_of(n, seed)
    columns["guides_read"][:: n // max(n // 100, 1)] *= 1000.0
    return replace(project_of(folder, columns), prepare=Preparation(transform=PerColumn("none")))


def _snapshot(folder: Path, n: int, seed: int) -> Project:
    columns = columns_of(n, seed)
    columns["logins"] = columns.pop("spend_change")
    return project_of(folder, columns)


def _unowned(folder: Path, n: int, seed: int) -> Project:
    return replace(clean(folder, n=n, seed=seed), owner=" ")


def _people(folder: Path, n: int, seed: int) -> Project:
    """Age and region came along with the behaviour, and nobody said what they are for."""
    rng, columns = np.random.default_rng(seed + 1), columns_of(n, seed)
    regions = np.array(["north", "south", "west"])[rng.integers(0, 3, n)]
    return project_of(folder, {**columns, "age": rng.integers(18, 80, n), "region": regions})


def _few(folder: Path, n: int, seed: int) -> Project:
    made = clean(folder, n=n, seed=seed)
    return replace(made, segments=replace(made.segments, minimum=2, maximum=3))


def _many(folder: Path, n: int, seed: int) -> Project:
    made = clean(folder, n=n, seed=seed)
    return replace(made, segments=replace(made.segments, minimum=10, maximum=14))


def _nameless(folder: Path, n: int, seed: int) -> Project:
    columns = columns_of(n, seed)
    for j, name in enumerate(NAMES[:-1]):
        columns[f"V{j + 1}"] = columns.pop(name)
    return project_of(folder, columns)


def _wide(folder: Path, n: int, seed: int) -> Project:
    rng, columns = np.random.default_rng(seed + 1), columns_of(n, seed)
    noise = {f"rating_of_{j}": rng.normal(size=n) for j in range(200)}
    return project_of(folder, {**columns, **noise})


def _unjudged(folder: Path, n: int, seed: int) -> Project:
    columns = columns_of(n, seed)
    del columns["renewed"]
    return project_of(folder, columns)


Planting = Callable[[Path, int, int], Project]

BEFORE: Mapping[str, Planting] = {
    "M01": _correlated,
    "M02": _unscaled,
    "M03": _fixed,
    "M05": _undecided,
    "M06": _outliers,
    "M07": _snapshot,
    "M08": _unowned,
    "M09": _people,
    "M10": _few,
    "M10 many": _many,
    "M11": _nameless,
    "M12": _wide,
    "M13": _unjudged,
}
"""What tells before a run; the code is the first word. M04 needs a run that has aged."""


def only_people(folder: Path, *, n: int = 700, seed: int = 0) -> Project:
    """Make a project of who people are, and of nothing that they did."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, N_GROUPS, n)
    told = {
        "age": 20.0 + 12 * group + rng.normal(size=n),
        "income": 1000.0 * (2 + (group * 2) % 5) + 100 * rng.normal(size=n),
        "household_size": rng.integers(1, 6, n),
        "education_level": np.array(["school", "college", "master"])[rng.integers(0, 3, n)],
    }
    return project_of(folder, {**told, "renewed": columns_of(n, seed)["renewed"]})


def unrelated_outcome(folder: Path, *, n: int = 700, seed: int = 0) -> Project:
    """Make a project whose outcome has nothing to do with the segments."""
    columns = columns_of(n, seed)
    # Every third row: alike in all groups, and the same in each draw.
    order = np.argsort(columns["visits"], kind="stable")
    columns["renewed"] = np.isin(np.arange(n), order[::3])
    return project_of(folder, columns)


def purchases(folder: Path, *, n: int = 300, days: int = 300, seed: int = 0) -> Path:
    """Write events of people who buy at a pace of their own, over some days."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    pace = rng.gamma(2.0, 8.0, n) + 4
    who = np.repeat(np.arange(n), np.maximum((days / pace).astype(int), 3))
    at = np.datetime64("2024-01-01T00:00:00", "us") + (
        rng.random(len(who)) * days * 86_400e6
    ).astype("timedelta64[us]")
    told = {"customer_id": who, "at": at, "amount": rng.gamma(2.0, 10.0, len(who)).round(2)}
    pq.write_table(pa.table(told), folder / "orders.parquet")
    return folder / "orders.parquet"
