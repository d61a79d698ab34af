"""``segmentry assign FILE``: the segments of an earlier run for the entities of a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import AsOfOption, BadRowsOption, ProjectOption, ThreadsOption, instant
from segmentry.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

PIECE_ROWS = 50_000

RunOption = Annotated[
    Path | None, typer.Option("--run", help="The run folder; without it the latest run.")
]


def assign(
    file: Annotated[Path, typer.Argument(help="Data shaped like the project's source.")],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="A .csv, .jsonl or .parquet file; without it CSV goes to the output."
        ),
    ] = None,
    as_of: AsOfOption = None,
    allow_bad_rows: BadRowsOption = False,
    threads: ThreadsOption = None,
) -> None:
    """Put the entities of a file into the segments of a run.

    Gives one row per entity: segment, confidence, runner-up, anomaly flag and score.
    """
    write = writer_for(output)
    from segmentry.cli.failures import printable
    from segmentry.domain.audit import Audit
    from segmentry.pipeline.assign import assign_file
    from segmentry.stores.runfolder import find_run

    base = project if project.is_dir() else project.parent
    folder = find_run(base, run)
    audit = Audit()
    with listener() as progress:
        table = assign_file(
            folder,
            file,
            project_folder=base,
            as_of=instant(as_of, _time_zone(folder)) if as_of else None,
            allow_bad_rows=allow_bad_rows,
            audit=audit,
            progress=progress,
            threads=threads,
        )
    for finding in audit.findings:
        if finding.severity == "warning":
            sys.stderr.write(f"warning: {printable(finding.sentence)}; {finding.done}\n")
    if output is None:
        _to_standard_output(table)
        return
    from segmentry.stores.files import replacing

    with replacing(output) as target:
        write(table, target)
    sys.stderr.write(f"{table.num_rows:,} entities written to {output}\n")


def writer_for(output: Path | None) -> Callable[[pa.Table, IO[bytes]], None]:
    """Choose how to write by the file's ending, before any work is done.

    Raises
    ------
    UsageError
        If the ending is none of the three.
    """
    ending = output.suffix.lower() if output else ".csv"
    if ending not in WRITERS:
        raise UsageError(
            f"--output cannot end in {ending!r}", hint=f"use one of {', '.join(WRITERS)}"
        )
    return WRITERS[ending]


def write_csv(table: pa.Table, file: IO[bytes], *, has_header: bool = True) -> None:
    """Write comma-separated values."""
    from pyarrow import csv

    csv.write_csv(table, file, csv.WriteOptions(include_header=has_header))


def write_jsonl(table: pa.Table, file: IO[bytes]) -> None:
    """Write one JSON object per line; what is missing is left out."""
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            known = {name: _plain(item) for name, item in row.items() if item is not None}
            file.write(json.dumps(known, ensure_ascii=False).encode() + b"\n")


def write_parquet(table: pa.Table, file: IO[bytes]) -> None:
    """Write Parquet."""
    from pyarrow import parquet

    parquet.write_table(table, file, compression="zstd")


WRITERS: dict[str, Callable[[Any, IO[bytes]], None]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
}


def _time_zone(folder: Path) -> str:
    from segmentry.stores.runfolder import open_run

    return str(open_run(folder).document("summary")["project"].get("time_zone", "UTC"))


def _plain(item: Any) -> Any:
    return item if isinstance(item, str | int | float | bool) else str(item)


def _to_standard_output(table: pa.Table) -> None:
    """Write CSV piece by piece: a reader that has seen enough ends it early."""
    import io

    for start in range(0, max(table.num_rows, 1), PIECE_ROWS):
        text = io.BytesIO()
        write_csv(table.slice(start, PIECE_ROWS), text, has_header=start == 0)
        sys.stdout.write(text.getvalue().decode())
    sys.stdout.flush()
