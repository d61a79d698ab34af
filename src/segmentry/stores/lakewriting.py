"""Events into the lake: batches appended, partitions compacted, whole or not there.

What lives here: spreading rows over partitions, sorted files, and the order of steps that makes a
kill harmless: new files are forced to the disk under names of their own, then the manifest is
replaced in one step, and what no manifest names is removed by the next writer. What does not: the
manifest's form (``lakemanifest``), reading (``lake``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.errors import DataError, StoreError
from segmentry.stores.files import durable, sha256_of, sync_folder, writing
from segmentry.stores.lakehash import partitions_of
from segmentry.stores.lakemanifest import (
    ENTITY,
    MANIFEST,
    MICROS,
    MOST_PARTITIONS,
    Duplicates,
    LakeFile,
    LakeManifest,
    arrow_type,
    damaged,
    new_manifest,
    read_manifest,
    with_files,
    write_manifest,
)
from segmentry.stores.runs import without_nan

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 1_024
"""Rows of a row group: so few that an entity costs one small group, and no fewer, because each
group costs some 100 bytes of footer for each column."""

PARTITIONS = 16

_ASIDE, _LOCK = ".aside", ".lock"


def create_lake(
    folder: Path,
    schema: pa.Schema,
    *,
    n_partitions: int = PARTITIONS,
    duplicates: Duplicates = "keep",
) -> LakeManifest:
    """Make an empty lake.

    Parameters
    ----------
    folder : Path
        New or empty.
    schema : pyarrow.Schema
        ``entity_id`` (int64 or string) and ``micros`` (int64, microseconds since 1970 in UTC)
        first, then whatever fields the events have.
    n_partitions : int
        Fixed for the life of the lake. A partition is what writing and compaction hold in memory.
    duplicates : {"keep", "remove"}
        Whether rows that are equal in every column count as often as they came, or once.

    Returns
    -------
    LakeManifest

    Raises
    ------
    StoreError
        E5001 if the folder holds anything, or cannot be written to.
    DataError
        E2020 if a column is none that a lake can hold.
    """
    if not 1 <= n_partitions <= MOST_PARTITIONS:
        msg = f"a lake has 1 to {MOST_PARTITIONS} partitions, not {n_partitions}"
        raise StoreError(msg, code="E5001", where=str(folder))
    _check_schema(schema, folder)
    with writing(folder / MANIFEST):
        folder.mkdir(parents=True, exist_ok=True)
        if any(p.name != _LOCK for p in folder.iterdir()):
            raise StoreError(
                "a lake needs a folder of its own, and this one holds other files",
                code="E5001",
                where=str(folder),
                hint="give a new folder, or an empty one",
            )
    told = new_manifest(schema, n_partitions, duplicates)
    write_manifest(folder, told)
    return told


def append(folder: Path, rows: Iterable[pa.Table], *, batch: str) -> LakeManifest:
    """Add a batch of events: one new file in each partition that it touches.

    Rows may come in any order, late, and again in a batch of the same name, which then changes
    nothing. Memory holds one piece of ``rows`` and one partition of the batch at a time.

    Parameters
    ----------
    folder : Path
    rows : iterable of pyarrow.Table
        With the lake's columns; NaN becomes null.
    batch : str
        Names the batch, so that one that is delivered twice is in once.

    Returns
    -------
    LakeManifest

    Raises
    ------
    StoreError
        E5010 if the folder is no lake; E5011 if another process writes; E5001 if the disk is full.
    DataError
        E2020 if a row has no entity or no instant, or the columns differ.
    """
    with _alone(folder):
        told = read_manifest(folder)
        if batch in told.batches:
            return told
        _sweep(folder, told)
        files = []
        for partition, table in _spread(folder, rows, told):
            files.append(_write(folder, partition, table, told))
        told = with_files(told, (*told.files, *files), batch)
        write_manifest(folder, told)
        return told


def compact(folder: Path) -> LakeManifest:
    """Put the files of each partition together into one sorted file.

    A second time changes nothing. Killed at any moment, the lake is as before or as after.

    Raises
    ------
    StoreError
        E5012 if a file differs from what was written; E5011 if another process writes.
    """
    with _alone(folder):
        told = read_manifest(folder)
        _sweep(folder, told)
        files: list[LakeFile] = []
        for partition in range(told.n_partitions):
            own = told.of_partition(partition)
            if len(own) > 1:
                table = _together(folder, own, told)
                own = (_write(folder, partition, table, told),)
            files += own
        if tuple(files) != told.files:
            told = with_files(told, tuple(files))
            write_manifest(folder, told)
        return told


def distinct(table: pa.Table) -> pa.Table:
    """Keep one of the rows that are equal in every column."""
    return table.group_by(table.column_names, use_threads=False).aggregate([])


def in_order(table: pa.Table) -> pa.Table:
    """Sort rows by entity, instant, and all else, so that equal rows make equal files."""
    rest = [n for n in table.column_names if n not in {ENTITY, MICROS}]
    return table.sort_by([(n, "ascending") for n in (ENTITY, MICROS, *rest)])


def _check_schema(schema: pa.Schema, folder: Path) -> None:
    names = schema.names
    if names[:2] != [ENTITY, MICROS] or len(set(names)) != len(names):
        raise _unfit(f"the columns begin with {names[:2]}, not with {ENTITY!r}, {MICROS!r}", folder)
    for field in schema:
        try:
            arrow_type(str(field.type))
        except ValueError as error:
            raise _unfit(f"{field.name!r}: {error}", folder) from error
    kinds = str(schema.field(0).type), str(schema.field(1).type)
    if kinds[0] not in {"int64", "string"} or kinds[1] != "int64":
        raise _unfit(f"{ENTITY} is {kinds[0]} and {MICROS} is {kinds[1]}", folder)


def _unfit(what: str, folder: Path) -> DataError:
    return DataError(
        f"these rows do not fit into the lake: {what}",
        code="E2020",
        where=str(folder),
        hint=f"give {ENTITY} (int64 or string) and {MICROS} (int64) first, both never null, "
        "and the fields that the lake was made with",
    )


def _fitted(table: pa.Table, schema: pa.Schema, folder: Path) -> pa.Table:
    """Check a piece of a batch, and give it the lake's types."""
    import pyarrow as pa

    if set(table.column_names) != set(schema.names):
        raise _unfit(f"they have the columns {sorted(table.column_names)}", folder)
    if table[ENTITY].null_count or table[MICROS].null_count:
        raise _unfit("a row has no entity or no instant", folder)
    try:
        return without_nan(table.select(schema.names)).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _unfit(str(error), folder) from error


def _spread(
    folder: Path, rows: Iterable[pa.Table], told: LakeManifest
) -> Iterator[tuple[int, pa.Table]]:
    """Give the rows of each partition, gone by way of scratch files beside the lake."""
    import pyarrow as pa

    schema, aside = told.schema, folder / _ASIDE
    with writing(folder / MANIFEST):
        aside.mkdir()
        with ExitStack() as stack:
            writers: dict[int, Any] = {}
            for table in rows:
                fitted = _fitted(table, schema, folder)
                places = partitions_of(fitted[ENTITY], told.n_partitions)
                for partition in np.unique(places).tolist():
                    if partition not in writers:
                        sink = stack.enter_context((aside / str(partition)).open("wb"))
                        writers[partition] = stack.enter_context(pa.ipc.new_stream(sink, schema))
                    writers[partition].write_table(fitted.filter(pa.array(places == partition)))
    for partition in sorted(writers):
        with pa.memory_map(str(aside / str(partition))) as source:
            table = pa.ipc.open_stream(source).read_all()
            yield partition, table
        (aside / str(partition)).unlink()
    aside.rmdir()


def _together(folder: Path, files: tuple[LakeFile, ...], told: LakeManifest) -> pa.Table:
    """Read files whole after checking that they are what was written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = []
    for file in files:
        path = folder / file.name
        if sha256_of(path) != file.sha256:
            raise damaged(path, "differs from what was written")
        parts.append(pq.ParquetFile(path).read().select(told.schema.names).cast(told.schema))
    return pa.concat_tables(parts)


def _write(folder: Path, partition: int, table: pa.Table, told: LakeManifest) -> LakeFile:
    """Write one sorted file to the disk; nobody reads it before a manifest names it."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = in_order(distinct(table) if told.duplicates == "remove" else table)
    place = folder / f"partition={partition:04d}"
    aside = place / f".{os.getpid()}.partial"
    with writing(aside, n_bytes=table.nbytes):
        place.mkdir(exist_ok=True)
        with durable(aside) as file:
            pq.write_table(
                table,
                file,
                row_group_size=GROUP_ROWS,
                # A group is read for the few rows of one entity: what is quick to open counts.
                compression="lz4",
                use_dictionary=False,
                write_statistics=[ENTITY],
                sorting_columns=[pq.SortingColumn(0), pq.SortingColumn(1)],
            )
        digest = sha256_of(aside)
        # Equal rows may come in two batches: the turn keeps their files apart.
        turn = hashlib.sha256(f"{len(told.batches)} {digest}".encode()).hexdigest()[:8]
        path = place / f"{len(told.batches):06d}-{turn}.parquet"
        aside.replace(path)
        sync_folder(place)
        sync_folder(folder)
    first, last = (int(f(table[MICROS]).as_py()) for f in (pc.min, pc.max))
    size = path.stat().st_size
    name = path.relative_to(folder).as_posix()
    return LakeFile(partition, name, table.num_rows, size, digest, first, last)


def _sweep(folder: Path, told: LakeManifest) -> None:
    """Remove what killed writers left, and files that an earlier compaction replaced.

    Not at the end of that compaction, so that who was reading then could finish.
    """
    named = {f.name for f in told.files}
    shutil.rmtree(folder / _ASIDE, ignore_errors=True)
    for left in folder.glob(f".{MANIFEST}.*.partial"):
        left.unlink(missing_ok=True)
    for path in folder.glob("partition=*/*"):
        if path.relative_to(folder).as_posix() not in named and path.is_file():
            path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lake for one writer; the lock ends with its process, however that dies."""
    if not (folder / MANIFEST).is_file():
        read_manifest(folder)  # words what is missing
    try:
        import fcntl
    except ImportError:  # Windows: one writer is up to whoever calls
        yield
        return
    with writing(folder / _LOCK):
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                "another process is writing to this lake",
                code="E5011",
                where=str(folder),
                hint="wait until it is done, and try again",
            ) from error
        yield
    finally:
        os.close(descriptor)
