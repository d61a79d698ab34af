"""``segmentry next``: which item or category each entity may take next."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.assign import RunOption, deliver_rows, writer_for
from segmentry.cli.progress import listener
from segmentry.cli.run import ProjectOption, ThreadsOption, base_of
from segmentry.cli.targets import check_page, check_target, project_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segmentry.domain.nextitem import NextItems
    from segmentry.stores.runfolder import RunFolder


def next_items(
    item: Annotated[
        str | None,
        typer.Option(
            "--item", help="item, category, or a column of the events; without it the item."
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="Items of each entity.")] = 3,
    again: Annotated[
        bool, typer.Option("--again", help="Let what an entity had already come next, too.")
    ] = False,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="A .csv, .jsonl or .parquet file; without it CSV goes to the output."
        ),
    ] = None,
    paper: Annotated[
        Path | None,
        typer.Option("--paper", help="An .html page of hit rates and segments, for others."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print hit rates and segments as one JSON document.")
    ] = False,
    threads: ThreadsOption = None,
) -> None:
    """Say which item or category each entity may take next.

    Gives entity, rank, item and score, read from the project's sources up to the run's own cut. An
    item comes next by what those with the same items had and by its segment. Ways of choosing are
    tried on what entities took after an earlier cut, with segments as they were then; where none
    does better than what most have anyway, that is said, and what most have is given.

    Messages, and the page of --paper, tell the hit rates and what each segment has more often than
    everyone with as many different items. Where a column is mapped as item_name, it is told beside
    the item. Items that fewer than ten entities had are left out. A score orders the items of one
    entity; it is no probability, and nothing here says that offering an item makes anyone take it.
    """
    write = writer_for(output)
    from segmentry.api import open_project
    from segmentry.pipeline.nextitems import Asked
    from segmentry.pipeline.nextitems import next_items as told_of
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    if output is not None:
        check_target(output, project_files(project), option="--output")
    if paper is not None:
        check_page(paper, project_files(project), option="--paper")
    with listener() as progress:
        found = told_of(
            stored,
            Asked(item, top, again),
            folder=base,
            sources=open_project(project).project.sources,
            progress=progress,
            threads=threads,
        )
    for line in _lines(found):
        sys.stderr.write(f"{line}\n")
    if paper is not None:
        _write_paper(found, stored, paper)
    if output is not None or not as_json:
        deliver_rows(found.rows, output, write)
    if as_json:
        typer.echo(json.dumps(as_document(found), ensure_ascii=False, allow_nan=False, indent=1))


def _write_paper(found: NextItems, stored: RunFolder, paper: Path) -> None:
    from segmentry.render.format import entity_nouns
    from segmentry.render.next_paper import next_paper
    from segmentry.render.paper import render_paper
    from segmentry.stores.files import replacing

    told = stored.document("summary")["project"]
    _, entities = entity_nouns(str(told.get("entity") or "entity"))
    page = render_paper(next_paper(found, project=str(told["name"]), entities=entities))
    with replacing(paper) as file:
        file.write(page.encode())
    sys.stderr.write(f"paper written to {paper}\n")


def _lines(found: NextItems) -> Iterator[str]:
    """Say how far to trust the items, and what segments have more of."""
    from segmentry.cli.failures import printable
    from segmentry.domain.percent import percent

    yield printable(found.judged.sentence)
    for told in found.segments:
        yield printable(
            f"{told.segment}: {told.told}, {told.n:,} of its members ({percent(told.share)}, "
            f"{percent(told.low)} to {percent(told.high)}; {percent(told.everyone)} of everyone); "
            f"{told.alike.value:.2f} times as often as all with as many different items "
            f"({told.alike.low:.2f} to {told.alike.high:.2f})"
        )


def as_document(found: NextItems) -> dict[str, object]:
    """Give hit rates and segments as a plain document, without any entity."""
    from segmentry.stores.documents import plain

    return {
        "format": 1,
        "column": found.column,
        "again": found.again,
        "n_entities": found.n_entities,
        "n_items": found.n_items,
        "n_left_out": found.n_left_out,
        "judged": plain(found.judged),
        "segments": [plain(s) for s in found.segments],
    }
