from __future__ import annotations

import os
from pathlib import Path

import pytest

from segmentry.engines import machine

WHOLE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("told", "wanted"),
    [("268435456\n", 2**28), ("max\n", WHOLE), ("9223372036854771712\n", WHOLE), (None, WHOLE)],
)
def test_a_containers_limit_counts_where_there_is_one(
    told: str | None, wanted: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "limit"
    if told is not None:
        path.write_text(told)
    monkeypatch.setattr(machine, "LIMITS", (path,))
    assert machine.memory_bytes() == wanted
