"""Killed while writing, at any moment, the earlier run is whole and the next one works."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kill_cycle import check_next_run_works, kill_once


@pytest.mark.parametrize("to_output", [False, True], ids=["latest", "output"])
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_writer_leaves_a_whole_run_and_the_next_one_works(
    tmp_path: Path, seed: int, to_output: bool
) -> None:
    output = tmp_path / "out" if to_output else None
    delay_seconds = random.Random(seed).uniform(0, 0.06)
    assert kill_once(tmp_path, output=output, delay_seconds=delay_seconds) >= 0
    check_next_run_works(tmp_path, output=output)
