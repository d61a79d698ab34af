from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.projectfile.kinds import MOST_FILES, several_kinds
from surveys import write_csv

ORDERS = {"customer_id": [1, 2], "ordered_at": ["2020-01-01", "2020-01-02"], "amount": [5, 6]}
PEOPLE = {"customer_id": [1, 2], "city": ["York", "Hull"]}


def names(paths: list[Path], home: Path) -> list[str] | None:
    with several_kinds(paths, home) as opened:
        return None if opened is None else [f.name for f in opened[0]]


def test_files_of_other_columns_are_kinds_of_their_own(tmp_path: Path) -> None:
    paths = [write_csv(tmp_path / "orders.csv", ORDERS), write_csv(tmp_path / "people.csv", PEOPLE)]
    assert names([tmp_path], tmp_path) == ["orders", "people"]
    assert names(paths, tmp_path) == ["orders", "people"]
    assert names([tmp_path / "*.csv"], tmp_path) == ["orders", "people"]


def test_parts_of_one_table_are_no_matter_of_joining(tmp_path: Path) -> None:
    write_csv(tmp_path / "orders-2020.csv", ORDERS)
    write_csv(tmp_path / "orders-2021.csv", {**ORDERS, "note": ["a", "b"]})
    assert names([tmp_path], tmp_path) is None
    (tmp_path / "orders-2021.csv").rename(tmp_path / "spring.csv")
    assert names([tmp_path], tmp_path) is None


def test_one_file_is_no_folder(tmp_path: Path) -> None:
    assert names([write_csv(tmp_path / "orders.csv", ORDERS)], tmp_path) is None


def test_parts_of_one_kind_beside_another_are_put_together(tmp_path: Path) -> None:
    write_csv(tmp_path / "orders-2020.csv", ORDERS)
    write_csv(tmp_path / "orders-2021.csv", {**ORDERS, "amount": [1.5, 2.5]})
    write_csv(tmp_path / "people.csv", PEOPLE)
    with several_kinds([tmp_path], tmp_path) as opened:
        assert opened is not None
        first = opened[0][0]
        assert first.paths == ("orders-2020.csv", "orders-2021.csv")
        assert first.survey.n_rows == 4


def test_a_file_that_cannot_be_read_is_told_and_left_out(tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", ORDERS)
    write_csv(tmp_path / "people.csv", PEOPLE)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing more")
    with several_kinds([tmp_path], tmp_path) as opened:
        assert opened is not None
        assert [f.name for f in opened[0]] == ["orders", "people"]
        assert opened[1][0].startswith("left out: 'broken.parquet' (")


@pytest.mark.parametrize("n", [MOST_FILES + 1])
def test_very_many_files_are_parts_and_not_opened_one_by_one(tmp_path: Path, n: int) -> None:
    for i in range(n):
        (tmp_path / f"{'ab'[i % 2]}{i}.csv").write_text("x\n1\n", encoding="utf-8")
    assert names([tmp_path], tmp_path) is None
