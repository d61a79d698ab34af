from __future__ import annotations

import pytest

from segmentry.engines.header import (
    Frame,
    frame_of,
    is_unnamed,
    repeated,
    told_repeated,
    unique_names,
)


def frame(text: str, *, comments: bool = False) -> Frame:
    """Find the table in lines whose cells are parted by commas."""
    return frame_of([line.split(",") if line else [] for line in text.split("\n")],
                    comments=comments)  # fmt: skip


ROWS = "1,2023-01-13,red\n2,2023-01-14,blue\n3,2023-01-15,green"
TEXTS = "ann,buy,red\nbob,view,blue\ncleo,buy,green"


def test_words_above_numbers_and_dates_are_the_header() -> None:
    assert frame(f"id,at,hue\n{ROWS}") == Frame(1, ("id", "at", "hue"), has_header=True)


def test_a_first_row_like_the_others_is_no_header() -> None:
    assert frame(ROWS) == Frame(0, ("column1", "column2", "column3"), has_header=False)


def test_numbers_beside_a_word_that_is_missing_below_are_no_header() -> None:
    found = frame("7,2023-01-12,unknown,5\n" + "\n".join(f"{i},2023-01-13,4,6" for i in range(9)))
    assert not found.has_header


@pytest.mark.parametrize("names", ["id,2019,2020,2021", "id,0,1,2"])
def test_years_and_counted_names_are_a_header(names: str) -> None:
    assert frame(f"{names}\na,5,7,8\nb,6,5,5\nc,7,7,7").names == tuple(names.split(","))


def test_words_above_words_are_the_header_unless_they_stand_again() -> None:
    assert frame(f"who,what,hue\n{TEXTS}").has_header
    assert not frame(TEXTS).has_header
    assert frame(f"who,what,hue\n{TEXTS}\nwho,what,hue").has_header


@pytest.mark.parametrize(
    ("above", "n_skip", "n_titles"),
    [
        ("Sales", 2, 1),
        ("Sales\n\nof 2023", 4, 2),
        ("Sales,,\n,,", 3, 1),
        ("Made by, hand", 2, 1),
        ("\n", 3, 0),
    ],
)
def test_titles_are_skipped(above: str, n_skip: int, n_titles: int) -> None:
    found = frame(f"{above}\nid,at,hue\n{ROWS}")
    assert found == Frame(n_skip, ("id", "at", "hue"), has_header=True, n_titles=n_titles)


def test_a_title_as_wide_as_the_table_is_skipped_too() -> None:
    assert frame(f"Shop,Bonn,2023\nid,at,hue\n{ROWS}").names == ("id", "at", "hue")


def test_a_word_among_the_first_numbers_is_no_header() -> None:
    assert not frame("5\nunknown\n7\n8\n9\n10").has_header
    assert frame("n\n5\nunknown\n7\n8\n9").names == ("n",)


def test_a_comment_may_be_the_header() -> None:
    found = frame(f"# made by hand\n# id,at,hue\n{ROWS}", comments=True)
    assert found == Frame(2, ("id", "at", "hue"), has_header=True, n_titles=1)
    assert frame(f"#,at,hue\n{ROWS}", comments=True).names == ("#", "at", "hue")
    assert frame(f"#who,what,hue\n{TEXTS}", comments=True).names == ("who", "what", "hue")


def test_rows_that_begin_with_a_name_of_their_own_get_a_column() -> None:
    assert frame(f"at,hue\n{ROWS}").names == ("column1", "at", "hue")


def test_an_open_end_of_rows_is_no_name() -> None:
    rows = "\n".join(f"{line}," for line in ROWS.split("\n"))
    assert frame(f"id,at,hue\n{rows}").names == ("id", "at", "hue", "column4")


def test_rows_may_leave_empty_ends_out() -> None:
    rows = "1,2023-01-13\n2,2023-01-14,blue,5\n3,2023-01-15,green\n4,2023-01-15"
    found = frame(f"id,at,hue,n\n{rows}")
    assert found.is_padded
    assert found.names == ("id", "at", "hue", "n")


def test_a_line_drawn_under_the_header_is_skipped() -> None:
    assert frame(f"id,at,hue\n--,----------,---\n{ROWS}").n_skip == 2


def test_a_header_alone_is_a_header_and_numbers_alone_are_not() -> None:
    assert frame("id,at,hue") == Frame(1, ("id", "at", "hue"), has_header=True)
    assert not frame("1,2023-01-13,5").has_header
    assert not frame("151603712,Skyrim,purchase,1.0").has_header
    assert frame("id,2019,2020").has_header
    assert frame("") == Frame(0, (), has_header=True)


def test_names_are_made_unique_whatever_their_case() -> None:
    assert unique_names(["id", "ID", "", "id", "x "]) == ("id", "ID_1", "column3", "id_2", "x")


def test_a_counted_name_is_none() -> None:
    assert is_unnamed("column3", 3)
    assert not is_unnamed("column3", 2)
    assert is_unnamed("Unnamed: 0", 1)


def test_names_of_several_columns_are_told() -> None:
    found = frame(f"id,Amount,amount\n{ROWS}".replace("red", "7"))
    assert found.names == ("id", "Amount", "amount_1")
    assert found.repeated == ("Amount",)
    assert repeated(["", "", "a"]) == ()
    assert "'a', 'b'; the later" in told_repeated("x.csv", ["a", "b"])
    assert "and 2 more" in told_repeated("x.csv", list("abcdefg"))
