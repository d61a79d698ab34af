"""A lake of events: Parquet files by partition of entities, read for all or for a few of them.

What lives here: opening a lake, and reading no more of it than is asked for. What does not: writing
(``lakewriting``), and computing anything of what is read.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.stores.files import sha256_of
from segmentry.stores.lakehash import partitions_of
from segmentry.stores.lakemanifest import (
    ENTITY,
    LakeFile,
    LakeManifest,
    damaged,
    read_manifest,
)
from segmentry.stores.lakewriting import distinct

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as ds

READERS = 2
"""Threads that read files side by side."""


@dataclass(frozen=True)
class _Footer:
    """What a file says of its row groups: the first and last entity of each."""

    metadata: Any
    first: Any
    last: Any


@dataclass(frozen=True)
class Lake:
    """An open lake, as it was when it was opened."""

    folder: Path
    manifest: LakeManifest
    _footers: dict[str, _Footer] = field(default_factory=dict, repr=False, compare=False)
    """Read once for each file: files never change."""

    @classmethod
    def opened(cls, folder: str | Path) -> Lake:
        """Open a lake.

        Raises
        ------
        StoreError
            E5010 if the folder is no lake; E5012 if it is damaged.
        """
        place = Path(folder).resolve()
        return cls(place, read_manifest(place))

    def verify(self) -> None:
        """Check every file against the manifest.

        Raises
        ------
        StoreError
            E5012 naming the first that differs.
        """
        for file in self.manifest.files:
            path = self.folder / file.name
            if sha256_of(path) != file.sha256:
                raise damaged(path, "differs from what was written")

    def paths(self, partition: int | None = None) -> list[Path]:
        """Give the files of a partition, or all: for any engine that reads Parquet."""
        told = self.manifest
        files = told.files if partition is None else told.of_partition(partition)
        return [self.folder / f.name for f in files]

    def dataset(self) -> ds.Dataset:
        """Give all files as a PyArrow dataset; equal rows are in it as often as they came."""
        import pyarrow.dataset as ds

        return ds.dataset([str(p) for p in self.paths()], self.manifest.schema, format="parquet")

    def read(
        self, entities: Sequence[Any] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Read the events of some entities, or of all.

        Of each file only the row groups are read in which one of the entities may be.

        Parameters
        ----------
        entities : sequence of int or str, or None
            Ids as the lake has them; who has no event is in no row.
        columns : sequence of str or None
            Fields beside ``entity_id`` and ``micros``; None reads all.

        Returns
        -------
        pyarrow.Table
            Sorted by entity and instant within each file, not over files.

        Raises
        ------
        StoreError
            E5012 if a file cannot be read.
        """
        import pyarrow as pa

        told = self.manifest
        names = self._names(columns)
        # What is equal in every column is told by every column.
        read = told.schema.names if told.duplicates == "remove" else names
        parts = self._parts(entities, read)
        schema = pa.schema([told.schema.field(n) for n in read])
        whole = pa.concat_tables(parts) if parts else schema.empty_table()
        if told.duplicates == "remove":
            whole = distinct(whole)
        return whole.select(names)

    def groups_read(self, entities: Sequence[Any]) -> tuple[int, int]:
        """Count the row groups that reading these entities takes, and all that there are."""
        wanted = self._wanted(entities)
        taken = sum(len(_groups(self._footer(f), ids)) for f, ids in wanted)
        return taken, sum(len(self._footer(f).first) for f in self.manifest.files)

    def _names(self, columns: Sequence[str] | None) -> list[str]:
        known = self.manifest.schema.names
        if columns is None:
            return list(known)
        wanted = {*known[:2], *columns}
        if unknown := sorted(wanted.difference(known)):
            msg = f"has no field {unknown[0]!r}"
            raise damaged(self.folder, msg)
        return [n for n in known if n in wanted]

    def _parts(self, entities: Sequence[Any] | None, columns: list[str]) -> list[pa.Table]:
        if entities is None:
            jobs: list[tuple[LakeFile, Any]] = [(f, None) for f in self.manifest.files]
        else:
            jobs = self._wanted(entities)
        with ThreadPoolExecutor(READERS) as pool:
            return list(pool.map(lambda job: self._part(job[0], job[1], columns), jobs))

    def _wanted(self, entities: Sequence[Any]) -> list[tuple[LakeFile, Any]]:
        """Give each file that may hold some of the entities, with those."""
        import pyarrow as pa
        import pyarrow.compute as pc

        told = self.manifest
        ids = pc.unique(pa.array(entities, type=told.schema.field(ENTITY).type)).drop_null()
        ids = ids.take(pc.sort_indices(ids))
        places = partitions_of(ids, told.n_partitions)
        own = {p: ids.filter(pa.array(places == p)) for p in np.unique(places).tolist()}
        return [(f, own[f.partition]) for f in told.files if f.partition in own]

    def _footer(self, file: LakeFile) -> _Footer:
        if file.name not in self._footers:
            import pyarrow as pa
            import pyarrow.parquet as pq

            path = self.folder / file.name
            try:
                metadata = pq.read_metadata(path)
                groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
                told = [g.column(0).statistics for g in groups]
                bounds = [(s.min, s.max) for s in told]
            except (pa.ArrowException, OSError, AttributeError) as error:
                raise damaged(path, "cannot be read as Parquet") from error
            first, last = (np.array([b[i] for b in bounds], dtype=object) for i in (0, 1))
            self._footers[file.name] = _Footer(metadata, first, last)
        return self._footers[file.name]

    def _part(self, file: LakeFile, entities: Any, columns: list[str]) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        path = self.folder / file.name
        schema = pa.schema([self.manifest.schema.field(n) for n in columns])
        try:
            if entities is None:
                return pq.ParquetFile(path).read(columns, use_threads=False).cast(schema)
            footer = self._footer(file)
            groups = _groups(footer, entities)
            if not groups:
                return schema.empty_table()
            source = pa.BufferReader(_mapped(path))
            opened = pq.ParquetFile(source, metadata=footer.metadata)
            rows = opened.read_row_groups(groups, columns, use_threads=False)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise damaged(path, "cannot be read as Parquet") from error
        return rows.filter(pc.is_in(rows[ENTITY], value_set=entities)).cast(schema)


def _mapped(path: Path) -> pa.Buffer:
    """Map a file into memory; PyArrow's own way asks the system about each part that it reads."""
    import pyarrow as pa

    with path.open("rb") as file:
        return pa.py_buffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _groups(footer: _Footer, entities: Any) -> list[int]:
    """Name the row groups whose bounds hold one of the entities, which ascend as the groups do."""
    ids = np.array(entities.to_pylist(), dtype=object)
    low = np.searchsorted(footer.last, ids)
    high = np.searchsorted(footer.first, ids, side="right")
    return sorted(
        {g for a, b in zip(low.tolist(), high.tolist(), strict=True) for g in range(a, b)}
    )
