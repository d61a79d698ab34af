"""Opening the files that a guess looks at."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.project import Source
from segmentry.errors import DataError, UsageError
from segmentry.projectfile.opening import opened_files, path_from, source_names
from surveys import write_csv

COLUMNS = {"user_id": [1, 2, 3], "visits": [4, 5, 6], "plan": ["a", "b", "a"]}


def test_files_of_each_kind_are_opened(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "a.csv", COLUMNS)
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    parquet = tmp_path / "c.parquet"
    pq.write_table(pa.table(COLUMNS), parquet)
    for path in (plain, packed, parquet):
        with opened_files([path], tmp_path) as opened:
            assert opened.survey.names == ("user_id", "visits", "plan")
            assert opened.survey.n_rows == 3
            assert opened.sources[0].path == path.name


def test_a_glob_is_one_source(tmp_path: Path) -> None:
    for i in (1, 2):
        write_csv(tmp_path / f"log_{i}.csv", COLUMNS)
    with opened_files([tmp_path / "log_*.csv"], tmp_path) as opened:
        assert [s.path for s in opened.sources] == ["log_*.csv"]
        assert opened.survey.n_rows == 6


def test_several_files_are_several_sources_with_names_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    paths = [write_csv(tmp_path / p, COLUMNS) for p in ("a.csv", "x/a.csv")]
    with opened_files(paths, tmp_path) as opened:
        assert [s.name for s in opened.sources] == ["a", "a-2"]
        assert opened.survey.n_rows == 6


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", COLUMNS)
    other = write_csv(tmp_path / "b.csv", {"user_id": [1, 2], "spend": [1, 2]})
    with pytest.raises(UsageError, match="do not share their columns: 'plan', 'spend', 'visits'"):
        opened_files([first, other], tmp_path).__enter__()


def test_a_column_that_is_words_in_one_file_only_is_read_as_text_in_all(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", COLUMNS)
    other = write_csv(tmp_path / "b.csv", {**COLUMNS, "user_id": ["a1", "a2", "a3"]})
    with opened_files([first, other], tmp_path) as opened:
        assert opened.survey.get("user_id").texts == ("1", "2", "3", "a1", "a2", "a3")
        assert [dict(s.types) for s in opened.sources] == [{"user_id": "text"}] * 2
        assert "'user_id' is not of one type" in opened.notes[-1]


def test_numbers_of_another_width_are_no_other_type(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", COLUMNS)
    other = write_csv(tmp_path / "b.csv", {**COLUMNS, "visits": [1.5, 2, 3]})
    with opened_files([first, other], tmp_path) as opened:
        assert opened.survey.get("visits").present.tolist() == [4, 5, 6, 1.5, 2, 3]
        assert not opened.sources[0].types


def test_no_file_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file is given"):
        opened_files([], tmp_path).__enter__()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no such file|no file") as caught:
        opened_files([tmp_path / "nowhere.csv"], tmp_path).__enter__()
    assert caught.value.code == "E2001"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/home/ada/shop/data/a.csv", "data/a.csv"),
        ("/home/ada/data/a.csv", "../data/a.csv"),
        ("/mnt/a.csv", "/mnt/a.csv"),
    ],
)
def test_a_path_starts_at_the_folder_where_it_can(path: str, wanted: str) -> None:
    assert path_from(Path(path), Path("/home/ada/shop")) == wanted


def test_sources_are_named_together_by_what_their_names_share() -> None:
    sources = [Source(n, n) for n in ("log_2024_01", "log_2024_02")]
    assert source_names(sources) == "log"
    assert source_names(sources[:1]) == "log_2024_01"
    assert source_names([Source("a", "a"), Source("b", "b")]) == "a"
