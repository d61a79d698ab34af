"""Where a project's state lies, told without opening it: most projects have none.

What lives here: paths, and the name of who is at work. What does not: SQLAlchemy, which is imported
only where there is a state (``opening``).
"""

from __future__ import annotations

import os
from pathlib import Path

from segmentry.stores.runs import RUNS

FOLDER = ".segmentry"
FILE = "state.db"
RELEASES = "releases"
PAPERS = "papers"


def state_file(home: Path) -> Path:
    """Give the place of the state in a project's folder, whether or not there is one."""
    return home / FOLDER / FILE


def kept_releases(home: Path) -> Path:
    """Give the folder of the releases by which segments are found again."""
    return home / FOLDER / RELEASES


def kept_papers_file(home: Path, digest: str) -> Path:
    """Give the place of what is told of a release when its run is gone, by its SHA-256."""
    return home / FOLDER / PAPERS / f"{digest}.json"


def has_state(home: Path | None) -> bool:
    """Tell whether a project has a state."""
    return home is not None and state_file(home).exists()


def home_of(run: Path, base: Path | None = None) -> Path | None:
    """Give the folder of the project that a run belongs to.

    Parameters
    ----------
    run : Path
        A run's folder.
    base : Path or None
        The project's folder, for a run that lies elsewhere than in its ``runs``.

    Returns
    -------
    Path or None

    Examples
    --------
    >>> home_of(Path("/shop/runs/20260301T101500-3f9a1c")).name
    'shop'
    >>> home_of(Path("/elsewhere/out"), Path("/shop")).name
    'shop'
    """
    folder = run.resolve()
    return folder.parent.parent if folder.parent.name == RUNS else base


def present_user() -> str:
    """Name who is at work: the operating system's user, whatever the environment says."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        # Another system, or a container's user without a name.
        return os.environ.get("USERNAME") or f"user {getattr(os, 'getuid', lambda: 'unknown')()}"
