"""``segmentry run``: the whole way from sources to a run folder."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry import clock
from segmentry.cli.progress import listener
from segmentry.cli.table import print_run
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.pipeline.finished import Run

ProjectOption = Annotated[
    Path, typer.Option("--project", "-p", help="The project file, or the folder that holds it.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Look only at what happened before this instant (ISO)."
    ),
]
BadRowsOption = Annotated[
    bool, typer.Option("--allow-bad-rows", help="Go on where more than 1 % of the rows are bad.")
]
WriteToOption = Annotated[
    str | None,
    typer.Option(
        "--write-to",
        metavar="PLACE",
        help="Also write the assignments where the sources lie: a table of their PostgreSQL, or a"
        " folder of their lake.",
    ),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, help="Threads; results do not depend on it.")
]


def base_of(project: Path) -> Path:
    """Give the folder of a project, named by it or by its file."""
    return project if project.is_dir() else project.parent


def run(
    project: ProjectOption = Path("segmentry.yaml"),
    as_of: AsOfOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Write here instead of below runs/: new, empty, or an earlier run."
        ),
    ] = None,
    write_to: WriteToOption = None,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Find, judge, name and explain segments; write a run folder.

    Without --output the run goes to runs/ beside the project file, and runs/latest follows it.
    """
    from segmentry.api import open_project

    began = clock.seconds()
    opened = open_project(project)
    cut = instant(as_of, opened.project.time_zone)
    if write_to is not None:
        opened.check_place(write_to)
    with listener() as progress:
        done = opened.run(
            output=output,
            as_of=cut,
            allow_bad_rows=allow_bad_rows,
            progress=progress,
            threads=threads,
        )
    place = opened.write_back(done, write_to, threads=threads) if write_to is not None else None
    if as_json:
        document = as_document(done, seconds=clock.seconds() - began)
        document |= {} if place is None else {"written_to": place}
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1))
        return
    print_run(done.documents)
    typer.echo(f"report: {done.report}")
    if place is not None:
        typer.echo(f"written to: {place}")
    tell_warnings(done)


def as_document(done: Run, *, seconds: float) -> dict[str, Any]:
    """Give what a machine wants to know of a run."""
    return {
        "format": 1,
        "run": str(done.folder),
        "report": str(done.report),
        "verdict": done.verdict,
        "fingerprint": done.fingerprint,
        "segments": done.segments,
        "warnings": warnings_of(done),
        "mistakes": made(done),
        "seconds": round(seconds, 3),
    }


def warnings_of(done: Run) -> list[str]:
    """Give the warnings of data and of evidence, each once."""
    findings = done.documents["audit"]["findings"]
    told = [f["sentence"] for f in findings if f.get("severity") == "warning"]
    return list(dict.fromkeys([*told, *done.documents["evidence"].get("warnings", [])]))


def made(done: Run) -> list[dict[str, Any]]:
    """Give the mistakes that the project or its segments make."""
    mistakes = done.documents["evidence"].get("mistakes", ())
    return [m for m in mistakes if m["state"] == "found"]


def tell_warnings(done: Run) -> None:
    """Write the warnings and the graver mistakes to standard error."""
    from segmentry.cli.failures import printable

    for sentence in warnings_of(done):
        sys.stderr.write(f"warning: {printable(sentence)}\n")
    for mistake in made(done):
        if mistake["severity"] == "warning":
            said = f"mistake {mistake['code']}: {mistake['sentence']}"
            sys.stderr.write(f"{printable(said)}\n  try: {printable(mistake['fix'])}\n")


def instant(text: str | None, time_zone: str) -> datetime | None:
    """Read a date or an instant; one without an offset is meant in the project's time zone.

    Raises
    ------
    UsageError
        If it is neither.
    """
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--as-of cannot be {text!r}",
            hint="write a date or an instant, such as 2026-03-01 or 2026-03-01T12:00:00+00:00",
        ) from error
    return at
