"""Writing names and values into the SQL expressions of a project file."""

from __future__ import annotations

import re

from segmentry.projectfile.names import known


def quote(name: str) -> str:
    """Write a column's name so that SQL reads it as one."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name.lower() not in known("reserved"):
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
