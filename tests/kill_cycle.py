"""One kill: a child that writes runs without end, a SIGKILL, and a look at what is left.

Shared by the test (20 kills) and the long proof (50 kills).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from segmentry.stores.runfolder import find_run, open_run
from segmentry.stores.runs import RunWriter

CHILD = """
import sys
from pathlib import Path
import pyarrow as pa
from segmentry.stores.runs import RunWriter

base, output = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
table = pa.table({"entity_id": list(range(2000))})
turn = 0
while True:
    with RunWriter(None if output else base, output, f"20260101T000000-{turn:06x}") as writer:
        writer.write_parquet("assignments.parquet", table)
        writer.write_json("summary.json", {"format": 1, "turn": turn})
        writer.write_text("report.html", f"<p>{turn}</p>" * 20_000)
        writer.commit()
    turn += 1
    if turn == 1:
        print("ready", flush=True)
"""


def kill_once(base: Path, *, output: Path | None, delay_seconds: float) -> int:
    """Kill a writer after a delay; give the number of the run that readers see afterwards."""
    arguments = [sys.executable, "-c", CHILD, str(base), *([str(output)] if output else [])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(delay_seconds)
        child.kill()
    # What readers see is whole, at this very moment and without any repair.
    run = open_run(output or find_run(base))
    return int(run.document("summary")["turn"])


def check_next_run_works(base: Path, *, output: Path | None) -> None:
    """Write one more run, and find nothing of the dead ones beside it."""
    with RunWriter(None if output else base, output, "20270101T000000-ffffff") as writer:
        writer.write_json("summary.json", {"format": 1, "turn": -1})
        folder = writer.commit()
    assert open_run(output or find_run(base)).document("summary")["turn"] == -1
    left = [p.name for p in folder.parent.iterdir() if p.name.startswith(".")]
    assert left == [], left
