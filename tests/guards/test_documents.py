"""What the pages say is what the code does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from segmentry.cli.app import COMMANDS
from tree import REPOSITORY, name, ours

sys.path.insert(0, str(REPOSITORY / "tools"))
from reference import PAGES, REFERENCE

MARKDOWN = [p for p in ours() if p.suffix == ".md"]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_generated_page_is_what_the_code_says(page: str) -> None:
    assert (REFERENCE / page).read_text() == PAGES[page](), "run `make docs`"


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_every_command_that_a_page_tells_to_type_exists(path: Path) -> None:
    typed = re.findall(r"(?:^|`|\$ )segmentry ([a-z][a-z-]*)", path.read_text(), re.MULTILINE)
    assert set(typed) - {*COMMANDS, "import"} == set()


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_every_link_to_a_file_holds(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_every_make_target_that_a_page_names_exists(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"`make ([a-z-]+)`", path.read_text())
    assert set(named) - set(targets) == set()


def test_every_command_is_in_the_map() -> None:
    text = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text()
    assert [c for c in COMMANDS if f"`{c}`" not in text] == []


def test_every_room_is_in_the_map() -> None:
    text = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text()
    rooms = [
        p.name
        for p in (REPOSITORY / "src" / "segmentry").iterdir()
        if (p / "__init__.py").is_file()
    ]
    assert [room for room in sorted(rooms) if f"`{room}/`" not in text] == []


def test_the_help_of_make_names_every_target() -> None:
    text = (REPOSITORY / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    told = re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)
    assert sorted(phony[1].split()) == sorted(told)
