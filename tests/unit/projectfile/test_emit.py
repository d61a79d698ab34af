"""A project file that teaches: comments, reasons, alternatives, and safe quoting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from segmentry.domain.project import (
    FeatureChoice,
    Outcome,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.projectfile.emit import MOST_TOLD, comment, emit, scalar
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.keys import FEATURES, PROJECT, SEGMENTS, SOURCE, WINDOWS
from segmentry.projectfile.load import load
from segmentry.projectfile.preparing import PREPARE

EVENTS = Source(
    "orders",
    "data/orders.csv",
    columns=frozen_mapping({"entity": "id", "time": "at", "amount": "Quantity * Price"}),
    event="purchase",
)
ROLES = frozen_mapping({"Country": Role.OVERLAY, "churned": Role.OUTCOME})
REASONS = {"sources[0].columns.amount": "quantity times price", "features.roles.Country": "where"}


def written(notes: tuple[str, ...] = (), **changes: object) -> str:
    project = Project("shop", (EVENTS,), features=FeatureChoice(roles=ROLES))
    return emit(Guess(replace(project, **changes), notes, REASONS))  # type: ignore[arg-type]


def test_every_key_is_explained() -> None:
    text = written()
    for record in (PROJECT, WINDOWS, PREPARE, SEGMENTS):
        for key in record.keys:
            inner = key.name in {"sources", "windows", "features", "prepare", "text", "segments"}
            inner = inner or key.name == "privacy"
            assert inner or key.help in text, key.name
    assert next(k for k in SOURCE.keys if k.name == "shape").help in text
    assert next(k for k in FEATURES.keys if k.name == "roles").help in text


def test_reasons_stand_beside_what_they_are_for() -> None:
    lines = written().splitlines()
    amount = next(line for line in lines if line.lstrip().startswith("amount:"))
    assert amount.endswith("# quantity times price")
    country = next(line for line in lines if line.lstrip().startswith("Country:"))
    assert country.endswith("# where")


def test_what_is_unsure_stands_on_top() -> None:
    text = written(notes=("is it id,\nor account?",))
    assert text.index("# - is it id, or account?") < text.index("version: 1")


def test_the_fields_that_were_not_found_are_named() -> None:
    assert "# not found: kind, quantity, item" in written()


def test_alternatives_are_shown_as_comments() -> None:
    assert "# currency: EUR" in written()
    assert "# outcomes: [{name: next_purchase, event: purchase, horizon: 90d}]" in written()
    table = Source("t", "t.csv", Shape.TABLE, frozen_mapping({"entity": "id"}))
    assert "# deduplicate: last" in written(sources=(table,))


def test_outcomes_are_written_and_read_back(tmp_path: Path) -> None:
    told = (Outcome("back", event="purchase", horizon_days=90.0), Outcome("left", column="gone"))
    file = tmp_path / "segmentry.yaml"
    file.write_text(written(outcomes=told))
    assert load(file).project.outcomes == told


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "",
        "no",
        "y",
        "12",
        "1e3",
        "30d",
        "2024-01-01",
        "~",
        "null",
        "a: b",
        "# no comment",
        'it\'s "quoted"',
        "Umsatz 💶\nnetto",
        "tab\tand\x07bell\x85\u2028",
        "\ufeff",
        "-",
        "*alias",
        "&anchor",
        "a{b}[c],d",
        "trailing ",
        "\\",
        0,
        1e-07,
        1.5,
        1e300,
        2**60,
        [],
        {},
        ["a b", 1],
        {"a: b": 'c"', "no": 1},
    ],
)
def test_any_value_is_written_on_one_line_and_read_back(value: object) -> None:
    text = scalar(value)
    assert text.splitlines() in ([text], [])
    assert yaml.safe_load(f"key: {text}") == {"key": value}


def test_a_comment_stays_a_comment() -> None:
    assert comment("a\nb: 1\u2028c") == "# a b: 1 c"


def test_what_was_found_and_only_told_stands_below_its_source() -> None:
    edit = Edit("where", "price <> 0")
    found = (
        Finding("zero_prices", "info", "4 rows have a price of zero", edit=edit),
        Finding("guests", "info", "9 rows name nobody", rule="where: id is not null"),
        Finding("skewed", "info", "'x' has a\nlong tail", advice="a run bends it"),
    )
    project = Project("shop", (EVENTS,), features=FeatureChoice(roles=ROLES))
    text = emit(Guess(project, (), REASONS, found))
    lines = [line.strip() for line in text.splitlines()]
    place = lines.index("# Found in the data, and only told:")
    assert lines[place + 1 : place + 5] == [
        "# - 4 rows have a price of zero",
        "#   where: price <> 0",
        "# - 'x' has a long tail",
        "#   a run bends it",
    ]
    # What a key above settles is explained there.
    assert "9 rows name nobody" not in text
    assert yaml.safe_load(text)["project"] == "shop"


def test_a_long_list_of_findings_ends_with_the_command_that_tells_all() -> None:
    found = tuple(Finding("constant", "info", f"finding {i}") for i in range(MOST_TOLD + 3))
    project = Project("shop", (EVENTS,), features=FeatureChoice(roles=ROLES))
    text = emit(Guess(project, (), REASONS, found))
    assert f"finding {MOST_TOLD - 1}" in text
    assert f"finding {MOST_TOLD}\n" not in text
    assert "and 3 more: segmentry check" in text
