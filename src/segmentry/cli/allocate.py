"""``segmentry allocate``: how many of each segment to act on with what there is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.assign import RunOption, writer_for
from segmentry.cli.run import ProjectOption, base_of
from segmentry.cli.targets import check_target, project_files

if TYPE_CHECKING:
    from segmentry.domain.allocation import Allocation


def allocate(
    effects: Annotated[
        Path,
        typer.Option(
            "--effects",
            help="A CSV file with segment, effect, low, high, and cost or hours per member, as you "
            "measured them.",
        ),
    ],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    budget: Annotated[
        float | None, typer.Option("--budget", help="The money that there is.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option("--hours", help="The hours of work that there are.")
    ] = None,
    explore: Annotated[
        bool,
        typer.Option("--explore", help="Fund segments whose effect may be nothing, too."),
    ] = False,
    robust: Annotated[
        bool, typer.Option("--robust", help="Go by the lower ends of the effects.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A .csv, .jsonl or .parquet file for the table."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Share out money and hours by effects that you measured.

    Gives how many members of each segment to act on, so that the expected value after cost is
    largest; what it brings, with its interval; and what one more hour or unit of money would bring.
    A segment without an effect gets nothing, and neither does one whose effect may be nothing:
    no effect is ours.
    """
    from segmentry.cli.effects import read_effects
    from segmentry.explain.allocation import allocated
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    write = writer_for(output)
    if output is not None:
        check_target(output, (effects, *project_files(project)), option="--output")
    segments = said_run(find_run(base, run), base).document("segments")["segments"]
    given = read_effects(effects, [s["name"] for s in segments])
    found = allocated(segments, given, budget=budget, hours=hours, explore=explore, robust=robust)
    _tell(found, as_json=as_json)
    if output is not None:
        import pyarrow as pa

        from segmentry.stores.files import replacing

        with replacing(output) as target:
            write(pa.Table.from_pylist(_rows(found)), target)
        sys.stderr.write(f"{len(found.shares)} segments written to {output}\n")


def _rows(found: Allocation) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(share) for share in found.shares]


def _tell(found: Allocation, *, as_json: bool) -> None:
    from segmentry.cli.failures import printable
    from segmentry.cli.table import print_allocation
    from segmentry.stores.documents import plain

    if as_json:
        typer.echo(json.dumps({"format": 1, **plain(found)}, ensure_ascii=False, indent=1))
        return
    print_allocation(found.shares)
    for sentence in found.sentences:
        typer.echo(printable(sentence))
