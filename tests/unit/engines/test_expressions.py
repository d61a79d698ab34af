from __future__ import annotations

import pytest

from segmentry.engines.expressions import (
    Demand,
    Expression,
    find_column,
    literal,
    quoted,
    read_expression,
)
from segmentry.errors import ProjectFileError

COLUMNS = ("Quantity", "Unit Price", "InvoiceNo", "at", "year", "select", 'say "x"')
FUNCTIONS = frozenset({"starts_with", "make_date", "try_strptime", "read_text"})


def read(sql: str, demand: Demand = Demand.ANY) -> Expression:
    return read_expression(
        sql,
        COLUMNS,
        key="sources[0].columns.amount",
        source="orders",
        demand=demand,
        functions=FUNCTIONS,
    )


def written(sql: str, demand: Demand = Demand.ANY) -> str:
    return read(sql, demand).written(lambda r: r.column)


def demands(sql: str, demand: Demand = Demand.ANY) -> dict[str, str]:
    return {r.column: str(r.demand) for r in read(sql, demand).references}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_name_is_meant_by_its_name(name: str) -> None:
    assert read(name).plain == name
    assert written(name) == quoted(name)


def test_a_name_in_another_case_is_found_where_it_is_the_only_one() -> None:
    assert read("quantity").plain == "Quantity"
    assert find_column("A", ["a", "b"]) == "a"
    assert find_column("x", ["X", "x"]) == "x"
    assert find_column("Xx", ["xX", "XX"]) is None


def test_an_expression_is_written_with_quoted_names() -> None:
    assert written('quantity * "Unit Price"') == '"Quantity" * "Unit Price"'


def test_comments_are_dropped() -> None:
    assert written("Quantity -- and so on") == '"Quantity"'


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ('Quantity * "Unit Price"', {"Quantity": "number", "Unit Price": "number"}),
        ("starts_with(InvoiceNo, 'C')", {"InvoiceNo": "text"}),
        ("InvoiceNo like 'C%'", {"InvoiceNo": "text"}),
        ("InvoiceNo in ('a', 'b')", {"InvoiceNo": "text"}),
        ("Quantity in (1, 2)", {"Quantity": "number"}),
        ("Quantity <> -1", {"Quantity": "number"}),
        ("at >= '2011-01-01'", {"at": "time"}),
        ("at >= DATE '2011-01-01'", {"at": "time"}),
        ("at between '2011-01-01' and '2012-01-01'", {"at": "time"}),
        ("date_trunc('day', at)", {"at": "time"}),
        ("at + interval 1 day", {"at": "time"}),
        ("strptime(at, '%d/%m/%Y')", {"at": "text"}),
        ("make_date(year, 1, 1)", {"year": "number"}),
        ("InvoiceNo is not null", {"InvoiceNo": "any"}),
        ("Quantity::double", {"Quantity": "number"}),
    ],
)
def test_the_operation_around_a_column_tells_what_it_is_used_as(
    sql: str, found: dict[str, str]
) -> None:
    assert demands(sql) == found


def test_a_branch_is_what_the_whole_is_and_a_condition_is_not() -> None:
    sql = "case when InvoiceNo = 'x' then Quantity else coalesce(year, 0) end"
    assert demands(sql, Demand.NUMBER) == {
        "InvoiceNo": "text",
        "Quantity": "number",
        "year": "number",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "(select 1)",
        "exists(select 1)",
        "Quantity in (select 1)",
        "sum(Quantity)",
        "row_number() over ()",
        "Quantity; drop table x",
        "Quantity from range(5)",
        "Quantity where year = 1",
        "Quantity, year",
        "Quantity as x",
        "*",
        "columns('x') + Quantity",
        "unnest([Quantity])",
        "list_transform([Quantity], x -> x)",
        "read_csv('/etc/passwd')",
        "no_such_function(Quantity)",
        "$1 + Quantity",
        "random() * Quantity",
        "now()",
        "current_date - at",
        "getenv('HOME') || InvoiceNo",
        "1 + 1",
        "((",
        "Quantity +",
        "",
    ],
)
def test_whatever_is_more_than_one_value_of_one_row_is_refused(sql: str) -> None:
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        read(sql)
    assert caught.value.code == "E1005"
    assert caught.value.key == "sources[0].columns.amount"


def test_every_column_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(ProjectFileError, match="'Qantity'") as caught:
        read("Qantity * yaer + Qantity")
    problems = caught.value.problems
    assert [p.code for p in problems] == ["E1004", "E1004"]
    assert [p.hint for p in problems] == ["did you mean 'Quantity'?", "did you mean 'year'?"]


def test_quotes_are_doubled() -> None:
    assert quoted('a"b') == '"a""b"'
    assert literal("a'b") == "'a''b'"
