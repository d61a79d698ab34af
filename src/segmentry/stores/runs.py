"""Run folders: written aside, forced to the disk, and put in place in one step.

A run is either whole under its name or not there. ``runs/latest`` is a relative link that is
replaced in one step; a process killed at any instant leaves the earlier run as it was, and what
it left half-written is swept by the next run. What does not live here: what the documents say
(``pipeline``) and how a release is laid out (``releases``).
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from segmentry import clock
from segmentry.domain.release import Release
from segmentry.errors import StoreError, UsageError
from segmentry.stores.documents import json_bytes
from segmentry.stores.files import durable, exchange, sha256_of, sync_folder, writing
from segmentry.stores.releases import save_release

if TYPE_CHECKING:
    import pyarrow as pa

RUN_FORMAT = 1
MANIFEST = "manifest.json"
RUNS = "runs"
LATEST = "latest"
RELEASE = "release"

ABANDONED_SECONDS = 86_400.0
"""Where folders cannot be locked, a half-written one is swept when it is this old."""

_NO_LOCKS = -1


def run_id(at: datetime, fingerprint: str) -> str:
    """Name a run so that names sort by time.

    Examples
    --------
    >>> run_id(datetime(2026, 3, 1, 10, 15, tzinfo=UTC), "3f9a1c77e0")
    '20260301T101500-3f9a1c'
    """
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{fingerprint[:6]}"


def is_run(folder: Path) -> bool:
    """Tell whether a folder looks like a run of ours, without reading what it holds."""
    return all((folder / name).is_file() for name in (MANIFEST, "summary.json"))


def check_destination(base: Path | None, output: Path | None) -> None:
    """Refuse a place that a run cannot be written to, before the work begins.

    Raises
    ------
    UsageError
        If ``output`` holds anything but an earlier run of ours, or cannot be swapped.
    StoreError
        E5001 if the place is not writable.
    """
    parent = _parent_of(base, output)
    if output is None:
        _refuse_real_latest(parent)
    probe = parent / f".probe.{os.getpid()}.partial"
    with writing(parent / "a run"):
        parent.mkdir(parents=True, exist_ok=True)
        probe.mkdir(exist_ok=True)
        probe.rmdir()


class RunWriter:
    """Writes one run; nothing of it is visible before ``commit``.

    Use it in a ``with`` block: what is not committed when the block ends is removed.

    Parameters
    ----------
    base : Path or None
        The project's folder: the run goes to ``base/runs/<name>``, and ``runs/latest`` follows.
    output : Path or None
        Instead of that: this very folder (new, empty, or an earlier run of ours, which is
        swapped). ``runs/latest`` stays as it is.
    name : str
        The run's id.

    Raises
    ------
    UsageError
        If ``output`` holds anything but an earlier run.
    StoreError
        E5001 if the place is not writable or full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with RunWriter(Path(place), None, "20260301T101500-3f9a1c") as writer:
    ...         writer.write_json("summary.json", {"format": 1})
    ...         folder = writer.commit()
    ...     (folder.name, os.readlink(folder.parent / "latest"))
    ('20260301T101500-3f9a1c', '20260301T101500-3f9a1c')
    """

    folder: Path
    """Where the run is being written."""

    def __init__(self, base: Path | None, output: Path | None, name: str) -> None:
        self._parent = _parent_of(base, output)
        if output is None:
            _refuse_real_latest(self._parent)
        self._output = output.resolve() if output is not None else None
        self._name = name
        stem = self._output.name if self._output else name
        with writing(self._parent / stem):
            self._parent.mkdir(parents=True, exist_ok=True)
            _sweep(self._parent, self._output)
            self.folder, lock = _new_partial(self._parent, stem)
        self._lock: int | None = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def write_json(self, name: str, document: Mapping[str, Any]) -> None:
        """Write a document: keys in the order given, those without a value left out, no NaN."""
        self._write(name, json_bytes(document))

    def write_text(self, name: str, text: str) -> None:
        """Write a text in UTF-8."""
        self._write(name, text.encode("utf-8", errors="replace"))

    def write_parquet(self, name: str, table: pa.Table) -> None:
        """Write a table; a NaN becomes a null."""
        with writing(self._final(name), n_bytes=table.nbytes), durable(self.folder / name) as file:
            import pyarrow.parquet as pq

            pq.write_table(without_nan(table), file, compression="zstd")

    def write_release(self, release: Release) -> None:
        """Write a release into its folder."""
        with writing(self._final(RELEASE)):
            save_release(release, self.folder / RELEASE)

    def commit(self) -> Path:
        """Force everything to the disk and put the run in place.

        Returns
        -------
        Path
            Where the run lies now.
        """
        self.write_json(MANIFEST, {"format": RUN_FORMAT, "files": _inventory(self.folder)})
        with writing(self._final(MANIFEST).parent):
            for folder in (*(p for p in self.folder.rglob("*") if p.is_dir()), self.folder):
                sync_folder(folder)
            place = self._swap_in(self._output) if self._output else self._move_in()
            sync_folder(self._parent)
        self._unlock()
        return place

    def discard(self) -> None:
        """Remove what was written and not committed."""
        if self._lock is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._unlock()

    def _final(self, name: str) -> Path:
        return (self._output or self._parent / self._name) / name

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        with writing(self._final(name), n_bytes=len(content)), durable(path) as file:
            file.write(content)

    def _move_in(self) -> Path:
        for turn in itertools.count(1):
            name = self._name if turn == 1 else f"{self._name}-{turn}"
            try:
                self.folder.rename(self._parent / name)
            except OSError as error:
                # Two runs within a second have one name: the later one gets a number.
                if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                    raise
            else:
                break
        sync_folder(self._parent)
        point_latest(self._parent, name)
        return self._parent / name

    def _swap_in(self, output: Path) -> Path:
        if output.exists() and any(output.iterdir()):
            _refuse_foreign(output)
            if not exchange(self.folder, output):
                self._swap_in_two_steps(output)
            # Now the earlier run lies where the new one was written.
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.folder.rename(output)
        return output

    def _swap_in_two_steps(self, output: Path) -> None:
        old = _old_of(output)
        output.rename(old)
        try:
            self.folder.rename(output)
        except OSError:
            old.rename(output)
            raise
        old.rename(self.folder)

    def _unlock(self) -> None:
        if self._lock is not None and self._lock != _NO_LOCKS:
            os.close(self._lock)
        self._lock = None


def without_nan(table: pa.Table) -> pa.Table:
    """Put a null wherever a column of floats holds NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for i, column in enumerate(table.columns):
        if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
            cleaned = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
            table = table.set_column(i, table.field(i), cleaned)
    return table


def _parent_of(base: Path | None, output: Path | None) -> Path:
    if output is None:
        if base is None:
            msg = "a run needs a project's folder or an output folder"
            raise UsageError(msg)
        return base.resolve() / RUNS
    place = output.resolve()
    if place.exists():
        _refuse_foreign(place)
    return place.parent


def _refuse_real_latest(runs: Path) -> None:
    """Refuse where the name of the link to the latest run is taken by something else."""
    latest = runs / LATEST
    if latest.is_symlink() or not latest.exists():
        return
    kind = "folder" if latest.is_dir() else "file"
    raise StoreError(
        f"{RUNS}/{LATEST} is a {kind}, and a run has to put a link there",
        code="E5001",
        where=str(latest),
        hint=f"give that {kind} another name, or write elsewhere with --output",
    )


def _refuse_foreign(output: Path) -> None:
    what = hint = ""
    if not output.is_dir():
        what, hint = f"{output.name} is a file", "give --output a folder"
    elif output.is_mount():
        what = "a run is swapped in as a whole, and a mount point cannot be renamed"
        hint = f"write into a folder inside it: --output {output / 'run'}"
    elif any(output.iterdir()) and not is_run(output):
        what = "the folder holds other files, which a run would replace"
        hint = "give --output a new folder, an empty one, or one with an earlier run"
    if what:
        raise UsageError(what, where=str(output), hint=hint)


def _inventory(folder: Path) -> dict[str, dict[str, int | str]]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): {"bytes": p.stat().st_size, "sha256": sha256_of(p)}
        for p in paths
    }


def point_latest(runs: Path, name: str) -> None:
    """Let ``runs/latest`` point at a run, in one step.

    Parameters
    ----------
    runs : Path
        The folder of all runs.
    name : str
        The run's own.
    """
    aside = runs / f".{LATEST}.{os.getpid()}.partial"
    while True:
        aside.unlink(missing_ok=True)
        aside.symlink_to(name, target_is_directory=True)
        try:
            aside.replace(runs / LATEST)
        except FileNotFoundError:
            continue  # another run swept the link as a leftover between the two steps
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        return


def _old_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.old")


def _new_partial(parent: Path, stem: str) -> tuple[Path, int]:
    turn, folder = 1, parent / f".{stem}.partial"
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            lock = None
        else:
            lock = _try_lock(folder)
        # Between the two steps above another process may have swept the new folder.
        if lock is not None and folder.exists():
            return folder, lock
        turn, folder = turn + 1, parent / f".{stem}.{turn + 1}.partial"


def _try_lock(folder: Path) -> int | None:
    """Lock a folder: a descriptor, None where another process holds it or it is gone.

    A lock ends with its process, however that dies; a process number in a file would be taken
    for alive as soon as another process (or another container's) has the same one.
    """
    try:
        import fcntl
    except ImportError:
        return _NO_LOCKS
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        return _NO_LOCKS
    return descriptor


def _sweep(parent: Path, output: Path | None) -> None:
    """Remove what killed processes left half-written, and nothing else."""
    if output is not None and is_run(_old_of(output)):
        _settle(_old_of(output), output)
    stem = r"\..+" if output is None else rf"\.{re.escape(output.name)}"
    left = re.compile(rf"{stem}(\.\d+)?\.partial")
    for path in parent.iterdir():
        if left.fullmatch(path.name):
            _remove_abandoned(path)


def _settle(old: Path, output: Path) -> None:
    """End a swap in two steps that a kill cut short."""
    if output.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(output)


def _remove_abandoned(path: Path) -> None:
    if path.is_symlink():
        path.unlink(missing_ok=True)
        return
    lock = _try_lock(path)
    if lock is None or (lock == _NO_LOCKS and _age_seconds(path) < ABANDONED_SECONDS):
        return
    shutil.rmtree(path, ignore_errors=True)
    if lock != _NO_LOCKS:
        os.close(lock)


def _age_seconds(path: Path) -> float:
    try:
        return clock.now().timestamp() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0
