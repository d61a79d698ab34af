"""The list of commands and the way into them; a command's module is imported when it is used."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import takewhile
from typing import Annotated, Any

import typer
import typer.core

import segmentry
from segmentry.cli import failures


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the list shows it: where it lives, and its first sentence."""

    module: str
    function: str
    summary: str


COMMANDS = {
    "init": Entry("init", "init", "Look at data files and write a commented project file."),
    "check": Entry("check", "check", "Check data before modelling: what is wrong, what mends it."),
    "plan": Entry("plan", "plan", "Say what a run would do, and the query of its features."),
    "compare": Entry("compare", "compare", "Hold methods beside each other in one table."),
    "run": Entry("run", "run", "Find, judge, name and explain segments; write a run folder."),
    "report": Entry("report", "report", "Say where a run's report lies, or write it again."),
    "assign": Entry("assign", "assign", "Put the entities of data into the segments of a run."),
    "why": Entry("why", "why", "Say why an entity is in its segment, and what would move it."),
    "next": Entry("next", "next_items", "Say which item or category each entity may take next."),
    "health": Entry("health", "health", "Say how healthy the tie to each segment is, 0 to 100."),
    "allocate": Entry(
        "allocate", "allocate", "Share out money and hours by effects that you measured."
    ),
    "segments": Entry(
        "segments", "segments", "Name, lock, own, merge and split segments; see who did what."
    ),
    "releases": Entry(
        "releases", "releases", "List, compare, approve and promote releases; go back."
    ),
    "sql": Entry("sql", "sql", "Write the segments of a run as one SQL statement."),
    "export": Entry("export", "export", "Write the pipeline of a run as a script of its own."),
    "backfill": Entry("backfill", "backfill", "Build features as they were on many days."),
    "movements": Entry("movements", "movements", "Say who moved between segments, and why."),
    "watch": Entry("watch", "watch", "Say what has moved since a run, why, and what to do."),
    "simulate": Entry(
        "simulate", "simulate", "Make events or a table with planted segments, and the truth."
    ),
    "demo": Entry("demo", "demo", "Simulate a business, find its segments, check them."),
    "doctor": Entry("doctor", "doctor", "Check that everything a run needs is there."),
    "help-error": Entry("help_error", "help_error", "Explain the code of an error or mistake."),
}  # fmt: skip


class Lazy(typer.core.TyperCommand):
    """A command whose module is imported when it is called; its summary is known before."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> Any:
        """Import the command and let it read its arguments."""
        return loaded(str(self.name)).make_context(info_name, args, *rest, **more)


class Commands(typer.core.TyperGroup):
    """The group of all commands, in the order of use."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the parser's signature
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the same
        """Give a command that is not imported yet."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        return Lazy(name=cmd_name, callback=None, help=entry.summary, short_help=entry.summary)


def loaded(name: str) -> Any:
    """Import a command and give it as the parser knows it."""
    entry = COMMANDS[name]
    function = getattr(import_module(f"segmentry.cli.{entry.module}"), entry.function)
    if isinstance(function, typer.Typer):
        return typer.main.get_command(function)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name)(function)
    return typer.main.get_command(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"segmentry {segmentry.__version__}")
        raise typer.Exit


def _start(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error (or SEGMENTRY_DEBUG=1).")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Turn raw behaviour into living segments: found, judged, named, explained, assigned.

    Begin with `segmentry init FILE`, then `segmentry run`; or see `segmentry demo`.
    """


def start(words: Sequence[str]) -> int:
    """Carry out a command line and give the exit status."""
    # Plain help: the boxes that typer can draw take longer to import than all the rest.
    app = typer.Typer(
        cls=Commands, add_completion=False, rich_markup_mode=None, no_args_is_help=True,
        pretty_exceptions_enable=False,
    )  # fmt: skip
    app.callback()(_start)
    is_debug = "--debug" in takewhile(lambda w: w.startswith("-"), words)
    is_debug = is_debug or os.environ.get("SEGMENTRY_DEBUG") == "1"
    try:
        typer.main.get_command(app).main(args=list(words), prog_name="segmentry")
    except SystemExit as end:
        return failures.ended(end)
    except Exception as error:  # noqa: BLE001 - the last line before the user
        return failures.told(error, as_json="--json" in words, is_debug=is_debug)
    return 0
