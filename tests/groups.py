"""Tests of one group run in one worker, which starts a Spark or makes a run only once.

The plugin that hands tests to workers writes a test's group into its id; since pytest 9.2 keeps ids
in another attribute, that is without effect, and groups are torn apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Write the group of each item into its id, where a worker runs it and nobody did so yet."""
    if not config.getoption("loadgroup", default=False):
        return
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        suffix = "@" + "_".join(groups)
        if groups and hasattr(item, "_id") and not item.nodeid.endswith(suffix):
            item._id = type(item.id).parse(item.nodeid + suffix)
