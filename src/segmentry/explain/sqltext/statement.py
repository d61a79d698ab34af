"""The whole assigner as one statement: raw features in, an entity's segment out.

Where segments have few prototypes nothing is joined and nothing grouped: each row is answered by
itself. Read on in ``docs/methods/sql.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

import numpy as np

from segmentry.domain.assigner import NEARNESS_DIGITS, Assigner
from segmentry.domain.recipe import Recipe
from segmentry.domain.reduction import Reduction
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY
from segmentry.errors import UsageError
from segmentry.explain.sqltext import steps
from segmentry.explain.sqltext.dialect import Dialect, less, not_as_sql, number

TIE = 1.0 + 10.0**-NEARNESS_DIGITS
"""Segments whose squared distances lie within this factor of the least are tied, as rounding ties
them; ties go to the first."""

MARGIN = 10.0 ** (1 - NEARNESS_DIGITS)
"""Relative difference of squared distances within which rounding to so many digits can decide."""

WRITTEN_TERMS = 500
"""Differences that are written out, row by row; more of them are computed over a list of the
prototypes, for planners take long over expressions that fill pages."""

STAGES = frozenset({
    "known_features", "prepared_features", "component_scores", "prototypes", "prototype_distances",
    "squared_distances", "least_distances", "nearest_segments",
})  # fmt: skip


def assigning_statement(release: Release, *, dialect: Dialect, table: str = "features") -> str:
    """Write the statement that gives each row of a table of raw features its segment.

    Parameters
    ----------
    release : Release
    dialect : Dialect
    table : str, default="features"
        One row per entity, with ``entity_id`` and the columns that the recipe reads, as
        ``features.parquet`` has them.

    Returns
    -------
    str
        Gives ``entity_id``, ``segment_id`` and ``segment``.

    Raises
    ------
    AssignmentError
        E6004 for what cannot be written so, with the reason.
    UsageError
        If ``table`` is no name of a table, or one of the statement's own.
    """
    recipe = release.recipe
    steps.check_recipe(recipe)
    if release.assigner.origin is not None:
        raise not_as_sql(
            "they are told by direction, and no statement for that is written yet",
            hint="use `segmentry assign`, or another method than spherical k-means",
        )
    source = dialect.table(table)
    if table.lower() in STAGES:
        raise UsageError(
            f"{table!r} is a name that the statement itself uses", hint="give the table another"
        )
    entity = dialect.column(ENTITY)
    segments = [f"d{s}" for s in range(1, release.assigner.n_segments + 1)]
    named = _named(release, dialect)
    stages = {
        "known_features": _select([entity, *_known(recipe, dialect)], source),
        "prepared_features": _select([entity, *_prepared(recipe)], "known_features"),
    }
    if recipe.reduction is not None:
        components = _components(recipe.reduction)
        stages["component_scores"] = _select([entity, *components], "prepared_features")
    stages |= _distances(release.assigner, entity, list(stages)[-1], dialect)
    least = f"{_least(segments)} * {number(TIE)} as nearest"
    stages["least_distances"] = _select([entity, *segments, least], "squared_distances")
    nearest = f"{_nearest(segments, release.segment_ids)} as segment_id"
    stages["nearest_segments"] = _select([entity, nearest], "least_distances")
    told = ",\n".join(
        f"{name} as (\n{indent(body + dialect.fence, '  ')}\n)" for name, body in stages.items()
    )
    last = _select([entity, "segment_id", f"{named} as segment"], "nearest_segments")
    statement = f"{_head(release)}\nwith {told}\n{last}\n"
    dialect.check_length(statement)
    return statement


def _head(release: Release) -> str:
    return (
        f"-- The {release.assigner.n_segments} segments of release {release.fingerprint[:16]},"
        " row by row over raw features.\n"
        "-- The nearest prototype decides; distances that are equal in nine digits are ties,\n"
        "-- which go to the first segment."
    )


def _select(columns: Iterable[str], source: str) -> str:
    return "select\n" + ",\n".join(f"  {column}" for column in columns) + f"\nfrom {source}"


def _known(recipe: Recipe, dialect: Dialect) -> list[str]:
    """Read raw features: numbers with their gaps filled, all else as it stands in the matrix."""
    numbers = [steps.known(s, dialect) for s in recipe.numbers]
    others = [
        *(column for s in recipe.categories for column in steps.indicators(s, dialect)),
        *(steps.score(s, dialect) for s in recipe.scores),
        *(steps.gap_mark(s, dialect) for s in recipe.gaps),
    ]
    return [
        *(f"{x} as x{j}" for j, x in enumerate(numbers, 1)),
        *(f"{z} as z{j}" for j, z in enumerate(others, len(numbers) + 1)),
    ]


def _prepared(recipe: Recipe) -> list[str]:
    bent = [f"{steps.prepared(s, f'x{j}')} as z{j}" for j, s in enumerate(recipe.numbers, 1)]
    return [*bent, *(f"z{j}" for j in range(len(bent) + 1, len(recipe.prepared_names) + 1))]


def _components(reduction: Reduction) -> list[str]:
    gaps = [f"({less(f'z{j}', centre)})" for j, centre in enumerate(reduction.centre, 1)]
    return [
        " + ".join(f"{gap} * {number(w)}" for gap, w in zip(gaps, c.weights, strict=True))
        + f" as z{i}"
        for i, c in enumerate(reduction.components, 1)
    ]


def _distances(assigner: Assigner, entity: str, points: str, dialect: Dialect) -> dict[str, str]:
    """Write the squared distance to each segment: to the nearest of its prototypes."""
    if assigner.prototypes.size > WRITTEN_TERMS:
        return _listed_distances(assigner, entity, points, dialect)
    columns = []
    for segment in range(assigner.n_segments):
        own = assigner.prototypes[np.flatnonzero(assigner.groups == segment)]
        terms = [_square([less(f"z{j}", p) for j, p in enumerate(row, 1)]) for row in own.tolist()]
        columns.append(f"{_least(terms)} as d{segment + 1}")
    return {"squared_distances": _select([entity, *columns], points)}


def _listed_distances(
    assigner: Assigner, entity: str, points: str, dialect: Dialect
) -> dict[str, str]:
    """Write the same over a list of prototypes."""
    places = range(1, assigner.prototypes.shape[1] + 1)
    coordinates = [f"cast(p{j} as {dialect.double}) as p{j}" for j in places]
    listed = dialect.rows(
        ["segment", *(f"p{j}" for j in places)],
        (
            [str(group + 1), *map(number, row)]
            for group, row in zip(
                assigner.groups.tolist(), assigner.prototypes.tolist(), strict=True
            )
        ),
    )
    square = _square([f"z{j} - p{j}" for j in places])
    crossed = f"{points} cross join prototypes"
    segments = range(1, assigner.n_segments + 1)
    nearest = [f"min(case when segment = {s} then squared end) as d{s}" for s in segments]
    least = _select([entity, *nearest], "prototype_distances")
    return {
        "prototypes": _select(["segment", *coordinates], listed),
        "prototype_distances": _select([entity, "segment", f"{square} as squared"], crossed),
        "squared_distances": f"{least}\ngroup by {entity}",
    }


def _square(gaps: Iterable[str]) -> str:
    return " + ".join(f"({gap}) * ({gap})" for gap in gaps)


def _least(terms: Sequence[str]) -> str:
    # Not every engine takes the least of one.
    return terms[0] if len(terms) == 1 else f"least({', '.join(terms)})"


def _nearest(segments: Sequence[str], ids: Sequence[int]) -> str:
    whens = " ".join(
        f"when {segment} <= nearest then {i}" for segment, i in zip(segments, ids, strict=True)
    )
    return f"case {whens} end"


def _named(release: Release, dialect: Dialect) -> str:
    told = zip(release.segment_ids, release.segment_names, strict=True)
    whens = " ".join(f"when {i} then {dialect.text(name)}" for i, name in told)
    return f"case segment_id {whens} end"
