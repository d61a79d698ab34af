"""Writing a simulated log: users in blocks, events streamed to a file, the truth beside it.

A block of users depends on the seed and its own position only, and blocks are written one after
another, so that memory stays bounded and the same arguments give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa

from segmentry.domain.progress import Progress, Silent
from segmentry.errors import StoreError, UsageError
from segmentry.seeds import stream
from segmentry.simulate.catalogue import find_scenario, plant
from segmentry.simulate.dirt import Dirt, soil
from segmentry.simulate.overlap import Overlap, calibrate, measure_overlap
from segmentry.simulate.population import NOISE, Population
from segmentry.simulate.scenarios.base import Block, Scenario
from segmentry.simulate.timeline import END, Integers, Numbers, lay_visits, n_log_days, start_of_log

BLOCK_USERS = 2_048
"""Users simulated together: some 200,000 events, a few tens of MiB."""

FEWEST_DAYS = 56
"""Shortest log: the recent window and the one before it have to fit."""

FORMAT = 1

FileFormat = Literal["parquet", "csv"]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What was written, and how well the planted segments can be found at all.

    ``bayes_accuracy`` is what the best possible classifier reaches on the true parameters, and
    ``bayes_ari`` the adjusted Rand index of its labels against the truth; both without noise
    users, and with Monte Carlo standard errors. For one segment both are 1.
    """

    events: Path
    truth: Path
    facts: Path
    scenario: str
    seed: int
    n_users: int
    n_noise: int
    n_segments: int
    segment_names: tuple[str, ...]
    segment_sizes: tuple[int, ...]
    n_events: int
    first_day: str
    end_day: str
    spread: float
    bayes_accuracy: float
    bayes_accuracy_error: float
    bayes_ari: float
    bayes_ari_error: float
    dirt: Dirt

    def as_dict(self) -> dict[str, Any]:
        """Give the facts for machines, files by their names alone."""
        return told(asdict(self), ("events", "truth"))


def told(facts: dict[str, Any], files: tuple[str, ...]) -> dict[str, Any]:
    """Give facts for machines: files by their names, and nothing to find in a single segment."""
    alone = facts["n_segments"] == 1
    kept = {
        name: Path(value).name if name in files else value
        for name, value in facts.items()
        if name != "facts" and not (alone and name.startswith("bayes_"))
    }
    return {"format": FORMAT, **kept}


@dataclass(frozen=True)
class Plan:
    """Everything that decides the content of a simulated log."""

    scenario: Scenario
    population: Population
    n_users: int
    seed: int
    days: int
    dirt: bool
    as_text: bool


@dataclass(frozen=True)
class Part:
    """One block of users, simulated."""

    events: pa.Table
    truth: pa.Table
    labels: Integers
    dirt: Dirt


def simulate(  # noqa: PLR0913 - the two first say what, the others are keywords
    scenario: str,
    n_users: int,
    *,
    seed: int,
    out: Path,
    n_segments: int | None = None,
    dirt: bool = False,
    days: int = 365,
    file_format: FileFormat = "parquet",
    progress: Progress | None = None,
) -> Simulation:
    """Write an event log with planted segments, and the truth beside it.

    Parameters
    ----------
    scenario : {"retail", "saas", "media"}
    n_users : int
        Users, noise users included.
    seed : int
        Same seed and arguments, same files.
    out : Path
        Folder for ``events.parquet`` (or ``events.csv``), ``truth.parquet`` and
        ``simulation.json``; made where missing, files of these names are replaced.
    n_segments : int or None
        Planted segments, 1 to 8; None: 5. One means a single population without hidden groups.
    dirt : bool, default=False
        Whether to add missing entities, duplicates, stray dates and cancellations.
    days : int, default=365
        Length of the log, cut to whole weeks; it ends on a fixed day.
    file_format : {"parquet", "csv"}
        Form of the events; in CSV, dirt puts text into a number column too.
    progress : Progress or None
        Listener.

    Returns
    -------
    Simulation

    Raises
    ------
    UsageError
        If an argument is out of range or there is no such scenario.
    StoreError
        If the folder cannot be written.
    """
    listener = progress or Silent()
    chosen = find_scenario(scenario)
    _check(n_users=n_users, seed=seed, days=days, file_format=file_format)
    listener.phase("plant segments", "setting their overlap")
    population = _overlapping(scenario, n_segments)
    overlap = measure_overlap(population, stream(seed, "simulate", scenario, "overlap"))
    as_text = file_format == "csv"
    plan = Plan(chosen, population, n_users, seed, n_log_days(days), dirt, as_text)
    try:
        return _write(plan, overlap, out, file_format, listener)
    except OSError as error:
        msg = f"cannot write a simulated log to {out}: {error.strerror or error}"
        raise StoreError(msg, code="E5001", where=str(out), hint="give another --output") from error


@lru_cache(maxsize=32)
def _overlapping(scenario: str, n_segments: int | None) -> Population:
    """Set the overlap once per process: it depends on nothing else."""
    return calibrate(plant(find_scenario(scenario), n_segments))


def _check(*, n_users: int, seed: int, days: int, file_format: str) -> None:
    wrong = [
        ("users", n_users, 1, "at least 1"),
        ("seed", seed, 0, "0 or more"),
        ("days", days, FEWEST_DAYS, f"at least {FEWEST_DAYS}, for two recent windows"),
    ]
    for name, value, least, hint in wrong:
        if value < least:
            msg = f"cannot simulate with {name} = {value}"
            raise UsageError(msg, where=name, hint=hint)
    if file_format not in ("parquet", "csv"):
        msg = f"cannot write events as {file_format!r}"
        raise UsageError(msg, where="format", hint="parquet or csv")


def parts(plan: Plan, *, block_users: int = BLOCK_USERS) -> Iterator[Part]:
    """Simulate block after block; the next one is made when it is asked for."""
    first_visit = 0
    for first_user in range(0, plan.n_users, block_users):
        n = min(block_users, plan.n_users - first_user)
        rng = stream(plan.seed, "simulate", plan.scenario.name, "block", first_user)
        labels, latent = plan.population.draw_users(n, rng)
        parameters = plan.population.natural(latent)
        visits = lay_visits(parameters, plan.scenario.rhythm, days=plan.days, rng=rng)
        block = Block(visits, parameters, first_user, first_visit)
        ids = _ids(plan, first_user, n)
        events, dirt = _events(plan, block, ids, rng)
        yield Part(events, _truth(plan, ids, labels, parameters), labels, dirt)
        first_visit += len(visits)


def _ids(plan: Plan, first_user: int, n: int) -> pa.Array:
    prefix = plan.scenario.id_prefix
    return pa.array(
        [f"{prefix}{number:07d}" for number in range(first_user + 1, first_user + n + 1)]
    )


def _events(
    plan: Plan, block: Block, ids: pa.Array, rng: np.random.Generator
) -> tuple[pa.Table, Dirt]:
    user, columns = plan.scenario.lines(block, plan.days, rng)
    entity = pa.DictionaryArray.from_arrays(pa.array(user.astype(np.int32)), ids)
    table = pa.table({plan.scenario.columns.entity: entity, **columns})
    if not plan.dirt:
        return table, Dirt()
    return soil(table, plan.scenario.columns, as_text=plan.as_text, rng=rng)


def _truth(plan: Plan, ids: pa.Array, labels: Integers, parameters: dict[str, Numbers]) -> pa.Table:
    names = [plan.population.name_of(int(label)) for label in labels]
    return pa.table(
        {"entity_id": ids, "segment": pa.array(labels), "segment_name": pa.array(names)}
        | {name: pa.array(values) for name, values in parameters.items()}
    )


def plain(table: pa.Table) -> pa.Table:
    """Give the table with its words spelled out, for formats that know no word lists."""
    fields = [
        f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f
        for f in table.schema
    ]
    return table.cast(pa.schema(fields))


class Writer(Protocol):
    """A file that tables are appended to."""

    def write_table(self, table: pa.Table) -> None:
        """Append rows."""

    def close(self) -> None:
        """Write what is left."""


def open_writer(path: Path, schema: pa.Schema, file_format: FileFormat) -> Writer:
    """Open a file for tables of that schema."""
    if file_format == "csv":
        from pyarrow import csv

        writer: Writer = csv.CSVWriter(path, schema)
        return writer
    from pyarrow import parquet

    # Word lists are a matter of how the file is packed: a reader shall see text.
    parquet_writer: Writer = parquet.ParquetWriter(path, schema, store_schema=False)
    return parquet_writer


@dataclass
class _Tally:
    """What went into the files so far."""

    sizes: Integers
    n_events: int = 0
    n_users: int = 0
    dirt: Dirt = field(default_factory=Dirt)

    def add(self, part: Part) -> None:
        self.sizes += np.bincount(part.labels - NOISE, minlength=len(self.sizes))
        self.n_events += part.events.num_rows
        self.n_users += len(part.labels)
        self.dirt += part.dirt


def _write(
    plan: Plan, overlap: Overlap, out: Path, file_format: FileFormat, progress: Progress
) -> Simulation:
    """Write all files under other names first: an interrupted simulation replaces nothing."""
    out.mkdir(parents=True, exist_ok=True)
    paths = (out / f"events.{file_format}", out / "truth.parquet", out / "simulation.json")
    events, truth, facts = (path.with_name(f".{path.name}.part") for path in paths)
    progress.phase("simulate events", f"{plan.n_users:,} users")
    try:
        tally = _stream(plan, events, truth, file_format, progress)
        told = _told(plan, overlap, paths, tally)
        facts.write_text(json.dumps(told.as_dict(), indent=2) + "\n", encoding="utf-8")
        for part, path in zip((events, truth, facts), paths, strict=True):
            part.replace(path)
    finally:
        for part in (events, truth, facts):
            part.unlink(missing_ok=True)
    return told


def _stream(
    plan: Plan, events_path: Path, truth_path: Path, file_format: FileFormat, progress: Progress
) -> _Tally:
    tally = _Tally(np.zeros(plan.population.n_segments + 1, dtype=np.int64))
    with ExitStack() as stack:
        events: Writer | None = None
        truth: Writer | None = None
        for part in parts(plan):
            table = plain(part.events) if file_format == "csv" else part.events
            if events is None or truth is None:
                events = open_writer(events_path, table.schema, file_format)
                stack.callback(events.close)
                truth = open_writer(truth_path, part.truth.schema, "parquet")
                stack.callback(truth.close)
            events.write_table(table)
            truth.write_table(part.truth)
            tally.add(part)
            progress.advance(tally.n_users, plan.n_users)
    return tally


def _told(
    plan: Plan, overlap: Overlap, paths: tuple[Path, Path, Path], tally: _Tally
) -> Simulation:
    n_noise, *sizes = tally.sizes.tolist()
    return Simulation(
        events=paths[0],
        truth=paths[1],
        facts=paths[2],
        scenario=plan.scenario.name,
        seed=plan.seed,
        n_users=plan.n_users,
        n_noise=n_noise,
        n_segments=plan.population.n_segments,
        segment_names=tuple(s.name for s in plan.population.segments),
        segment_sizes=tuple(sizes),
        n_events=tally.n_events,
        first_day=start_of_log(plan.days).date().isoformat(),
        end_day=END.date().isoformat(),
        spread=plan.population.spread,
        bayes_accuracy=overlap.accuracy,
        bayes_accuracy_error=overlap.accuracy_error,
        bayes_ari=overlap.ari,
        bayes_ari_error=overlap.ari_error,
        dirt=tally.dirt,
    )
