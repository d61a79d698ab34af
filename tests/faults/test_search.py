"""A search of many rows that is killed goes on after the methods that it had finished."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import blobs

N = 12_000
METHODS = 'methods: ["k-means", "ward", "gaussian mixture"]'


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    X, _ = blobs(N, k=4)
    columns = {"customer_id": pa.array([f"c{i:05d}" for i in range(len(X))])}
    columns |= {f"amount_{j}": pa.array(X[:, j]) for j in range(X.shape[1])}
    pq.write_table(pa.table(columns), folder / "customers.parquet")
    assert run("init", "customers.parquet", folder=folder).returncode == 0
    path = folder / "segmentry.yaml"
    told = path.read_text().replace("methods: auto ", f"search_rows: all\n  {METHODS} ", 1)
    path.write_text(told)
    return folder


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "segmentry", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob(".segmentry/search/*/*.fits"))


def kill_when_a_method_is_done(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "segmentry", "run"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not kept(folder) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()


def finished(folder: Path) -> tuple[str, list[str]]:
    done = run("run", folder=folder)
    assert done.returncode == 0, done.stderr
    latest = folder / "runs" / "latest"
    findings = json.loads((latest / "audit.json").read_text())["findings"]
    told = [f["sentence"] for f in findings if f["code"] == "search_resumed"]
    return json.loads((latest / "summary.json").read_text())["fingerprint"], told


def test_a_killed_search_goes_on_and_ends_with_the_same_segments(project: Path, tmp_path: Path):
    whole, told = finished(project)
    assert told == []
    assert kept(project) == []  # nothing stays behind
    other = tmp_path / "killed"
    shutil.copytree(project, other, ignore=shutil.ignore_patterns("runs"))
    kill_when_a_method_is_done(other)
    assert kept(other)
    assert not (other / "runs" / "latest").exists()
    # A piece that was torn is made anew.
    torn = kept(other)[0].with_name(f"{'0' * 64}.fits")
    torn.write_bytes(kept(other)[0].read_bytes()[:100])
    again, told = finished(other)
    assert again == whole
    assert len(told) == 1
    assert "taken from a run that was interrupted" in told[0]
    assert kept(other) == []
