"""How much memory this process may use: the machine's, or that of the groups around it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OWN_GROUPS = Path("/proc/self/cgroup")
ROOT = Path("/sys/fs/cgroup")
LIMITS = {"memory": "memory.limit_in_bytes", "": "memory.max"}
"""Where Linux tells the limit of a group of processes, in its first and its second way."""


def memory_bytes() -> int:
    """Give the bytes of memory that this process may use, with those that share its limits."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name, group in own_groups():
        # Inside a container its own group is the root, whatever it is called outside.
        for around in (group, *group.parents):
            # Without a limit a word stands there, or a number beyond all memory.
            with suppress(OSError, ValueError):
                found = min(found, int((around / LIMITS[name]).read_text()))
    return found


def own_groups() -> Iterator[tuple[str, Path]]:
    """Give the groups of processes that limit this one's memory, by their names in ``LIMITS``."""
    try:
        lines = OWN_GROUPS.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, names, path = line.split(":", 2)
        for name in LIMITS.keys() & set(names.split(",")):
            yield name, ROOT / name / path.lstrip("/")
