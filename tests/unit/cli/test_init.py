"""``segmentry init``: what is written, what is said, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shapes
from commands import segmentry
from draws import Draw
from segmentry.projectfile.load import load
from surveys import write_csv


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a folder with a file of orders."""
    write_csv(tmp_path / "orders.csv", shapes.order_lines(Draw(200)))
    return tmp_path


def test_a_project_file_is_written_and_the_next_command_is_told(shop: Path) -> None:
    done = segmentry("init", "orders.csv", folder=shop)
    assert (done.status, done.output) == (0, "")
    assert done.messages.endswith("written: segmentry.yaml\nnext:    segmentry run\n")
    project = load(shop / "segmentry.yaml").project
    assert project.sources[0].path == "orders.csv"
    assert project.sources[0].columns["entity"] == "Customer ID"


def test_what_was_found_and_what_is_unsure_is_told(shop: Path) -> None:
    messages = segmentry("init", "orders.csv", folder=shop).messages
    assert "entity     Customer ID" in messages
    assert "overlay    Segment, Region" in messages
    assert "not sure:" in messages
    assert "'Customer Name'" in messages


def test_what_is_wrong_in_the_data_is_told_with_the_rule_that_was_written(tmp_path: Path) -> None:
    columns = shapes.order_lines(Draw(400))
    columns["Customer ID"] = [None] * 6 + list(columns["Customer ID"][6:])
    columns["Region"] = ["south"] * 5 + list(columns["Region"][5:])
    write_csv(tmp_path / "orders.csv", columns)
    done = segmentry("init", "orders.csv", "--json", folder=tmp_path)
    told = done.messages.partition("found in the data:")[2]
    assert "6 rows (1.5 %) have no 'Customer ID'" in told
    assert 'written: where: "Customer ID" is not null' in told
    assert "only told; " in told
    found = {f["kind"]: f for f in json.loads(done.output)["findings"]}
    assert (found["guests"]["count"], found["guests"]["share"]) == (6, 0.015)
    text = (tmp_path / "segmentry.yaml").read_text()
    assert "# Found in the data, and only told:" in text


def test_flags_override_what_is_guessed(shop: Path) -> None:
    words = ["--entity", "Customer Name", "--amount", "Sales - Discount", "--role", "Region=id"]
    words += ["--objective", "revenue", "--name", "mine", "--output", "mine.yaml"]
    done = segmentry("init", "orders.csv", *words, folder=shop)
    assert done.messages.endswith("next:    segmentry run -p mine.yaml\n")
    project = load(shop / "mine.yaml").project
    assert project.sources[0].columns["entity"] == "Customer Name"
    assert project.sources[0].columns["amount"] == "Sales - Discount"
    assert project.features.roles["Region"] == "id"
    assert (project.objective, project.name) == ("revenue", "mine")


def test_an_existing_file_is_kept_unless_forced(shop: Path) -> None:
    file = shop / "segmentry.yaml"
    file.write_text("mine")
    done = segmentry("init", "orders.csv", folder=shop)
    assert done.status == 2
    assert "--force" in done.messages
    assert file.read_text() == "mine"
    assert segmentry("init", "orders.csv", "--force", folder=shop).status == 0
    assert file.read_text() != "mine"


def test_the_guess_is_given_as_json(shop: Path) -> None:
    told = json.loads(segmentry("init", "orders.csv", "--json", folder=shop).output)
    assert told["project"]["sources"][0]["columns"]["order"] == "Order ID"
    assert told["reasons"]["sources[0].columns.entity"]
    assert told["notes"]
    assert told["file"] == "segmentry.yaml"


def test_a_folder_as_output_gets_the_usual_name(shop: Path) -> None:
    (shop / "here").mkdir()
    assert segmentry("init", "orders.csv", "--output", "here", folder=shop).status == 0
    assert load(shop / "here" / "segmentry.yaml").project.sources[0].path == "../orders.csv"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["nowhere.csv"], 1, "orders.csv"),
        (["orders.csv", "--entity", "Custmer ID"], 2, "did you mean 'Customer ID'?"),
        (["orders.csv", "--role", "Region"], 2, "write COLUMN=ROLE"),
        (["orders.csv", "--role", "Region=overlap"], 2, "did you mean 'overlay'?"),
        (["orders.csv", "--objective", "retentoin"], 2, "did you mean 'retention'?"),
        (["orders.csv", "--output", "no/where.yaml"], 2, "does not exist"),
        ([], 2, "FILE"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    shop: Path, words: list[str], status: int, says: str
) -> None:
    done = segmentry("init", *words, folder=shop)
    assert done.status == status
    assert says in done.messages
    assert not (shop / "segmentry.yaml").exists()


def test_names_that_a_terminal_would_obey_are_shown_escaped(tmp_path: Path) -> None:
    columns = {"customer_id": range(30), "\x1b[2Jspend\nnet": [i % 7 for i in range(30)]}
    write_csv(tmp_path / "a.csv", columns)
    done = segmentry("init", "a.csv", folder=tmp_path)
    assert done.status == 0, done.messages
    assert "\x1b" not in done.messages
    assert list(load(tmp_path / "segmentry.yaml").project.features.roles) == ["\x1b[2Jspend\nnet"]


def test_the_data_is_never_written_over_even_by_force(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("id,at\n1,2020-01-01\n", encoding="utf-8")
    before = data.read_bytes()
    done = segmentry("init", "data.csv", "--output", "data.csv", "--force", folder=tmp_path)
    assert done.status == 2
    assert data.read_bytes() == before
