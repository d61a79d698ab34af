"""Rewriting a text that engines cannot read as it lies: other encodings, blanks, comments.

What lives here: a stream of lines from one file into another, one line for each, so that line
numbers stay. What does not: telling how a file is written (``delimited``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from segmentry.engines.delimited import Layout
from segmentry.engines.packing import free_name, stream
from segmentry.engines.scratch import writing_scratch

DELIMITER = "\t"
"""What parts the cells of lines that blanks parted."""


def transcribed(path: Path, layout: Layout, folder: Path) -> tuple[Path, Layout]:
    """Write a text anew as UTF-8 that any engine reads.

    Parameters
    ----------
    path : Path
        Plain or packed.
    layout : Layout
        How it is written.
    folder : Path
        Takes the new file.

    Returns
    -------
    tuple of Path and Layout
        The new file, and how it is written.
    """
    target = free_name(folder, f"{path.stem}.txt")
    with (
        writing_scratch(folder, f"rewrite {path.name!r}"),
        stream(path) as source,
        io.TextIOWrapper(source, layout.encoding, errors="replace", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as sink,
    ):
        if layout.blanks is not None:
            _write_cells(text, sink, layout)
        else:
            sink.writelines(_lines(text, layout))
    delimiter = _plain(layout.delimiter)
    return target, replace(layout, encoding="utf-8", delimiter=delimiter, has_comments=False,
                           blanks=None)  # fmt: skip


def _plain(delimiter: str) -> str:
    """Give a delimiter of one byte in place of one that UTF-8 writes in several."""
    return delimiter if len(delimiter.encode()) == 1 else "\x1f"


def _lines(text: TextIO, layout: Layout) -> Iterator[str]:
    old, new = layout.delimiter, _plain(layout.delimiter)
    for number, line in enumerate(text):
        # A blank line in place of a comment: the rest keeps its line numbers.
        is_comment = layout.has_comments and line.lstrip().startswith("#")
        kept = "\n" if is_comment else line
        kept = kept.removeprefix("\ufeff") if number == 0 else kept
        yield kept if old == new else kept.replace(old, new)


def _write_cells(text: TextIO, sink: TextIO, layout: Layout) -> None:
    blanks = layout.blanks
    if blanks is None:
        return
    writer = csv.writer(sink, delimiter=DELIMITER, lineterminator="\n")
    for number, line in enumerate(text):
        bare = line.removeprefix("\ufeff") if number == 0 else line
        if layout.has_comments and bare.lstrip().startswith("#"):
            sink.write("\n")
        else:
            writer.writerow(blanks.cut(bare))
