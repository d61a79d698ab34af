"""``segmentry assign``: the segments of an earlier run for the entities of a file or of sources."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import (
    AsOfOption,
    BadRowsOption,
    ProjectOption,
    ThreadsOption,
    WriteToOption,
    base_of,
    instant,
)
from segmentry.cli.targets import check_target, project_files
from segmentry.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.domain.project import Project

PIECE_ROWS = 50_000

FORMULA = "^([=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
"""How a text begins that spreadsheets compute instead of showing it; full-width signs too."""

Writer = Callable[[Any, IO[bytes]], None]

RunOption = Annotated[
    Path | None, typer.Option("--run", help="The run folder; without it the latest run.")
]


def assign(
    file: Annotated[
        Path | None,
        typer.Argument(help="Data shaped like the project's source; without it the sources."),
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="A .csv, .jsonl or .parquet file; without it CSV goes to the output."
        ),
    ] = None,
    write_to: WriteToOption = None,
    as_of: AsOfOption = None,
    allow_bad_rows: BadRowsOption = False,
    threads: ThreadsOption = None,
) -> None:
    """Put the entities of data into the segments of a run.

    The data is a file, or without one the project's own sources as they lie now. Gives one row per
    entity: segment, confidence, runner-up, anomaly flag and score. Events count up to the run's own
    cut, unless --as-of names another one.

    In CSV, a text that begins as a formula does (with = + - @, a tab or a line end) gets a ' before
    it, so that no spreadsheet computes it: an id such as +49170 becomes '+49170. Numbers stay as
    they are. To join such ids, write .parquet or .jsonl, which hold them as they are.
    """
    write = writer_for(output)
    from segmentry.cli.failures import printable
    from segmentry.domain.audit import Audit
    from segmentry.pipeline.assign import assign_file
    from segmentry.pipeline.writeback import check_place, write_back
    from segmentry.stores.runfolder import find_run

    base = base_of(project)
    folder = find_run(base, run)
    if output is not None:
        read = [] if file is None else [file]
        check_target(output, [*read, *project_files(project)], option="--output")
    told = _project_of(project) if file is None or write_to is not None else None
    if told is not None and write_to is not None:
        check_place(told, write_to)
    audit = Audit()
    with listener() as progress:
        table = assign_file(
            folder,
            file,
            project_folder=base,
            sources=told.sources if told is not None else (),
            as_of=instant(as_of, _time_zone(folder)) if as_of else None,
            allow_bad_rows=allow_bad_rows,
            audit=audit,
            progress=progress,
            threads=threads,
        )
    for finding in audit.findings:
        if finding.severity == "warning":
            sys.stderr.write(f"warning: {printable(finding.sentence)}; {finding.done}\n")
    if told is not None and write_to is not None:
        place = write_back(table, told, write_to, fingerprint=_fingerprint(folder), threads=threads)
        sys.stderr.write(f"{table.num_rows:,} entities written to {printable(place)}\n")
    if output is not None or write_to is None:
        deliver_rows(table, output, write)


def deliver_rows(table: pa.Table, output: Path | None, write: Writer) -> None:
    """Write answers into a file, or to the output."""
    if write is write_csv and (n := n_formulas(table)):
        sys.stderr.write(
            f"note: {n:,} ids begin as formulas do, so they have a ' before them in the CSV;"
            " .parquet and .jsonl hold them as they are\n"
        )
    if output is None:
        _to_standard_output(table)
        return
    from segmentry.stores.files import replacing

    with replacing(output) as target:
        write(table, target)
    sys.stderr.write(f"{table.num_rows:,} entities written to {output}\n")


def writer_for(output: Path | None) -> Writer:
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
    """Write comma-separated values, none of which a spreadsheet takes for a formula."""
    from pyarrow import csv

    csv.write_csv(without_formulas(table), file, csv.WriteOptions(include_header=has_header))


def without_formulas(table: pa.Table) -> pa.Table:
    """Put a ``'`` before texts that begin as formulas do; numbers stay as they are.

    Parameters
    ----------
    table : pyarrow.Table

    Returns
    -------
    pyarrow.Table
        With plain texts in place of dictionaries.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, column in enumerate(table.columns):
        is_coded = pa.types.is_dictionary(column.type)
        plain = column.cast(column.type.value_type) if is_coded else column
        if _is_text(plain.type):
            safe = pc.replace_substring_regex(plain, FORMULA, r"'\1")
            table = table.set_column(place, table.field(place).name, safe)
    return table


def _is_text(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def n_formulas(table: pa.Table) -> int:
    """Count the entities whose ids ``without_formulas`` changes."""
    import pyarrow.compute as pc

    ids = table.column(0)
    if not _is_text(ids.type):
        return 0
    return int(pc.sum(pc.match_substring_regex(ids, FORMULA)).as_py() or 0)


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


WRITERS: dict[str, Writer] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
}


def _project_of(file: Path) -> Project:
    """Read the project file, which says how its sources are reached."""
    from segmentry.api import open_project

    return open_project(file).project


def _fingerprint(folder: Path) -> str:
    from segmentry.stores.runfolder import open_run

    return str(open_run(folder).document("summary")["fingerprint"])


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
