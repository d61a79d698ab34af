"""A check of data without what it quotes from the rows."""

from __future__ import annotations

from segmentry.pipeline.discretion import HIDDEN, discreet, without_values
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, as_data


def test_examples_go_from_the_list_and_from_the_sentence() -> None:
    found = Finding("guests", "warning", "'ann@x.org' alone has 20 %", examples=("ann@x.org",))
    told = discreet(found)
    assert told.examples == ()
    assert told.sentence == "one alone has 20 %"


def test_rules_that_list_ids_are_not_shown() -> None:
    edit = Edit("where", "who <> 'ann'")
    for kind, is_hidden in (("busy_entities", True), ("guests", False)):
        found = Finding(kind, "info", "x", edit=edit, rule=f"where: {edit.value}")
        told = str(as_data(discreet(found)))
        assert ("ann" not in told) is is_hidden
        assert (HIDDEN in told) is is_hidden


def test_values_of_what_names_somebody_go_and_shapes_of_the_rest_stay() -> None:
    levels = [{"level": "red", "share": 0.6}, {"level": "Ann Lee", "share": 0.001}]
    facts = {"missing": 1, "distinct": 2}
    columns = [
        {"name": "id", "use": "entity, where", **facts, "levels": levels},
        {"name": "phone", "use": "not used", **facts, "min": 1.0, "median": 2.0, "histogram": [1]},
        {"name": "colour", "use": "cluster", **facts, "levels": levels},
        {"name": "spend", "use": "amount", **facts, "min": 1.0, "median": 2.0, "histogram": [1]},
    ]
    told = without_values({"where": "id <> 'ann'", "columns": columns, "n_rows": 9})
    assert told["n_rows"] == 9
    assert told["where"] == HIDDEN
    who, phone, colour, spend = told["columns"]
    assert who == {"name": "id", "use": "entity, where", **facts}
    assert phone == {"name": "phone", "use": "not used", **facts}
    assert colour["levels"] == levels[:1]
    assert spend == columns[3]
    assert without_values({"where": "", "columns": []})["where"] == ""
