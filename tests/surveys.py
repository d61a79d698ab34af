"""Surveys of a few columns, without a file: what the guesses look at."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentry.projectfile.fields import Fields
from segmentry.projectfile.survey import Column, Survey, columns_of


def look(columns: Mapping[str, Sequence[Any]]) -> Survey:
    """Survey columns that lie in memory whole."""
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    return Survey(columns_of(table), table.num_rows, None)


def column(name: str, values: Sequence[Any]) -> Column:
    """Build one column."""
    return look({name: values}).columns[0]


def fields(columns: Mapping[str, Sequence[Any]], entity: str = "user_id") -> Fields:
    """Build the fields of events whose entity is settled."""
    seen = look(columns)
    found = Fields(seen, seen.get(entity).codes)
    found.put("entity", entity, (entity,), "given")
    return found


def write_csv(path: Path, columns: Mapping[str, Sequence[Any]]) -> Path:
    """Write columns as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path
