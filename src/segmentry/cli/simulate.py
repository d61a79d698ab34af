"""``segmentry simulate``: an event log with planted segments, and the truth beside it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.progress import listener

if TYPE_CHECKING:
    from segmentry.simulate import Simulation


class FileFormat(StrEnum):
    """Forms in which events can be written."""

    PARQUET = "parquet"
    CSV = "csv"


def simulate(
    scenario: Annotated[
        str,
        typer.Argument(
            help="retail (orders of lines), saas (sessions of actions) or media (plays)."
        ),
    ] = "retail",
    users: Annotated[int, typer.Option(min=1, help="How many users to simulate.")] = 20_000,
    segments: Annotated[
        int | None,
        typer.Option(
            help="Planted segments, 1 to 8; without it 5. One is a population without hidden "
            "groups: an honest tool must find nothing in it."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same files.")] = 0,
    days: Annotated[
        int, typer.Option(min=56, help="Length of the log; it always ends on the same day.")
    ] = 365,
    dirt: Annotated[
        bool,
        typer.Option(
            "--dirt",
            help="Add what real logs have: missing ids, duplicates, a date in 2099, "
            "cancellations, and text among numbers (CSV only). Every dirty row is counted.",
        ),
    ] = False,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="Form of the events.")
    ] = FileFormat.PARQUET,
    output: Annotated[
        Path, typer.Option("--output", help="Folder for events, truth and simulation.json.")
    ] = Path("simulated"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make events with planted segments, and the truth.

    Segments overlap, as in life: the best possible classifier, which knows every user's true
    habits, is right for 90 to 95 of 100 users. Its agreement with the truth is printed, for no
    method can do better from events alone. truth.parquet says who belongs where; -1 is noise.
    """
    from segmentry.simulate import simulate as write

    with listener() as progress:
        told = write(
            scenario,
            users,
            seed=seed,
            out=output,
            n_segments=segments,
            dirt=dirt,
            days=days,
            file_format=file_format.value,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(told.as_dict(), indent=1))
        return
    for line in in_words(told):
        typer.echo(line)
    sys.stderr.write(f"next: segmentry init {told.events}\n")


def in_words(told: Simulation) -> list[str]:
    """Say what was simulated, and how well it can be found at all."""
    lines = [
        f"{told.scenario}: {told.n_events:,} events of {told.n_users:,} users, "
        f"{told.first_day} to {told.end_day}",
        *(
            f"  {size:>9,}  {100 * size / told.n_users:5.1f} %  {name}"
            for name, size in zip(told.segment_names, told.segment_sizes, strict=True)
        ),
        f"  {told.n_noise:>9,}  {100 * told.n_noise / told.n_users:5.1f} %  noise, in no segment",
        _best_possible(told),
    ]
    dirt = {name: n for name, n in asdict(told.dirt).items() if n}
    if dirt:
        parts = (f"{n:,} {name.removeprefix('n_').replace('_', ' ')}" for name, n in dirt.items())
        lines.append("dirt: " + ", ".join(parts))
    lines += [f"events: {told.events}", f"truth: {told.truth}"]
    return lines


def _best_possible(told: Simulation) -> str:
    if told.n_segments == 1:
        return "one population without hidden groups: there is nothing to find"
    return (
        f"best possible classifier: accuracy {told.bayes_accuracy:.3f} "
        f"(± {2 * told.bayes_accuracy_error:.3f}), adjusted Rand index {told.bayes_ari:.3f} "
        f"(± {2 * told.bayes_ari_error:.3f})"
    )
