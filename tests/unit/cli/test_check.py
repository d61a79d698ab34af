"""``segmentry check``: what is told, what is recorded, and how it ends."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from commands import Done, segmentry
from segmentry.projectfile.load import load
from segmentry.seeds import stream
from surveys import write_csv


def dirty(n: int = 600) -> dict[str, list[object]]:
    """Give a shop's log with known dirt: 7 guests, 9 test rows, 5 prices of zero."""
    rng = stream(0, "dirty")
    users: list[object] = [f"u{i}" for i in rng.integers(1, 220, n)]
    prices = rng.gamma(2, 9, n).round(2) + 0.5
    users[:7] = [""] * 7
    users[7:16] = ["test"] * 9
    prices[20:25] = 0
    return {
        "customer_id": users,
        "order_id": [f"{50_000 + i // 2}" for i in range(n)],
        "ordered_at": [
            f"2024-{1 + i % 9:02d}-{1 + i % 28:02d} 10:{i % 60:02d}:00" for i in range(n)
        ],
        "product_id": [f"P{1000 + i % 40}" for i in range(n)],
        "quantity": rng.integers(1, 5, n).tolist(),
        "unit_price": prices.tolist(),
    }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a folder with a project."""
    write_csv(tmp_path / "orders.csv", dirty())
    assert segmentry("init", "orders.csv", folder=tmp_path).status == 0
    return tmp_path


def kinds(done: Done) -> dict[str, dict[str, object]]:
    return {f["kind"]: f for f in json.loads(done.output)["findings"]}


def test_a_file_is_checked_and_nothing_is_written(tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", dirty())
    done = segmentry("check", "orders.csv", folder=tmp_path)
    assert done.status == 0
    assert "test_accounts" in done.output
    assert "done: where: customer_id is not null" in done.output
    assert done.messages.endswith("next:    segmentry init orders.csv\n")
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]


def test_the_counts_are_those_that_were_planted(shop: Path) -> None:
    found = kinds(segmentry("check", "--json", folder=shop))
    assert found["guests"]["count"] == 7
    assert found["test_accounts"]["count"] == 9
    assert found["zero_prices"]["count"] == 5
    assert found["test_accounts"]["severity"] == "warning"
    assert found["guests"]["rule"] == "where: customer_id is not null"


def test_a_fix_is_recorded_shown_and_holds(shop: Path) -> None:
    file = shop / "segmentry.yaml"
    before = file.read_text()
    done = segmentry("check", "--fix", "test_accounts", folder=shop)
    assert done.status == 0
    assert "+    where:" in done.output
    after = file.read_text()
    comments = [line.split("#", 1)[1] for line in before.splitlines() if "#" in line]
    assert all(comment in after for comment in comments)
    assert "regexp_matches" in (load(file).project.sources[0].where or "")
    found = kinds(segmentry("check", "--json", folder=shop))
    assert found["test_accounts"]["severity"] == "info"
    assert str(found["test_accounts"]["rule"]).startswith("where: not coalesce(")
    again = segmentry("check", "--fix", "test_accounts", folder=shop)
    assert again.status == 2
    assert file.read_text() == after


def test_all_fixes_are_recorded_at_once(shop: Path) -> None:
    done = segmentry("check", "--fix", "all", folder=shop)
    assert done.status == 0
    where = load(shop / "segmentry.yaml").project.sources[0].where or ""
    assert "unit_price <> 0" in where
    assert "regexp_matches" in where
    left = kinds(segmentry("check", "--json", folder=shop))
    assert not [k for k, f in left.items() if f["can_be_recorded"]]


def test_strict_ends_with_one_as_long_as_something_severe_is_there(shop: Path) -> None:
    assert segmentry("check", folder=shop).status == 0
    assert segmentry("check", "--strict", folder=shop).status == 1
    segmentry("check", "--fix", "test_accounts", folder=shop)
    assert segmentry("check", "--strict", folder=shop).status == 0


def test_a_page_is_written(shop: Path) -> None:
    done = segmentry("check", "--html", "check.html", folder=shop)
    assert done.status == 0
    assert "written: check.html" in done.messages
    text = (shop / "check.html").read_text()
    assert text.startswith("<!doctype html>")
    assert "Test and internal accounts" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["orders.csv", "-p", "segmentry.yaml"], "both FILE and --project"),
        (["orders.csv", "--fix", "guests"], "segmentry init FILE"),
        (["--fix", "guest"], "here it can fix"),
        (["--fix", "guests"], "nothing of the kind 'guests'"),
        (["-p", "elsewhere.yaml"], "no such project file"),
        (["missing.csv"], "missing.csv"),
    ],
)
def test_wrong_usage_is_refused_in_words(shop: Path, words: list[str], says: str) -> None:
    before = (shop / "segmentry.yaml").read_text()
    done = segmentry("check", *words, folder=shop)
    assert done.status in {1, 2}
    assert says in done.messages
    assert (shop / "segmentry.yaml").read_text() == before


def test_a_file_that_cannot_be_followed_is_left_alone(shop: Path) -> None:
    file = shop / "segmentry.yaml"
    project = "version: 1\nsources: [{path: orders.csv, columns: {entity: customer_id, "
    file.write_text(project + "time: ordered_at}}]\n")
    before = file.read_text()
    done = segmentry("check", "--fix", "test_accounts", folder=shop)
    assert done.status == 2
    assert "by hand" in done.messages
    assert file.read_text() == before


def test_the_help_teaches() -> None:
    done = segmentry("check", "--help", folder=Path())
    assert "segmentry check orders.csv" in " ".join(done.output.split())


def test_the_next_command_can_be_pasted_whatever_the_name(tmp_path: Path) -> None:
    name = "my; touch x $(y).csv"
    write_csv(tmp_path / name, dirty())
    done = segmentry("check", name, folder=tmp_path)
    assert done.messages.endswith(f"next:    segmentry init {shlex.quote(name)}\n")


@pytest.mark.parametrize("flags", [(), ("--json",), ("--html", "page.html")])
def test_pseudonyms_keep_ids_and_addresses_out_of_every_output(
    shop: Path, flags: tuple[str, ...]
) -> None:
    columns = dirty()
    columns["email"] = [f"{user}@shop.example" for user in columns["customer_id"]]
    # One customer has most rows, and one line is cut short: both are told with examples.
    columns["customer_id"] = [
        "u-secret" if i % 3 else u for i, u in enumerate(columns["customer_id"])
    ]
    data = write_csv(shop / "orders.csv", columns)
    data.write_text(data.read_text() + "u-broken,1\n")
    file = shop / "segmentry.yaml"
    raw = segmentry("check", *flags, folder=shop)
    shown = (shop / "page.html").read_text() if "--html" in flags else raw.output
    assert "u-secret" in shown
    assert "u-broken" in shown
    file.write_text(file.read_text().replace("ids: raw", "ids: pseudonym"))
    done = segmentry("check", *flags, folder=shop)
    assert done.status == 0
    told = done.output + done.messages
    told += (shop / "page.html").read_text() if "--html" in flags else ""
    for secret in ("u-secret", "u-broken", "@shop.example", "u17"):
        assert secret not in told
    assert "dominant_entities" in told or "entities that dominate" in told


def test_mistakes_are_looked_for_where_there_is_a_project(shop: Path) -> None:
    told = json.loads(segmentry("check", "--json", folder=shop).output)["mistakes"]
    assert [m["code"] for m in told if m["state"] == "found"] == ["M05", "M08"]
    assert {m["code"] for m in told} == {f"M{i:02d}" for i in range(1, 14)}
    without = json.loads(segmentry("check", "orders.csv", "--json", folder=shop).output)
    assert "mistakes" not in without


def test_strict_ends_with_one_on_a_mistake_that_is_no_note(shop: Path) -> None:
    segmentry("check", "--fix", "test_accounts", folder=shop)
    assert segmentry("check", "--strict", folder=shop).status == 0
    file = shop / "segmentry.yaml"
    file.write_text(file.read_text().replace("  min: 4 ", "  min: 8 "))
    done = segmentry("check", "--strict", folder=shop)
    assert done.status == 1
    assert "MISTAKE  M03: number of segments by gut feel" in done.output
    assert "fix: segments: {min: 4, max: 8}" in done.output
    assert list((shop / "runs").glob("*")) == []


def test_the_page_tells_mistakes_too(shop: Path) -> None:
    segmentry("check", "--html", "check.html", folder=shop)
    text = (shop / "check.html").read_text()
    assert '<section id="mistakes"' in text
    assert "Nobody works with the result." in text
