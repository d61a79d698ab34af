"""Columns as people write them: typed by their content, and told where it was not plain."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from nasty_columns import DATES, NUMBERS, TIMES, Nasty
from reading import an_engine, wall
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.engines.base import Engine, Relation

ALONE = [n for n in NUMBERS if n.beside]
TOGETHER = [n for n in [*NUMBERS, *DATES] if not n.beside]
DOUBTS = (" too", "could", "can only", "several")
KINDS = {"string": "text", "timestamp": "time"}


@dataclass(frozen=True)
class Read:
    """A file that was opened: types and values of its columns, and what was found."""

    relation: Relation
    columns: dict[str, list[Any]]
    audit: Audit

    @property
    def types(self) -> dict[str, str]:
        types = {n: str(t).lower().split("(")[0] for n, t in self.relation.table.schema().items()}
        return {n: t.replace("boolean", "bool") for n, t in types.items()}

    @property
    def ways(self) -> Mapping[str, str]:
        return self.audit.facts["date_formats"]["nasty"]

    def told(self, column: str) -> list[Finding]:
        return [f for f in self.audit.findings if f.column == column]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with an_engine() as engine:
        yield engine


def write_columns(path: Path, columns: Mapping[str, Sequence[str]]) -> Path:
    """Write columns beside an id, the short ones filled up with nothing."""
    rows = zip_longest(*columns.values(), fillvalue="")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *columns])
        writer.writerows([i, *row] for i, row in enumerate(rows))
    return path


def read(engine: Engine, path: Path, *, time: str = "", **facts: Any) -> Read:
    """Open a file of columns, one of them mapped as time where it is named."""
    columns = {"entity": "id"} | ({"time": time} if time else {})
    shape = Shape.EVENTS if time else Shape.TABLE
    types = frozen_mapping(facts.pop("types", {}))
    source, audit = Source("nasty", str(path), shape, frozen_mapping(columns), types), Audit()
    relation = engine.open(source, folder="", audit=audit, roles={}, **facts)
    return Read(relation, engine.to_arrow(relation.table).to_pydict(), audit)


@pytest.fixture(scope="module")
def wide(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Give all columns that need no other beside them, in one file."""
    path = tmp_path_factory.mktemp("wide") / "a.csv"
    return read(engine, write_columns(path, {n.name: n.texts for n in TOGETHER}))


@pytest.fixture(scope="module")
def one_row(engine: Engine, wide: Read, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Give the last value of each column, read as all of them were."""
    path = tmp_path_factory.mktemp("one") / "a.csv"
    write_columns(path, {n.name: n.texts[-1:] for n in TOGETHER})
    kinds = {n: KINDS.get(t, "number") for n, t in wide.types.items()}
    return read(engine, path, types=wide.ways, kinds=kinds)


def alike(value: Any) -> Any:
    return pytest.approx(value) if isinstance(value, float) else value


def check(nasty: Nasty, found: Read, column: str, source: str) -> None:
    assert found.types[column] == nasty.type
    assert found.columns[column][: len(nasty.values)] == [alike(v) for v in nasty.values]
    findings = found.told(source)
    told = [f.sentence for f in findings]
    assert any(nasty.told in sentence for sentence in told) or not nasty.told, told
    assert not [f for f in findings if f.code == "bad_value"]
    doubts = [f for f in findings if f.severity == "warning"]
    assert bool(doubts) == any(word in nasty.told for word in DOUBTS), told


@pytest.mark.parametrize("nasty", TOGETHER, ids=lambda nasty: nasty.name)
def test_a_column_is_read_by_its_content(wide: Read, nasty: Nasty) -> None:
    check(nasty, wide, nasty.name, nasty.name)


@pytest.mark.parametrize("nasty", TOGETHER, ids=lambda nasty: nasty.name)
def test_one_row_alone_is_read_like_all_of_them(one_row: Read, nasty: Nasty) -> None:
    (found,) = one_row.columns[nasty.name]
    assert found == alike(nasty.values[-1])


@pytest.mark.parametrize("nasty", ALONE, ids=lambda nasty: nasty.name)
def test_another_column_settles_what_a_comma_means(
    engine: Engine, tmp_path: Path, nasty: Nasty
) -> None:
    path = write_columns(tmp_path / "a.csv", {"x": nasty.texts, "beside": nasty.beside})
    check(nasty, read(engine, path), "x", "x")


@pytest.mark.parametrize("nasty", [*TIMES, *DATES[:-2:8]], ids=lambda nasty: nasty.name)
def test_a_column_that_is_mapped_as_time_is_read_as_one(
    engine: Engine, tmp_path: Path, nasty: Nasty
) -> None:
    path = write_columns(tmp_path / "a.csv", {"x": nasty.texts})
    found = read(engine, path, time="x")
    check(nasty, found, "time", "x")
    write_columns(tmp_path / "b.csv", {"x": nasty.texts[-1:]})
    alone = read(engine, tmp_path / "b.csv", time="x", types=found.ways)
    assert alone.columns["time"] == [nasty.values[-1]]


def test_where_decimals_are_commas_the_day_comes_first(engine: Engine, tmp_path: Path) -> None:
    columns = {"x": ("03/04/2023", "05/06/2023"), "beside": ("0,5", "1,75")}
    found = read(engine, write_columns(tmp_path / "a.csv", columns))
    assert found.columns["x"][0] == wall("2023-04-03")
    assert found.ways["x"] == "%d/%m/%Y"
    assert [f.code for f in found.told("x")] == ["ambiguous_date"]
