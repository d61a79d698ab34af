"""Real texts in their original dress give what their tidy copies give."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from reading import opened
from segmentry.projectfile.guess import guess

pytestmark = pytest.mark.data


def summed(path: Path) -> dict[str, Any]:
    """Guess a log, open it as guessed, and sum it up."""
    found = guess([path], folder=path.parent).project.sources[0]
    read = opened(found, folder=path.parent)
    times = [t.date() if hasattr(t, "hour") else t for t in read.values("time")]
    return {
        "columns": {"entity", "time", "amount"} <= set(found.columns),
        "rows": len(read.rows),
        "entities": len({int(e) for e in read.values("entity")}),
        "first": min(times),
        "last": max(times),
        "amount": round(sum(map(float, read.values("amount"))), 2),
        "bad": read.relation.n_bad_rows,
    }


def test_a_log_padded_with_blanks_gives_what_its_copy_gives(
    data_folder: Path, tmp_path: Path
) -> None:
    wanted = summed(data_folder / "cdnow" / "cdnow.csv.gz")
    assert wanted["entities"] == 23_570
    master = data_folder / "cdnow" / "CDNOW_master.txt.gz"
    assert summed(master) == wanted
    # The same as it was first published: without the header.
    bare = tmp_path / "master.txt"
    bare.write_bytes(gzip.decompress(master.read_bytes()).split(b"\n", 1)[1])
    assert summed(bare) == wanted
