"""Files of Python that a project names: only inside its own folder.

What lives here: finding and reading them. What does not: running them (``pipeline.coded``).
"""

from __future__ import annotations

from pathlib import Path

from segmentry.errors import ProjectFileError

LARGEST = 1_000_000
"""Bytes of a file: code that people wrote is smaller."""


def code_in(folder: Path, file: str) -> bytes:
    """Read a file of a project's folder.

    Parameters
    ----------
    folder : Path
        The project's.
    file : str
        A path from there.

    Returns
    -------
    bytes

    Raises
    ------
    ProjectFileError
        E1011 if it lies elsewhere (also by way of a link), is not there, or is too large.
    """
    home = folder.resolve()
    path = (home / file).resolve()
    if not path.is_relative_to(home):
        raise _refused(f"{file!r} lies outside the project's folder", "copy it into the folder")
    if not path.is_file():
        raise _refused(f"there is no file {file!r} in the project's folder", None)
    if path.stat().st_size > LARGEST:
        raise _refused(f"{file!r} has more than {LARGEST:,} bytes", None)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(f"{file!r} cannot be read: {error.strerror}", None) from error


def _refused(what: str, hint: str | None) -> ProjectFileError:
    return ProjectFileError(what, code="E1011", hint=hint)
