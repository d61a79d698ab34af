"""What a lake says of itself: its fields, its files, how entities are spread over partitions.

What lives here: the values, and their one JSON document, which is replaced in one step. What does
not: the rows (``lakewriting``, ``lake``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from segmentry.errors import StoreError
from segmentry.stores.documents import json_bytes
from segmentry.stores.files import read_json, replacing
from segmentry.stores.lakehash import RULE
from segmentry.stores.records import from_plain, to_plain

if TYPE_CHECKING:
    import pyarrow as pa

LAKE_FORMAT = 1
MANIFEST = "lake.json"
ENTITY, MICROS = "entity_id", "micros"

Duplicates = Literal["keep", "remove"]

MOST_PARTITIONS = 4096


@dataclass(frozen=True, slots=True)
class LakeField:
    """A column of the events and its type, as Arrow writes it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file of one partition, its rows sorted by entity and instant."""

    partition: int
    name: str
    rows: int
    size: int
    sha256: str
    first: int
    """Earliest instant, in microseconds since 1970 in UTC."""
    last: int


@dataclass(frozen=True, slots=True)
class LakeManifest:
    """Everything that a reader needs to know before it opens a file."""

    format: int
    fields: tuple[LakeField, ...]
    n_partitions: int
    partition_rule: str
    duplicates: Duplicates
    """Whether rows that are equal in every column count once, or as often as they came."""
    files: tuple[LakeFile, ...] = ()
    batches: tuple[str, ...] = ()
    """Names of the batches that are in, so that one that comes twice is in once."""

    @property
    def n_rows(self) -> int:
        """Count the rows of all files."""
        return sum(f.rows for f in self.files)

    @property
    def first(self) -> int | None:
        """Give the earliest instant; None where there is no row."""
        return min((f.first for f in self.files), default=None)

    @property
    def last(self) -> int | None:
        """Give the latest instant; None where there is no row."""
        return max((f.last for f in self.files), default=None)

    def of_partition(self, partition: int) -> tuple[LakeFile, ...]:
        """Give the files of a partition, in the order in which they were written."""
        return tuple(f for f in self.files if f.partition == partition)

    @property
    def schema(self) -> pa.Schema:
        """Give the columns as Arrow knows them."""
        import pyarrow as pa

        return pa.schema([pa.field(f.name, arrow_type(f.type)) for f in self.fields])


def damaged(path: Path, what: str) -> StoreError:
    """Word that a lake is not as it was written."""
    return StoreError(
        f"{path.name} {what}",
        code="E5012",
        where=str(path.parent),
        hint="restore the folder from a copy, or write the lake again from its sources",
    )


def new_manifest(schema: pa.Schema, n_partitions: int, duplicates: Duplicates) -> LakeManifest:
    """Describe a lake without rows."""
    fields = tuple(LakeField(f.name, str(f.type)) for f in schema)
    return LakeManifest(LAKE_FORMAT, fields, n_partitions, RULE, duplicates)


def arrow_type(text: str) -> pa.DataType:
    """Read a type as Arrow writes it: the few that events have, and no other.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    import re

    import pyarrow as pa

    if found := re.fullmatch(r"decimal128\((\d{1,2}), (\d{1,2})\)", text):
        return pa.decimal128(int(found[1]), int(found[2]))
    plain = {"int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64()}
    plain |= {"string": pa.string(), "double": pa.float64(), "bool": pa.bool_()}
    if text not in plain:
        msg = f"events have no column of type {text!r}"
        raise ValueError(msg)
    return plain[text]


def read_manifest(folder: Path) -> LakeManifest:
    """Read what a lake says of itself, every field checked.

    Raises
    ------
    StoreError
        E5010 if the folder is no lake; E5012 if its manifest is damaged, or a file is not there.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreError(
            "the folder is not a lake of events",
            code="E5010",
            where=str(folder),
            hint=f"name a folder that holds {MANIFEST}",
        )
    try:
        document = read_json(path)
    except StoreError as error:
        raise damaged(path, "is not readable as JSON") from error
    if document.get("format") != LAKE_FORMAT:
        raise damaged(path, f"is not of format {LAKE_FORMAT}")
    try:
        told = from_plain(LakeManifest, {k: v for k, v in document.items() if k != "summary"})
        _check(told)
    except ValueError as error:
        raise damaged(path, f"is not as it was written: {error}") from error
    for file in told.files:
        place = folder / file.name
        if not place.is_file() or place.stat().st_size != file.size:
            raise damaged(place, "is missing or not as long as it was written")
    return told


def _check(told: LakeManifest) -> None:
    """Refuse what the types alone allow."""
    if not 1 <= told.n_partitions <= MOST_PARTITIONS or told.partition_rule != RULE:
        msg = "another rule of partitions"
        raise ValueError(msg)
    if [f.name for f in told.fields[:2]] != [ENTITY, MICROS]:
        msg = f"the first columns are not {ENTITY} and {MICROS}"
        raise ValueError(msg)
    _ = told.schema
    for file in told.files:
        folder, _, name = file.name.partition("/")
        is_ours = folder == f"partition={file.partition:04d}" and name and "/" not in name
        if not is_ours or "\\" in name or name.startswith(".") or file.rows < 0:
            msg = f"a file outside its partition: {file.name!r}"
            raise ValueError(msg)


def write_manifest(folder: Path, told: LakeManifest) -> None:
    """Put a manifest in place in one step; the files it names are on the disk already."""
    summary = {"rows": told.n_rows, "first": told.first, "last": told.last}
    with replacing(folder / MANIFEST) as file:
        file.write(json_bytes({**to_plain(told), "summary": summary}))


def with_files(
    told: LakeManifest, files: tuple[LakeFile, ...], batch: str | None = None
) -> LakeManifest:
    """Give the manifest with these files, and with one more batch where one is named."""
    batches = told.batches if batch is None else (*told.batches, batch)
    return replace(told, files=files, batches=batches)
