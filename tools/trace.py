"""Writes the worked trace of docs/ARCHITECTURE.md: one entity through every step, from a real run.

``make docs`` runs it. Every figure is read from the run's own files or computed by the code that
the run used; nothing is typed in.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ARCHITECTURE.md"
MARKS = ("<!-- trace -->", "<!-- end of trace -->")
USERS = 1_000
FEW_EVENTS = 6
"""The trace follows the entity with the fewest events among those that have this many."""


def table(rows: list[list[str]], head: list[str]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """Write a number shortly; nothing for a null."""
    return "" if value is None else f"{value:.6g}"


def follow(events: Path, run: Any) -> str:
    """Write the trace of one entity."""
    import pyarrow.parquet as pq

    log = pq.read_table(events)
    entity_column = log.column_names[0]
    entity = _entity_with(log, entity_column, FEW_EVENTS)
    own = log.filter(_equals(log[entity_column], entity)).sort_by(log.column_names[1])
    shown = [c for c in own.column_names if c != entity_column]
    rows = [[str(row[c]) for c in shown] for row in own.to_pylist()]
    release = run.release()
    answers = run.assignments()
    row = answers.filter(_equals(answers["entity_id"], entity)).to_pylist()[0]
    parts = [
        "## One entity through every step",
        f"Entity `{entity}` of `segmentry simulate retail` with {USERS:,} users and seed 0, in a "
        "run without any editing. `make docs` writes this section from that run.",
        f"**Events.** Its {len(rows)} rows as they lie in the source; `init` mapped the columns.",
        table(rows, shown),
        "**Features.** One relational expression over all events, computed by the engine; this "
        "entity's row of `features.parquet`. **Recipe.** Each number is filled where it is "
        "missing, bent, centred, scaled, and pulled in at the limit; "
        "applying the recipe learns nothing.",
        _features(run, release, entity),
        "**Assigner.** Squared gaps are added up column by column; the nearest prototype wins.",
        _distances(run, release, entity),
        f"**Assignment.** The row of `assignments.parquet`: segment **{row['segment']}**, next "
        f"{row['second_segment']}. Confidence, {number(row['confidence'])}, is the share of those "
        "as near that kept their segment in refits; the anomaly score is the distance in radii of "
        "the segment, "
        f"{number(row['anomaly_score'])}"
        f"{' (an anomaly)' if row['anomaly'] else ', inside the fence of 1'}.",
    ]
    return "\n\n".join(parts)


def _entity_with(log: Any, column: str, n_events: int) -> Any:
    counted = log.group_by(column).aggregate([([], "count_all")]).to_pylist()
    enough = [(c["count_all"], c[column]) for c in counted if c["count_all"] >= n_events]
    return min(enough)[1]


def _equals(column: Any, value: Any) -> Any:
    import pyarrow.compute as pc

    return pc.equal(column, value)


def _matrix(run: Any, release: Any, entity: Any) -> Any:
    """Apply the release's recipe to the one row, as online assignment does."""
    from segmentry.domain.table import FeatureTable

    features = run.features()
    alone = features.filter(_equals(features["entity_id"], entity))
    return release.recipe.apply(FeatureTable.of(alone, release.columns)), alone.to_pylist()[0]


def _features(run: Any, release: Any, entity: Any) -> str:
    matrix, raw = _matrix(run, release, entity)
    place = {name: i for i, name in enumerate(matrix.names)}
    steps = {s.column: s for s in release.recipe.numbers}
    left = {s.column: s.reason for s in release.recipe.left_out}
    rows = []
    for column in release.columns:
        if column.name in steps:
            step = steps[column.name]
            how = "as it is" if step.transform == "identity" else step.transform
            value = number(float(matrix.X[0, place[column.name]]))
            became = f"{how}, centre {number(step.centre)}, scale {number(step.scale)}"
        else:
            value, became = "", left.get(column.name, f"role {column.role}")
        known = raw[column.name]
        told = number(known) if isinstance(known, float) else str(known or "")
        rows.append([f"`{column.name}`", told, column.unit, became, value])
    return table(rows, ["feature", "value", "unit", "recipe", "in the matrix"])


def _distances(run: Any, release: Any, entity: Any) -> str:
    from segmentry.maths.prototypes import squared_distances

    matrix, _ = _matrix(run, release, entity)
    assigner = release.assigner
    squared = squared_distances(matrix.X, assigner.prototypes)[0]
    rows = [
        [release.segment_names[g], number(float(d) ** 0.5), number(float(assigner.radii[g]))]
        for d, g in zip(squared, assigner.groups, strict=True)
    ]
    return table(rows, ["prototype of", "distance", "radius"])


def main() -> None:
    """Simulate, run, and put the trace between its marks."""
    from segmentry import open_project
    from segmentry.projectfile.emit import emit
    from segmentry.projectfile.guess import Flags, guess
    from segmentry.simulate import simulate

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        told = simulate("retail", USERS, seed=0, out=folder / "data")
        found = guess([told.events], Flags(), folder=folder)
        (folder / "segmentry.yaml").write_text(emit(found), encoding="utf-8")
        trace = follow(told.events, open_project(folder).run())
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    text = f"{before}{MARKS[0]}\n\n{trace}\n\n{MARKS[1]}{after}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
