"""Times a command as a whole process: wall seconds, processor seconds, peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from segmentry.engines.machine import LIMITS, own_groups


@dataclass(frozen=True)
class Measured:
    """What one process took."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


MEMBERS = {"memory": "tasks", "": "cgroup.procs"}
"""Where Linux lists the processes of a group, in its first and its second way."""


@contextmanager
def memory_limit(mib: int) -> Iterator[Path | None]:
    """Make a group of processes that may hold so much; None where this machine allows none."""
    for name, above in own_groups():
        group = above / f"benchmark-{os.getpid()}"
        try:
            group.mkdir()
            (group / LIMITS[name]).write_text(str(mib * 2**20))
        except OSError:
            with suppress(OSError):
                group.rmdir()
            continue
        try:
            yield group / MEMBERS[name]
        finally:
            group.rmdir()
        return
    yield None


def measured(words: list[str], folder: Path, *, group: Path | None = None) -> Measured:
    """Run a command to its end and read what the operating system counted for it.

    ``group`` names the file of a ``memory_limit`` that it joins.

    Raises
    ------
    SystemExit
        If the command fails: a failed run has no speed.
    """
    began = time.perf_counter()
    with (folder / "output.txt").open("w") as output:
        if group is not None:
            words = ["sh", "-c", f'echo $$ > "{group}" && exec "$@"', "sh", *words]
        process = subprocess.Popen(words, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(
            f"{' '.join(words)} ended with {process.returncode}:\n"
            + (folder / "output.txt").read_text()
        )
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def segmentry(*words: str) -> list[str]:
    """Build the command line of this very installation."""
    return [sys.executable, "-m", "segmentry", *words]


def median(values: list[float]) -> float:
    """Give the middle value."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Time a piece of work, and give what it made."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def peer(name: str) -> ModuleType | None:
    """Give another library to measure beside; None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def verdict(*, held: bool) -> str:
    """Word whether a bar is held."""
    return "held" if held else "missed"
