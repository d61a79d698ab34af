"""How much memory this process may use: the machine's, or that of the container around it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux tells a container's limit, in its second and its first way."""


def memory_bytes() -> int:
    """Give the bytes of memory that this process and its neighbours may use together."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in LIMITS:
        # Without a limit a word stands there, or a number beyond all memory.
        with suppress(OSError, ValueError):
            found = min(found, int(path.read_text()))
    return found
