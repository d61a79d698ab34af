from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reading import events, log, opened, table, wall, write
from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.engines.base import ENTITY_ID
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.loading import load
from segmentry.engines.duckdb.opening import Opening
from segmentry.engines.files import find_files
from segmentry.errors import ProjectFileError

ORDERS = (
    "InvoiceNo,Quantity,Price,at,id\n"
    "536365,2,2.5,2011-02-03 10:00,1\n"
    "C536366,-1,2.5,2011-02-04 10:00,1\n"
    "536367,3,1.5,2011-02-05 10:00,\n"
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return write(tmp_path / "orders.csv", ORDERS)


def test_amount_may_be_an_expression(orders: Path) -> None:
    assert opened(events(orders, amount="Quantity * Price")).values("amount") == [5.0, -2.5, 4.5]


def test_where_leaves_rows_out_and_counts_them(orders: Path) -> None:
    where = "id is not null and not starts_with(InvoiceNo, 'C')"
    found = opened(events(orders, order="InvoiceNo", where=where))
    assert found.values("order") == ["536365"]
    assert found.relation.n_rows == 3
    assert found.relation.n_left_out == 2


def test_a_column_of_numbers_and_codes_is_text_where_it_is_used_as_such(tmp_path: Path) -> None:
    lines = "".join(f"{i},1,2011-01-01\n" for i in range(200)) + "C7,1,2011-01-01\n"
    path = write(tmp_path / "a.csv", "no,id,at\n" + lines)
    found = opened(events(path, order="no", where="not starts_with(no, 'C')"))
    assert found.relation.n_bad_rows == 0
    assert found.relation.n_left_out == 1


def test_a_date_may_be_compared_and_stated(orders: Path) -> None:
    assert len(opened(events(orders, where="at >= '2011-02-04'")).rows) == 2
    found = opened(
        Source(
            "log",
            str(orders),
            columns=frozen_mapping({"entity": "id", "time": "strptime(at, '%Y-%d-%m %H:%M')"}),
        )
    )
    assert found.values("time")[0] == wall("2011-03-02 10:00")


def test_time_may_be_put_together_from_several_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,y,m,d\n1,2011,2,3\n")
    source = Source(
        "log", str(path), columns=frozen_mapping({"entity": "id", "time": "make_date(y, m, d)"})
    )
    assert opened(source).values("time")[0].isoformat() == "2011-02-03"


def test_columns_with_a_role_lie_beside_the_fields(orders: Path) -> None:
    roles = {"Quantity": Role.OVERLAY, "Price": Role.ID, "elsewhere": Role.OVERLAY}
    found = opened(events(orders), roles=roles)
    assert list(found.rows[0]) == ["entity", "time", "role: Quantity"]


def test_every_problem_of_a_source_is_told_at_once(orders: Path) -> None:
    source = events(
        orders,
        amount="Qantity * Price +",
        item="Itm",
        where="sum(Price) > 1",
        types={"Prise": "number"},
    )
    with pytest.raises(ProjectFileError, match=r"no column 'Itm'") as caught:
        opened(source, key="sources[2]")
    assert [(p.code, p.key) for p in caught.value.problems] == [
        ("E1004", "sources[2].types.Prise"),
        ("E1005", "sources[2].columns.amount"),
        ("E1004", "sources[2].columns.item"),
        ("E1005", "sources[2].where"),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": "lower(InvoiceNo)"}, "'lower\\(InvoiceNo\\)' must give a number"),
        ({"where": "Quantity"}, "must give true or false"),
        ({"amount": "Quantity * at"}, "must give a number|cannot be computed|are bad"),
        ({"quantity": "date_trunc('day', at)"}, "must give a number"),
        ({"amount": "date_trunc(Quantity, at)"}, "cannot be"),
    ],
)
def test_an_expression_of_the_wrong_kind_is_refused(
    orders: Path, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(Exception, match=says):
        opened(events(orders, **changes))


def test_a_label_may_be_any_expression(orders: Path) -> None:
    found = opened(
        events(orders, kind="case when starts_with(InvoiceNo, 'C') then 'back' else 'buy' end")
    )
    assert found.values("kind") == ["buy", "back", "buy"]


def test_a_source_without_a_mapping_gives_every_column_as_it_looks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log(30))
    found = opened(Source("log", str(path), columns=frozen_mapping({})))
    assert found.types == {"id": "int64", "at": "timestamp", "amount": "float64"}
    assert found.relation.entity is None


def test_a_table_keeps_its_columns_beside_the_entity(orders: Path) -> None:
    found = opened(table(orders, "InvoiceNo"))
    assert list(found.rows[0]) == ["entity_id", "Quantity", "Price", "at", "id"]
    assert found.relation.entity == "entity_id"
    assert found.relation.columns == ("InvoiceNo", "Quantity", "Price", "at", "id")


def test_another_column_called_entity_id_gives_way(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "key,entity_id\na,1\nb,2\n")
    assert opened(table(path, "key")).rows[0] == {"entity_id": "a", "entity_id_": 1}


def test_known_kinds_go_before_what_one_row_looks_like(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,plan,seats\n1,7,Yes\n")
    found = opened(table(path), kinds={"plan": "text", "seats": "number"})
    assert found.rows[0] == {"entity_id": 1, "plan": "7", "seats": True}


def test_a_table_may_be_filtered(orders: Path) -> None:
    source = Source(
        "t",
        str(orders),
        Shape.TABLE,
        frozen_mapping({"entity": "row_number"}),
        where="Quantity > 0",
    )
    found = opened(source)
    assert found.relation.n_left_out == 1
    assert len(found.rows) == 2


WEIRD = [
    'say "x"; drop table y',
    "a\nb",
    "Umsatz 💶",
    "select",
    "sum(x)",
    " leading",
    "100%",
    "a.b",
]


def test_columns_of_any_name_are_read(tmp_path: Path) -> None:
    header = ",".join('"' + n.replace('"', '""') + '"' for n in WEIRD)
    rows = "".join(",".join(str(i + j) for j in range(len(WEIRD))) + "\n" for i in range(3))
    found = opened(table(write(tmp_path / "a.csv", f"{header}\n{rows}"), WEIRD[0]))
    assert found.rows[1] == {
        "entity_id": 1,
        **{name.strip(): 2 + j for j, name in enumerate(WEIRD[1:])},
    }


def parquet(path: Path) -> Path:
    rows = {"id": ["a", "b", "c"], "neat": ["x", "y", "z"], "blank": [" 1 ", "2", "NA"]}
    pq.write_table(pa.table(rows), path)
    return path


def test_texts_of_typed_files_are_cleaned(tmp_path: Path) -> None:
    found = opened(table(parquet(tmp_path / "people.parquet")))
    assert found.values("neat") == ["x", "y", "z"]
    assert found.values("blank") == [1, 2, None]


def test_columns_that_need_no_cleaning_are_taken_as_they_lie(tmp_path: Path) -> None:
    source = table(parquet(tmp_path / "people.parquet"))
    connection = Connection(threads=1, scratch=tmp_path / "scratch")
    raw = load(connection, find_files(source.path, ""), "people", Audit())
    opening = Opening(connection, source, raw, "", roles={}, kinds=None, functions=frozenset())
    opening.check()
    lines = {line.rpartition(" AS ")[2].strip('",'): line for line in opening.statement.split("\n")}
    assert "trim" not in lines["neat"]
    assert "trim" not in lines[ENTITY_ID]
    assert "trim" in opening.statement
    connection.close()
