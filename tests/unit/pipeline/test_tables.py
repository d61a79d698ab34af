from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reading import Built, built, events, table, write
from segmentry.domain.project import FeatureChoice, Outcome, frozen_mapping
from segmentry.domain.role import Kind, Role
from segmentry.errors import DataError

LEVELS = ["red", "green", "blue"]


def people(n: int = 60) -> str:
    rows = (
        f"p{i:03d},{i % 9},{LEVELS[i % 3]},name {i},"
        f"{'Yes' if i % 2 else 'No'},2020-01-{1 + i % 28:02d}\n"
        for i in range(n)
    )
    return "id,visits,colour,name,churned,joined\n" + "".join(rows)


def of_people(folder: Path, roles: dict[str, Role] | None = None, **facts: Any) -> Built:
    path = write(folder / "people.csv", people())
    choice = FeatureChoice(roles=frozen_mapping(roles or {}))
    return built(table(path), features=choice, **facts)


def kinds(found: Built) -> dict[str, str]:
    return {c.name: f"{c.kind} {c.role}" for c in found.table.columns}


def test_every_column_is_used_by_its_kind(tmp_path: Path) -> None:
    assert kinds(of_people(tmp_path)) == {
        "visits": "number cluster",
        "colour": "category cluster",
        "churned": "number cluster",
        "joined_days_ago": "number cluster",
    }


def test_roles_go_before_looks(tmp_path: Path) -> None:
    roles = {
        "churned": Role.OUTCOME,
        "visits": Role.ID,
        "colour": Role.OVERLAY,
        "name": Role.OVERLAY,
        "joined": Role.OVERLAY,
    }
    assert kinds(of_people(tmp_path, roles)) == {
        "colour": "category overlay",
        "name": "category overlay",
        "churned": "number outcome",
        "joined_days_ago": "number overlay",
    }


def test_an_outcome_of_the_project_may_be_a_column(tmp_path: Path) -> None:
    found = of_people(tmp_path, outcomes=(Outcome("churn", column="churned"),))
    assert found.table.column("churned").role is Role.OUTCOME


def test_texts_that_name_things_are_left_out_and_told(tmp_path: Path) -> None:
    (finding,) = of_people(tmp_path).findings("many_levels")
    assert finding.sentence.startswith("name has 60 different texts in 60 rows")
    assert "features.roles" in finding.done


def test_truth_values_are_numbers(tmp_path: Path) -> None:
    found = of_people(tmp_path)
    assert found.table.data["churned"].to_pylist()[:4] == [0.0, 1.0, 0.0, 1.0]
    assert found.table.column("churned").unit == "share"


def test_dates_are_days_before_the_latest(tmp_path: Path) -> None:
    found = of_people(tmp_path)
    assert found.of("p000")["joined_days_ago"] == 27.0
    assert found.of("p027")["joined_days_ago"] == 0.0
    assert found.window is not None
    assert found.window.as_of == datetime(2020, 1, 28, tzinfo=UTC)
    assert found.audit.facts["as_of"] == "2020-01-28T00:00:00+00:00"


def test_dates_are_counted_from_the_cut_that_is_asked_for(tmp_path: Path) -> None:
    found = of_people(tmp_path, as_of=datetime(2020, 2, 1, tzinfo=UTC))
    assert found.of("p000")["joined_days_ago"] == 31.0


def test_a_stray_date_is_not_the_latest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", people() + "p999,1,red,x,No,2099-12-31\n")
    found = built(table(path))
    assert found.window is not None
    assert found.window.as_of.year == 2020
    assert found.findings("stray_date")[0].examples == ("2099-12-31",)
    assert found.of("p999")["joined_days_ago"] < -29_000


def test_a_table_without_dates_has_no_window(tmp_path: Path) -> None:
    found = built(table(write(tmp_path / "a.csv", "id,x\n1,2\n2,3\n")))
    assert found.window is None
    assert found.table.as_of is None
    assert "as_of" not in found.audit.facts


def test_rows_without_a_key_are_numbered_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = built(table(write(tmp_path / "a.csv", "x\n7\n5\n9\n"), "row_number"))
    assert found.table.data.to_pydict() == {"entity_id": [1, 2, 3], "x": [7.0, 5.0, 9.0]}


def test_repeated_entities_are_refused_with_both_ways_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,x\n1,5\n2,6\n1,7\n1,8\n")
    with pytest.raises(DataError, match=r"2 rows of 'table' repeat .* 1 \(3 rows\)") as caught:
        built(table(path))
    assert caught.value.code == "E2005"
    assert "shape: events" in str(caught.value.hint)
    assert "deduplicate: last" in str(caught.value.hint)


def test_the_last_row_of_an_entity_may_be_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,x\n1,5\n2,6\n1,7\n1,\n")
    found = built(table(path, deduplicate="last"))
    assert found.table.data.to_pydict() == {"entity_id": [1, 2], "x": [None, 6.0]}
    assert found.findings("duplicate_entity")[0].count == 2


def test_rows_without_entity_are_left_out_and_counted(tmp_path: Path) -> None:
    found = built(table(write(tmp_path / "a.csv", "id,x\n1,5\n,6\nNA,7\n")))
    assert found.table.n_entities == 1
    assert found.findings("no_entity")[0].count == 2


def test_a_table_without_any_entity_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,x\n,5\nNA,6\n")
    with pytest.raises(DataError, match="no row of 'table' has an entity") as caught:
        built(table(path))
    assert caught.value.code == "E2009"


def test_columns_that_are_empty_stay_to_be_judged_by_preparation(tmp_path: Path) -> None:
    found = built(table(write(tmp_path / "a.csv", "id,x,y\n1,5,\n2,6,NA\n")))
    assert found.table.column("y").kind is Kind.NUMBER
    assert found.table.data["y"].null_count == 2


def test_one_row_is_read_as_all_were(tmp_path: Path) -> None:
    whole = of_people(tmp_path)
    for line in people().splitlines()[1:8]:
        path = write(tmp_path / "one.csv", people().splitlines()[0] + "\n" + line + "\n")
        one = built(table(path), window=whole.window, like=whole.table.columns)
        assert one.table.columns == whole.table.columns
        assert one.table.data.to_pylist() == [whole.of(line.split(",")[0])]


def test_typed_files_need_no_guess(tmp_path: Path) -> None:
    data = pa.table(
        {
            "id": ["a", "b"],
            "x": pa.array([1.5, float("nan")]),
            "flag": [True, None],
            "plan": pa.array(["basic", "basic"]).dictionary_encode(),
        }
    )
    pq.write_table(data, tmp_path / "a.parquet")
    found = built(table(tmp_path / "a.parquet"))
    assert found.table.data.to_pydict() == {
        "entity_id": ["a", "b"],
        "x": [1.5, None],
        "flag": [1.0, None],
        "plan": ["basic", "basic"],
    }


def test_the_first_table_says_who_there_is(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,x\n1,5\n2,6\n")
    write(tmp_path / "b.csv", "id,x,y\n2,8,9\n3,1,1\n")
    found = built(table("a.csv"), table("b.csv"), folder=tmp_path)
    assert found.table.data.to_pydict() == {
        "entity_id": [1, 2],
        "x": [5.0, 6.0],
        "x (table)": [None, 8.0],
        "y": [None, 9.0],
    }


def test_keys_of_two_kinds_meet_as_text(tmp_path: Path) -> None:
    write(tmp_path / "log.csv", "id,at\n1,2011-01-01\n2,2011-01-02\n")
    write(tmp_path / "b.csv", "id,y\n2,9\nx,1\n")
    found = built(events("log.csv"), table("b.csv"), folder=tmp_path)
    assert found.table.data["y"].to_pylist() == [None, 9.0]
