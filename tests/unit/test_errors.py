"""The error tree: codes, the parts of a message, and errors that come in numbers."""

from __future__ import annotations

import re

import pytest

from segmentry import errors
from segmentry.errors import (
    DataError,
    EngineError,
    MathsError,
    Place,
    ProjectFileError,
    SegmentryError,
    UsageError,
    nearest,
)


def tree(root=SegmentryError):
    return [c for child in root.__subclasses__() for c in (child, *tree(child))]


HOUSE = [c for c in tree() if c.__module__ == errors.__name__]


def test_every_code_belongs_to_one_class_only():
    codes = [code for c in HOUSE for code in c.codes]
    assert len(codes) == len(set(codes)) > 20


@pytest.mark.parametrize("kind", HOUSE, ids=lambda kind: kind.__name__)
def test_every_class_has_codes_of_four_digits_with_a_title(kind):
    assert kind.codes
    for code, title in kind.codes.items():
        assert re.fullmatch(r"E\d{4}", code)
        assert title.strip()


def test_the_drawing_shows_the_codes_of_the_tree_and_no_others():
    drawn = set(re.findall(r"E\d{4}", errors.__doc__))
    assert drawn == {code for c in HOUSE for code in c.codes}


def test_the_drawing_gives_each_code_the_title_of_the_table():
    drawn = re.sub(r"\s+", " ", errors.__doc__)
    for kind in HOUSE:
        for code, title in kind.codes.items():
            assert f"{code} {title}" in drawn


def test_a_message_says_where_what_and_what_to_try():
    error = DataError("no such file", code="E2001", where="sales.csv", hint="check the path")
    assert str(error) == "sales.csv: no such file (E2001)\n  try: check the path"


def test_a_message_without_place_and_hint_is_one_line():
    assert str(DataError("no rows", code="E2003")) == "no rows (E2003)"


def test_facts_for_machines_keep_line_and_key():
    place = Place("segmentry.yaml", 7, "segments.min")
    facts = SegmentryError("bad", code="E1002", where=place, hint="4").as_dict()
    assert facts == {
        "code": "E1002",
        "what": "bad",
        "where": "segmentry.yaml:7 [segments.min]",
        "line": 7,
        "key": "segments.min",
        "hint": "4",
    }


def test_facts_of_a_place_in_words_have_no_line():
    facts = DataError("no rows", code="E2003", where="sales.csv").as_dict()
    assert (facts["where"], facts["line"], facts["key"]) == ("sales.csv", None, None)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("a.yaml"), "a.yaml"),
        (Place("a.yaml", 3), "a.yaml:3"),
        (Place("a.yaml", key="name"), "a.yaml [name]"),
    ],
)
def test_a_place_shows_only_what_is_known(place, shown):
    assert str(place) == shown


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("min_shares", "did you mean 'min_share'?"),
        ("SEED", "did you mean 'seed'?"),
        ("zzz", "known: 'min_share', 'seed'"),
    ],
)
def test_nearest_names_the_likely_word_or_all_of_them(name, hint):
    assert nearest(name, {"seed", "min_share"}) == hint


def test_nearest_cuts_a_long_list_short():
    assert nearest("zzz", [f"column_{i:02d}" for i in range(13)]).endswith("'column_11' and more")


def test_a_missing_column_remembers_its_key_for_the_reader_of_the_file():
    error = ProjectFileError.missing_column(
        "custmer", ["customer"], source="sales", key="sources[0].columns.entity"
    )
    assert (error.code, error.key) == ("E1004", "sources[0].columns.entity")
    assert "source 'sales' has no column 'custmer'" in str(error)


def test_several_problems_are_reported_at_once():
    problems = [ProjectFileError(f"problem {i}", code="E1002") for i in (1, 2)]
    error = ProjectFileError.all_of(problems)
    assert error.code == "E1008"
    assert str(error) == "problem 1 (E1002)\nproblem 2 (E1002)"
    assert [p["what"] for p in error.as_dict()["problems"]] == ["problem 1", "problem 2"]


def test_a_single_problem_stays_as_it_is():
    problem = ProjectFileError("bad", code="E1002")
    assert ProjectFileError.all_of(iter([problem])) is problem


def test_a_single_problem_of_the_file_keeps_its_own_facts():
    assert ProjectFileError("bad", code="E1002").as_dict()["what"] == "bad"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ProjectFileError("x", code="E1002"), 2),
        (UsageError("x"), 2),
        (DataError("x", code="E2001"), 1),
        (MathsError("x"), 1),
    ],
)
def test_wrong_wishes_exit_with_two_and_failed_work_with_one(error, status):
    assert error.exit_status == status


def test_an_engine_error_carries_its_statement():
    assert EngineError("syntax", code="E3001", sql="SELEC 1").sql == "SELEC 1"


def test_a_maths_error_is_a_value_error_too():
    with pytest.raises(ValueError, match=r"shapes differ \(E7001\)"):
        raise MathsError("shapes differ")
