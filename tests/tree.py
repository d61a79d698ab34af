"""The repository as the guards see it: files that are ours, and nothing that a tool left."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "segmentry"
UNIT = REPOSITORY / "tests" / "unit"


def modules() -> list[Path]:
    """Give every Python module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def ours() -> tuple[Path, ...]:
    """Give every file that is in the repository or would go into it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return tuple(p for p in REPOSITORY.rglob("*") if p.is_file() and _is_ours(p))
    names = listed.stdout.decode().split("\0")
    return tuple(p for n in names if n and (p := REPOSITORY / n).is_file())


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(REPOSITORY).parts
    left = {".git", ".venv", "__pycache__", "node_modules", "vendor", "build", "dist", "demo"}
    return not left & set(parts) and not parts[0].startswith((".mypy", ".ruff", ".pytest", ".hyp"))


def name(path: Path) -> str:
    """Give a file's path inside the repository."""
    return path.relative_to(REPOSITORY).as_posix()
