"""Runs a command of ours inside the test's process, with output, messages and status apart."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    output: str
    messages: str


def segmentry(*words: str | Path, folder: Path) -> Done:
    """Run a command in a folder."""
    from segmentry.cli import main

    output, messages = io.StringIO(), io.StringIO()
    before, arguments = Path.cwd(), sys.argv
    os.chdir(folder)
    sys.argv = ["segmentry", *map(str, words)]
    status = 0
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(messages):
            try:
                main()
            except SystemExit as end:
                status = int(end.code or 0)
    finally:
        os.chdir(before)
        sys.argv = arguments
    return Done(status, output.getvalue(), messages.getvalue())
