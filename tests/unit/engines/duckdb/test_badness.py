from __future__ import annotations

from pathlib import Path

import pytest

from reading import events, log, opened, table, write
from segmentry.domain.role import Role
from segmentry.errors import DataError

BAD = "1,2011-01-01 10:00:00,a lot\n"
CUT = "1,2011-01-01 10:00:00\n"


def test_a_bad_value_is_counted_and_shown(tmp_path: Path) -> None:
    found = opened(events(write(tmp_path / "a.csv", log() + BAD), amount="amount"))
    (finding,) = found.findings("bad_value")
    assert finding.sentence == "amount has 1 value that is no number"
    assert finding.examples == ("row 301, amount: 'a lot'",)
    assert (finding.severity, finding.source, finding.done) == (
        "warning",
        "log",
        "counted as missing",
    )
    assert found.relation.n_bad_rows == 1


def test_a_rejected_row_is_counted_and_shown(tmp_path: Path) -> None:
    found = opened(events(write(tmp_path / "a.csv", log() + CUT)))
    (finding,) = found.findings("bad_row")
    assert (finding.count, finding.total) == (1, 301)
    assert "a.csv line 302" in finding.examples[0]
    assert found.relation.n_rows == 301


def test_a_row_with_two_bad_values_is_one_bad_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + "1,someday,a lot\n")
    found = opened(events(path, amount="amount"))
    assert len(found.findings("bad_value")) == 2
    assert found.relation.n_bad_rows == 1


@pytest.mark.parametrize("bad", [BAD, CUT])
def test_more_than_one_in_a_hundred_is_refused(tmp_path: Path, bad: str) -> None:
    path = write(tmp_path / "a.csv", log() + bad * 4)
    with pytest.raises(DataError, match="4 of 304 rows are bad, more than 1\u202f%") as caught:
        opened(events(path, amount="amount"))
    assert caught.value.code == "E2004"
    assert "--allow-bad-rows" in str(caught.value.hint)


def test_the_worst_column_is_named_with_an_example(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + BAD * 5)
    with pytest.raises(DataError, match=r"amount has 5 values .* such as row 301, amount: 'a lot'"):
        opened(events(path, amount="amount"))


def test_bad_rows_may_be_allowed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + BAD * 10 + CUT * 10)
    found = opened(events(path, amount="amount"), allow_bad_rows=True)
    assert found.relation.n_bad_rows == 20
    assert len(found.rows) == 310


def test_three_in_three_hundred_are_borne(tmp_path: Path) -> None:
    found = opened(events(write(tmp_path / "a.csv", log(297) + BAD * 3), amount="amount"))
    assert found.relation.n_bad_rows == 3


def test_columns_that_are_not_used_do_not_count(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + BAD * 10)
    assert opened(events(path)).relation.n_bad_rows == 0


def test_columns_of_a_condition_count(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + BAD * 2)
    assert opened(events(path, where="amount > 5")).relation.n_bad_rows == 2


def test_columns_of_a_table_count_but_for_ids(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i},{i}\n" for i in range(100)) + "100,x,y\n"
    source = table(write(tmp_path / "a.csv", "id,a,b\n" + rows))
    assert len(opened(source, roles={}).findings("bad_value")) == 2
    assert len(opened(source, roles={"a": Role.ID}).findings("bad_value")) == 1
    assert opened(source).findings("bad_value") == []
