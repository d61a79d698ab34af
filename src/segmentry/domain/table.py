"""One row per entity: what features are built into, and what preparation reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.domain.arrays import (
    ROUNDED,
    codes_of,
    floats_of,
    rounded_of,
    whole_of,
    wholes_of,
)
from segmentry.domain.feature import Derived, ShareOf, family_name
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.textmodel import TextModel, TextOf
from segmentry.errors import DataError

ENTITY = "entity_id"


@dataclass(frozen=True, slots=True)
class FeatureColumn:
    """What a column of the table is, in words and in type."""

    name: str
    role: Role
    kind: Kind = Kind.NUMBER
    facet: Facet = Facet.ATTRIBUTE
    unit: str = ""
    sentence: str = ""
    null_means: str = "not known"
    null_is: float | None = None
    """What a missing value is worth; None: the column's median."""
    share: ShareOf | None = None
    """What a share counts, so that assignment counts the same; None for all else."""
    derived: Derived | None = None
    """What a derived feature's model learned; None for all else."""
    aspect: str | None = None
    """The side that this and other columns measure; None where it stands for itself."""
    refines: bool = False
    """Adds detail to its aspect, and no weight."""
    objectives: tuple[str, ...] = ()
    """What it serves most; empty where it serves any."""
    text: TextOf | None = None
    """What a feature of texts tells, so that assignment tells the same; None for all else."""

    @property
    def family(self) -> str | None:
        """Name the family that has one common scale: shares of a field, topics of a text."""
        is_topic = self.text is not None and self.text.what == "topic"
        return family_name(self.name) if self.share is not None or is_topic else None


@dataclass(frozen=True)
class FeatureTable:
    """Entities with their features, unscaled.

    ``data`` has ``entity_id`` first, sorted ascending and unique, then one column per
    ``columns`` entry: float64 for numbers (null, never NaN), string for categories.
    """

    data: pa.Table
    columns: tuple[FeatureColumn, ...]
    as_of: datetime | None = None
    texts: tuple[TextModel, ...] = ()
    """What features of texts were made with; a release keeps it."""

    @classmethod
    def of(
        cls, data: pa.Table, columns: tuple[FeatureColumn, ...], as_of: datetime | None = None
    ) -> FeatureTable:
        """Build a table: cast, round to 12 significant digits, sort by entity, check.

        Raises
        ------
        DataError
            If entities repeat.
        """
        fields: dict[str, pa.ChunkedArray | pa.Array] = {ENTITY: data[ENTITY]}
        for column in columns:
            is_rounded = data.field(column.name).metadata == ROUNDED
            fields[column.name] = (
                data[column.name] if is_rounded else _canonical(data[column.name], column.kind)
            )
        table = pa.table(fields)
        if not is_ascending(table[ENTITY]):
            table = table.sort_by(ENTITY)
            if not is_ascending(table[ENTITY]):
                raise DataError("entities repeat in the feature table", code="E2005")
        return cls(table.combine_chunks(), columns, as_of)

    @property
    def n_entities(self) -> int:
        """Count the rows."""
        return int(self.data.num_rows)

    @property
    def entity_ids(self) -> pa.Array:
        """Give the ids, in the order of the rows."""
        return self.data[ENTITY].combine_chunks()

    def with_role(self, *roles: Role) -> tuple[FeatureColumn, ...]:
        """Give the columns that have one of the roles."""
        return tuple(c for c in self.columns if c.role in roles)

    def column(self, name: str) -> FeatureColumn:
        """Give the description of a column."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, FeatureColumn]:
        return {c.name: c for c in self.columns}

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Give a number column as a contiguous array, NaN where null."""
        return np.require(floats_of(self.data[name]), requirements=["C", "W"])

    def categories(self, name: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Give a category column as codes (-1 where null) and its levels, sorted."""
        encoded = self.data[name].combine_chunks().dictionary_encode()
        levels = [str(v) for v in encoded.dictionary.to_pylist()]
        order = np.argsort(np.array(levels, dtype=object), kind="stable")
        rank = np.empty(len(levels) + 1, dtype=np.int64)
        rank[order] = np.arange(len(levels))
        rank[-1] = -1
        codes = codes_of(encoded.indices.fill_null(-1))
        return rank[codes], tuple(levels[i] for i in order)

    def take(self, rows: NDArray[np.int64]) -> FeatureTable:
        """Give some of the rows, in the order asked for."""
        return replace(self, data=self.data.take(wholes_of(rows)))


def is_ascending(ids: pa.ChunkedArray) -> bool:
    """Say whether each id is greater than the one before, so that none repeats."""
    import pyarrow.compute as pc

    whole = whole_of(ids)
    grows = pc.less(whole.slice(0, max(len(whole) - 1, 0)), whole.slice(1))
    return bool(pc.all(grows, min_count=0).as_py())


def _canonical(values: pa.ChunkedArray, kind: Kind) -> pa.Array:
    if kind is Kind.CATEGORY:
        return pa.array(values.cast(pa.string()).combine_chunks())
    return rounded_of(values)
