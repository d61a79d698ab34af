"""Asking all rows: exact counts, whatever the columns are called."""

from __future__ import annotations

from looks import rows_of
from segmentry.projectfile.findings.rows import AT_ONCE, Ask


def test_rows_are_counted_by_condition_in_the_order_of_asking() -> None:
    rows = rows_of({"a": [1, 2, None], "b": ["x", "y", "y"]})
    assert rows.n_rows == 3
    assert rows.count(["a > 1", "b = 'y'", "a IS NULL"]) == [1, 2, 1]
    assert rows.count_values(["a", "b"]) == [2, 3]
    assert rows.count([]) == []


def test_more_questions_than_one_statement_takes_are_all_answered() -> None:
    rows = rows_of({"a": list(range(10))})
    n = 3 * AT_ONCE + 7
    assert rows.count([f"a >= {i}" for i in range(n)]) == [max(10 - i, 0) for i in range(n)]
    answers = rows.measure([Ask(f"a >= {i % 10}", "a") for i in range(AT_ONCE + 9)])
    assert [a.count for a in answers] == [10 - i % 10 for i in range(AT_ONCE + 9)]


def test_answers_show_the_ends_of_the_values_meant() -> None:
    rows = rows_of({"a": [5, -3, 9, -1]})
    answer = rows.measure([Ask("a < 0", "a")])[0]
    assert (answer.count, answer.examples) == (2, ("-3", "-1"))
    assert rows.measure([Ask("a > 100", "a")])[0].examples == ()


def test_the_most_frequent_values_come_first_and_ties_in_order() -> None:
    rows = rows_of({"a": ["b", "b", "c", "a", None]})
    assert rows.most_frequent("a", "true") == ("b", "a", "c")


def test_odd_names_and_texts_instead_of_numbers_can_be_asked() -> None:
    rows = rows_of({'n "x"': ["1", "two", "3"], "count": [1, 2, 3], "select": [0, 0, 1]})
    assert rows.count([f"{rows.number(rows.names[0])} > 1"]) == [1]
    assert rows.count_values(list(rows.names)) == [3, 3, 3]
