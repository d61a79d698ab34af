"""A real Chromium, for pages that have to be seen to be believed, and axe to look at them."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import REPOSITORY, skip_or_fail

sys.path.insert(0, str(REPOSITORY))
from hatch_build import LISTS, npm_commands

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
AXE = "node_modules/axe-core"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give a running Chromium of the system."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        skip_or_fail("no Chromium on this machine; Debian has it as the package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core as the lock file names it, installed once per version."""
    locked = json.loads((REPOSITORY / LISTS[1]).read_text(encoding="utf-8"))
    version = locked["packages"][AXE]["version"]
    # Inside the virtual environment, which is no part of the repository.
    folder = REPOSITORY / ".venv" / "share" / f"axe-core-{version}"
    script = folder / AXE / "axe.min.js"
    if not script.is_file():
        told = _install(folder)
        if not script.is_file():
            skip_or_fail(f"axe-core could not be installed: {told}")
    return script.read_text(encoding="utf-8")


def _install(folder: Path) -> str:
    """Let npm install what the lock file says; put it in place whole, and say what went wrong."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    told = "there is no npm"
    for command in npm_commands():
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            for name in LISTS:
                shutil.copyfile(REPOSITORY / name, Path(scratch) / name)
            done = subprocess.run(
                [*command, *arguments], cwd=scratch, capture_output=True, text=True, check=False
            )
            if done.returncode == 0:
                _put(Path(scratch), folder)
                return ""
            told = done.stderr.strip() or f"npm ended with {done.returncode}"
    return told


def _put(scratch: Path, folder: Path) -> None:
    """Move what was installed to its place; another process of the same tests may be first."""
    whole = scratch / "whole"
    shutil.copytree(scratch / "node_modules", whole / "node_modules")
    with contextlib.suppress(OSError):
        whole.rename(folder)
