"""``segmentry health``: how healthy the tie to each segment is, and to each of its members."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.assign import RunOption, n_formulas, write_csv, writer_for
from segmentry.cli.run import ProjectOption, base_of
from segmentry.cli.targets import check_target, project_files

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.pipeline.healthtold import Told


def health(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="A .csv, .jsonl or .parquet file for everybody's score and its parts."
        ),
    ] = None,
    floor: Annotated[
        float | None,
        typer.Option(
            "--floor",
            min=0,
            max=100,
            help="The score below which is low; without it the score's own.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say how healthy the tie to each segment is, 0 to 100.

    Where the run has an outcome that tells who stays, the score is 100 less the chance of its bad
    end, and it is told how well that held on entities that no model had learned from. Of events
    without such an outcome that end is silence: no event in the days after a cut, which does not
    say that somebody left. Without any outcome it is a mean rank in features whose good end is
    known, and is told as unchecked. Where neither can be had there is none, and the reason is told.

    With --output: everybody's score, and the features that raise and lower it most. That file is of
    single persons: it is for whoever may see the data. Parts tell what the score is made of, not
    what would change if somebody acted on them.
    """
    from segmentry.pipeline.healthtold import Told
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    if output is not None:
        check_target(output, project_files(project), option="--output")
        write = writer_for(output)
    told = Told.of(said_run(find_run(base, run), base), floor)
    if as_json:
        typer.echo(json.dumps(_document(told), ensure_ascii=False, indent=1))
    else:
        _tell(told)
    if output is not None:
        from segmentry.stores.files import replacing

        rows = flat(told.table())
        with replacing(output) as target:
            write(rows, target)
        if write is write_csv and (n := n_formulas(rows)):
            sys.stderr.write(
                f"note: {n:,} ids begin as formulas do, so they have a ' before them\n"
            )
        sys.stderr.write(f"{rows.num_rows:,} entities written to {output}\n")


def flat(table: pa.Table) -> pa.Table:
    """Put the parts of each score into two texts: what raises it, and what lowers it.

    Parameters
    ----------
    table : pyarrow.Table
        As ``Run.health`` gives it.

    Returns
    -------
    pyarrow.Table
        With ``raises`` and ``lowers`` in place of ``parts``.
    """
    import pyarrow as pa

    parts = table["parts"].to_pylist()
    for name, sign in (("raises", 1), ("lowers", -1)):
        texts = ["; ".join(p["sentence"] for p in own if sign * p["points"] > 0) for own in parts]
        table = table.append_column(name, pa.array(texts, pa.string()))
    return table.drop_columns(["parts"])


def _document(told: Told) -> dict[str, Any]:
    from segmentry.stores.documents import plain

    found = plain(told.health)
    for segment in found["segments"]:
        segment["name"] = told.names[segment["id"]]
    return {"format": 1, **found}


def _tell(told: Told) -> None:
    from segmentry.cli.failures import printable
    from segmentry.domain.health import health_words

    for sentence in told.sentences():
        typer.echo(printable(sentence))
    if told.health.segments:
        typer.echo()
    for segment in told.health.segments:
        name = told.names[segment.id]
        line = f"{name} ({segment.n:,}): {health_words(segment, told.health.floor)}"
        typer.echo(printable(line))
