"""Reading a project file: places of keys, and every way in which a file can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.errors import Place, ProjectFileError
from segmentry.projectfile.load import load, placed

GOOD = """\
version: 1
project: shop   # a comment
sources:
  - name: orders
    path: data/orders.csv
    columns:
      entity: customer
      time: at
features:
  roles: {Country: overlay, "a: b": id, 2024: overlay, yes: cluster}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "segmentry.yaml"


def refused(file: Path, text: str) -> ProjectFileError:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        load(file)
    return caught.value


def test_every_key_has_its_line(file: Path) -> None:
    file.write_text(GOOD)
    places = load(file).places
    lines = {key: place.line for key, place in places.items()}
    assert lines["project"] == 2
    assert lines["sources[0].columns.entity"] == 7
    assert lines["features.roles.Country"] == 10
    assert places["sources[0]"] == Place(str(file), 4, "sources[0]")


def test_paths_start_at_the_folder_of_the_file(file: Path) -> None:
    file.write_text(GOOD)
    assert load(file).project.folder == file.parent


def test_column_names_are_read_as_they_are_written(file: Path) -> None:
    file.write_text(GOOD)
    assert set(load(file).project.features.roles) == {"Country", "a: b", "2024", "yes"}


def test_a_file_with_a_byte_order_mark_is_read(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8-sig")
    assert load(file).project.name == "shop"


def test_aliases_are_followed(file: Path) -> None:
    text = GOOD.replace("at\n", "at\n    where: &w x > 1\n") + "decision: *w\n"
    file.write_text(text)
    assert load(file).project.decision == "x > 1"


def test_problems_come_in_the_order_of_the_file_with_line_and_key(file: Path) -> None:
    error = refused(file, GOOD.replace("project:", "projct:") + "seed: -1\n")
    assert [str(p.where) for p in error.problems] == [
        f"{file}:2 [projct]",
        f"{file}:11 [seed]",
    ]
    assert "did you mean 'project'?" in str(error)


def test_a_missing_key_gets_the_line_of_what_is_around_it(file: Path) -> None:
    error = refused(file, GOOD.replace("      entity: customer\n", ""))
    assert isinstance(error.where, Place)
    assert (error.where.line, error.where.key) == (6, "sources[0].columns.entity")


def test_a_key_that_stands_twice_is_refused_beside_the_other_problems(file: Path) -> None:
    error = refused(file, GOOD + "project: again\nseed: -1\n")
    assert [p.key for p in error.problems] == ["project", "seed"]
    assert "the first is on line 2" in str(error)


def test_a_key_that_stands_twice_is_refused_alone(file: Path) -> None:
    assert refused(file, GOOD + "project: again\n").key == "project"


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment\n"])
def test_an_empty_file_points_to_init(file: Path, text: str) -> None:
    error = refused(file, text)
    assert error.code == "E1007"
    assert "segmentry init FILE" in str(error.hint)


def test_a_missing_file_points_to_init(file: Path) -> None:
    with pytest.raises(ProjectFileError, match="no such project file") as caught:
        load(file)
    assert caught.value.code == "E1007"
    assert "segmentry init FILE" in str(caught.value.hint)


def test_a_folder_points_to_the_file_inside(file: Path) -> None:
    file.write_text(GOOD)
    with pytest.raises(ProjectFileError, match="this is a folder") as caught:
        load(file.parent)
    assert str(file) in str(caught.value.hint)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [", 1), ("version: 1\n\tproject: x\n", 2), ("a: 'x\n", 2), ("a: *b\n", 1), ("- a\n", 1)],
)
def test_what_is_no_yaml_is_told_with_its_line(file: Path, text: str, line: int) -> None:
    error = refused(file, text)
    assert error.code == "E1003"
    assert isinstance(error.where, Place)
    assert error.where.line == line


def test_data_instead_of_a_project_file_points_to_init(file: Path) -> None:
    file.write_bytes(b"PAR1\xff\xfe\x00")
    with pytest.raises(ProjectFileError, match="no text in UTF-8") as caught:
        load(file)
    assert f"segmentry init {file}" in str(caught.value.hint)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]\n",
        "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(
            f"{c}: &{c} [{', '.join([f'*{p}'] * 10)}]\n"
            for p, c in zip("abcdef", "bcdefg", strict=True)
        ),
        "a: " + "[" * 1_500,
        "? [a]\n: 1\n",
        "a: !!python/object:os.system x\n",
    ],
)
def test_what_unfolds_without_end_or_carries_code_is_refused(file: Path, text: str) -> None:
    assert refused(file, text).code == "E1003"


def test_a_value_that_only_looks_like_a_date_is_refused_as_a_value(file: Path) -> None:
    error = refused(file, GOOD + "seed: 2024-13-45\n")
    assert error.key == "seed"
    assert "'2024-13-45'" in str(error)


def test_an_error_with_a_key_is_given_its_place(file: Path) -> None:
    file.write_text(GOOD)
    places = load(file).places
    plain = ProjectFileError.missing_column(
        "customr", ["customer"], source="orders", key="sources[0].columns.entity"
    )
    told = placed(plain, places)
    assert str(told.where) == f"{file}:7 [sources[0].columns.entity]"
    assert (told.what, told.hint, told.code) == (plain.what, plain.hint, plain.code)


def test_several_errors_are_given_their_places_in_order(file: Path) -> None:
    file.write_text(GOOD)
    keys = ["features.roles.Country", "sources[0].columns.time"]
    several = ProjectFileError.all_of(
        [ProjectFileError("bad", code="E1002", key=key) for key in keys]
    )
    told = placed(several, load(file).places)
    assert [p.key for p in told.problems] == list(reversed(keys))


def test_an_error_without_a_key_stays_as_it_is(file: Path) -> None:
    file.write_text(GOOD)
    error = ProjectFileError("bad", code="E1002")
    assert placed(error, load(file).places) is error
