"""Folders of snapshots: one for each day, whole or not there, in the layout that lakes use.

``as_of=2024-03-01/features.parquet`` is what DuckDB, Spark and PyArrow read as one table with a
column ``as_of``. What lives here: writing, recognising and listing them. What does not: what is in
them (``pipeline.backfill``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from segmentry.errors import StoreError, UsageError
from segmentry.stores.documents import json_bytes
from segmentry.stores.files import (
    durable,
    exchange,
    read_json,
    replacing,
    sha256_of,
    sync_folder,
    writing,
)
from segmentry.stores.records import from_plain, to_plain
from segmentry.stores.runs import without_nan

SNAPSHOTS_FORMAT = 1
MANIFEST, SNAPSHOT = "manifest.json", "snapshot.json"
KIND = "snapshots"
_BEGIN = "as_of="


GROUP_ROWS = 131_072
"""Rows that lie together in a file; as many are in memory once more while it is written."""


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A file of a snapshot."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known before a day began."""

    day: str
    as_of: datetime
    fingerprint: str
    """Digests all that it was made of; empty where that cannot be known."""
    files: tuple[SnapshotFile, ...]

    @property
    def n_entities(self) -> int:
        """Count the rows of its features."""
        return self.files[0].rows


@dataclass
class SnapshotFolder:
    """A folder of snapshots that share their definitions."""

    folder: Path
    definitions: dict[str, Any] | None = None

    @classmethod
    def at(cls, folder: Path) -> SnapshotFolder:
        """Open a folder for snapshots, or make it.

        Raises
        ------
        UsageError
            If it holds anything else.
        StoreError
            E5001 if it cannot be written to.
        """
        with writing(folder / MANIFEST):
            folder.mkdir(parents=True, exist_ok=True)
            own = [p for p in folder.iterdir() if not p.name.startswith(".")]
        if own and not _is_ours(folder):
            raise UsageError(
                "the folder holds other files, and snapshots need one of their own",
                where=str(folder),
                hint="give --output a new folder, an empty one, or one with earlier snapshots",
            )
        for left in folder.glob(".as_of=*.partial"):
            shutil.rmtree(left, ignore_errors=True)
        for left in folder.glob(f".{MANIFEST}.*.partial"):
            left.unlink(missing_ok=True)
        return cls(folder)

    def settle(self, definitions: Mapping[str, Any], days: Iterable[date]) -> None:
        """Say what the columns mean, before the first snapshot is written.

        Parameters
        ----------
        definitions : mapping
        days : iterable of date
            Whose snapshots are about to be there; those of other definitions are removed.

        Raises
        ------
        UsageError
            If snapshots of other days mean something else.
        """
        told = json.loads(json_bytes(definitions))
        there = self.all_snapshots() if self._manifest().get("definitions") != told else []
        if {s.day for s in there} - {d.isoformat() for d in days}:
            raise UsageError(
                "the snapshots that are there have other definitions than these would have",
                where=str(self.folder),
                hint="give --output a new folder, or use the release they were made with (--run)",
            )
        for stale in there:
            shutil.rmtree(self.folder / f"{_BEGIN}{stale.day}")
        self.definitions = told
        self.list_all()

    def finished(self, day: date, fingerprint: str) -> Snapshot | None:
        """Give the snapshot of a day, where it is whole and made of the same."""
        found = self._read(self.folder / f"{_BEGIN}{day}")
        if found is None or found.fingerprint != fingerprint:
            return None
        place = self.folder / f"{_BEGIN}{day}"
        are_whole = all(
            (place / f.name).is_file() and sha256_of(place / f.name) == f.sha256
            for f in found.files
        )
        return found if are_whole else None

    def write(
        self, day: date, as_of: datetime, tables: Mapping[str, Any], *, fingerprint: str
    ) -> Snapshot:
        """Write the snapshot of a day; one that is there is replaced.

        Parameters
        ----------
        day : date
        as_of : datetime
        tables : mapping of str to pyarrow.Table
            By the names of their files, features first.
        fingerprint : str

        Returns
        -------
        Snapshot
        """
        import pyarrow.parquet as pq

        place = self.folder / f"{_BEGIN}{day}"
        aside = self.folder / f".{_BEGIN}{day}.{os.getpid()}.partial"
        with writing(place / SNAPSHOT, n_bytes=sum(t.nbytes for t in tables.values())):
            aside.mkdir()
            files = []
            for name, table in tables.items():
                with durable(aside / name) as file:
                    pq.write_table(
                        without_nan(table), file, compression="zstd", row_group_size=GROUP_ROWS
                    )
                files.append(SnapshotFile(name, table.num_rows, sha256_of(aside / name)))
            made = Snapshot(day.isoformat(), as_of, fingerprint, tuple(files))
            with durable(aside / SNAPSHOT) as file:
                file.write(json_bytes(to_plain(made)))
            sync_folder(aside)
            _put_in_place(aside, place)
            sync_folder(self.folder)
        self.list_all()
        return made

    def all_snapshots(self) -> list[Snapshot]:
        """Give the snapshots that are there, in order of time."""
        places = sorted(p for p in self.folder.glob(f"{_BEGIN}*") if p.is_dir())
        return [s for p in places if (s := self._read(p)) is not None]

    def list_all(self) -> None:
        """Write the list of what is there, with the definitions."""
        known = self.definitions or self._manifest().get("definitions") or {}
        told = {
            "format": SNAPSHOTS_FORMAT,
            "kind": KIND,
            "definitions_digest": hashlib.sha256(json_bytes(known)).hexdigest(),
            "definitions": known,
            "snapshots": [to_plain(s) for s in self.all_snapshots()],
        }
        with replacing(self.folder / MANIFEST) as file:
            file.write(json_bytes(told))

    def _manifest(self) -> dict[str, Any]:
        try:
            return read_json(self.folder / MANIFEST)
        except StoreError:
            return {}

    def _read(self, place: Path) -> Snapshot | None:
        try:
            found = from_plain(Snapshot, read_json(place / SNAPSHOT))
        except (StoreError, ValueError):
            return None
        is_sound = found.files and f"{_BEGIN}{found.day}" == place.name
        return found if is_sound and all("/" not in f.name for f in found.files) else None


def _is_ours(folder: Path) -> bool:
    try:
        return read_json(folder / MANIFEST).get("kind") == KIND
    except StoreError:
        return False


def _put_in_place(aside: Path, place: Path) -> None:
    """Rename a folder, and swap it with one that is there, in one step where the system can."""
    if place.exists() and not exchange(aside, place):
        old = aside.with_name(f"{aside.name}.old.partial")
        place.rename(old)
        aside.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    elif aside.exists() and not place.exists():
        aside.rename(place)
    shutil.rmtree(aside, ignore_errors=True)
