"""``segmentry export``: a run in a form that needs nothing of this package."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, base_of
from segmentry.cli.sql import deliver
from segmentry.cli.targets import check_target, project_files


class What(StrEnum):
    """What can be exported."""

    CODE = "code"


def export(
    what: Annotated[  # noqa: ARG001 - the parser's: there is one thing to export so far
        What, typer.Argument(help="code: the pipeline as a Python script.")
    ],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A file for the script; without it, the output."),
    ] = None,
) -> None:
    """Write the pipeline of a run as a script of its own.

    The script reads raw features as the run's features.parquet holds them, prints how many entities
    each segment has, and writes their labels. It needs numpy, pyarrow and scikit-learn, whose
    classes are given what the run learned, and nothing of this package; nothing is fitted.

    It holds the names of features and the levels of categories; no entity and no id, but that
    gaps filled by the nearest entities need the figures of up to 300 of them, without their ids.
    """
    from segmentry.explain.script import script_of
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    if output is not None:
        check_target(output, project_files(project), option="--output")
    name = output.name if output is not None else "segments.py"
    deliver(script_of(stored.release(), name=name), output)
