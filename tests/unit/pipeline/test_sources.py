from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reading import an_engine, built, events, log, table, write
from segmentry.domain.audit import Audit
from segmentry.domain.project import FeatureChoice, Outcome, Project, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import DataError, ProjectFileError
from segmentry.pipeline.sources import build_table


@dataclass
class Listener:
    phases: list[str] = field(default_factory=list)

    def phase(self, name: str, detail: str = "") -> None:
        self.phases.append(f"{name}: {detail}")

    def advance(self, done: int, total: int) -> None:
        assert done < total


def test_facts_count_what_was_read_and_used(tmp_path: Path) -> None:
    text = log() + "1,2011-01-01\n" + ",2011-01-01 00:00:00,3\n"
    found = built(events(write(tmp_path / "a.csv", text), amount="amount", where="amount > 9"))
    facts = {n: v for n, v in found.audit.facts.items() if n != "date_formats"}
    assert facts == {
        "rows_read": 302,
        "rows_left_out_by_where": 10,
        "bad_rows": 1,
        "rows_used": 291,
        "n_entities": 7,
        "first_event": "2011-01-01T09:00:00+00:00",
        "last_event": "2011-01-13T11:00:00+00:00",
        "as_of": "2011-01-13T11:00:00.000001+00:00",
    }


def test_the_phases_of_the_work_are_told(tmp_path: Path) -> None:
    listener, source = Listener(), events(write(tmp_path / "a.csv", log()))
    with an_engine() as engine:
        build_table(
            Project("test", (source,)),
            engine,
            as_of=None,
            audit=Audit(),
            allow_bad_rows=False,
            progress=listener,
        )
    assert listener.phases == ["features: 300 events"]


def test_the_problems_of_all_sources_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", log())
    with pytest.raises(ProjectFileError, match="'x1'") as caught:
        built(events("a.csv", amount="x1"), events("a.csv", item="x2"), folder=tmp_path)
    assert [p.key for p in caught.value.problems] == [
        "sources[0].columns.amount",
        "sources[1].columns.item",
    ]


@pytest.mark.parametrize("shape", [events, table])
def test_a_role_of_nothing_that_is_there_is_refused(tmp_path: Path, shape) -> None:
    path = write(tmp_path / "a.csv", "id,at,land\n1,2011-01-01,A\n2,2011-01-02,B\n")
    choice = FeatureChoice(roles=frozen_mapping({"lnd": Role.OVERLAY, "n_events": Role.OVERLAY}))
    outcomes = (Outcome("churn", column="churnd"),)
    with pytest.raises(ProjectFileError, match="no column 'lnd'") as caught:
        built(shape(path), features=choice, outcomes=outcomes)
    assert [p.key for p in caught.value.problems] == ["features.roles.lnd", "outcomes[0].column"]
    assert caught.value.problems[0].hint == "did you mean 'land'?"


def test_bad_rows_are_refused_unless_allowed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + "1,2011-01-01 00:00:00,a lot\n" * 9)
    source = events(path, amount="amount")
    with pytest.raises(DataError, match="9 of 309 rows are bad"):
        built(source)
    found = built(source, allow_bad_rows=True)
    assert found.audit.facts["bad_rows"] == 9
    assert found.of(1)["n_events"] == 43.0 + 9.0


def test_thousands_of_columns_are_read(tmp_path: Path) -> None:
    names = [f"m{i}" for i in range(1200)]
    rows = "".join(
        f"{r},"
        + ",".join("" if (r + i) % 11 == 0 else str(r * i % 7 + 0.5) for i in range(1200))
        + "\n"
        for r in range(30)
    )
    found = built(table(write(tmp_path / "wide.csv", "id," + ",".join(names) + "\n" + rows)))
    assert len(found.table.columns) == 1200
    assert found.of(3)["m5"] == 3 * 5 % 7 + 0.5
    assert found.of(6)["m5"] is None


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet", "jsonl", "jsonl.zst"])
def test_every_kind_of_file_gives_the_same_table(tmp_path: Path, ending: str) -> None:
    import duckdb

    plain = write(tmp_path / "plain.csv", log(100))
    path = tmp_path / f"log.{ending}"
    kind = {"csv": "CSV, HEADER", "jsonl": "JSON", "parquet": "PARQUET"}[
        ending.split(".", maxsplit=1)[0]
    ]
    packed = {"gz": ", COMPRESSION gzip", "zst": ", COMPRESSION zstd"}.get(
        ending.rsplit(".", maxsplit=1)[-1], ""
    )
    duckdb.execute(f"COPY (FROM read_csv('{plain}')) TO '{path}' (FORMAT {kind}{packed})")
    wanted = built(events(plain, amount="amount"))
    assert built(events(path, amount="amount")).table.data.equals(wanted.table.data)


REAL = {
    "telco_churn/telco_churn.csv.gz": ("customerID", 7043, 20),
    "cc_general/cc_general.csv.gz": ("CUST_ID", 8950, 17),
    "wholesale_customers/wholesale_customers.csv.gz": ("CustomerId", 440, 8),
    "online_shoppers/online_shoppers_intention.csv.gz": ("row_number", 12330, 18),
}


@pytest.mark.data
@pytest.mark.parametrize("path", REAL)
def test_real_tables_are_read_whole(data_folder: Path, path: str) -> None:
    entity, n_rows, n_columns = REAL[path]
    found = built(table(data_folder / path, entity))
    assert found.table.n_entities == n_rows
    assert len(found.table.columns) == n_columns
    assert found.audit.facts["bad_rows"] == 0


@pytest.mark.data
def test_blank_charges_are_missing_not_bad(data_folder: Path) -> None:
    found = built(table(data_folder / "telco_churn" / "telco_churn.csv.gz", "customerID"))
    assert found.table.data["TotalCharges"].null_count == 11
    assert sum(found.table.data["Churn"].to_pylist()) == 1869
