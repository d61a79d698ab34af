from __future__ import annotations

import os
from pathlib import Path

import pytest

from segmentry.engines import machine

WHOLE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
NONE = 9223372036854771712


@pytest.mark.parametrize(
    ("own", "told", "wanted"),
    [
        ("0::/\n", {"memory.max": "268435456\n"}, 2**28),
        ("0::/a/b\n", {"a/memory.max": f"{2**27}\n", "a/b/memory.max": "max\n"}, 2**27),
        ("4:cpu:/x\n7:memory:/x\n", {"memory/memory.limit_in_bytes": f"{2**26}\n"}, 2**26),
        ("7:memory:/x\n", {"memory/x/memory.limit_in_bytes": f"{NONE}\n"}, WHOLE),
        ("0::/\n", {"memory.max": "max\n"}, WHOLE),
        ("0::/\n", {}, WHOLE),
        (None, {}, WHOLE),
    ],
)
def test_the_least_limit_around_counts(
    own: str | None,
    told: dict[str, str],
    wanted: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path / "groups"
    for name, text in told.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    if own is not None:
        (tmp_path / "own").write_text(own)
    monkeypatch.setattr(machine, "ROOT", root)
    monkeypatch.setattr(machine, "OWN_GROUPS", tmp_path / "own")
    assert machine.memory_bytes() == wanted
