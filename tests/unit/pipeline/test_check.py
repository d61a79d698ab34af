"""The check of data: files and projects, groups of sources, and real logs against DuckDB."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from segmentry.domain.progress import Progress
from segmentry.errors import UsageError
from segmentry.pipeline.check import check_files, check_project, fixable, fixed, grouped
from segmentry.projectfile.load import load, read
from segmentry.seeds import stream
from surveys import write_csv


class Silent(Progress):
    """Listens and says nothing."""

    def phase(self, name: str, detail: str = "") -> None:
        """Take a phase."""

    def advance(self, done: int, total: int) -> None:
        """Take a step."""


def people(path: Path, *, n: int = 300) -> Path:
    """Write a table with an outcome, a number that names, and an impossible age."""
    rng = stream(0, "people")
    spend = rng.gamma(2, 40, n).round(2)
    return write_csv(
        path,
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "age": [250, *rng.integers(18, 80, n - 1)],
            "spend": spend,
            "spend_in_cents": (spend * 100).round(0),
            "visits": rng.integers(0, 30, n),
            "churned": rng.integers(0, 2, n),
        },
    )


def test_a_guess_and_its_project_file_are_checked_alike(tmp_path: Path) -> None:
    path = people(tmp_path / "people.csv")
    from segmentry.projectfile.emit import emit
    from segmentry.projectfile.guess import guess

    (tmp_path / "segmentry.yaml").write_text(emit(guess([path], folder=tmp_path)))
    by_file = check_files([path], progress=Silent())
    by_project = check_project(load(tmp_path / "segmentry.yaml"), progress=Silent())
    assert [(f.kind, f.count, f.rule) for f in by_file.all_findings] == [
        (f.kind, f.count, f.rule) for f in by_project.all_findings
    ]
    assert by_file.is_guessed
    assert not by_project.is_guessed


def test_a_role_that_lets_an_outcome_in_is_a_warning_with_its_fix(tmp_path: Path) -> None:
    people(tmp_path / "people.csv")
    text = (
        "version: 1\nsources:\n  - path: people.csv\n    shape: table\n"
        "    columns:\n      entity: customer_id\n"
        "features:\n  roles:\n    churned: cluster  # mine\n"
    )
    loaded = read(text, file="segmentry.yaml", folder=tmp_path)
    checked = check_project(loaded, progress=Silent())
    leak = next(f for f in checked.all_findings if f.kind == "leaks")
    assert (leak.severity, str(leak.edit)) == ("warning", "features.roles.churned: outcome")
    after = fixed(text, loaded, checked, ["leaks"])
    assert after == text.replace("churned: cluster  # mine", "churned: outcome  # mine")
    mended = check_project(read(after, file="segmentry.yaml", folder=tmp_path), progress=Silent())
    assert next(f for f in mended.all_findings if f.kind == "leaks").severity == "info"
    assert "leaks" not in fixable(mended)


def test_the_document_is_plain_json_with_every_column(tmp_path: Path) -> None:
    checked = check_files([people(tmp_path / "people.csv")], progress=Silent())
    told = json.loads(json.dumps(checked.document, allow_nan=False))
    (source,) = told["sources"]
    assert [c["name"] for c in source["columns"]][:2] == ["customer_id", "age"]
    assert {f["kind"] for f in told["findings"]} >= {"leaks", "impossible", "same_columns"}
    assert told["counts"]["warning"] == sum(f["severity"] == "warning" for f in told["findings"])


def test_values_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = people(tmp_path / "people.csv")
    path.write_text(path.read_text().replace("c7,", "c7,#REF!", 1))
    checked = check_files([path], progress=Silent())
    bad = [f for f in checked.all_findings if f.kind == "bad_values"]
    assert [(f.columns, f.count) for f in bad] == [(("age",), 1)]


def test_logs_of_one_kind_are_looked_at_together(tmp_path: Path) -> None:
    text = "version: 1\nsources:\n"
    for name in ("a", "b"):
        rows = [[f"u{i % 50}", f"2024-01-{1 + i % 28:02d}", i] for i in range(300)]
        write_csv(
            tmp_path / f"{name}.csv",
            dict(zip(("user_id", "at", "n"), zip(*rows, strict=True), strict=True)),
        )
        text += f"  - path: {name}.csv\n    columns: {{entity: user_id, time: at}}\n"
    loaded = read(text, file="segmentry.yaml", folder=tmp_path)
    assert [len(g.sources) for g in grouped(loaded.project)] == [2]
    checked = check_project(loaded, progress=Silent())
    copies = next(f for f in checked.all_findings if f.kind == "exact_duplicates")
    # Each row of one file is in the other.
    assert (copies.count, copies.total) == (300, 600)


def test_fixes_that_are_not_there_are_refused(tmp_path: Path) -> None:
    people(tmp_path / "people.csv")
    text = "version: 1\nsources:\n  - path: people.csv\n    shape: table\n"
    loaded = read(text, file="segmentry.yaml", folder=tmp_path)
    checked = check_project(loaded, progress=Silent())
    with pytest.raises(UsageError, match="knows no kind 'nonsense'"):
        fixed(text, loaded, checked, ["nonsense"])


@pytest.fixture(scope="module")
def retail(data_folder: Path) -> Path:
    """Give the log of a real shop."""
    return data_folder / "online_retail" / "online_retail.parquet"


def test_every_count_of_a_real_log_is_that_of_duckdb(retail: Path) -> None:
    asked = duckdb.connect()
    asked.execute(f"CREATE VIEW r AS SELECT * FROM '{retail}'")

    def count(condition: str) -> int:
        return int(asked.execute(f"SELECT count(*) FROM r WHERE {condition}").fetchall()[0][0])

    found = {
        (f.kind, f.columns[:1]): f for f in check_files([retail], progress=Silent()).all_findings
    }

    def told(kind: str, *columns: str) -> int | None:
        return found[kind, columns].count

    assert told("guests", "CustomerID") == count("CustomerID IS NULL") == 135_080
    assert "24.9 %" in found["guests", ("CustomerID",)].sentence
    cancelled = count("InvoiceNo LIKE 'C%'")
    assert told("cancellations", "InvoiceNo") == cancelled == 9_288
    assert told("refunds", "Quantity") == count("Quantity < 0 AND InvoiceNo NOT LIKE 'C%'")
    distinct = asked.execute("SELECT count(*) FROM (SELECT DISTINCT * FROM r)").fetchall()[0][0]
    assert told("exact_duplicates") == count("true") - distinct == 5_268
    assert told("zero_prices", "UnitPrice") == count("UnitPrice = 0")
    assert told("impossible", "UnitPrice") == count("UnitPrice < 0")
    assert told("unknown_words", "Country") == count("Country = 'Unspecified'")
    services = found["service_codes", ("StockCode",)]
    listed = "'POST','DOT','M','m','C2','D','S','BANK CHARGES','AMAZONFEE','CRUK','B'"
    vouchers = "StockCode LIKE 'gift_0001%'"
    assert services.count == count(f"StockCode IN ({listed}) OR {vouchers}")
    assert services.rule.startswith("columns.item: CASE WHEN StockCode not in (")
    spelled = asked.execute(
        "SELECT sum(n) - sum(most) FROM (SELECT sum(n) AS n, max(n) AS most FROM"
        " (SELECT StockCode, count(*) AS n FROM r GROUP BY 1) GROUP BY lower(StockCode))"
    ).fetchall()[0][0]
    # The sample decides which codes have spellings, so very rare ones may be missed.
    assert 0.9 * spelled <= (told("spellings", "StockCode") or 0) <= spelled
    kept = "CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%'"
    last = count(f"InvoiceDate >= DATE '2011-12-09' AND {kept}")
    assert told("partial_days", "InvoiceDate") == last


def test_originals_of_cancellations_are_those_of_duckdb(retail: Path) -> None:
    asked = duckdb.connect().execute(
        f"SELECT count(*) FROM '{retail}' AS c WHERE InvoiceNo LIKE 'C%' AND EXISTS (SELECT 1 FROM"
        f" '{retail}' AS o WHERE o.InvoiceNo NOT LIKE 'C%' AND o.CustomerID = c.CustomerID AND"
        " o.StockCode = c.StockCode AND o.Quantity = -c.Quantity"
        " AND o.InvoiceDate <= c.InvoiceDate)"
    )
    matched = asked.fetchall()[0][0]
    found = {f.kind: f for f in check_files([retail], progress=Silent()).all_findings}
    assert f"; {matched:,} have their original" in found["cancellations"].sentence


def test_clean_tables_lose_nobody(data_folder: Path) -> None:
    for name in ("telco_churn/telco_churn.csv.gz", "cc_general/cc_general.csv.gz"):
        checked = check_files([data_folder / name], progress=Silent())
        assert checked.project.sources[0].where is None
        assert checked.project.sources[0].deduplicate is None
        assert not [f for f in checked.all_findings if f.severity == "error"]


def test_what_stops_a_run_for_bad_rows_is_an_error(tmp_path: Path) -> None:
    path = people(tmp_path / "people.csv")
    lines = path.read_text().splitlines()
    for n_bad, is_error in ((3, False), (4, True)):
        # 300 rows: three bad ones are one in a hundred, four are more.
        bad = [line.rsplit(",", 4)[0] for line in lines[5 : 5 + n_bad]]
        path.write_text("\n".join([*lines[:5], *bad, *lines[5 + n_bad :]]) + "\n")
        found = check_files([path], progress=Silent()).all_findings
        errors = [f for f in found if f.severity == "error"]
        assert [(f.kind, f.count, f.total) for f in errors] == [("bad_values", 4, 300)] * is_error


def test_bad_values_of_what_a_run_does_not_use_stop_nothing(tmp_path: Path) -> None:
    path = people(tmp_path / "people.csv")
    rows = [line.split(",") for line in path.read_text().splitlines()]
    for row in rows[10:20]:
        row[3] = "#REF!"
    path.write_text("\n".join(map(",".join, rows)) + "\n")
    text = (
        "version: 1\nsources:\n  - path: people.csv\n    shape: table\n"
        "    columns: {entity: customer_id}\nfeatures: {roles: {spend_in_cents: ROLE}}\n"
    )
    for role, stops in (("cluster", True), ("id", False)):
        project = read(text.replace("ROLE", role), file="segmentry.yaml", folder=tmp_path)
        found = check_project(project, progress=Silent()).all_findings
        assert any(f.severity == "error" for f in found) is stops


def test_how_a_file_was_read_is_no_bad_value(tmp_path: Path) -> None:
    rows = "".join(f"{i % 60},2024-01-{1 + i % 28:02d},{i % 7},{i % 5}\n" for i in range(300))
    (tmp_path / "a.csv").write_text("id,at,n,n\n" + rows)
    found = check_files([tmp_path / "a.csv"], progress=Silent()).all_findings
    (told,) = [f for f in found if f.kind == "reading"]
    assert "several columns called 'n'" in told.sentence
    assert told.advice == "give each column a name of its own in the source"
    assert not [f for f in found if f.kind == "bad_values"]
