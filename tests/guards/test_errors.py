"""The error tree, its drawing, its pages and its use say the same."""

from __future__ import annotations

import re

import pytest

from segmentry import errors
from segmentry.cli.help_error import codes, page
from segmentry.errors import SegmentryError
from tree import PACKAGE, modules

CLASSES = [
    c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, SegmentryError)
]
PAGES = sorted(p.stem for p in (PACKAGE / "cli" / "errors").iterdir())
SECTIONS = ["## An example", "## Where it comes from", "## What to do"]


def drawn() -> dict[str, dict[str, str]]:
    """Read the drawing: class, then codes with their meanings."""
    tree: dict[str, dict[str, str]] = {}
    for line in str(errors.__doc__).split("::\n", 1)[1].splitlines():
        if branch := re.search(r"[├└]─ (\w+)", line):
            tree[branch[1]] = {}
        for code, words in re.findall(r"(E\d{4}) (.+?)(?=\s{2,}|\s+E\d{4}|\s*\(|$)", line):
            tree[list(tree)[-1]][code] = words.strip()
    return tree


def test_the_drawing_shows_every_class_with_its_codes() -> None:
    assert set(drawn()) == {c.__name__ for c in CLASSES if c is not SegmentryError}
    for cls in CLASSES[1:]:
        assert set(drawn()[cls.__name__]) == set(cls.codes), cls.__name__


def test_the_drawing_and_the_tables_use_the_same_words() -> None:
    for cls in CLASSES[1:]:
        for code, words in drawn()[cls.__name__].items():
            assert cls.codes[code] == words


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert list(codes()) == PAGES


def test_no_two_classes_share_a_code() -> None:
    assert sum(len(c.codes) for c in CLASSES) == len(codes())


@pytest.mark.parametrize("code", PAGES)
def test_a_page_says_what_why_and_what_to_do(code: str) -> None:
    text = page(code)
    assert text.startswith(f"# {code}: {codes()[code]}\n\n")
    places = [text.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert f"error {code}:" in text


def test_every_code_is_used_somewhere() -> None:
    source = "".join(m.read_text() for m in modules())
    # Once in the table of its class, and at least once where it is raised.
    assert [code for code in codes() if source.count(f'"{code}"') < 2] == []


def test_no_other_code_is_used() -> None:
    used = {code for m in modules() for code in re.findall(r'"(E\d{4})"', m.read_text())}
    assert used == set(codes())


def test_errors_of_usage_and_project_file_end_with_two_and_all_others_with_one() -> None:
    wrong = {c.__name__ for c in CLASSES if c.exit_status == 2}
    assert wrong == {"ProjectFileError", "UsageError"}
    assert {c.exit_status for c in CLASSES} == {1, 2}
