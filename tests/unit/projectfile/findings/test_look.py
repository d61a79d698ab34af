"""What a search is given: fields as SQL, the rows that are kept, words of a name."""

from __future__ import annotations

from looks import look_at
from segmentry.domain.role import Role
from segmentry.projectfile.findings.look import head, says

EVENTS = {
    "who": ["a", "a", None, "b"],
    "at": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"],
    "worth": [1.0, -2.0, 3.0, 4.0],
    "note": ["x", "y", "z", "x"],
}
MAPPING = {"entity": "who", "time": "at", "amount": "worth * 2"}


def test_fields_are_asked_as_a_run_reads_them() -> None:
    look = look_at(EVENTS, MAPPING)
    assert look.rows.ask(f"sum({look.sql('amount')})")[0][0] == 12.0
    assert look.sql("order") is None
    assert look.field("entity") is not None
    assert look.field("amount") is None


def test_kept_rows_have_an_entity_and_pass_where() -> None:
    look = look_at(EVENTS, MAPPING, where="worth > 0")
    assert look.rows.count([look.kept]) == [2]
    assert look.rows.count([look_at(EVENTS, MAPPING).kept]) == [3]


def test_an_expression_that_a_run_would_refuse_is_never_asked() -> None:
    for bad in ("(SELECT 1)", "nonsense > 1", "random() > 0.5", "worth >"):
        assert look_at(EVENTS, MAPPING, where=bad).where is None


def test_features_are_the_columns_of_a_table_that_shape_segments() -> None:
    table = look_at(EVENTS, {"entity": "who"}, roles={"note": Role.OVERLAY})
    assert [c.name for c in table.features] == ["at", "worth"]
    assert look_at(EVENTS, MAPPING).features == ()


def test_only_mapped_columns_and_those_with_a_role_are_used_in_events() -> None:
    look = look_at(EVENTS, MAPPING, roles={"note": Role.OVERLAY})
    used = [c.name for c in look.survey.columns if look.is_used(c)]
    assert used == ["who", "at", "note"]


def test_an_answer_is_worked_out_once() -> None:
    asked = []
    look = look_at(EVENTS, MAPPING)
    for _ in range(3):
        assert look.once("name", lambda: asked.append(1) or len(asked)) == 1


def test_words_of_a_name() -> None:
    columns = look_at({"unit_prices": [1, 2], "CustomerID": [1, 2]}).survey.columns
    assert says(columns[0], "price")
    assert head(columns[0]) == "price"
    assert head(columns[1]) == "customer"
