"""Writing a simulated table, one row per entity: in blocks, the truth beside it.

A block depends on the seed and its own position only, so that memory stays bounded and the same
arguments give the same bytes. Logs of events are written by ``generate``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.errors import StoreError, UsageError
from segmentry.seeds import stream
from segmentry.simulate.catalogue import TABLES, plant_table
from segmentry.simulate.generate import FileFormat, Writer, open_writer, plain, told
from segmentry.simulate.overlap import Overlap, calibrate, measure_overlap
from segmentry.simulate.population import NOISE, Population
from segmentry.simulate.scenarios.table import TableScenario
from segmentry.simulate.timeline import Integers

TRUTH, FACTS = "truth", "simulation"

BLOCK_ROWS = 65_536
"""Rows drawn together: some tens of MiB at thirty columns."""


@dataclass(frozen=True, slots=True)
class SimulatedTable:
    """What was written, and how well the planted segments can be found at all.

    ``bayes_accuracy`` and ``bayes_ari`` are those of the best possible classifier on the true
    parameters, without noise rows, with Monte Carlo standard errors. For one segment both are 1.
    """

    table: Path
    apart: tuple[Path, ...]
    truth: Path
    facts: Path
    scenario: str
    seed: int
    n_rows: int
    n_columns: int
    n_noise: int
    n_segments: int
    segment_names: tuple[str, ...]
    segment_sizes: tuple[int, ...]
    spread: float
    bayes_accuracy: float
    bayes_accuracy_error: float
    bayes_ari: float
    bayes_ari_error: float

    def as_dict(self) -> dict[str, Any]:
        """Give the facts for machines, files by their names alone."""
        facts = {**asdict(self), "apart": [Path(path).name for path in self.apart]}
        return told(facts, ("table", "truth"))


@dataclass(frozen=True)
class _Plan:
    """Everything that decides the content of a simulated table."""

    scenario: TableScenario
    population: Population
    n_rows: int
    seed: int


def simulate_table(
    scenario: str,
    n_rows: int | None = None,
    *,
    seed: int,
    out: Path,
    n_segments: int | None = None,
    file_format: FileFormat = "parquet",
) -> SimulatedTable:
    """Write a table with planted segments, and the truth beside it.

    Parameters
    ----------
    scenario : {"saas-users", "accounts", "b2b", "marketing"}
    n_rows : int or None
        Rows, noise rows included; None: the scenario's own number.
    seed : int
        Same seed and arguments, same files.
    out : Path
        Folder for the table (b2b: its contracts beside it), ``truth.parquet`` and
        ``simulation.json``; made where missing.
    n_segments : int or None
        Planted segments; None: all that the scenario has. One means no hidden groups, with the
        same spreads and correlations.
    file_format : {"parquet", "csv"}
        Form of the table.

    Returns
    -------
    SimulatedTable

    Raises
    ------
    UsageError
        If an argument is out of range.
    StoreError
        If the folder cannot be written.
    """
    chosen = TABLES[scenario]
    n = chosen.default_size if n_rows is None else n_rows
    for name, value, least in (("users", n, 1), ("seed", seed, 0)):
        if value < least:
            msg = f"cannot simulate with {name} = {value}"
            raise UsageError(msg, where=name, hint=f"{least} or more")
    population = _overlapping(scenario, n_segments)
    overlap = measure_overlap(population, stream(seed, "simulate", scenario, "overlap"))
    plan = _Plan(chosen, population, n, seed)
    try:
        return _write(plan, overlap, out=out, file_format=file_format)
    except OSError as error:
        msg = f"cannot write a simulated table to {out}: {error.strerror or error}"
        raise StoreError(msg, code="E5001", where=str(out), hint="give another --output") from error


@lru_cache(maxsize=32)
def _overlapping(scenario: str, n_segments: int | None) -> Population:
    """Set the overlap once per process: it depends on nothing else."""
    return calibrate(plant_table(TABLES[scenario], n_segments))


def _parts(
    scenario: TableScenario, population: Population, n_rows: int, seed: int
) -> Iterator[tuple[dict[str, pa.Table], Integers]]:
    """Draw block after block: its tables by the file that they go to, and the labels."""
    for first in range(0, n_rows, BLOCK_ROWS):
        n = min(BLOCK_ROWS, n_rows - first)
        rng = stream(seed, "simulate", scenario.name, "block", first)
        labels, latent = population.draw_users(n, rng)
        parameters = population.natural(latent)
        ids = pa.array([f"{scenario.id_prefix}{i:07d}" for i in range(first + 1, first + n + 1)])
        columns = dict(scenario.columns(parameters, rng))
        tables = {
            file: pa.table({scenario.entity: ids, **{name: columns.pop(name) for name in names}})
            for file, names in scenario.apart.items()
        }
        tables[scenario.file] = pa.table({scenario.entity: ids, **columns})
        names = pa.array([population.name_of(int(label)) for label in labels])
        said = {"entity_id": ids, "segment": pa.array(labels), "segment_name": names}
        tables[TRUTH] = pa.table({**said, **{p: pa.array(v) for p, v in parameters.items()}})
        yield tables, labels


@dataclass
class _Tally:
    """What went into the files so far."""

    sizes: Integers
    n_columns: int = 0


def _write(plan: _Plan, overlap: Overlap, *, out: Path, file_format: FileFormat) -> SimulatedTable:
    """Write all files under other names first: an interrupted simulation replaces nothing."""
    out.mkdir(parents=True, exist_ok=True)
    scenario, population = plan.scenario, plan.population
    paths = {file: out / f"{file}.{file_format}" for file in (scenario.file, *scenario.apart)}
    paths |= {TRUTH: out / f"{TRUTH}.parquet", FACTS: out / f"{FACTS}.json"}
    parts = {file: path.with_name(f".{path.name}.part") for file, path in paths.items()}
    try:
        tally = _stream(plan, parts, file_format)
        n_noise, *sizes = tally.sizes.tolist()
        told = SimulatedTable(
            table=paths[scenario.file],
            apart=tuple(paths[file] for file in scenario.apart),
            truth=paths[TRUTH],
            facts=paths[FACTS],
            scenario=scenario.name,
            seed=plan.seed,
            n_rows=plan.n_rows,
            n_columns=tally.n_columns,
            n_noise=n_noise,
            n_segments=population.n_segments,
            segment_names=tuple(s.name for s in population.segments),
            segment_sizes=tuple(sizes),
            spread=population.spread,
            bayes_accuracy=overlap.accuracy,
            bayes_accuracy_error=overlap.accuracy_error,
            bayes_ari=overlap.ari,
            bayes_ari_error=overlap.ari_error,
        )
        parts[FACTS].write_text(json.dumps(told.as_dict(), indent=2) + "\n", encoding="utf-8")
        for file, part in parts.items():
            part.replace(paths[file])
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return told


def _stream(plan: _Plan, parts: dict[str, Path], file_format: FileFormat) -> _Tally:
    tally = _Tally(np.zeros(plan.population.n_segments + 1, dtype=np.int64))
    writers: dict[str, Writer] = {}
    with ExitStack() as stack:
        for tables, labels in _parts(plan.scenario, plan.population, plan.n_rows, plan.seed):
            tally.sizes += np.bincount(labels - NOISE, minlength=len(tally.sizes))
            tally.n_columns = sum(t.num_columns - 1 for f, t in tables.items() if f != TRUTH)
            for file, table in tables.items():
                form: FileFormat = "parquet" if file == TRUTH else file_format
                shown = plain(table) if form == "csv" else table
                if file not in writers:
                    writers[file] = open_writer(parts[file], shown.schema, form)
                    stack.callback(writers[file].close)
                writers[file].write_table(shown)
    return tally
