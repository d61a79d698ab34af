"""The state killed at any moment, or written by several at once: what was acknowledged is there."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from segmentry.domain.owned import Deed
from segmentry.stores.state.book import Book
from segmentry.stores.state.place import state_file

CHILD = """
import sys
from pathlib import Path
from segmentry.domain.owned import Deed
from segmentry.stores.state.book import Book

home, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
turn = 0
while turn < int(sys.argv[3]):
    with Book.of(home) as book:
        book.say("a", turn % 5, Deed.NOTE, {"note": f"{name} {turn}"})
    print(f"{name} {turn}", flush=True)
    turn += 1
"""


def start(home: Path, name: str, turns: int = 10**9) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", CHILD, str(home), name, str(turns)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def notes(home: Path) -> list[str]:
    with Book.of(home) as book:
        return [str(e.after["note"]) for e in book.history()]


def is_whole(home: Path) -> bool:
    connection = sqlite3.connect(state_file(home))
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_all_that_was_acknowledged_is_stored(
    tmp_path: Path, seed: int
) -> None:
    acknowledged: list[str] = []
    chance = random.Random(seed)
    for cycle in range(2):
        with start(tmp_path, f"cycle{cycle}") as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            # The first of these moments may be before the file is there at all.
            time.sleep(chance.uniform(0.0, 1.2))
            child.kill()
            acknowledged += child.stdout.read().splitlines()
    stored = notes(tmp_path)
    assert is_whole(tmp_path)
    assert [p.name for p in state_file(tmp_path).parent.glob(".state.*")] == []
    assert set(acknowledged) <= set(stored)
    # Beyond what was acknowledged there is at most the one that was under way in each cycle.
    assert len(stored) <= len(acknowledged) + 2
    with Book.of(tmp_path) as book:
        said = {str(o.note) for o in book.said("a").values()}
    assert said <= set(stored)


FULL = """
import resource, sys
from pathlib import Path
from segmentry.domain.owned import Deed
from segmentry.errors import StoreError
from segmentry.stores.state.book import Book

home, most = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    for turn in range(2_000):
        with Book.of(home) as book:
            book.say("a", 1, Deed.NOTE, {"note": f"{turn} {'x' * 500}"})
        print(turn, flush=True)
except StoreError as error:
    print(error.code, error.what, flush=True)
"""


@pytest.mark.parametrize("most", [1_000, 20_000, 60_000, 100_000])
def test_on_a_full_disk_what_was_acknowledged_stays_and_the_refusal_is_told(
    tmp_path: Path, most: int
) -> None:
    arguments = [sys.executable, "-c", FULL, str(tmp_path), str(most)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    *acknowledged, refusal = done.stdout.splitlines()
    assert refusal.startswith("E5001 ")
    stored = [note.split()[0] for note in notes(tmp_path)]
    assert stored == acknowledged
    assert is_whole(tmp_path)


def test_several_writers_at_once_all_succeed(tmp_path: Path) -> None:
    names = ["one", "two", "three"]
    children = [start(tmp_path, name, turns=8) for name in names]
    for child in children:
        out, _ = child.communicate(timeout=120)
        assert child.returncode == 0
        assert len(out.splitlines()) == 9
    assert sorted(notes(tmp_path)) == sorted(f"{n} {t}" for n in names for t in range(8))
    assert is_whole(tmp_path)


def test_of_many_that_make_the_state_at_once_one_wins_and_all_are_stored(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with Book.of(tmp_path) as book:
            book.say("a", number, Deed.NOTE, {"note": str(number)})

    with ThreadPoolExecutor(8) as crew:
        list(crew.map(write, range(8)))
    assert sorted(notes(tmp_path)) == [str(i) for i in range(8)]
