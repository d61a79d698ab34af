"""``segmentry plan``: what a run would do, and the query of its features for any engine."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import AsOfOption, BadRowsOption, ProjectOption, ThreadsOption, instant

if TYPE_CHECKING:
    from segmentry.domain.feature import FeatureSpec
    from segmentry.pipeline.plan import Plan, SearchPlan

EPILOG = (
    "Nothing is computed beyond a look at the data, and nothing is written. Examples:"
    " `segmentry plan` says what `segmentry run` would do;"
    " `segmentry plan --sql` prints the query of the project's own engine;"
    " `segmentry plan --sql --engine postgresql` prints it for another;"
    " `segmentry plan --all` also lists the features that could be asked for;"
    " `segmentry plan --search` builds the features and says which methods would be tried on them."
)

STEPS = (
    ("read", "open the sources, type their columns, count what is bad"),
    ("features", "one query over the canonical events, a row per entity"),
    ("prepare", "fill, bend, scale, leave out what repeats"),
    ("search", "methods and numbers of segments on a sample (segmentry plan --search)"),
    ("judge", "structure, stability, rules, what followed"),
    ("fit", "the chosen segments on all entities"),
    ("explain", "profiles, names, actions"),
    ("write", "the run folder and the report, whole or not at all"),
)


class EngineName(StrEnum):
    """Engines that a query can be written for."""

    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"
    SPARK = "spark"


def plan(
    project: ProjectOption = Path("segmentry.yaml"),
    as_of: AsOfOption = None,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the query of the features, and nothing else.")
    ] = False,
    engine: Annotated[
        EngineName | None,
        typer.Option("--engine", help="The engine of the query [default: the project's own]."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List features that are possible and not asked for, too.")
    ] = False,
    search: Annotated[
        bool,
        typer.Option(
            "--search",
            help="Build the features too, and say what would be searched on them, and why.",
        ),
    ] = False,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Say what a run would do, and the query of its features.

    Lists the sources, the cut, and each feature with its meaning and its formula.
    """
    from segmentry.api import open_project
    from segmentry.errors import ProjectFileError
    from segmentry.pipeline.plan import plan_run, plan_search
    from segmentry.projectfile.load import placed

    opened = open_project(project)
    cut = instant(as_of, opened.project.time_zone)
    with listener() as progress:
        facts: dict[str, Any] = {
            "as_of": cut,
            "allow_bad_rows": allow_bad_rows,
            "progress": progress,
            "threads": threads,
        }
        try:
            found = plan_run(opened.project, **facts)
            searched = plan_search(opened.project, **facts) if search else None
        except ProjectFileError as error:
            raise placed(error, opened.loaded.places) from error
    query = found.query(str(engine or found.engine))
    if as_json:
        document = as_document(found, query)
        document |= {} if searched is None else {"search": _search_document(searched)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif sql:
        typer.echo(query or "-- no source holds events: a table's columns are its features")
    else:
        _print(found, everything=everything)
        if searched is not None:
            _print_search(searched)


def as_document(found: Plan, query: str) -> dict[str, Any]:
    """Give a plan as a machine reads it."""
    window = found.window
    return {
        "format": 1,
        "engine": found.engine,
        "sources": [
            {"name": s.name, "shape": s.shape, "where": s.where, "rows": s.n_rows}
            for s in found.sources
        ],
        **({"as_of": window.as_of.isoformat()} if window else {}),
        "features": [_feature(s) for s in found.features],
        "possible": [_feature(s) for s in found.left_out],
        "query": query,
    }


def _feature(spec: FeatureSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "facet": str(spec.facet),
        "unit": spec.unit,
        "meaning": spec.sentence,
        "missing": spec.null_means,
        "formula": str(spec.formula),
        **({"own": True} if spec.is_own else {}),
        **({"executes_code": True} if _remark(spec) else {}),
    }


def _print(found: Plan, *, everything: bool) -> None:
    typer.echo(f"engine: {found.engine}")
    for source in found.sources:
        typer.echo(f"source {source.name}: {source.shape}, {source.n_rows:,} rows, {source.where}")
        for field, sql in source.columns.items():
            typer.echo(f"  {field}: {sql}")
    if found.window is not None:
        window = found.window
        typer.echo(f"cut: {window.as_of:%Y-%m-%d %H:%M:%S} UTC, recent {window.recent_days:g} days")
    typer.echo("steps:")
    for name, what in STEPS:
        typer.echo(f"  {name}: {what}")
    _print_features(f"features ({len(found.features)}):", found.features)
    if everything:
        _print_features(f"possible, if asked for ({len(found.left_out)}):", found.left_out)
    elif found.left_out:
        typer.echo(f"{len(found.left_out)} more could be asked for: segmentry plan --all")
    if found.types is None:
        typer.echo("no source holds events: a table's columns are its features")
    else:
        typer.echo("query: segmentry plan --sql [--engine duckdb|postgresql|spark]")


def _search_document(found: SearchPlan) -> dict[str, Any]:
    return {
        "entities": found.n_entities,
        "columns": found.n_columns,
        "searched": found.n_searched,
        "segments": list(found.band),
        "candidates": found.n_candidates,
        "methods": [
            {"name": m.name, "tried": m.is_tried, "reason": m.reason} for m in found.methods
        ],
    }


def _print_search(found: SearchPlan) -> None:
    few, many = found.band.start, found.band.stop - 1
    numbers = f"{few} to {many}" if many > few else str(few)
    typer.echo(
        f"search: {found.n_candidates} candidates at most, {len(found.tried)} methods for {numbers}"
        f" segments, on {found.n_searched:,} of {found.n_entities:,} entities in"
        f" {found.n_columns} columns"
    )
    for method in sorted(found.methods, key=lambda m: not m.is_tried):
        typer.echo(f"  {method.name}: {method.reason}")


def _print_features(title: str, specs: tuple[FeatureSpec, ...]) -> None:
    if specs:
        typer.echo(title)
    for spec in specs:
        own = " (defined by the project)" if spec.is_own else ""
        typer.echo(f"  {spec.name}: {spec.sentence}{own}")
        typer.echo(f"    {spec.formula}{_remark(spec)}")


def _remark(spec: FeatureSpec) -> str:
    """Say of code that it is code: it is not looked into, and a plan does not run it."""
    if spec.is_compiled or spec.family is not None:
        return ""
    return " (code, which `segmentry run` executes; not held equal on all engines)"
