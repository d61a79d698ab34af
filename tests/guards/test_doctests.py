"""Every example in a docstring does what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

from tree import PACKAGE, modules, name

WITH_EXAMPLES = [m for m in modules() if ">>>" in m.read_text()]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name)
def test_the_examples_of_a_module_hold(path: Path) -> None:
    dotted = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    result = doctest.testmod(importlib.import_module(dotted.removesuffix(".__init__")))
    assert result.attempted > 0 or "+SKIP" in path.read_text()
    assert result.failed == 0
