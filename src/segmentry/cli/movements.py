"""``segmentry movements``: who moved between segments, and why."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from segmentry.cli.assign import RunOption, n_formulas, write_csv, writer_for
from segmentry.cli.backfill import days_between
from segmentry.cli.progress import listener
from segmentry.cli.run import BadRowsOption, ProjectOption, ThreadsOption, base_of
from segmentry.cli.targets import check_page, check_target, project_files
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from segmentry.domain.movement import Movements
    from segmentry.stores.runfolder import RunFolder


def movements(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="The day of the first snapshot (ISO)."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="The last day that may have one (ISO)."),
    ] = None,
    every: Annotated[
        Literal["day", "week", "month", "quarter"],
        typer.Option("--every", help="How far snapshots lie apart."),
    ] = "month",
    snapshots: Annotated[
        Path | None,
        typer.Option("--snapshots", help="A folder that `segmentry backfill --run` wrote."),
    ] = None,
    dwell: Annotated[
        int,
        typer.Option(
            "--dwell", min=1, help="Snapshots in a row after which an answer is a move anyway."
        ),
    ] = 2,
    toward: Annotated[
        list[str] | None,
        typer.Option("--toward", help="Warn of who comes nearer to this segment; without it all."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A .parquet, .csv or .jsonl file for every transition."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="An HTML file with charts of the movements.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    allow_bad_rows: BadRowsOption = False,
    threads: ThreadsOption = None,
) -> None:
    """Say who moved between segments, and why.

    Features are built as they were on many days (up to twelve steps before the run's cut, or --from
    and --to), and the run's own release answers for each of them: nothing is fitted again, so that
    a move is a change of behaviour. Snapshots are kept under history/ beside the project file.

    A change of answer counts as a move where it goes further than noise, or lasts --dwell
    snapshots; who was over a border and came back is told as flicker. Beside the paths stands what
    noise alone would make of them.

    With --output: every transition once, by entity. That file is of single persons.
    """
    from segmentry.cli.movement_words import as_document, print_movements
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    inputs = project_files(project)
    write = writer_for(output) if output is not None else write_csv
    if output is not None:
        check_target(output, inputs, option="--output")
    if report is not None:
        check_page(report, inputs, option="--report")
    days = _days(first, last, every, snapshots)
    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    found = _found(
        project, stored, days, every=every, snapshots=snapshots, dwell=dwell,
        toward=tuple(toward or ()), allow_bad_rows=allow_bad_rows, threads=threads,
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(as_document(found), ensure_ascii=False, indent=1))
    else:
        print_movements(found)
    if report is not None:
        from segmentry.render.figures_movement import movement_page
        from segmentry.stores.files import replacing

        with replacing(report) as file:
            file.write(movement_page(found).encode())
        sys.stderr.write(f"page: {report}\n")
    if output is not None:
        from segmentry.stores.files import replacing

        table = found.to_arrow()
        with replacing(output) as target:
            write(table, target)
        if write is write_csv and (n := n_formulas(table)):
            sys.stderr.write(
                f"note: {n:,} ids begin as formulas do, so they have a ' before them\n"
            )
        sys.stderr.write(f"{table.num_rows:,} transitions written to {output}\n")


def _days(
    first: str | None,
    last: str | None,
    every: Literal["day", "week", "month", "quarter"],
    snapshots: Path | None,
) -> list[date]:
    """Give the days asked for; none are those that a run has, or that a folder holds."""
    if snapshots is not None and (first or last):
        raise UsageError(
            "--snapshots holds its own days, so --from and --to cannot choose others",
            hint="leave one of them out",
        )
    if (first is None) != (last is None):
        raise UsageError("--from and --to go together", hint="give both, or none")
    return [] if first is None or last is None else days_between(first, last, every)


def _found(
    project: Path,
    stored: RunFolder,
    days: list[date],
    *,
    every: Literal["day", "week", "month", "quarter"],
    snapshots: Path | None,
    dwell: int,
    toward: tuple[str, ...],
    allow_bad_rows: bool,
    threads: int | None,
) -> Movements:
    from segmentry.api import open_project
    from segmentry.errors import ProjectFileError
    from segmentry.pipeline.movements import Asked, Era, movements_of_project
    from segmentry.pipeline.movements import movements as follow
    from segmentry.projectfile.load import placed

    asked = Asked(dwell, toward)
    with listener() as progress:
        if snapshots is not None:
            era = Era(stored, snapshots)
            return follow([era], asked, project_folder=base_of(project), progress=progress)
        opened = open_project(project)
        try:
            return movements_of_project(
                opened.project, stored, days, every=every, asked=asked,
                allow_bad_rows=allow_bad_rows, progress=progress, threads=threads,
            )  # fmt: skip
        except ProjectFileError as error:
            raise placed(error, opened.loaded.places) from error
