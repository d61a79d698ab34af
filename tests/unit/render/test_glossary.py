"""Terms that the report links to are explained in it."""

from __future__ import annotations

import re
from importlib.resources import files

from segmentry.render.glossary import GLOSSARY, anchor

TEMPLATES = [t for t in files("segmentry.render").joinpath("templates").iterdir() if t.is_file()]


def test_every_term_of_the_templates_is_in_the_glossary():
    used = {
        term
        for template in TEMPLATES
        for term in re.findall(r'm\.term\("([^"]+)"', template.read_text(encoding="utf-8"))
    }
    assert len(used) > 8
    assert used - set(GLOSSARY) == set()


def test_terms_have_anchors_of_their_own_in_order():
    assert len({anchor(t) for t in GLOSSARY}) == len(GLOSSARY)
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.lower)
