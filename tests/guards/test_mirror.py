"""Every module has its test, and every test its module."""

from __future__ import annotations

from tree import PACKAGE, UNIT, modules, name

WITHOUT_TEST = {"__init__.py", "__main__.py"}
"""They hold names or one line; what they do is tested through the commands."""


def test_every_module_has_a_test_of_its_own() -> None:
    wanted = [
        UNIT / m.relative_to(PACKAGE).with_name(f"test_{m.name}")
        for m in modules()
        if m.name not in WITHOUT_TEST
    ]
    assert [name(t) for t in wanted if not t.is_file()] == []


def test_no_unit_test_is_without_its_module() -> None:
    orphans = [
        name(t)
        for t in sorted(UNIT.rglob("test_*.py"))
        if not (PACKAGE / t.relative_to(UNIT)).with_name(t.name.removeprefix("test_")).is_file()
    ]
    assert orphans == []
