"""Files as people have them: the same rows come out of each, and what was done is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nasty import FILES, ROWS, Nasty
from reading import an_engine
from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source
from segmentry.engines.base import Engine

TYPES = {"id": "int64", "at": "timestamp", "amount": "float64", "city": "string"}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with an_engine() as engine:
        yield engine


@pytest.mark.parametrize("nasty", FILES, ids=lambda nasty: nasty.name)
def test_the_same_rows_come_out_of_every_file(engine: Engine, tmp_path: Path, nasty: Nasty) -> None:
    source, audit = Source("nasty", str(nasty.make(tmp_path)), Shape.TABLE), Audit()
    relation = engine.open(source, folder="", audit=audit)
    types = {n: str(t).lower().split("(")[0] for n, t in relation.table.schema().items()}
    renamed = {n: n.lower().removeprefix("sale.") for n in types}
    assert {renamed[n]: t for n, t in types.items()} == TYPES
    found = engine.to_arrow(relation.table).to_pylist()
    rows = [{renamed[n]: v for n, v in row.items()} for row in found]
    wanted = [
        {"id": i, "at": at, "amount": amount, "city": nasty.cities[place % 5]}
        for place, (i, at, amount, _) in enumerate(ROWS)
    ]
    assert rows == wanted
    assert relation.n_bad_rows == 0
    told = [f.sentence for f in audit.findings]
    assert any(nasty.told in sentence for sentence in told) or not nasty.told
    assert not any(nasty.told == "" and "no header" in sentence for sentence in told)
    assert set(relation.columns).isdisjoint(nasty.leaves_out)
