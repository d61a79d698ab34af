"""``segmentry sql``: the segments of a run as one statement, for any table of raw features."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, ThreadsOption
from segmentry.cli.targets import check_target, project_files
from segmentry.explain.sqltext.dialect import Dialect


def sql(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dialect: Annotated[
        Dialect, typer.Option("--dialect", help="The dialect of the statement.")
    ] = Dialect.DUCKDB,
    table: Annotated[
        str,
        typer.Option(
            "--table", metavar="NAME", help="The table of raw features, with a schema or without."
        ),
    ] = "features",
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A file for the statement; without it, the output."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Write the segments of a run as one SQL statement.

    It reads a table with the columns of the run's features.parquet and gives each row the segment
    that the run gives it: gaps filled, numbers bent and scaled, the nearest prototype. It is tried
    in DuckDB on the run's own entities first. What SQL cannot say is refused with the reason.

    The statement holds thresholds and prototypes, the names of features and the levels of
    categories; no entity and no id.
    """
    from segmentry.cli.failures import printable
    from segmentry.pipeline.sql import statement_of, tried
    from segmentry.stores.runfolder import find_run, open_run

    base = project if project.is_dir() else project.parent
    stored = open_run(find_run(base, run))
    if output is not None:
        check_target(output, project_files(project), option="--output")
    statement = statement_of(stored, dialect=dialect, table=table)
    trial = tried(stored, threads=threads)
    sys.stderr.write(f"{'' if trial.is_equal else 'warning: '}{printable(trial.sentence)}\n")
    if as_json:
        statement = json.dumps(
            {
                "format": 1,
                "dialect": str(dialect),
                "table": table,
                "columns": sorted(stored.release().recipe.needs),
                "sql": statement,
                "tried": {
                    "n_entities": trial.n_entities,
                    "n_on_border": trial.n_close,
                    "n_other_on_border": trial.n_other_close,
                    "n_other": trial.n_other,
                },
            },
            ensure_ascii=False,
            indent=1,
        ) + "\n"  # fmt: skip
    deliver(statement, output)


def deliver(text: str, output: Path | None) -> None:
    """Write a text into a file, whole or not at all, or to the output."""
    if output is None:
        typer.echo(text, nl=False)
        return
    from segmentry.stores.files import replacing

    with replacing(output) as file:
        file.write(text.encode())
    sys.stderr.write(f"written to {output}\n")
