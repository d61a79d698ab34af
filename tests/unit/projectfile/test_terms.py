"""What a value may be: each term accepts, refuses, and says what it wants."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.projectfile.terms import (
    BAD,
    AutoOr,
    Duration,
    Key,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOrMore,
    Problems,
    Record,
    Switch,
    SwitchOr,
    Term,
    Text,
    TypeName,
    Whole,
    Word,
    WordOr,
    Zone,
    duration,
    shown,
)


def read(term: Term, value: object) -> tuple[Any, list[str]]:
    problems = Problems()
    return term.read(value, "key", problems), [str(p) for p in problems.found]


@pytest.mark.parametrize(
    ("term", "value", "wanted"),
    [
        (Text(), "a", "a"),
        (Text(may_be_blank=True), "", ""),
        (Word(("raw", "pseudonym")), "raw", "raw"),
        (Whole(2, 9), 2, 2),
        (WordOr(("auto",), Whole(2, 9)), "auto", "auto"),
        (WordOr(("auto",), Whole(2, 9)), 3, 3),
        (Switch(), False, False),
        (SwitchOr(Whole(1, 9)), True, 1),
        (SwitchOr(Whole(1, 9)), False, 0),
        (SwitchOr(Whole(1, 9)), 9, 9),
        (Number(0, 0.5), 0.5, 0.5),
        (Number(0, 2), 1, 1.0),
        (Duration(), "30d", 30.0),
        (Duration(), "2w", 14.0),
        (Duration(), "1y", 365.0),
        (Duration(), "0.5 d", 0.5),
        (Duration(may_be_all=True), "all", None),
        (Zone(), "Europe/Berlin", "Europe/Berlin"),
        (Zone(), "UTC", "UTC"),
        (TypeName(("text", "number")), "number", "number"),
        (TypeName(("text",)), "%d/%m/%Y", "%d/%m/%Y"),
        (ListOf(Text(), "names"), ["a", "b"], ("a", "b")),
        (MapOf(Whole(0), "names to numbers"), {"a": 1}, {"a": 1}),
        (AutoOr(ListOf(Text(), "names")), "auto", "auto"),
        (AutoOr(ListOf(Text(), "names")), ["a"], ("a",)),
    ],
)
def test_a_sound_value_is_read(term: Term, value: object, wanted: object) -> None:
    assert read(term, value) == (wanted, [])


@pytest.mark.parametrize(
    ("term", "value", "says"),
    [
        (Text(), "  ", "must be text"),
        (Text(), 5, "put it in quotes: '5'"),
        (Text(), True, "put it in quotes: 'True'"),
        (Word(("raw", "pseudonym")), "psuedonym", "did you mean 'pseudonym'?"),
        (Word(("raw",)), None, "is empty"),
        (Whole(2, 9), 1, "a whole number, 2 to 9, and is 1"),
        (Whole(2, 9), True, "is True"),
        (Whole(2), 2.0, "a whole number, 2 or more"),
        (Number(0, 0.5), 0.0, "a number above 0, at most 0.5"),
        (Number(0, 0.5), math.nan, "is nan"),
        (Number(0, 0.5), "much", "is 'much'"),
        (Duration(), 30, "add the unit: 30d"),
        (Duration(), "6m", "such as 180d; months differ in length"),
        (Duration(), "5 furlongs", "days, weeks or years"),
        (Duration(), "0d", "is '0d'"),
        (Duration(), "101y", "up to 100 years"),
        (Duration(), "all", "a length of time"),
        (Zone(), "Europe/Berln", "did you mean 'Europe/Berlin'?"),
        (Zone(), "../etc/passwd", "the name of a time zone"),
        (Zone(), 3, "the name of a time zone"),
        (TypeName(("text", "number")), "numbr", "did you mean 'number'?"),
        (ListOf(Text(), "names"), "a", "write one item per line after '- '"),
        (ListOf(Text(), "names", may_be_empty=False), [], "add at least one"),
        (MapOf(Text(), "names", ("time",)), {"tim": "a"}, "did you mean 'time'?"),
        (MapOf(Text(), "names"), ["a"], "must be a mapping of names"),
        (AutoOr(ListOf(Text(), "names")), "kmeans", "'auto' or a list of names"),
    ],
)
def test_a_wrong_value_is_refused_in_words(term: Term, value: object, says: str) -> None:
    _, told = read(term, value)
    assert len(told) == 1
    assert says in told[0]
    assert told[0].startswith("key")


def test_one_wrong_item_leaves_the_others_readable() -> None:
    value, told = read(ListOf(Whole(0), "numbers"), [1, "x", 3])
    assert value == (1, BAD, 3)
    assert "key[1]" in told[0]


RECORD = Record(
    "a thing",
    (Key("name", Text(), "its name"), Key("size", Whole(1), "its size", 3)),
    elsewhere={"colour": "things have no colour"},
)


def test_a_record_fills_in_defaults() -> None:
    assert read(RECORD, {"name": "a"}) == ({"name": "a", "size": 3}, [])


def test_an_empty_value_stands_for_a_key_left_out() -> None:
    assert read(RECORD, {"name": "a", "size": None}) == ({"name": "a", "size": 3}, [])


def test_a_record_tells_all_its_problems() -> None:
    _, told = read(RECORD, {"nam": "a", "size": 0, "colour": "red"})
    assert len(told) == 4
    assert "did you mean 'name'?" in told[0]
    assert "things have no colour" in told[1]
    assert "'name' is missing" in told[2]
    assert "key.size" in told[3]


def test_a_long_value_is_shown_cut() -> None:
    assert len(shown("x" * 500)) == 60


@given(st.floats(min_value=1e-6, max_value=36_500.0))
def test_a_duration_is_written_and_read_without_loss(days: float) -> None:
    assert read(Duration(), duration(days)) == (days, [])


def test_one_value_is_a_list_of_one() -> None:
    problems = Problems()
    term = OneOrMore(Whole(1), "numbers")
    assert term.read(3, "a", problems) == (3,)
    assert term.read([3, 4], "a", problems) == (3, 4)
    assert not problems.found
    term.read([], "a", problems)
    term.read([0, "x"], "b", problems)
    assert [p.key for p in problems.found] == ["a", "b[0]", "b[1]"]
    assert term.describe() == "a whole number, 1 or more, or a list of numbers"


def test_a_switch_is_on_or_off_and_nothing_else() -> None:
    problems = Problems()
    assert Switch().read(True, "a", problems) is True
    assert Switch().read("yes", "a", problems) is BAD
    assert problems.found[0].what == "this must be true or false, and is 'yes'"


def test_a_record_that_may_be_absent_has_no_defaults() -> None:
    inner = Record("a mapping", (Key("x", Whole(0), "", 7),))
    outer = Record("a file", (Key("maybe", Maybe(inner), "", None),))
    assert outer.read({}, "", Problems()) == {"maybe": None}
    assert outer.read({"maybe": {}}, "", Problems()) == {"maybe": {"x": 7}}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (Switch(), "yes"),
        (SwitchOr(Whole(1, 9)), "yes"),
        (SwitchOr(Whole(1, 9)), 10),
        (Switch(), 1),
        (WordOr(("auto", "none"), Whole(2, 9)), "autos"),
        (WordOr(("auto", "none"), Whole(2, 9)), 10),
        (WordOr(("auto", "none"), Whole(2, 9)), True),
    ],
)
def test_what_is_neither_word_nor_value_is_refused(term: Term, value: object) -> None:
    given_back, told = read(term, value)
    assert given_back is BAD
    assert len(told) == 1
