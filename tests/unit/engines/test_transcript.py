from __future__ import annotations

import gzip
from pathlib import Path

from reading import write
from segmentry.engines.blanks import Blanks
from segmentry.engines.delimited import Layout
from segmentry.engines.transcript import transcribed


def rewritten(tmp_path: Path, content: bytes, name: str = "a.txt", **facts: object) -> str:
    layout = Layout(**{"encoding": "utf-8", "delimiter": ",", "has_header": True,
                       "columns": ("a", "b"), **facts})  # type: ignore[arg-type]  # fmt: skip
    path, plain = transcribed(write(tmp_path / name, content), layout, tmp_path / "out")
    assert plain.is_direct
    return path.read_bytes().decode()


def test_another_encoding_becomes_utf8(tmp_path: Path) -> None:
    assert rewritten(tmp_path, "a,€\r\n".encode("cp1252"), encoding="cp1252") == "a,€\r\n"
    assert rewritten(tmp_path, "a,€\n".encode("utf-16"), encoding="utf-16") == "a,€\n"


def test_a_mark_at_the_beginning_is_taken_off(tmp_path: Path) -> None:
    content = "\ufeffa,b\n".encode("utf-16-le")
    assert rewritten(tmp_path, content, encoding="utf-16-le") == "a,b\n"


def test_columns_held_apart_by_blanks_get_a_delimiter(tmp_path: Path) -> None:
    content = b' 1   2.5\n\n 2  "3 4"\n'
    assert rewritten(tmp_path, content, blanks=Blanks(1)) == "1\t2.5\n\n2\t3 4\n"


def test_comments_become_blank_lines_so_that_numbers_of_lines_stay(tmp_path: Path) -> None:
    content = b"a,b\n# no,sales\n1,2\n"
    assert rewritten(tmp_path, content, has_comments=True) == "a,b\n\n1,2\n"


def test_a_delimiter_of_two_bytes_becomes_one_of_one(tmp_path: Path) -> None:
    assert rewritten(tmp_path, "a\u00a6b\n".encode(), delimiter="\u00a6") == "a\x1fb\n"


def test_a_packed_file_is_unpacked_on_the_way(tmp_path: Path) -> None:
    content = gzip.compress("a,ä\n".encode("cp1252"))
    assert rewritten(tmp_path, content, "a.txt.gz", encoding="cp1252") == "a,ä\n"
