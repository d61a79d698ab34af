"""A million users: `init` and `run`, the report's size, and how soon it opens in Chromium.

Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from events import thinned_log
from measure import measured, median, segmentry
from page import write_section

USERS, DAYS, SHARE_PER_MILLE = 1_000_000, 56, 600
MOST_REPORT_MIB, MOST_OPENING_SECONDS = 2.0, 1.0
OPENINGS = 5
SECOND_FRAME = """() => new Promise(done => requestAnimationFrame(
  () => requestAnimationFrame(() => done(performance.now()))))"""
"""Milliseconds from navigation to the second frame after loading: then the page is drawn."""


def openings(report: Path) -> list[float] | None:
    """Time, in seconds, from navigation to the last chart drawn; None where no Chromium is."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        return None
    seconds = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(OPENINGS):
            page = browser.new_page()
            page.goto(report.as_uri(), wait_until="load")
            # Two frames after loading, whatever the page draws first is on the screen.
            page.evaluate(
                "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
            )
            seconds.append(float(page.evaluate("() => performance.now() / 1000")))
            page.close()
        browser.close()
    return seconds


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    users = parser.parse_args().users
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        log = thinned_log(folder, users=users, share_per_mille=SHARE_PER_MILLE, days=DAYS)
        project = folder / "project"
        project.mkdir()
        init = measured(segmentry("init", str(log.path)), project)
        run = measured(segmentry("run"), project)
        report = project / "runs" / "latest" / "report.html"
        size_mib = report.stat().st_size / 2**20
        opened = openings(report)
    lines = [
        "| what | figure | bar |",
        "|---|---|---|",
        f"| users | {log.n_users:,} | |",
        f"| events | {log.n_events:,} | |",
        f"| simulating, s | {log.simulating.wall_seconds:.1f} | |",
        f"| init, s | {init.wall_seconds:.1f} | |",
        f"| run, s (CPU s) | {run.wall_seconds:.1f} ({run.cpu_seconds:.1f}) | |",
        f"| run, peak MiB | {run.peak_mib:.0f} | |",
        f"| report, MiB | {size_mib:.2f} | {MOST_REPORT_MIB} |",
    ]
    if opened is None:
        lines.append("| report opens, s | no Chromium here | |")
    else:
        lines.append(
            f"| report opens, s, median of {len(opened)} (largest) | {median(opened):.2f} "
            f"({max(opened):.2f}) | {MOST_OPENING_SECONDS} |"
        )
    print("\n".join(lines))
    write_section("million", "A million users", lines)


if __name__ == "__main__":
    main()
