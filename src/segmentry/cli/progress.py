"""Where a long command is: a moving line on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segmentry import clock
from segmentry.cli.failures import printable
from segmentry.domain.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Lines:
    """Writes a line per phase to standard error, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = clock.seconds()

    def phase(self, name: str, detail: str = "") -> None:
        """Write the line of a phase that begins."""
        sys.stderr.write(f"[{clock.seconds() - self._began:6.1f} s] {_words(name, detail)}\n")
        sys.stderr.flush()

    def advance(self, done: int, total: int) -> None:
        """Say nothing: lines are for logs."""


class Moving:
    """Draws the present phase with its progress; a finished one stays as a line."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._lines = Lines()
        self._task = bars.add_task("", total=None)

    def phase(self, name: str, detail: str = "") -> None:
        """Draw a phase that begins."""
        self._lines.phase(name, detail)
        self._bars.reset(self._task, description=name, total=None)

    def advance(self, done: int, total: int) -> None:
        """Move the bar."""
        self._bars.update(self._task, completed=done, total=total)


@contextmanager
def listener() -> Iterator[Progress]:
    """Give whoever fits standard error."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    text = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), text, BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Moving(bars)


def _words(name: str, detail: str) -> str:
    return printable(f"{name}: {detail}" if detail else name).replace("\n", " ")
