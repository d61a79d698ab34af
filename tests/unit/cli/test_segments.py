"""The commands by which people own segments."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from owning import bytes_of, copied
from segmentry.stores.state.peek import is_anything_said


@pytest.fixture
def folder(shop: Finished, tmp_path: Path) -> Path:
    return copied(shop, tmp_path / "shop")


def names(folder: Path) -> list[str]:
    done = segmentry("segments", "list", "--json", folder=folder)
    assert done.status == 0, done.messages
    return [s["name"] for s in json.loads(done.output)["segments"]]


def test_a_new_name_shows_everywhere_at_once_and_the_run_stays_as_it_was(folder: Path) -> None:
    latest = (folder / "runs" / "latest").resolve()
    before, old = bytes_of(latest), names(folder)
    done = segmentry("segments", "rename", "1", "Our Best", folder=folder)
    assert (done.status, done.output) == (0, f"{old[0]!r} is now called 'Our Best'.\n")
    assert names(folder) == ["Our Best", *old[1:]]
    assert bytes_of(latest) == before
    assert "then 'Our Best'" in segmentry("sql", folder=folder).output
    assert "Our Best" in segmentry("export", "code", folder=folder).output
    told = segmentry("assign", "customers.parquet", folder=folder).output
    assert '"Our Best"' in told
    assert f'"{old[0]}"' not in told
    entity = str(pq.read_table(latest / "assignments.parquet")["entity_id"][0].as_py())
    why = segmentry("why", entity, folder=folder).output
    assert "'Our Best'" in why
    page = Path(segmentry("report", folder=folder).output.strip())
    assert page.parent == (folder / ".segmentry" / "reports").resolve()
    assert "Our Best" in page.read_text()
    assert old[0] not in page.read_text()


def test_the_list_tells_owner_lock_and_note(folder: Path) -> None:
    for words in (["own", "1", "ada"], ["lock", "1"], ["note", "1", "ask in May"]):
        assert segmentry("segments", *words, folder=folder).status == 0
    row = json.loads(segmentry("segments", "list", "--json", folder=folder).output)["segments"][0]
    assert (row["owner"], row["locked"], row["note"]) == ("ada", True, "ask in May")
    table = segmentry("segments", "list", folder=folder).output
    assert "ada" in table
    assert "ask in May" in table
    page = Path(segmentry("report", folder=folder).output.strip()).read_text()
    assert "<strong>Owner:</strong> ada" in page
    assert "<strong>Note:</strong> ask in May" in page


def test_a_locked_segment_keeps_its_name_until_it_is_unlocked(folder: Path) -> None:
    assert segmentry("segments", "lock", "2", folder=folder).status == 0
    refused = segmentry("segments", "rename", "2", "Others", folder=folder)
    assert refused.status == 2
    assert "is locked" in refused.messages
    assert "segmentry segments unlock 2" in refused.messages
    assert segmentry("segments", "unlock", "2", folder=folder).status == 0
    assert segmentry("segments", "rename", "2", "Others", folder=folder).status == 0


def test_trying_writes_nothing(folder: Path) -> None:
    done = segmentry("segments", "rename", "1", "VIPs", "--dry-run", "--json", folder=folder)
    told = json.loads(done.output)
    assert (told["format"], told["is_written"], told["is_dry_run"]) == (1, False, True)
    assert told["sentence"].startswith("Only tried: ")
    assert not is_anything_said(folder)


def test_the_history_says_who_did_what_and_undo_is_part_of_it(folder: Path) -> None:
    assert "nothing has been said" in segmentry("segments", "history", folder=folder).output
    old = names(folder)
    segmentry("segments", "rename", "1", "VIPs", folder=folder)
    segmentry("segments", "own", "VIPs", "ada", folder=folder)
    undone = segmentry("segments", "undo", folder=folder)
    assert undone.output == "The owner of 'VIPs' (owner 'ada') is taken back.\n"
    tried = segmentry("segments", "undo", "--dry-run", folder=folder)
    assert tried.output.startswith("Only tried: the new name of ")
    segmentry("segments", "undo", folder=folder)
    assert names(folder) == old
    lines = segmentry("segments", "history", folder=folder).output.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "4"]
    assert "owner: - -> ada" in lines[1]
    assert lines[3].endswith("(takes back 1)")
    entries = json.loads(segmentry("segments", "history", "--json", folder=folder).output)
    assert [e["what"] for e in entries["entries"]] == ["rename", "own", "undo", "undo"]
    nothing = segmentry("segments", "undo", folder=folder)
    assert nothing.status == 2
    assert "nothing to take back" in nothing.messages


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["rename", "9", "X"], "there is no segment '9'"),
        (["rename", "1", "  "], "is no name"),
        (["rename", "1", "12"], "is no name"),
        (["rename", "1", "a\x1b[2Jb"], "signs that cannot be shown"),
        (["own", "1", "x" * 201], "has 201 characters"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_writes_nothing(
    folder: Path, words: list[str], told: str
) -> None:
    done = segmentry("segments", *words, folder=folder)
    assert done.status == 2
    assert told in done.messages
    assert segmentry("segments", "history", "--json", folder=folder).output.count("number") == 0


def test_two_segments_cannot_share_a_name(folder: Path) -> None:
    other = names(folder)[1]
    done = segmentry("segments", "rename", "1", other.upper(), folder=folder)
    assert done.status == 2
    assert "another segment is called" in done.messages


def test_a_damaged_state_names_the_file_and_what_mends_it(folder: Path) -> None:
    segmentry("segments", "rename", "1", "VIPs", folder=folder)
    (folder / ".segmentry" / "state.db").write_bytes(b"rubbish" * 1000)
    done = segmentry("report", folder=folder)
    assert done.status == 1
    assert "E5020" in done.messages
    assert "state.db" in done.messages
    assert "put back a copy" in done.messages


def test_what_is_forgotten_shows_nowhere_and_stays_in_the_history(folder: Path) -> None:
    old = names(folder)
    segmentry("segments", "rename", "1", "VIPs", folder=folder)
    done = segmentry("segments", "forget", "VIPs", folder=folder)
    assert (done.status, done.output) == (0, "Nothing is said of 'VIPs' any more.\n")
    assert names(folder) == old
    assert "forget 'VIPs'" in segmentry("segments", "history", folder=folder).output


def test_a_run_elsewhere_needs_its_project(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree((folder / "runs" / "latest").resolve(), out)
    lost = tmp_path / "lost"
    lost.mkdir()
    done = segmentry("segments", "rename", "1", "VIPs", "--run", out, folder=lost)
    assert done.status == 2
    assert "there is none here" in done.messages
    assert list(lost.iterdir()) == []
    words = ["rename", "1", "VIPs", "--run", out, "-p", folder]
    assert segmentry("segments", *words, folder=lost).status == 0
    assert names(folder)[0] == "VIPs"
    told = segmentry("report", "--run", out, "-p", folder, folder=lost)
    assert "VIPs" in Path(told.output.strip()).read_text()


def test_help_teaches_every_command_of_the_group(folder: Path) -> None:
    told = segmentry("segments", "--help", folder=folder).output
    for word in ("list", "rename", "lock", "unlock", "own", "note", "history", "undo"):
        assert f"\n  {word} " in told
        assert segmentry("segments", word, "--help", folder=folder).status == 0


def test_a_merge_shows_its_price_and_a_split_undoes_nothing_else(folder: Path) -> None:
    n = len(names(folder))
    tried = segmentry("segments", "merge", "1", "2", "--dry-run", folder=folder)
    assert tried.status == 0
    assert "only tried: nothing was written" in tried.output
    assert len(names(folder)) == n
    done = segmentry("segments", "merge", "1", "2", "--name", "Both", folder=folder)
    assert done.status == 0, done.messages
    for word in ("silhouette", "before", "after", "stability of 'Both'", "smallest share"):
        assert word in done.output
    assert len(names(folder)) == n - 1
    assert "Both" in names(folder)
    parted = segmentry("segments", "split", "Both", "--json", folder=folder)
    told = json.loads(parted.output)
    assert told["is_written"] is True
    assert told["reshaped"]["of"] == ["Both"]
    assert Path(told["run"]) == (folder / "runs" / "latest").resolve()
    assert len(names(folder)) == n
    for _ in range(2):
        assert segmentry("segments", "undo", folder=folder).status == 0
    assert len(names(folder)) == n
    lines = segmentry("segments", "history", folder=folder).output.splitlines()
    assert [line.split()[4] for line in lines] == ["merge", "split", "undo", "undo"]


def test_a_merge_of_one_and_a_split_of_few_are_refused_with_the_reason(folder: Path) -> None:
    same = segmentry("segments", "merge", "1", "1", folder=folder)
    assert same.status == 2
    assert "cannot be merged with itself" in same.messages
    rows = json.loads(segmentry("segments", "list", "--json", folder=folder).output)["segments"]
    smallest = min(rows, key=lambda r: r["size"])
    assert smallest["size"] < 100
    few = segmentry("segments", "split", str(smallest["id"]), "--into", "10", folder=folder)
    assert few.status == 1
    assert "E2006" in few.messages
    assert "too few for 10 parts" in few.messages
