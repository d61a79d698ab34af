from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from segmentry.engines.scratch import PREFIX, YOUNG_SECONDS, Scratch, writing_scratch
from segmentry.errors import StoreError


def aged(folder: Path) -> None:
    long_ago = folder.stat().st_mtime - 2 * YOUNG_SECONDS
    os.utime(folder, (long_ago, long_ago))


def test_a_folder_is_there_until_it_is_removed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "deep" / "down")
    (scratch.folder / "file").write_text("x")
    scratch.remove()
    scratch.remove()
    assert list((tmp_path / "deep" / "down").iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from segmentry.engines.scratch import Scratch;"
        f"s = Scratch(Path({str(tmp_path)!r})); (s.folder / 'big').write_text('x');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    (left,) = tmp_path.iterdir()
    aged(left)
    scratch = Scratch(tmp_path)
    assert list(tmp_path.iterdir()) == [scratch.folder]
    scratch.remove()


def test_what_the_living_hold_stays_however_old(tmp_path: Path) -> None:
    first = Scratch(tmp_path)
    aged(first.folder)
    second = Scratch(tmp_path)
    assert set(tmp_path.iterdir()) == {first.folder, second.folder}
    first.remove()
    second.remove()


def test_a_young_folder_and_what_is_not_ours_stay(tmp_path: Path) -> None:
    young, theirs = tmp_path / f"{PREFIX}abcd_123", tmp_path / f"{PREFIX}of-mine"
    file = tmp_path / f"{PREFIX}12345678"
    young.mkdir()
    theirs.mkdir()
    file.write_text("x")
    aged(theirs)
    aged(file)
    Scratch(tmp_path).remove()
    assert {young, theirs, file} == set(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "fix"),
    [(errno.ENOSPC, "TMPDIR"), (errno.EDQUOT, "TMPDIR"), (errno.EFBIG, "ulimit -f")],
)
def test_a_file_that_cannot_grow_is_told_as_lack_of_scratch_space(
    tmp_path: Path, number: int, fix: str
) -> None:
    with (
        pytest.raises(StoreError, match=r"no scratch space to unpack 'a\.zip'") as caught,
        writing_scratch(tmp_path, "unpack 'a.zip'"),
    ):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == "E5001"
    assert fix in (caught.value.hint or "")


def test_other_errors_of_the_block_pass(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="ermission"), writing_scratch(tmp_path, "unpack"):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
