"""Terms that the report links to are explained in it."""

from __future__ import annotations

import re
from importlib.resources import files

from conftest import REPOSITORY
from factories_render import documents
from segmentry.render.cards import cards
from segmentry.render.glossary import GLOSSARY, anchor
from segmentry.render.trust import SCORES

MODULES = [m for m in files("segmentry.render").iterdir() if m.name.endswith(".py")]
TEMPLATES = [t for t in files("segmentry.render").joinpath("templates").iterdir() if t.is_file()]


def test_every_term_of_the_templates_is_in_the_glossary():
    used = {
        term
        for template in TEMPLATES
        for term in re.findall(r'm\.term\("([^"]+)"', template.read_text(encoding="utf-8"))
    }
    assert len(used) > 8
    assert used - set(GLOSSARY) == set()


def test_every_term_of_a_table_or_chart_is_in_the_glossary():
    code = "".join(m.read_text() for m in MODULES)
    used = set(re.findall(r'named\("[^"]+", "([^"]+)"\)|term="([^"]+)"', code))
    used = {a or b for a, b in used} | {s.term for s in SCORES if s.term}
    assert len(used) > 6
    assert used - set(GLOSSARY) == set()


def test_every_term_of_quality_is_in_the_glossary():
    terms = {q.term for card in cards(documents()) for q in card.quality}
    assert len(terms) == 4
    assert terms - set(GLOSSARY) == set()


def test_every_term_that_a_page_explains_is_a_word_of_the_house():
    told = (REPOSITORY / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| \*([^*]+)\*", told, re.MULTILINE))
    assert set(GLOSSARY) - known == set()


def test_terms_have_anchors_of_their_own_in_order():
    assert len({anchor(t) for t in GLOSSARY}) == len(GLOSSARY)
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.lower)
