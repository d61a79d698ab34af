"""The table of mistakes, their pages and their use say the same."""

from __future__ import annotations

import re

import pytest

from segmentry.cli.help_error import mistakes, page
from segmentry.domain.mistake import MISTAKES
from tree import PACKAGE, modules

PAGES = sorted(p.stem for p in (PACKAGE / "cli" / "mistakes").iterdir())
SECTIONS = ["## An example", "## When it is told", "## What to do"]


def test_every_mistake_has_a_page_and_every_page_a_mistake() -> None:
    assert list(MISTAKES) == PAGES
    assert list(mistakes()) == PAGES


@pytest.mark.parametrize("code", PAGES)
def test_a_page_says_why_when_and_what_to_do(code: str) -> None:
    text = page(code)
    assert text.startswith(f"# {code}: {MISTAKES[code].title}\n\n")
    places = [text.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert f"mistake {code}:" in text
    why = " ".join(text[: places[0]].split("\n\n", 1)[1].split()).lower()
    assert why == f"{MISTAKES[code].why}.".lower()


def test_every_mistake_is_looked_for() -> None:
    looks = "".join(
        m.read_text() for m in modules() if m.parent.name == "mistakes" and "pipeline" in m.parts
    )
    assert set(re.findall(r'"(M\d{2})"', looks)) == set(MISTAKES)
