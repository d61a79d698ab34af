"""``segmentry watch``: what has moved since a run, why, and what to do about it."""

from __future__ import annotations

import json
import sys
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.progress import listener
from segmentry.cli.run import (
    AsOfOption,
    BadRowsOption,
    ProjectOption,
    ThreadsOption,
    base_of,
    instant,
)
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.domain.drift import Drift

ALARM = 3
"""The exit status of an alarm, where --fail-on-alarm asks for one."""


def watch(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    as_of: AsOfOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Replay history from this day (ISO)."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Replay history up to this day (ISO)."),
    ] = None,
    every: Annotated[
        Literal["day", "week", "month", "quarter"],
        typer.Option("--every", help="How far the cuts of a replay lie apart."),
    ] = "week",
    fail_on_alarm: Annotated[
        bool, typer.Option("--fail-on-alarm", help="End with status 3 if there is an alarm.")
    ] = False,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Say what has moved since a run, why, and what to do.

    Builds today's features by the run's definitions, holds them against the run's own, and looks at
    the events of each day. Tells one cause: broken pipeline, seasonal, population mix, behaviour
    change, new segment; and what to do: nothing, look at tracking, refit, fall back. Nothing is
    written.

    With --from and --to: each cut against the one before, by the run's definitions throughout.

    The exit status is 0 with an alarm too, unless --fail-on-alarm asks for 3.
    """
    from segmentry.api import open_project
    from segmentry.pipeline.watching import Asked, watch_history, watch_run
    from segmentry.stores.runfolder import find_run

    if (first is None) != (last is None) or (first is not None and as_of is not None):
        raise UsageError(
            "a replay needs --from and --to, and no --as-of", hint="give both, or neither"
        )
    base = base_of(project)
    folder = find_run(base, run)
    opened = open_project(project).project
    with listener() as progress:
        asked = Asked(base, opened.sources, allow_bad_rows, threads, progress)
        if first is not None and last is not None:
            found = list(watch_history(folder, asked, _cuts(first, last, every)))
        else:
            cut = instant(as_of, opened.time_zone) if as_of else None
            found = [watch_run(folder, asked, as_of=cut)]
    _deliver(found, as_json=as_json, is_replay=first is not None)
    if fail_on_alarm and any(d.is_alarm for d in found):
        raise typer.Exit(ALARM)


def _cuts(
    first: str, last: str, every: Literal["day", "week", "month", "quarter"]
) -> list[datetime]:
    from segmentry.cli.backfill import days_between

    return [datetime.combine(day, time()) for day in days_between(first, last, every)]


def _deliver(found: list[Drift], *, as_json: bool, is_replay: bool) -> None:
    if as_json:
        document: dict[str, Any] = (
            {"format": 1, "cuts": [d.as_dict() for d in found]}
            if is_replay
            else {"format": 1, **found[0].as_dict()}
        )
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    from segmentry.cli.watch_words import print_drift, print_replay

    if is_replay:
        print_replay(found)
    else:
        print_drift(found[0])
    sys.stdout.flush()
