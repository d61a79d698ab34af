"""Months of a simulated population: quiet ones, and ones with a planted cause of drift.

Four segments in eight features, skewed and even; a region that goes along with segments; entities
keep their own level from month to month, measured anew; one in twenty leaves, as many come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segmentry.cluster.catalogue import method
from segmentry.domain.audit import Audit
from segmentry.domain.drift import Drift
from segmentry.domain.partition import Partition
from segmentry.domain.release import Release
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.pipeline.find import assigner_of
from segmentry.prepare.fit import fit_recipe
from segmentry.watch.compare import Moment, Usual, moment_of, watched
from segmentry.watch.reference import grid_of
from segmentry.watch.volume import Daily, mix_signs, volume_signs

NUMBERS = ("orders", "value", "recency", "breadth", "visits", "minutes", "returns", "age_days")
SKEWED = 5
"""The first features are skewed, the others even."""

REGIONS = ("north", "south", "west")
TURNOVER = 0.05


@dataclass
class Crowd:
    """Entities with their ids, planted segments, regions and own levels (in latent units)."""

    ids: np.ndarray
    segment: np.ndarray
    region: np.ndarray
    latent: np.ndarray

    def take(self, rows: np.ndarray) -> Crowd:
        return Crowd(self.ids[rows], self.segment[rows], self.region[rows], self.latent[rows])

    def __add__(self, other: Crowd) -> Crowd:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Crowd(*(np.concatenate(p) for p in pairs))


@dataclass
class World:
    """Where segments lie, how many entities there are, and who comes from where."""

    centres: np.ndarray
    shares: np.ndarray
    by_region: np.ndarray
    rng: np.random.Generator
    n_made: int = 0

    @classmethod
    def drawn(cls, seed: int) -> World:
        rng = np.random.default_rng([77, seed])
        centres = rng.normal(size=(4, len(NUMBERS))) * 1.6
        by_region = rng.dirichlet([2.0, 2.0, 2.0], size=4)
        return cls(centres, rng.dirichlet([6.0] * 4), by_region, rng)

    def people(self, n: int, shares: np.ndarray | None = None) -> Crowd:
        segment = self.rng.choice(4, n, p=self.shares if shares is None else shares)
        region = np.array([self.rng.choice(3, p=self.by_region[s]) for s in segment], dtype=int)
        latent = self.centres[segment] + self.rng.normal(size=(n, len(NUMBERS))) * 0.7
        ids = np.arange(self.n_made, self.n_made + n)
        self.n_made += n
        return Crowd(ids, segment, region, latent)

    def later(self, crowd: Crowd, newcomers: Crowd | None = None) -> Crowd:
        """Let some leave and others come, as many unless told otherwise."""
        n = len(crowd.ids)
        stays = np.sort(self.rng.permutation(n)[: round(n * (1.0 - TURNOVER))])
        come = self.people(n - len(stays)) if newcomers is None else newcomers
        return crowd.take(stays) + come

    def table(self, crowd: Crowd) -> FeatureTable:
        """Measure everybody: levels with noise, skewed ones through an exponential."""
        seen = crowd.latent + self.rng.normal(size=crowd.latent.shape) * 0.3
        data = {"entity_id": pa.array([f"E{i:07d}" for i in crowd.ids])}
        for j, name in enumerate(NUMBERS):
            values = np.exp(0.5 * seen[:, j] + 2.0) if j < SKEWED else 50.0 + 10.0 * seen[:, j]
            if name == "returns":
                values = np.where(self.rng.random(len(values)) < 0.03, np.nan, values)
            data[name] = pa.array(np.where(np.isnan(values), None, values), pa.float64())
        data["region"] = pa.array([REGIONS[r] for r in crowd.region])
        return FeatureTable.of(pa.table(data), columns())


def columns() -> tuple[FeatureColumn, ...]:
    numbers = tuple(FeatureColumn(n, Role.CLUSTER) for n in NUMBERS)
    return (*numbers, FeatureColumn("region", Role.OVERLAY, Kind.CATEGORY))


def release_for(table: FeatureTable, seed: int = 0) -> Release:
    """Prepare and cluster a table as a run does, without the search."""
    rng = np.random.default_rng(seed)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=rng)
    matrix = recipe.apply(table)
    X = matrix.X
    partition = partition_of(method("k-means").refit(X, 4, rng, {}), X)
    return Release(
        fingerprint="77aa",
        workspace="default",
        project={"name": "drifting"},
        window=None,
        columns=table.columns,
        recipe=recipe,
        assigner=assigner_of(partition, matrix),
        segment_ids=(1, 2, 3, 4),
        segment_names=("One", "Two", "Three", "Four"),
    )


def partition_of(labels: np.ndarray, X: np.ndarray) -> Partition:
    centres = np.array([X[labels == s].mean(axis=0) for s in range(labels.max() + 1)])
    return Partition(labels, centres, "k-means")


@dataclass
class Case:
    """A release, its reference, and whoever is there."""

    world: World
    crowd: Crowd
    then: FeatureTable
    release: Release
    moment: Moment

    @classmethod
    def drawn(cls, seed: int, n: int = 3_000) -> Case:
        world = World.drawn(seed)
        crowd = world.people(n)
        then = world.table(crowd)
        release = release_for(then)
        return cls(world, crowd, then, release, held(then, then, release))

    def watch(
        self, now: FeatureTable, usual: Usual | None = None, daily: Daily | None = None
    ) -> Drift:
        moment = held(now, self.then, self.release)
        signs = [] if daily is None else [*volume_signs(daily, 30), *mix_signs(daily)]
        return watched(
            moment, self.moment, self.release, told_then="then", usual=usual, volume=signs
        )


def held(table: FeatureTable, then: FeatureTable, release: Release) -> Moment:
    grid = grid_of(then, release.assigner.n_segments)
    return moment_of([table], grid, release, n_entities=table.n_entities)


def with_numbers(table: FeatureTable, name: str, values: np.ndarray) -> FeatureTable:
    place = table.data.schema.get_field_index(name)
    column = pa.array(np.where(np.isnan(values), None, values), pa.float64())
    return replace(table, data=table.data.set_column(place, name, column))


def quiet(case: Case) -> FeatureTable:
    return case.world.table(case.world.later(case.crowd))


def unit(case: Case) -> FeatureTable:
    rng, table = case.world.rng, quiet(case)
    name = str(rng.choice(NUMBERS))
    factor = float(rng.choice([100.0, 0.01, 1_000.0, 60.0, 1 / 60.0, 24.0]))
    return with_numbers(table, name, table.numbers(name) * factor)


def lost(case: Case) -> FeatureTable:
    """Values of a feature go missing for a part of everybody."""
    rng, table = case.world.rng, quiet(case)
    name = str(rng.choice(NUMBERS))
    gone = rng.random(table.n_entities) < rng.uniform(0.15, 1.0)
    return with_numbers(table, name, np.where(gone, np.nan, table.numbers(name)))


def stuck(case: Case) -> FeatureTable:
    rng, table = case.world.rng, quiet(case)
    name = str(rng.choice(NUMBERS))
    values = table.numbers(name)
    return with_numbers(table, name, np.full(len(values), float(rng.choice([0.0, 1.0]))))


def dropped(case: Case) -> FeatureTable:
    table = quiet(case)
    name = str(case.world.rng.choice(NUMBERS))
    kept = tuple(c for c in table.columns if c.name != name)
    return FeatureTable.of(table.data.drop_columns([name]), kept)


def mix(case: Case) -> FeatureTable:
    """One region leaves in part, another grows: nobody behaves otherwise."""
    world, crowd = case.world, case.crowd
    grows = int(world.rng.integers(3))
    stays = (crowd.region == grows) | (
        world.rng.random(len(crowd.ids)) < world.rng.uniform(0.2, 0.4)
    )
    left = crowd.take(np.flatnonzero(stays))
    pool = world.people(12 * len(crowd.ids))
    come = pool.take(np.flatnonzero(pool.region == grows)[: len(crowd.ids) - len(left.ids)])
    return world.table(left + come)


def newcomers(case: Case) -> FeatureTable:
    """Many come, nearly all of one planted segment, from everywhere."""
    world = case.world
    kind = int(world.rng.integers(4))
    shares = np.where(np.arange(4) == kind, 0.97, 0.01)
    n = round(len(case.crowd.ids) * world.rng.uniform(0.4, 0.8))
    return world.table(case.crowd + world.people(n, shares))


def behaviour(case: Case) -> FeatureTable:
    """The same entities do more or less of some things, most of them a little differently."""
    world = case.world
    crowd = world.later(case.crowd)
    features = world.rng.choice(len(NUMBERS), world.rng.integers(1, 4), replace=False)
    latent = crowd.latent.copy()
    concerned = world.rng.random(len(crowd.ids)) < world.rng.uniform(0.6, 1.0)
    for j in features:
        size = world.rng.uniform(0.9, 1.6) * world.rng.choice([-1.0, 1.0])
        latent[concerned, j] += size * world.rng.uniform(0.6, 1.4, int(concerned.sum()))
    return world.table(replace(crowd, latent=latent))


def world_later(case: Case) -> Crowd:
    return case.world.later(case.crowd)


def emerging(case: Case) -> FeatureTable:
    """A group that was not there: together, and far from everybody."""
    world = case.world
    while True:
        centre = world.rng.normal(size=len(NUMBERS)) * 2.6
        gaps = np.sqrt(((world.centres - centre) ** 2).sum(axis=1))
        if gaps.min() > 6.0:
            break
    n = round(len(case.crowd.ids) * world.rng.uniform(0.08, 0.2))
    come = world.people(n)
    come.latent = centre + world.rng.normal(size=come.latent.shape) * 0.5
    return world.table(world.later(case.crowd) + come)


def season_of(case: Case) -> tuple[FeatureTable, Usual]:
    """Every year at this time some features are higher: so they were a year earlier."""
    world = case.world
    features = world.rng.choice(len(NUMBERS), world.rng.integers(1, 4), replace=False)
    sizes = world.rng.uniform(0.9, 1.6, len(features)) * world.rng.choice([-1, 1], len(features))

    def measured(crowd: Crowd) -> FeatureTable:
        latent = crowd.latent.copy()
        latent[:, features] += sizes
        return world.table(replace(crowd, latent=latent))

    before = measured(world.people(len(case.crowd.ids)))
    year_ago = held(before, case.then, case.release).sketch
    return measured(world.later(case.crowd)), Usual(year_ago=year_ago)


def quiet_days(case: Case) -> Daily:
    """Lay out twelve weeks of events by weekday, of four kinds, scattered more than chance."""
    rng = case.world.rng
    rhythm = np.tile(rng.uniform(0.4, 1.6, 7), 12)
    totals = rng.poisson(rng.gamma(60.0, case.then.n_entities * 0.2 / 60.0, 84) * rhythm)
    shares = rng.dirichlet([8.0, 5.0, 3.0, 1.0])
    parts = np.array([rng.multinomial(n, rng.dirichlet(400.0 * shares)) for n in totals])
    return Daily(19_000, totals, {("kind", k): parts[:, i] for i, k in enumerate("abcd")})


def gapped_days(case: Case) -> Daily:
    """Lose the events of one to three of the last days, wholly or in part."""
    found, rng = quiet_days(case), case.world.rng
    first, n = int(rng.integers(60, 80)), int(rng.integers(1, 4))
    factor = float(rng.choice([0.0, 0.1, 0.25]))
    keeps = np.ones(84)
    keeps[first : first + n] = factor
    levels = {k: np.floor(v * keeps).astype(np.int64) for k, v in found.levels.items()}
    return Daily(found.first_day, sum(levels.values()), levels)


PLANTED: dict[str, tuple[Callable[[Case], FeatureTable], str]] = {
    "wrong unit": (unit, "broken pipeline"),
    "values lost": (lost, "broken pipeline"),
    "stuck value": (stuck, "broken pipeline"),
    "column gone": (dropped, "broken pipeline"),
    "region grows": (mix, "population mix"),
    "newcomers of one kind": (newcomers, "population mix"),
    "same entities change": (behaviour, "behaviour change"),
    "new group": (emerging, "new segment"),
}
