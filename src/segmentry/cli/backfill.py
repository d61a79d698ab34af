"""``segmentry backfill``: features as they were on each of many days."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import BadRowsOption, ProjectOption, ThreadsOption
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.pipeline.backfill import Backfilled

FOLDER = "snapshots"
"""Where snapshots go beside the project file."""


def backfill(
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The day of the first snapshot (ISO).")
    ],
    last: Annotated[
        str, typer.Option("--to", metavar="DATE", help="The last day that may have one (ISO).")
    ],
    every: Annotated[
        Literal["day", "week", "month", "quarter"],
        typer.Option("--every", help="How far snapshots lie apart."),
    ] = "month",
    project: ProjectOption = Path("segmentry.yaml"),
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", help="A run folder: its features are built, and its segments assigned."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="The folder of snapshots; without it snapshots/."),
    ] = None,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Build features as they were on many days.

    All in one reading of the data.

    A snapshot knows only what happened before its day began in the project's time zone, as
    `segmentry run --as-of` does. All snapshots share their definitions: those of --run, or else
    what is learned on the first day, so that nothing later shapes what is said of a day.

    Each day is a folder, as_of=2024-03-01/features.parquet, with assignments.parquet beside it
    where --run is given; DuckDB, Spark and PyArrow read the folder as one table. Told to do the
    same again, only days are built that are missing or whose data changed.
    """
    days = days_between(first, last, every)
    from segmentry.api import open_project
    from segmentry.errors import ProjectFileError
    from segmentry.pipeline.backfill import backfill as fill
    from segmentry.projectfile.load import placed
    from segmentry.stores.runfolder import open_run

    opened = open_project(project)
    release = open_run(run).release() if run is not None else None
    place = output if output is not None else opened.project.folder / FOLDER
    with listener() as progress:
        try:
            done = fill(
                opened.project,
                days,
                place,
                release=release,
                allow_bad_rows=allow_bad_rows,
                progress=progress,
                threads=threads,
            )
        except ProjectFileError as error:
            raise placed(error, opened.loaded.places) from error
    if as_json:
        typer.echo(json.dumps(as_document(done), ensure_ascii=False, indent=1))
        return
    for snapshot in done.snapshots:
        typer.echo(f"{snapshot.day}  {snapshot.n_entities:>10,} entities")
    typer.echo(f"snapshots: {done.folder} ({len(done.snapshots)} days, {done.n_kept} kept)")
    _tell_warnings(done)


def as_document(done: Backfilled) -> dict[str, Any]:
    """Give what a machine wants to know of a backfill."""
    return {
        "format": 1,
        "folder": str(done.folder),
        "kept": done.n_kept,
        "snapshots": [
            {"day": s.day, "as_of": s.as_of.isoformat(), "entities": s.n_entities}
            for s in done.snapshots
        ],
        "warnings": _warnings(done),
    }


def days_between(
    first: str, last: str, every: Literal["day", "week", "month", "quarter"]
) -> list[date]:
    """Read a range of days from its options."""
    from segmentry.pipeline.backfill import cuts_of

    return cuts_of(_day("--from", first), _day("--to", last), every)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        hint = "write a day, such as 2024-03-01"
        raise UsageError(f"{option} cannot be {text!r}", hint=hint) from error


def _warnings(done: Backfilled) -> list[str]:
    told = [f"{f.sentence}" for f in done.audit.findings if f.severity == "warning"]
    return list(dict.fromkeys(told))


def _tell_warnings(done: Backfilled) -> None:
    from segmentry.cli.failures import printable

    for sentence in _warnings(done):
        sys.stderr.write(f"warning: {printable(sentence)}\n")
