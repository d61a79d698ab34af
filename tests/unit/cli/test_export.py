"""``segmentry export code``: a script that gives every entity the segment of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

import segmentry as package
from commands import segmentry
from finished import Finished


def test_the_script_labels_the_entities_of_the_run(shop: Finished, tmp_path: Path) -> None:
    done = segmentry("export", "code", "--output", tmp_path / "mine.py", folder=shop.folder)
    assert done.status == 0, done.messages
    assert done.messages == f"written to {tmp_path / 'mine.py'}\n"
    features = (shop.latest / "features.parquet").resolve()
    words = [sys.executable, "mine.py", str(features), "labels.parquet"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    found = pq.read_table(tmp_path / "labels.parquet").sort_by("entity_id")
    told = pq.read_table(shop.latest / "assignments.parquet").sort_by("entity_id")
    assert found["segment"].to_pylist() == told["segment"].to_pylist()


def test_the_output_is_what_python_gives(shop: Finished) -> None:
    done = segmentry("export", "code", folder=shop.folder)
    assert done.output == package.open_run(shop.latest).code()
    assert done.messages == ""


def test_what_is_read_is_never_written_over(shop: Finished) -> None:
    done = segmentry("export", "code", "--output", "segmentry.yaml", folder=shop.folder)
    assert done.status == 2
    assert "would write over 'segmentry.yaml'" in done.messages


def test_what_cannot_be_exported_is_refused(shop: Finished) -> None:
    done = segmentry("export", "soul", folder=shop.folder)
    assert done.status == 2
    assert "soul" in done.messages
