"""Every entity of real data assigned alone and in batches, in a process of its own: differences.

Writes ``docs/proof/assignment.md``. Run with ``make proof``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from real_data import DATA, DOCS, SETS, command

from segmentry.domain.table import FeatureTable
from segmentry.pipeline.run import Run


def differences(folder: Path) -> tuple[int, int, int]:
    """Count entities, and the rows that differ from the run's when scored alone and in batches."""
    run = Run.opened(folder)
    release, expected = run.release(), run.assignments()
    table = FeatureTable.of(run.features(), release.columns, expected["as_of"][0].as_py())
    alone = [release.assign(table.take(np.array([i]))).to_arrow() for i in range(table.n_entities)]
    batches = [
        release.assign(table.take(np.arange(start, min(start + 997, table.n_entities)))).to_arrow()
        for start in range(0, table.n_entities, 997)
    ]
    return table.n_entities, *(_differing(pa.concat_tables(p), expected) for p in (alone, batches))


def _differing(found: pa.Table, expected: pa.Table) -> int:
    unequal = np.zeros(expected.num_rows, dtype=bool)
    for name in expected.column_names:
        a, b = found[name].to_pylist(), expected[name].to_pylist()
        unequal |= np.array([x != y for x, y in zip(a, b, strict=True)])
    return int(unequal.sum())


def main() -> None:
    """Write the page; called with a folder, print the counts of that run."""
    if len(sys.argv) > 1:
        print(*differences(Path(sys.argv[1])))
        return
    lines = ["| data | entities | differ alone | differ in batches of 997 |", "|---|---|---|---|"]
    for name in SETS:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            command("init", str(DATA / name), folder=folder)
            command("run", folder=folder)
            words = [sys.executable, __file__, str(folder / "runs" / "latest")]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
        lines.append(f"| {name} | {' | '.join(done.stdout.split())} |")
        print(lines[-1], flush=True)
    text = ["# Assignment, one by one and in batches", ""]
    text += ["Written by `python tests/proof/assignment.py` (part of `make proof`): every column"]
    text += [
        "of `assignments.parquet` compared, in another process than the run's.",
        "",
        *lines,
        "",
    ]
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "assignment.md").write_text("\n".join(text))


if __name__ == "__main__":
    main()
