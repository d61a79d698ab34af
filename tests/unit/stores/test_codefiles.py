"""Code is read from a project's own folder, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.errors import ProjectFileError
from segmentry.stores.codefiles import LARGEST, code_in


def test_a_file_of_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "features.py").write_text("x = 1\n")
    assert code_in(tmp_path, "own/features.py") == b"x = 1\n"


def test_what_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "other.py").write_text("")
    (home / "link.py").symlink_to(tmp_path / "other.py")
    for file in ("../other.py", str(tmp_path / "other.py"), "link.py"):
        with pytest.raises(ProjectFileError, match="outside the project's folder") as refused:
            code_in(home, file)
        assert refused.value.code == "E1011"


def test_a_missing_or_endless_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_bytes(b"#" * (LARGEST + 1))
    for file, why in (("none.py", "there is no file 'none.py'"), ("long.py", "more than")):
        with pytest.raises(ProjectFileError, match=why):
            code_in(tmp_path, file)
    with pytest.raises(ProjectFileError, match="there is no file"):
        code_in(tmp_path, ".")
