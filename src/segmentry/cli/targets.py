"""Where a command may write: never over what it reads, and pages only over pages of ours.

What lives here: refusing a target before any work is done. What does not: writing it whole or not
at all (``stores.files``), and the folders of runs (``stores.runs``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from segmentry.errors import SegmentryError, UsageError

MARK = b'<meta name="generator" content="Segmentry">'
"""Stands near the beginning of every page of ours."""

MARK_WITHIN = 4096
"""Bytes at the beginning of a page in which the mark stands."""


def project_files(project: Path) -> tuple[Path, ...]:
    """Name a project file and the files, globs and folders that it reads.

    Parameters
    ----------
    project : Path
        The file, or its folder.

    Returns
    -------
    tuple of Path
        Of a file that cannot be read, only itself: what is wrong with it is told elsewhere.
    """
    from segmentry.projectfile.load import load

    place = project / "segmentry.yaml" if project.is_dir() else project
    try:
        loaded = load(place).project
    except SegmentryError:
        return (place,)
    paths = [s.path for s in loaded.sources if s.path and "://" not in s.path]
    return (place, *(loaded.folder / path for path in paths))


def check_target(target: Path, inputs: Iterable[Path], *, option: str) -> None:
    """Refuse a target that is read by the command, or belongs to a run.

    Parameters
    ----------
    target : Path
        What would be written.
    inputs : iterable of Path
        Files, globs, folders, and workbooks with the name of a sheet.
    option : str
        The option that names the target, for the error.

    Raises
    ------
    UsageError
        E1101; nothing was written.
    """
    from segmentry.engines.files import listed
    from segmentry.stores.runs import is_run

    for given in inputs:
        for file in listed(given):
            if _is_same(target, file):
                raise _refusal(f"{option} would write over {file.name!r}, which is read", target)
    if any(map(is_run, target.absolute().parents)) or any(map(is_run, target.resolve().parents)):
        raise _refusal(f"{option} would write into a run, which would be damaged by it", target)


def check_page(target: Path, inputs: Iterable[Path], *, option: str) -> None:
    """Refuse a target for a page that is read, belongs to a run, or holds anything but our page.

    Raises
    ------
    UsageError
        E1101; nothing was written.
    """
    check_target(target, inputs, option=option)
    if target.is_dir():
        raise _refusal(
            f"{option} needs the name of a file, and {target.name!r} is a folder", target
        )
    if target.exists() and not _is_page(target):
        raise _refusal(
            f"{option} would write over {target.name!r}, which is no page of ours", target
        )


def check_print(target: Path, inputs: Iterable[Path], *, option: str) -> None:
    """Refuse a target for a PDF that is read, belongs to a run, or holds anything but our print.

    Raises
    ------
    UsageError
        E1101; nothing was written.
    """
    from segmentry.stores.printing import is_print

    check_target(target, inputs, option=option)
    if target.suffix.lower() != ".pdf":
        what = f"{option} names the PDF, and {target.name!r} does not end in .pdf"
        raise _refusal(what, target, f"write {option} {target.stem}.pdf, or leave --pdf away")
    if target.exists() and not is_print(target):
        what = f"{option} would write over {target.name!r}, which is no print of ours"
        raise _refusal(what, target)


def check_papers(
    folder: Path, stems: Iterable[str], endings: Iterable[str], *, inputs: Iterable[Path]
) -> None:
    """Refuse a folder for papers where one of them would be written over what is not ours.

    A paper in another form is ours where the page of the same name beside it is.

    Raises
    ------
    UsageError
        E1101; nothing was written.
    """
    read = tuple(inputs)
    if folder.exists() and not folder.is_dir():
        what = f"--output needs a folder, and {folder.name!r} is none"
        raise _refusal(what, folder, "give a folder of another name")
    for stem in stems:
        page = folder / f"{stem}.html"
        for target in (folder / f"{stem}.{ending}" for ending in endings):
            check_target(target, read, option="--output")
            if target.exists() and not (target.is_file() and _is_page(page)):
                what = f"--output would write over {target.name!r}, which is no paper of ours"
                raise _refusal(what, target, "give another folder")


def _refusal(what: str, target: Path, hint: str = "give a file of another name") -> UsageError:
    return UsageError(what, where=str(target), hint=hint)


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file, however they are written."""
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _is_page(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK in file.read(MARK_WITHIN)
    except OSError:
        return False
