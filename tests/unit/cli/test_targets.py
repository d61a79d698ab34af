"""Where a command may write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands import segmentry
from finished import Finished
from segmentry.cli.targets import MARK, check_page, check_print, check_target, project_files
from segmentry.errors import UsageError
from segmentry.stores.printing import MARK as PRINT_MARK


def test_an_input_is_known_however_its_path_is_written(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text("id\n1\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.csv").symlink_to(data)
    os.link(data, tmp_path / "hard.csv")
    names = ("a.csv", "sub/../a.csv", "link.csv", "hard.csv")
    for name in names:
        for given in (data, tmp_path / "*.csv", tmp_path):
            with pytest.raises(UsageError, match="which is read"):
                check_target(tmp_path / name, [given], option="--output")
    check_target(tmp_path / "b.csv", [data, tmp_path / "gone.csv"], option="--output")


def test_a_sheet_of_a_workbook_is_the_workbook(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"PK")
    with pytest.raises(UsageError, match="which is read"):
        check_target(book, [tmp_path / "a.xlsx#Sales"], option="--output")


def test_pages_replace_pages_of_ours_alone(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    check_page(page, [], option="--html")
    page.write_text("<p>mine</p>")
    with pytest.raises(UsageError, match="no page of ours"):
        check_page(page, [], option="--html")
    page.write_bytes(b"<!doctype html>\n<head>" + MARK)
    check_page(page, [], option="--html")
    with pytest.raises(UsageError, match="is a folder"):
        check_page(tmp_path, [], option="--html")


def test_prints_replace_prints_of_ours_alone(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    check_print(place, [], option="--output")
    place.write_bytes(b"%PDF-1.4 of another")
    with pytest.raises(UsageError, match="no print of ours"):
        check_print(place, [], option="--output")
    place.write_bytes(b"%PDF-1.4\n" + PRINT_MARK)
    check_print(place, [], option="--output")
    with pytest.raises(UsageError, match=r"does not end in \.pdf"):
        check_print(tmp_path / "a.html", [], option="--output")


def test_a_project_reads_its_file_and_its_sources(shop: Finished, tmp_path: Path) -> None:
    file = shop.folder / "segmentry.yaml"
    assert project_files(shop.folder) == project_files(file)
    assert project_files(file) == (file, shop.folder / "customers.parquet")
    assert project_files(tmp_path) == (tmp_path / "segmentry.yaml",)


@pytest.mark.parametrize("place", ["runs/latest/report.html", "runs/latest/release/a.html"])
def test_nothing_is_written_into_a_run(shop: Finished, place: str) -> None:
    with pytest.raises(UsageError, match="into a run"):
        check_target(shop.folder / place, [], option="--output")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--html", "customers.parquet"),
        ("check", "--html", "segmentry.yaml"),
        ("check", "customers.parquet", "--html", "customers.parquet"),
        ("report", "--output", "customers.parquet"),
        ("report", "--output", "segmentry.yaml"),
        ("report", "--output", "runs/latest/report.html"),
        ("assign", "customers.parquet", "--output", "customers.parquet"),
        ("assign", "gone.parquet", "--output", "customers.parquet"),
    ],
)
def test_no_command_writes_over_what_it_reads(shop: Finished, words: tuple[str, ...]) -> None:
    kept = [shop.folder / n for n in ("customers.parquet", "segmentry.yaml")]
    kept.append(shop.latest / "report.html")
    before = [file.read_bytes() for file in kept]
    done = segmentry(*words, folder=shop.folder)
    assert done.status == 2
    assert "give a file of another name" in done.messages
    assert [file.read_bytes() for file in kept] == before
