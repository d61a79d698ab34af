"""``segmentry sql``: the segments of a run as one statement, for any table of raw features."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, ThreadsOption, base_of
from segmentry.cli.targets import check_target, project_files
from segmentry.errors import UsageError
from segmentry.explain.sqltext.dialect import Dialect

if TYPE_CHECKING:
    from segmentry.stores.runfolder import RunFolder

Told = tuple[str, dict[str, Any]]
"""A statement, and what is known of it."""


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
    rules: Annotated[
        bool,
        typer.Option("--rules", help="Instead, short rules that people can read: near, not exact."),
    ] = False,
    depth: Annotated[
        int | None,
        typer.Option(
            "--depth",
            min=1,
            max=10,
            help="Questions in a rule at most [default: as few of 4 to 6 as tell nine in ten].",
        ),
    ] = None,
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

    With --rules it is a few questions for each segment instead, with how often they are right of
    entities that they were not made from.

    The statement holds thresholds and prototypes, the names of features and the levels of
    categories; no entity and no id.
    """
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    if depth is not None and not rules:
        raise UsageError("--depth is for rules", hint="add --rules, or leave it out")
    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    if output is not None:
        check_target(output, project_files(project), option="--output")
    if rules:
        statement, facts = _rules(stored, dialect, table, depth)
    else:
        statement, facts = _assigning(stored, dialect, table, threads)
    if as_json:
        facts = {"format": 1, "dialect": str(dialect), "table": table, **facts, "sql": statement}
        statement = json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    deliver(statement, output)


def _assigning(stored: RunFolder, dialect: Dialect, table: str, threads: int | None) -> Told:
    from segmentry.cli.failures import printable
    from segmentry.pipeline.sql import statement_of, tried

    statement = statement_of(stored, dialect=dialect, table=table)
    trial = tried(stored, threads=threads)
    sys.stderr.write(f"{'' if trial.is_equal else 'warning: '}{printable(trial.sentence)}\n")
    return statement, {
        "columns": sorted(stored.release().recipe.needs),
        "tried": {
            "n_entities": trial.n_entities,
            "n_on_border": trial.n_close,
            "n_other_on_border": trial.n_other_close,
            "n_other": trial.n_other,
        },
    }


def _rules(stored: RunFolder, dialect: Dialect, table: str, depth: int | None) -> Told:
    from segmentry.explain.rules import rules_document, rules_statement
    from segmentry.pipeline.rules import rules_of, units_of

    found = rules_of(stored, depth=depth)
    units = units_of(stored)
    statement = rules_statement(found, units, dialect=dialect, table=table)
    return statement, rules_document(found, units)


def deliver(text: str, output: Path | None) -> None:
    """Write a text into a file, whole or not at all, or to the output."""
    if output is None:
        typer.echo(text, nl=False)
        return
    from segmentry.stores.files import replacing

    with replacing(output) as file:
        file.write(text.encode())
    sys.stderr.write(f"written to {output}\n")
