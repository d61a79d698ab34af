"""A check of data as a page for the terminal."""

from __future__ import annotations

from typing import Any

import pytest

from segmentry.cli.check_words import page, sparks


def document(**more: Any) -> dict[str, Any]:
    """Give a small check."""
    source = {
        "name": "orders",
        "paths": ["orders.csv"],
        "shape": "events",
        "mapping": {"entity": "who", "time": "at"},
        "n_rows": 1234,
        "n_columns": 2,
        "columns": [
            {
                "name": "price",
                "use": "amount",
                "missing": 3,
                "missing_share": 0.002,
                "distinct": 40,
                "distinct_is_exact": False,
                "min": -2.0,
                "median": 10.0,
                "max": 12345.0,
                "histogram": [1, 2, 3, 4],
            },
            {
                "name": "kind",
                "use": "not used",
                "missing": 0,
                "missing_share": 0.0,
                "distinct": 2,
                "distinct_is_exact": True,
                "levels": [{"level": "a", "share": 0.75}, {"level": "b", "share": 0.25}],
            },
        ],
        "coverage": {
            "rows_kept": 1200,
            "n_entities": 90,
            "one_event": 9,
            "rows_per_entity": [{"at": 0.0, "rows": 1.0}, {"at": 1.0, "rows": 70.0}],
            "first": "2024-01-01",
            "last": "2024-03-01",
            "n_days": 61,
            "active_days": 60,
            "period_days": 1,
            "periods": [1, 2, 3],
        },
    }
    found = {
        "kind": "guests",
        "title": "rows of nobody",
        "severity": "warning",
        "sentence": "3 rows name nobody",
        "examples": ["x"],
        "rule": "nothing; only told",
        "fix": "where: who is not null",
        "can_be_recorded": True,
    }
    told = {"counts": {"error": 0, "warning": 1, "info": 0}, "findings": [found]}
    return {"sources": [source], **told} | more


def test_the_heading_says_what_was_looked_at() -> None:
    lines = list(page(document()))
    assert lines[0] == (
        "orders.csv: 1,234 rows, 2 columns, 90 entities (who), 2024-01-01 to 2024-03-01"
    )
    assert "found: 1 warning" in lines


def test_a_finding_shows_its_example_and_its_fix() -> None:
    text = "\n".join(page(document()))
    assert "WARNING  guests: rows of nobody" in text
    assert "for example: x" in text
    assert "fix: --fix guests writes where: who is not null" in text


def test_a_rule_goes_before_a_fix_and_an_advice_is_a_sentence() -> None:
    done = document()["findings"][0] | {"rule": "where: who is not null"}
    advised = done | {"rule": "nothing; only told", "can_be_recorded": False, "fix": "mend it"}
    text = "\n".join(page(document(findings=[done, advised])))
    assert "done: where: who is not null" in text
    assert "Mend it." in text
    # One label stands above findings of one kind.
    assert text.count("rows of nobody") == 1


def test_columns_show_what_they_hold() -> None:
    text = "\n".join(page(document()))
    assert "≥ 40" in text
    assert "−2 .. 10 .. 12.3k" in text
    assert "a 75\u202f%, b 25\u202f%" in text
    assert "10\u202f%" in text


def test_nothing_found_is_said() -> None:
    empty = document(findings=[], counts={"error": 0, "warning": 0, "info": 0})
    assert "nothing was found that is wrong or strange" in page(empty)


def test_bars_follow_the_counts() -> None:
    assert sparks([]) == ""
    assert sparks([0, 0]) == "▁▁"
    assert sparks([1, 7]) == "▂█"


def test_one_is_not_several() -> None:
    (source,) = document()["sources"]
    coverage = {**source["coverage"], "n_entities": 1, "rows_kept": 1, "one_event": 1}
    coverage |= {"n_days": 1, "active_days": 1}
    one = {**source, "n_rows": 1, "n_columns": 1, "coverage": coverage}
    text = "\n".join(page({**document(), "sources": [one]}))
    assert "1 row, 1 column, 1 entity (who)" in text
    assert "(1 row is kept)" in text
    assert "1 entity (100 %)" in text.replace("\u202f", " ")
    assert "1 of 1 day has events" in text


@pytest.mark.parametrize(
    ("sentence", "column", "shown"),
    [
        ("multi_sheet.xlsx: the sheet was read", None, "multi_sheet.xlsx: the sheet was read."),
        (
            "amount has 3 values that are no number",
            "amount",
            "amount has 3 values that are no number.",
        ),
        ("there are 3 entities", None, "There are 3 entities."),
        ("all of it is new", "a", "All of it is new."),
    ],
)
def test_names_keep_their_letters_at_the_beginning_of_a_sentence(
    sentence: str, column: str | None, shown: str
) -> None:
    (finding,) = document()["findings"]
    columns = [column] if column else []
    finding |= {"sentence": sentence, "columns": columns, "source": "multi_sheet.xlsx"}
    lines = page({**document(), "findings": [finding]})
    assert shown in [line.strip() for line in lines]


def mistakes() -> list[dict[str, Any]]:
    """Tell of one mistake in each state, and of a note."""
    made = {"code": "M03", "title": "number of segments by gut feel", "state": "found"}
    made |= {"severity": "warning", "sentence": "exactly 6 segments are asked for"}
    made |= {"why": "nothing says whether another would be better", "fix": "segments: {min: 4}"}
    note = made | {"code": "M08", "title": "nobody works with the result", "severity": "info"}
    plain = [("M01", "settled"), ("M02", "absent"), ("M06", "absent"), ("M04", "unknown")]
    return [made, note, *({"code": code, "state": state} for code, state in plain)]


def test_mistakes_are_told_with_why_and_with_the_fix() -> None:
    lines = list(page(document(mistakes=mistakes())))
    start = lines.index("common mistakes: 2 made")
    assert lines[start + 2 : start + 6] == [
        "MISTAKE  M03: number of segments by gut feel",
        "         Exactly 6 segments are asked for.",
        "         why: nothing says whether another would be better",
        "         fix: segments: {min: 4}",
    ]
    assert "note     M08: nobody works with the result" in lines
    assert lines[lines.index("taken care of: M01") :][:3] == [
        "taken care of: M01",
        "not made: M02, M06",
        "not known: M04",
    ]


def test_a_check_of_files_says_nothing_of_mistakes() -> None:
    assert not [line for line in page(document()) if "mistake" in line]


def test_where_no_mistake_is_made_that_is_said() -> None:
    lines = list(page(document(mistakes=[{"code": "M01", "state": "absent"}])))
    assert "common mistakes: none made" in lines
