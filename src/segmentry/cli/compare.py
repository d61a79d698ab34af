"""``segmentry compare``: methods in one table, on the features that a run would search."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import AsOfOption, BadRowsOption, ProjectOption, ThreadsOption, instant
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.api import OpenProject

MOST_SEGMENTS = 1_000


def compare(
    methods: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="METHOD...",
            help="Names as in segments.methods, such as k-means 'average linkage'; auto for those"
            " that a run tries by itself; all that suit the data where none is named.",
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    as_of: AsOfOption = None,
    numbers: Annotated[
        str | None,
        typer.Option(
            "--k", metavar="N|A-B", help="Numbers of segments [default: those of the project]."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="A row for every number of segments, not one per method.")
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough",
            help="Also the gap statistic, prediction strength, knee, DBCV, classifier, tree and"
            " outcome.",
        ),
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Instead, how far the chosen segments hang on each single decision.",
        ),
    ] = False,
    over_time: Annotated[
        bool,
        typer.Option(
            "--over-time",
            help="Instead, whether entities stay in their segments, and segments are found again,"
            " at two earlier cuts.",
        ),
    ] = False,
    guided: Annotated[
        str | None,
        typer.Option(
            "--guided",
            metavar="OUTCOME",
            help="Instead, whether features weighed by an outcome give segments that tell more of"
            " it, on entities held out.",
            show_default=False,
        ),
    ] = None,
    preparations: Annotated[
        bool,
        typer.Option(
            "--preparations",
            help="Instead, what other ways of preparing features make of the same choice.",
        ),
    ] = False,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Hold methods beside each other in one table.

    On the features and the sample that a run would search; nothing is written. With --sensitivity,
    --over-time, --guided or --preparations, what a run would choose is held against what other
    single decisions, earlier cuts, features weighed by an outcome, or other preparations would have
    given.
    """
    from segmentry.api import open_project
    from segmentry.pipeline.tournament import check_methods

    names, band = tuple(methods or ()), band_of(numbers)
    check_methods(names)
    own = _own_table(
        {
            "--sensitivity": sensitivity,
            "--over-time": over_time,
            "--guided": guided is not None,
            "--preparations": preparations,
        }
    )
    if own is not None and (thorough or everything):
        raise UsageError(
            f"{own} is a table of its own", hint=f"leave out --all and --thorough, or {own}"
        )
    opened = open_project(project)
    table = _table(opened, own, outcome=guided or "", thorough=thorough, everything=everything)
    with listener() as progress:
        found = table.find(
            names,
            numbers=band,
            as_of=instant(as_of, opened.project.time_zone),
            allow_bad_rows=allow_bad_rows,
            threads=threads,
            progress=progress,
        )
    if as_json:
        document = table.document(found)
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        table.show(found)


@dataclass(frozen=True)
class _Table:
    """What finds a table, and what gives it to machines and to people."""

    find: Callable[..., Any]
    document: Callable[[Any], dict[str, Any]]
    show: Callable[[Any], None]


def _own_table(asked: dict[str, bool]) -> str | None:
    """Name the table that is asked for in place of that of methods."""
    own = [name for name, is_asked in asked.items() if is_asked]
    if len(own) > 1:
        raise UsageError(f"{' and '.join(own)} are tables of their own", hint="ask for one of them")
    return own[0] if own else None


def _table(
    opened: OpenProject, own: str | None, *, outcome: str, thorough: bool, everything: bool
) -> _Table:
    """Give the table that is asked for; what others need is not imported."""
    from segmentry.cli import compare_documents as documents

    if own == "--sensitivity":
        from segmentry.cli.sensitivity_words import print_sensitivity

        return _Table(opened.sensitivity, documents.sensitivity_document, print_sensitivity)
    if own == "--over-time":
        from segmentry.cli.overtime_words import print_over_time

        return _Table(opened.over_time, documents.over_time_document, print_over_time)
    if own == "--preparations":
        from segmentry.cli.preparations_words import print_preparations

        return _Table(opened.preparations, documents.preparations_document, print_preparations)
    if own == "--guided":
        from segmentry.cli.guided_words import print_guided

        return _Table(partial(opened.guided, outcome), documents.guided_document, print_guided)
    from segmentry.cli.compare_words import print_comparison

    return _Table(
        partial(opened.compare, thorough=thorough, everything=everything),
        documents.as_document,
        partial(print_comparison, is_thorough=thorough),
    )


def band_of(text: str | None) -> range | None:
    """Read a number of segments, or the first and the last of several.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> band_of("4-8"), band_of("5"), band_of(None)
    (range(4, 9), range(5, 6), None)
    """
    if text is None:
        return None
    first, dash, last = text.partition("-")
    try:
        band = range(int(first), int(last if dash else first) + 1)
    except ValueError:
        band = range(0)
    if not 2 <= band.start < band.stop <= MOST_SEGMENTS + 1:
        raise UsageError(
            f"--k cannot be {text!r}",
            hint="write one number of segments, 2 or more, or a first and a last one, such as 4-8",
        )
    return band
