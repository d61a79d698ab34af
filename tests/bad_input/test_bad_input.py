"""Every row of the table of bad input in docs/bad_input.md: the outcome, and that nothing is lost.

Reading, guessing, running and writing all take part, so these go through the commands.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import resource
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commands import Done, segmentry
from shop import customers, orders, write_csv


def init_and_run(data: Path, folder: Path, *flags: str) -> Done:
    """Do the two commands; give the first that fails, else the second."""
    first = segmentry("init", data, folder=folder)
    return first if first.status else segmentry("run", *flags, folder=folder)


def audit(folder: Path) -> dict:
    """Read the audit of the latest run."""
    return json.loads((folder / "runs" / "latest" / "audit.json").read_text())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a folder with a project that has run once."""
    done = init_and_run(write_csv(orders(), tmp_path / "orders.csv"), tmp_path)
    assert done.status == 0, done.messages
    return tmp_path


def latest(folder: Path) -> bytes:
    """Read what identifies the latest run."""
    return (folder / "runs" / "latest" / "manifest.json").read_bytes()


def test_a_missing_file_is_named_and_the_earlier_run_stays_whole(shop: Path) -> None:
    before = latest(shop)
    (shop / "orders.csv").rename(shop / "orders_old.csv")
    done = segmentry("run", folder=shop)
    assert done.status == 1
    assert "orders.csv" in done.messages
    assert "orders_old.csv" in done.messages
    assert latest(shop) == before


def test_a_truncated_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(orders(), path)
    path.write_bytes(path.read_bytes()[:-200])
    done = init_and_run(path, tmp_path)
    assert done.status == 1
    assert "orders.parquet" in done.messages
    assert "E2002" in done.messages


def test_a_damaged_gzip_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    plain = write_csv(orders(), tmp_path / "plain.csv").read_bytes()
    path.write_bytes(gzip.compress(plain)[:-400])
    done = init_and_run(path, tmp_path)
    assert done.status == 1
    assert "E2002" in done.messages


@pytest.mark.parametrize("content", ["", "customer_id,ordered_at,amount\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(content)
    done = init_and_run(path, tmp_path)
    assert done.status == 1
    assert "orders.csv" in done.messages
    assert "E2003" in done.messages


def test_every_problem_of_a_project_file_is_told_at_once(shop: Path) -> None:
    file = shop / "segmentry.yaml"
    text = file.read_text().replace("seed: 0", "seed: many") + "\nsegmints: {min: 4}\n"
    file.write_text(text)
    done = segmentry("run", folder=shop)
    assert done.status == 2
    assert "segmentry.yaml:" in done.messages
    assert "'segments'" in done.messages
    assert "seed" in done.messages


def test_a_column_that_the_source_lacks_is_told_with_line_and_nearest_name(shop: Path) -> None:
    file = shop / "segmentry.yaml"
    text = file.read_text()
    file.write_text(text.replace("customer_id", "custmer_id").replace("ordered_at", "ordred_at"))
    done = segmentry("run", folder=shop)
    assert done.status == 2
    assert "segmentry.yaml:" in done.messages
    assert "'customer_id'" in done.messages
    assert "'ordered_at'" in done.messages


def with_bad_amounts(n_bad: int) -> list[str]:
    table = orders()
    rows = zip(*(table[c].to_pylist() for c in table.column_names), strict=True)
    lines = [f"{c},{at:%Y-%m-%d %H:%M:%S},{amount}" for c, at, amount in rows]
    for i in range(n_bad):
        lines[i * 7] = lines[i * 7].rsplit(",", 1)[0] + ",a lot"
    return ["customer_id,ordered_at,amount", *lines]


def test_few_bad_numbers_are_counted_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(with_bad_amounts(5)) + "\n")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    finding = next(f for f in audit(tmp_path)["findings"] if f["code"] == "bad_value")
    assert finding["count"] == 5
    assert any("a lot" in example for example in finding["examples"])


def test_many_bad_numbers_are_refused_unless_allowed(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(with_bad_amounts(40)) + "\n")
    done = init_and_run(path, tmp_path)
    assert done.status == 1
    assert "--allow-bad-rows" in done.messages
    assert "40" in done.messages
    assert segmentry("run", "--allow-bad-rows", folder=tmp_path).status == 0


def test_mixed_dates_are_counted(tmp_path: Path) -> None:
    lines = with_bad_amounts(0)
    for i in (3, 9, 14):
        customer, _, amount = lines[i].split(",")
        lines[i] = f"{customer},somewhen in March,{amount}"
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    finding = next(f for f in audit(tmp_path)["findings"] if f["code"] == "bad_value")
    assert finding["count"] == 3
    assert finding["column"] == "ordered_at"


def test_a_row_cut_short_is_counted_with_its_line(tmp_path: Path) -> None:
    lines = with_bad_amounts(0)
    lines[10] = lines[10].split(",", maxsplit=1)[0]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    findings = [f for f in audit(tmp_path)["findings"] if "row" in f["code"]]
    assert sum(f.get("count", 0) for f in findings) == 1
    assert any("11" in example for f in findings for example in f["examples"])


def test_a_stray_date_is_left_out_of_the_default_cut(tmp_path: Path) -> None:
    lines = with_bad_amounts(0)
    lines.append("1,2099-12-31 00:00:00,10.0")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    finding = next(f for f in audit(tmp_path)["findings"] if f["code"] == "stray_date")
    assert finding["count"] == 1
    assert any("2099" in example for example in finding["examples"])
    as_of = pq.read_table(tmp_path / "runs" / "latest" / "assignments.parquet")["as_of"][0].as_py()
    assert as_of.year in {2011, 2012}


@pytest.mark.parametrize(("n", "says"), [(1, "1 entity"), (25, "25 entities")])
def test_too_few_entities_are_refused_with_the_number_needed(
    tmp_path: Path, n: int, says: str
) -> None:
    path = write_csv(customers(n), tmp_path / "customers.csv")
    done = init_and_run(path, tmp_path)
    assert done.status == 1
    assert says in done.messages
    assert "40" in done.messages


def test_identical_rows_are_refused(tmp_path: Path) -> None:
    table = pa.table(
        {"customer_id": np.arange(200), "visits": np.full(200, 3), "spend": np.full(200, 9.5)}
    )
    done = init_and_run(write_csv(table, tmp_path / "customers.csv"), tmp_path)
    assert done.status == 1
    assert "E2007" in done.messages or "E2009" in done.messages


def test_empty_and_constant_columns_are_left_out_and_told(tmp_path: Path) -> None:
    table = customers()
    table = table.append_column("fax_calls", pa.nulls(200, pa.string()))
    table = table.append_column("plan_version", pa.array(np.full(200, 7)))
    path = write_csv(table, tmp_path / "customers.csv")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    told = json.dumps(audit(tmp_path)) + (tmp_path / "segmentry.yaml").read_text()
    assert "fax_calls" in told
    assert "plan_version" in told


def test_duplicate_entities_are_refused_with_both_ways_out(tmp_path: Path) -> None:
    path = write_csv(customers(), tmp_path / "customers.csv")
    assert segmentry("init", path, folder=tmp_path).status == 0
    table = customers()
    write_csv(pa.concat_tables([table, table.slice(4, 3)]), path)
    done = segmentry("run", folder=tmp_path)
    assert done.status == 1
    assert "E2005" in done.messages
    assert "shape: events" in done.messages
    assert "deduplicate: last" in done.messages


def test_columns_with_any_name_work_and_are_shown_escaped(tmp_path: Path) -> None:
    table = customers().rename_columns(
        ["customer_id", 'select "x"; drop', "<script>alert(1)</script>", "Umsatz 💶\nnetto"]
    )
    done = init_and_run(write_csv(table, tmp_path / "customers.csv"), tmp_path)
    assert done.status == 0, done.messages
    report = (tmp_path / "runs" / "latest" / "report.html").read_text()
    assert "<script>alert(1)" not in report
    assert "Umsatz 💶" in report


def test_three_thousand_columns_work_with_a_warning(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    columns = {f"metric_{i}": rng.gamma(2.0, size=300).round(3) for i in range(3_000)}
    path = write_csv(pa.table({"customer_id": np.arange(300), **columns}), tmp_path / "wide.csv")
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    assert any(f["code"] == "many_features" for f in audit(tmp_path)["findings"])


def test_a_full_disk_leaves_the_earlier_run_whole(shop: Path) -> None:
    before = latest(shop)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        done = segmentry("run", folder=shop)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert done.status == 1
    assert latest(shop) == before
    assert segmentry("run", folder=shop).status == 0
    assert latest(shop) != before


def test_a_table_with_one_usable_column_runs_with_a_warning(tmp_path: Path) -> None:
    table = customers().select(["customer_id", "spend"])
    done = init_and_run(write_csv(table, tmp_path / "customers.csv"), tmp_path)
    assert done.status == 0, done.messages
    assert any(f["code"] == "few_features" for f in audit(tmp_path)["findings"])


def test_line_ends_of_both_kinds_in_one_file_are_read(tmp_path: Path) -> None:
    path = write_csv(customers(), tmp_path / "customers.csv")
    lines = path.read_text().splitlines()
    path.write_bytes(("\r\n".join(lines) + "\n").encode())
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    assert audit(tmp_path)["facts"]["n_entities"] == 200


@pytest.mark.parametrize("member", ["damaged", "nameless"])
def test_an_archive_that_cannot_be_unpacked_is_told_as_such(tmp_path: Path, member: str) -> None:
    path = tmp_path / "orders.csv.zip"
    name = "." if member == "nameless" else "orders.csv"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        sink.writestr(zipfile.ZipInfo(name), write_csv(orders(), tmp_path / "o.csv").read_bytes())
        sink.infolist()[0].compress_type = zipfile.ZIP_DEFLATED
    if member == "damaged":
        content = bytearray(path.read_bytes())
        content[60:90] = b"\xff" * 30
        path.write_bytes(content)
    for words in (("init", path), ("check", path)):
        done = segmentry(*words, folder=tmp_path)
        assert done.status == 1
        assert "E2002" in done.messages
        assert "unexpected" not in done.messages


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_called_csv_runs(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = write_csv(customers(), tmp_path / "customers.csv")
    path.write_bytes(pack(path.read_bytes()))
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    assert audit(tmp_path)["facts"]["n_entities"] == 200


def test_a_full_scratch_disk_does_not_blame_the_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w") as sink:
        sink.write(write_csv(orders(), tmp_path / "orders.csv"), "orders.csv")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        done = segmentry("init", path, folder=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert done.status == 1
    assert "E5001" in done.messages
    assert "scratch space" in done.messages
    assert "damaged" not in done.messages


def test_a_folder_in_the_place_of_the_latest_run_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "runs" / "latest").mkdir(parents=True)
    done = init_and_run(write_csv(customers(), tmp_path / "customers.csv"), tmp_path)
    assert done.status == 1
    assert "runs/latest is a folder" in done.messages
    assert [p.name for p in (tmp_path / "runs").iterdir()] == ["latest"]


def test_names_that_several_columns_bear_are_told(tmp_path: Path) -> None:
    path = write_csv(customers(), tmp_path / "customers.csv")
    path.write_text(path.read_text().replace('"items"', '"spend"', 1))
    done = init_and_run(path, tmp_path)
    assert done.status == 0, done.messages
    found = {f["code"]: f for f in audit(tmp_path)["findings"]}
    assert "'spend'" in found["repeated_name"]["sentence"]
