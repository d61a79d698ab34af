"""A disk that is full, played by a limit on file sizes in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from segmentry.stores.runfolder import find_run, open_run
from segmentry.stores.runs import RunWriter

WRITE = """
import resource, sys
from pathlib import Path
import pyarrow as pa
from segmentry.errors import StoreError
from segmentry.stores.runs import RunWriter

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
big = pa.table({"x": [f"{i * 7919 % 1000003:x}" for i in range(200_000)]})
with RunWriter(Path(sys.argv[1]), None, "20260301T101500-second") as writer:
    writer.write_json("summary.json", {"mark": 2})
    try:
        if sys.argv[2] == "table":
            writer.write_parquet("features.parquet", big)
        else:
            writer.write_text("report.html", "x" * 1_000_000)
    except StoreError as error:
        print(error.code, error)
"""


def refused(base: Path, what: str) -> str:
    with RunWriter(base, None, "20260301T101500-first0") as writer:
        writer.write_json("summary.json", {"mark": 1})
        writer.commit()
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(base), what], capture_output=True, text=True, check=True
    )
    return done.stdout


def check_first_run_is_whole(base: Path) -> None:
    assert open_run(find_run(base)).document("summary") == {"mark": 1}
    names = sorted(p.name for p in (base / "runs").iterdir())
    assert names == ["20260301T101500-first0", "latest"]


def test_a_table_that_does_not_fit_is_told_with_place_and_size(tmp_path: Path) -> None:
    said = refused(tmp_path, "table")
    assert said.startswith(f"E5001 {tmp_path}/runs/20260301T101500-second: features.parquet")
    assert "it needs about 2 MiB" in said
    assert "--output" in said
    check_first_run_is_whole(tmp_path)


def test_a_text_that_does_not_fit_is_told_with_place_and_size(tmp_path: Path) -> None:
    said = refused(tmp_path, "text")
    assert said.startswith(f"E5001 {tmp_path}/runs/20260301T101500-second: report.html")
    assert "file size limit" in said
    check_first_run_is_whole(tmp_path)
