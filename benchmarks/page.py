"""Sections of ``docs/benchmarks.md``: each script writes its own and leaves the others alone."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Whole processes, from the shell's point of view: starting, importing and
writing the report are part of it.
"""


def write_section(name: str, title: str, lines: Sequence[str]) -> None:
    """Put a section in its place: after a fresh head, or where it stood before."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}."
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = "\n".join([begin, "", f"## {title}", "", *lines, "", machine, "", end])
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    if not page.startswith(HEAD):  # a page of an older form
        page = HEAD
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if pattern.search(page):
        page = pattern.sub(lambda _: section, page)
    else:
        page = f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, encoding="utf-8")
