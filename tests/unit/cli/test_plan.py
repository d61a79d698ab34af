"""The plan command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import segmentry


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of purchases and its project file."""
    folder = tmp_path_factory.mktemp("log")
    lines = [
        f"c{i % 9},2024-{1 + i % 6:02d}-{1 + i % 27:02d} 10:{i % 60:02d},{i % 50}.5"
        for i in range(300)
    ]
    (folder / "orders.csv").write_text("\n".join(["customer_id,ordered_at,total", *lines]) + "\n")
    assert segmentry("init", "orders.csv", folder=folder).status == 0
    return folder


def test_it_says_what_a_run_would_do(log: Path) -> None:
    done = segmentry("plan", folder=log)
    assert done.status == 0
    lines = done.output.splitlines()
    assert lines[0] == "engine: duckdb"
    assert "  recency_days: days since the last event" in lines
    assert "    days(cut - last(events in history))" in lines
    assert any(line.endswith("more could be asked for: segmentry plan --all") for line in lines)


def test_all_lists_what_could_be_asked_for(log: Path) -> None:
    done = segmentry("plan", "--all", folder=log)
    assert "  burstiness: whether events come in bursts" in done.output


def test_the_query_alone_is_printed_for_a_tool(log: Path) -> None:
    done = segmentry("plan", "--sql", "--engine", "spark", folder=log)
    assert done.output.startswith(("WITH", "SELECT"))
    assert "`recency_days`" in done.output


def test_a_machine_reads_features_and_query(log: Path) -> None:
    found = json.loads(segmentry("plan", "--json", folder=log).output)
    assert found["engine"] == "duckdb"
    by_name = {f["name"]: f for f in found["features"]}
    assert by_name["recency_days"]["unit"] == "days"
    assert found["query"].count("SELECT") > 3


def test_no_engine_of_another_name_is_known(log: Path) -> None:
    assert segmentry("plan", "--engine", "oracle", folder=log).status == 2


def test_without_a_project_the_next_command_is_named(tmp_path: Path) -> None:
    done = segmentry("plan", folder=tmp_path)
    assert done.status == 2
    assert "segmentry init" in done.messages


DEFINE = """
features:
  define:
    - {name: big_share, facet: value, sentence: share of big orders, formula: FORMULA}
    - {name: coded, facet: value, sentence: made by code, python: "own.py:coded"}
"""


def test_own_features_are_listed_and_code_is_named_but_not_run(log: Path) -> None:
    file, mark = log / "segmentry.yaml", log / "was_run"
    before = file.read_text()
    (log / "own.py").write_text(f"open({str(mark)!r}, 'w')\ndef coded(events, window): ...\n")
    head, _, rest = before.partition("features:")
    own = DEFINE.replace("FORMULA", "count(events where amount > 20) / count(events)")
    try:
        file.write_text(head + own + rest.lstrip("\n"))
        done = segmentry("plan", folder=log)
        assert done.status == 0, done.messages
        assert "  big_share: share of big orders (defined by the project)" in done.output
        assert "    count(events where amount > 20) / count(events)" in done.output
        code = (
            "    python own.py:coded (code, which `segmentry run` executes; not held equal on all"
        )
        assert code in done.output
        told = json.loads(segmentry("plan", "--json", folder=log).output)["features"]
        assert {f["name"]: f.get("executes_code", False) for f in told if f.get("own")} == {
            "big_share": False,
            "coded": True,
        }
        checked = segmentry("check", folder=log)
        assert "note: coded is made by python own.py:coded, code that a run" in checked.messages
        assert not mark.exists()
        file.write_text(head + own.replace("amount >", "discount >") + rest.lstrip("\n"))
        refused = segmentry("plan", folder=log)
        assert "needs discount, which no source maps" in refused.messages
        line = 1 + file.read_text().split("{name: big_share")[0].count("\n")
        assert f"segmentry.yaml:{line} [features.define[0].formula]" in refused.messages
    finally:
        file.write_text(before)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of people and its project file."""
    folder = tmp_path_factory.mktemp("people")
    lines = [f"p{i},{20 + i % 47},{i * 7 % 31}" for i in range(90)]
    (folder / "people.csv").write_text("\n".join(["person_id,age,visits", *lines]) + "\n")
    assert segmentry("init", "people.csv", folder=folder).status == 0
    return folder


def test_a_planned_search_says_which_methods_are_tried_and_why_others_are_not(people: Path) -> None:
    done = segmentry("plan", "--search", folder=people)
    assert done.status == 0, done.messages
    lines = done.output.splitlines()
    head = next(line for line in lines if line.startswith("search: "))
    assert "methods for 4 to 8 segments, on 90 of 90 entities in" in head
    assert "  k-means: Tried: round segments of much the same width." in lines
    assert "  hdbscan: Not tried: it is where it is asked for by name." in lines
    assert not (people / "runs").exists()


def test_a_machine_reads_the_search_only_where_it_is_asked_for(people: Path) -> None:
    assert "search" not in json.loads(segmentry("plan", "--json", folder=people).output)
    found = json.loads(segmentry("plan", "--search", "--json", folder=people).output)["search"]
    tried = [m["name"] for m in found["methods"] if m["tried"]]
    assert found["candidates"] == len(tried) * len(found["segments"])
    assert (found["entities"], found["searched"]) == (90, 90)
