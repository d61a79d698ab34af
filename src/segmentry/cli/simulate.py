"""``segmentry simulate``: a log or a table with planted segments, and the truth beside it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.simulate import SimulatedTable, Simulation


class FileFormat(StrEnum):
    """Forms in which events can be written."""

    PARQUET = "parquet"
    CSV = "csv"


def simulate(
    scenario: Annotated[
        str,
        typer.Argument(
            help="Logs: retail (orders of lines), saas (sessions of actions), media (plays). "
            "Tables, one row each: saas-users, accounts, b2b, marketing."
        ),
    ] = "retail",
    users: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many users to simulate; without it 20,000, of a table its own number "
            "(accounts 500, others 50,000).",
        ),
    ] = None,
    segments: Annotated[
        int | None,
        typer.Option(
            help="Planted segments, 1 to 8; without it 5, of a table all. One is a population "
            "without hidden groups: an honest tool must find nothing in it."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same files.")] = 0,
    days: Annotated[
        int | None,
        typer.Option(
            min=56, help="Length of a log [default: 365]; it always ends on the same day."
        ),
    ] = None,
    dirt: Annotated[
        bool,
        typer.Option(
            "--dirt",
            help="Add what real logs have (logs only): missing ids, duplicates, a date in 2099, "
            "cancellations, and text among numbers (CSV only). Every dirty row is counted.",
        ),
    ] = False,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="Form of the events or the table.")
    ] = FileFormat.PARQUET,
    output: Annotated[
        Path, typer.Option("--output", help="Folder for the data, truth and simulation.json.")
    ] = Path("simulated"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make events or a table with planted segments, and the truth.

    Segments overlap, as in life: the best possible classifier, which knows every user's true
    habits, is right for 90 to 95 of 100 users. Its agreement with the truth is printed, for no
    method can do better from the data alone. truth.parquet says who belongs where; -1 is noise.
    """
    from segmentry.simulate import TABLES, simulate_table
    from segmentry.simulate import simulate as write

    if scenario in TABLES:
        if dirt or days is not None:
            msg = f"{scenario} is a table: --days and --dirt are of logs"
            raise UsageError(msg, where="scenario", hint="leave them out")
        table = simulate_table(
            scenario,
            users,
            seed=seed,
            out=output,
            n_segments=segments,
            file_format=file_format.value,
        )
        _tell(table.as_dict(), table_in_words(table), table.table, as_json=as_json)
        return
    with listener() as progress:
        told = write(
            scenario,
            20_000 if users is None else users,
            seed=seed,
            out=output,
            n_segments=segments,
            dirt=dirt,
            days=365 if days is None else days,
            file_format=file_format.value,
            progress=progress,
        )
    _tell(told.as_dict(), in_words(told), told.events, as_json=as_json)


def _tell(facts: dict[str, Any], lines: list[str], file: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, indent=1))
        return
    for line in lines:
        typer.echo(line)
    sys.stderr.write(f"next: segmentry init {file}\n")


def in_words(told: Simulation) -> list[str]:
    """Say what was simulated, and how well it can be found at all."""
    lines = [
        f"{told.scenario}: {told.n_events:,} events of {told.n_users:,} users, "
        f"{told.first_day} to {told.end_day}",
        *_planted(told, told.n_users),
    ]
    dirt = {name: n for name, n in asdict(told.dirt).items() if n}
    if dirt:
        parts = (f"{n:,} {name.removeprefix('n_').replace('_', ' ')}" for name, n in dirt.items())
        lines.append("dirt: " + ", ".join(parts))
    lines += [f"events: {told.events}", f"truth: {told.truth}"]
    return lines


def table_in_words(told: SimulatedTable) -> list[str]:
    """Say what a simulated table holds, and how well its segments can be found at all."""
    return [
        f"{told.scenario}: {told.n_rows:,} rows of {told.n_columns} columns and an id",
        *_planted(told, told.n_rows),
        *(f"table: {path}" for path in (told.table, *told.apart)),
        f"truth: {told.truth}",
    ]


def _planted(told: Simulation | SimulatedTable, n: int) -> list[str]:
    return [
        *(
            f"  {size:>9,}  {100 * size / n:5.1f} %  {name}"
            for name, size in zip(told.segment_names, told.segment_sizes, strict=True)
        ),
        f"  {told.n_noise:>9,}  {100 * told.n_noise / n:5.1f} %  noise, in no segment",
        _best_possible(told),
    ]


def _best_possible(told: Simulation | SimulatedTable) -> str:
    if told.n_segments == 1:
        return "one population without hidden groups: there is nothing to find"
    return (
        f"best possible classifier: accuracy {told.bayes_accuracy:.3f} "
        f"(± {2 * told.bayes_accuracy_error:.3f}), adjusted Rand index {told.bayes_ari:.3f} "
        f"(± {2 * told.bayes_ari_error:.3f})"
    )
