"""Kills of real `segmentry run` processes: at random moments, and while the run folder is written.

Writes ``docs/proof/kill.md``. Run with ``make proof``.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from segmentry.stores.runfolder import open_run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "proof"
WAYS = ("runs/latest", "--output")
KILLS = 60
USERS = 300
FRESH_EVERY = 6
"""Every so many kills there is no earlier run, so that ``runs/latest`` may be absent afterwards."""

PHASE = re.compile(r"^\[ *[0-9.]+ s\] ([a-z]+)", re.MULTILINE)
RUN = [sys.executable, "-m", "segmentry", "run"]
QUICK = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Way:
    """A way of writing a run: under ``runs``, or into a folder of one's own."""

    name: str
    project: Path

    @property
    def words(self) -> list[str]:
        """Give the command."""
        return RUN if self.name == "runs/latest" else [*RUN, "--output", str(self.place)]

    @property
    def parent(self) -> Path:
        """Say where scratch folders appear."""
        return self.place.parent

    @property
    def place(self) -> Path:
        """Say where readers look."""
        inside = "runs/latest" if self.name == "runs/latest" else "mine/out"
        return self.project / inside

    @property
    def scratch(self) -> list[str]:
        """Name what is there beside runs."""
        if not self.parent.is_dir():
            return []
        hidden = (e.name for e in os.scandir(self.parent) if e.name.startswith("."))
        return [n for n in hidden if not n.startswith(".probe.")]


@dataclass(frozen=True)
class Pace:
    """How long a run takes that nobody kills, and the last part of it, from its first file on."""

    whole_seconds: float
    writing_seconds: float


def make_project(folder: Path) -> None:
    """Simulate a small shop and let `init` write its project file; narrow the search, for speed."""
    words = [sys.executable, "-m", "segmentry"]
    shop = ["simulate", "retail", "--users", str(USERS), "--days", "56", "--output", "shop"]
    for command in (shop, ["init", "shop/events.parquet"]):
        subprocess.run([*words, *command], cwd=folder, check=True, capture_output=True, env=QUICK)
    file = folder / "segmentry.yaml"
    text = file.read_text(encoding="utf-8")
    for key, value in (("max: 8", "max: 4"), ("methods: auto", "methods: [k-means]")):
        assert key in text, key
        text = text.replace(key, value)
    file.write_text(text, encoding="utf-8")


@contextmanager
def running(way: Way) -> Iterator[subprocess.Popen[bytes]]:
    """Start a run, its messages into a file."""
    with (way.project / "messages.txt").open("wb") as messages:
        process = subprocess.Popen(
            way.words, cwd=way.project, stdout=subprocess.DEVNULL, stderr=messages, env=QUICK
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until_writing(way: Way, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the scratch folder of a run; False where the process ended before it was seen."""
    while process.poll() is None:
        if way.scratch:
            return True
        time.sleep(0.0005)
    return False


def pace_of(way: Way) -> Pace:
    """Time a run that nobody kills."""
    began = time.perf_counter()
    with running(way) as process:
        assert until_writing(way, process)
        writing = time.perf_counter()
        assert process.wait() == 0
    ended = time.perf_counter()
    return Pace(ended - began, ended - writing)


def kill_one(way: Way, pace: Pace, rng: random.Random, *, while_writing: bool) -> str:
    """Kill a run; say what it was about, as far as it had told."""
    with running(way) as process:
        if while_writing:
            until_writing(way, process)
        time.sleep(rng.uniform(0, pace.writing_seconds if while_writing else pace.whole_seconds))
        ended = process.poll() is not None
        process.kill()
    told = PHASE.findall((way.project / "messages.txt").read_text(encoding="utf-8"))
    if ended:
        return "over already"
    return told[-1] if told else "start"


def check_readers(way: Way, *, had_earlier: bool) -> None:
    """Check what readers find, with no repair in between: a whole run, or none."""
    if not os.path.lexists(way.place):
        assert not had_earlier, f"the earlier run at {way.place} is gone"
        return
    open_run(way.place.resolve())


def check_next_run(way: Way) -> None:
    """Run again to the end; it is whole, and nothing of the dead process lies beside it."""
    done = subprocess.run(way.words, cwd=way.project, capture_output=True, env=QUICK, check=False)
    assert done.returncode == 0, done.stderr.decode()
    open_run(way.place.resolve())
    assert way.scratch == [], way.scratch


def tried(way: Way, kills: int) -> Counter[tuple[str, str]]:
    """Kill again and again; count by moment chosen and by phase."""
    pace, rng = pace_of(way), random.Random(way.name)
    seen: Counter[tuple[str, str]] = Counter()
    for turn in range(kills):
        had_earlier = turn % FRESH_EVERY != 0
        if not had_earlier:
            shutil.rmtree(way.parent)
        while_writing = turn % 2 == 1 or (turn % FRESH_EVERY == 0 and turn % 4 == 0)
        phase = kill_one(way, pace, rng, while_writing=while_writing)
        check_readers(way, had_earlier=had_earlier)
        check_next_run(way)
        seen["while writing" if while_writing else "at any moment", phase] += 1
    return seen


def page(seen: dict[str, Counter[tuple[str, str]]], seconds: float) -> list[str]:
    """Write the page."""
    kills = sum(sum(c.values()) for c in seen.values())
    rows = []
    for way, counts in seen.items():
        for moment in ("at any moment", "while writing"):
            found = {p: n for (m, p), n in counts.items() if m == moment}
            listed = ", ".join(f"{p} {n}" for p, n in sorted(found.items()))
            n = sum(found.values())
            rows.append(f"| {way} | {moment} | {n} | {n} | {n} | {listed} |")
    return [
        "# Killed while running",
        "",
        "Written by `python tests/proof/kill.py` (part of `make proof`).",
        "",
        f"Real `segmentry run` processes on the events of {USERS} simulated users get SIGKILL: at "
        "a moment drawn from the whole length of a run, or, seen by its scratch folder, while the "
        "run folder is written. Afterwards what readers find is checked with no repair in between: "
        "no run where none was before, else a whole one, by its own inventory of SHA-256 sums. "
        "Then the next run has to work, and nothing of the dead process may lie beside it.",
        "",
        "| way of writing | moment | kills | whole afterwards | next run worked | what the process "
        "last said it did |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"{kills} kills in {seconds:.0f} s. The script stops with an error at the first run that "
        "is not whole.",
        "",
    ]


def main() -> None:
    """Kill, look, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    kills = parser.parse_args().kills
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(len(WAYS)) as pool:
        ways = []
        for number, name in enumerate(WAYS):
            project = Path(place) / str(number)
            project.mkdir()
            make_project(project)
            ways.append(Way(name, project))
        found = pool.map(tried, ways, [kills // len(WAYS)] * len(WAYS))
        seen = dict(zip(WAYS, found, strict=True))
    lines = page(seen, time.perf_counter() - began)
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "kill.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
