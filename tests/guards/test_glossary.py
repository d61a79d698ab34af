"""One concept, one word: in names, and in what people read."""

from __future__ import annotations

import ast
import re

from tree import PACKAGE, REPOSITORY, modules, name

GLOSSARY = REPOSITORY / "docs" / "GLOSSARY.md"

BANNED = {
    "user_id": "entity_id",
    "customer_id": "entity_id",
    "num_": "n_",
    "cluster_name": "segment",
    "utils": "a module named after its idea",
    "helpers": "a module named after its idea",
}
"""Words that our own names do not use, and the one that they do."""


def names_of(tree: ast.Module) -> set[str]:
    """Give the names of functions, classes, arguments and fields that a module makes."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def test_our_names_use_the_words_of_the_glossary() -> None:
    # The simulator plays a business whose own columns have such names; clusters are what
    # methods produce, before they are segments.
    rooms = [m for m in modules() if m.relative_to(PACKAGE).parts[0] != "simulate"]
    found = [
        f"{name(m)}: {made} (say {better})"
        for m in rooms
        for made in sorted(names_of(ast.parse(m.read_text())))
        for banned, better in BANNED.items()
        if banned in made.lower()
    ]
    assert found == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "common", "helpers", "core", "misc", "util"}
    assert [name(m) for m in modules() if {m.stem, m.parent.name} & drawers] == []


def test_the_glossary_explains_every_noun_of_the_domain() -> None:
    text = GLOSSARY.read_text().lower()
    nouns = [
        "entity", "event", "feature", "window", "recipe", "matrix", "partition", "candidate",
        "cluster", "segment", "assigner", "assignment", "release", "evidence", "verdict", "profile",
        "role", "overlay", "outcome", "treatment", "anomaly", "confidence", "fingerprint", "run",
        "workspace", "audit",
    ]  # fmt: skip
    assert [n for n in nouns if not re.search(rf"^\| \*{n}\*", text, re.MULTILINE)] == []


def test_every_term_of_the_glossary_stands_once_and_in_order() -> None:
    terms = re.findall(r"^\| \*([^*]+)\*", GLOSSARY.read_text(), re.MULTILINE)
    assert terms == sorted(set(terms), key=str.lower)
