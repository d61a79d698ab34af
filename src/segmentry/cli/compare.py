"""``segmentry compare``: methods in one table, on the features that a run would search."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.progress import listener
from segmentry.cli.run import AsOfOption, BadRowsOption, ProjectOption, ThreadsOption, instant
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.domain.comparison import Comparison, Sensitivity

MOST_SEGMENTS = 1_000


def compare(
    methods: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="METHOD...",
            help="Names as in segments.methods, such as k-means 'average linkage'; all that suit"
            " the data where none is named.",
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    as_of: AsOfOption = None,
    numbers: Annotated[
        str | None,
        typer.Option(
            "--k", metavar="N|A-B", help="Numbers of segments [default: those of the project]."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="A row for every number of segments, not one per method.")
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough",
            help="Also the gap statistic, prediction strength, knee, DBCV, classifier, tree and"
            " outcome.",
        ),
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Instead, how far the chosen segments hang on each single decision.",
        ),
    ] = False,
    allow_bad_rows: BadRowsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    threads: ThreadsOption = None,
) -> None:
    """Hold methods beside each other in one table.

    On the features and the sample that a run would search; nothing is written. With --sensitivity,
    what a run would choose is held against what other single decisions would have given.
    """
    from segmentry.api import open_project
    from segmentry.cli.compare_words import print_comparison
    from segmentry.cli.sensitivity_words import print_sensitivity
    from segmentry.pipeline.tournament import check_methods

    names, band = tuple(methods or ()), band_of(numbers)
    check_methods(names)
    if sensitivity and (thorough or everything):
        raise UsageError(
            "--sensitivity is a table of its own",
            hint="leave out --all and --thorough, or --sensitivity",
        )
    opened = open_project(project)
    facts: dict[str, Any] = {
        "numbers": band,
        "as_of": instant(as_of, opened.project.time_zone),
        "allow_bad_rows": allow_bad_rows,
        "threads": threads,
    }
    with listener() as progress:
        if sensitivity:
            varied = opened.sensitivity(names, progress=progress, **facts)
        else:
            found = opened.compare(
                names, thorough=thorough, everything=everything, progress=progress, **facts
            )
    if as_json:
        document = sensitivity_document(varied) if sensitivity else as_document(found)
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1))
    elif sensitivity:
        print_sensitivity(varied)
    else:
        print_comparison(found, is_thorough=thorough)


def band_of(text: str | None) -> range | None:
    """Read a number of segments, or the first and the last of several.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> band_of("4-8"), band_of("5"), band_of(None)
    (range(4, 9), range(5, 6), None)
    """
    if text is None:
        return None
    first, dash, last = text.partition("-")
    try:
        band = range(int(first), int(last if dash else first) + 1)
    except ValueError:
        band = range(0)
    if not 2 <= band.start < band.stop <= MOST_SEGMENTS + 1:
        raise UsageError(
            f"--k cannot be {text!r}",
            hint="write one number of segments, 2 or more, or a first and a last one, such as 4-8",
        )
    return band


def as_document(found: Comparison) -> dict[str, Any]:
    """Give a comparison as a machine reads it; a figure that is not there is in ``missing``."""
    return {
        "format": 1,
        "n_entities": found.n_entities,
        "n_searched": found.n_searched,
        "rows": [
            {
                "method": r.method,
                "n_segments": r.n_segments,
                "choice": r.is_choice,
                "kept": r.is_kept,
                "front": r.is_on_front,
                "figures": dict(r.figures),
                "missing": dict(r.missing),
                "segments_jaccard": list(r.jaccards),
                "faults": list(r.faults),
                "reason": r.reason,
            }
            for r in found.rows
        ],
        "left_out": dict(found.left_out),
        "front_by": list(found.front_by),
        "agreement": {
            "candidates": list(found.agreeing),
            "ari": [[round(float(v), 6) for v in row] for row in found.agreement],
        },
        "outcome": found.outcome or None,
        "sentence": found.sentence,
        "notes": list(found.notes),
    }


def sensitivity_document(found: Sensitivity) -> dict[str, Any]:
    """Give variations as a machine reads them; one without figures says why in ``missing``."""
    return {
        "format": 1,
        "n_entities": found.n_entities,
        "n_searched": found.n_searched,
        "method": found.method,
        "n_segments": found.n_segments,
        "shares": list(found.shares),
        "variations": [
            {name: value for name, value in row.items() if value not in (None, "", [])}
            for row in found.table
        ],
        "sentence": found.sentence,
        "notes": list(found.notes),
    }
