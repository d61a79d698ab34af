"""Tests of one group run in one worker: else each worker starts a Spark of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

SOME = """
import pytest
@pytest.fixture(params=["here", pytest.param("spark", marks=pytest.mark.xdist_group("spark"))])
def place(request): return request.param
@pytest.mark.parametrize("n", range(6))
def test_place(place, n): pass
@pytest.mark.xdist_group("spark")
def test_alone(): pass
"""


def test_a_group_has_one_worker(tmp_path: Path) -> None:
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(SOME)
    words = [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", "-p", "groups"]
    done = subprocess.run(
        [*words, "--import-mode=importlib", "-c", "/dev/null", "--rootdir", str(tmp_path), "."],
        env={"PYTHONPATH": str(TESTS), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    workers = defaultdict(set)
    for worker, test in re.findall(r"\[(gw\d)\] .* PASSED (\S+)", done.stdout):
        workers["spark" if test.endswith("@spark") else "none"].add(worker)
    assert len(re.findall("@spark", done.stdout)) >= 14
    assert len(workers["spark"]) == 1
    assert workers["none"]
