"""Reading a run folder: found, recognised, and checked against its own inventory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from segmentry.domain.release import Release
from segmentry.errors import StoreError
from segmentry.stores.files import damaged, read_json, sha256_of
from segmentry.stores.releases import load_release
from segmentry.stores.runs import LATEST, MANIFEST, RELEASE, RUN_FORMAT, RUNS, is_run

if TYPE_CHECKING:
    import pyarrow as pa

DOCUMENTS = ("summary", "segments", "candidates", "evidence", "audit", "timings")


@dataclass(frozen=True)
class RunFolder:
    """A run that was found whole."""

    folder: Path

    def document(self, name: str) -> dict[str, Any]:
        """Read one of the JSON documents, for example ``"segments"``."""
        return read_json(self.folder / f"{name}.json")

    def documents(self) -> dict[str, dict[str, Any]]:
        """Read all JSON documents."""
        return {name: self.document(name) for name in DOCUMENTS}

    def table(self, name: str) -> pa.Table:
        """Read ``"assignments"`` or ``"features"``."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        try:
            return pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise damaged(path, "is not readable as Parquet") from error

    def release(self) -> Release:
        """Read the release."""
        return load_release(self.folder / RELEASE)

    @property
    def report(self) -> Path:
        """Say where the report lies."""
        return self.folder / "report.html"


def find_run(base: Path, run: Path | None = None) -> Path:
    """Give the folder of a run: the one asked for, or the project's latest.

    Raises
    ------
    StoreError
        E5002 if there is none.
    """
    folder = run if run is not None else base / RUNS / LATEST
    if folder.is_dir():
        return folder.resolve()
    raise StoreError(
        "there is no run yet" if run is None else "there is no such folder",
        code="E5002",
        where=str(folder),
        hint="make a run first with `segmentry run`, or name one with --run DIR",
    )


def open_run(folder: Path) -> RunFolder:
    """Open a run after checking every file against the run's inventory.

    Raises
    ------
    StoreError
        E5002 if the folder is no run of ours; E5003 if a file is missing or differs.
    """
    if not is_run(folder):
        msg = "the folder is not a run of segmentry"
        raise StoreError(
            msg,
            code="E5002",
            where=str(folder),
            hint="give a folder below `runs/`, or one that `segmentry run --output` wrote",
        )
    manifest = read_json(folder / MANIFEST)
    files = manifest.get("files")
    if manifest.get("format") != RUN_FORMAT or not isinstance(files, dict):
        raise damaged(folder / MANIFEST, f"is not of format {RUN_FORMAT}")
    for name, facts in files.items():
        _check(folder, name, facts)
    # What was opened stays what it is: `runs/latest` points elsewhere after the next run.
    return RunFolder(folder.resolve())


def _check(folder: Path, name: str, facts: object) -> None:
    path = folder / name
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name:
        raise damaged(folder / MANIFEST, f"names a file outside the run: {name!r}")
    if not isinstance(facts, dict):
        raise damaged(folder / MANIFEST, f"says nothing about {name!r}")
    try:
        whole = path.is_file() and facts.get("sha256") == sha256_of(path)
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise damaged(path, "is missing or differs from what the run wrote")
