"""A lake whose writer is killed, at any moment, is as it was before or as it would be after."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lakes import lake_events
from segmentry.stores.lake import Lake
from segmentry.stores.lakewriting import append, compact, create_lake

ROWS = 2_000

CHILD = """
import sys
from pathlib import Path
from lakes import lake_events
from segmentry.stores.lakewriting import append, compact

folder = Path(sys.argv[1])
turn = 0
while True:
    append(folder, [lake_events(2_000, seed=turn)], batch=str(turn))
    compact(folder)
    turn += 1
    if turn == 1:
        print("ready", flush=True)
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_leaves_a_whole_lake_and_the_next_one_works(
    tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / "lake"
    create_lake(folder, lake_events(1).schema, n_partitions=4)
    # The child makes its events with the very helper that the tests use.
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | paths,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(random.Random(seed).uniform(0, 0.25))
        child.kill()
    lake = Lake.opened(folder)
    lake.verify()
    # Whole batches, each once: neither a part of one nor the same rows in two files.
    assert lake.read().num_rows == ROWS * len(lake.manifest.batches)
    append(folder, [lake_events(ROWS, seed=99)], batch="next")
    told = compact(folder)
    compact(folder)
    assert told.n_rows == ROWS * len(told.batches)
    named = {folder / f.name for f in told.files}
    assert set(folder.glob("partition=*/*")) == named
    assert {p.name for p in folder.iterdir() if p.name[0] == "."} <= {".lock"}
