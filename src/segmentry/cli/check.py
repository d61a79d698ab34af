"""``segmentry check``: the data check on its own, before any modelling."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.check_words import page
from segmentry.cli.failures import printable
from segmentry.cli.progress import listener
from segmentry.cli.targets import check_page, project_files
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.pipeline.check import Checked
    from segmentry.projectfile.load import Loaded

PROJECT = Path("segmentry.yaml")

FOUND = 1
"""Exit status of --strict where something severe was found."""

EPILOG = (
    "Each finding has a severity (error: a run stops there; warning: it would bend the segments;"
    " info: good to know), a count, an example, and what mends it. Examples:"
    " `segmentry check orders.csv` looks at a file and writes nothing;"
    " `segmentry check` checks the sources of segmentry.yaml;"
    " `segmentry check --fix test_accounts` records one fix there and shows what changed;"
    " `segmentry check --strict --json` is for pipelines."
)


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Data to look at without a project: a file, glob or folder. Nothing is written.",
        ),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            "--project", "-p", help="The project file, or its folder [default: segmentry.yaml]."
        ),
    ] = None,
    fix: Annotated[
        list[str] | None,
        typer.Option(
            "--fix",
            metavar="KIND",
            help="Record the fix of a kind of finding in the project file, or of all; may be"
            " given several times. Comments are kept, and what changed is shown.",
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page to show around.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="End with status 1 on an error, a warning or a mistake."),
    ] = False,
) -> None:
    """Check data before modelling: what is wrong, what mends it.

    Looks for what is missing, constant, duplicated, skewed, correlated, leaky or impossible, and
    at how rows cover entities and time. Without FILE, the sources of the project file are checked,
    and common mistakes are looked for in what it asks (`segmentry help-error M01` explains one).
    """
    if files and project is not None:
        raise UsageError(
            "both FILE and --project are given", hint="check a file, or what a project names"
        )
    if files and fix:
        raise UsageError(
            "--fix writes into a project file, and FILE has none",
            hint="segmentry init FILE, then segmentry check --fix KIND",
        )
    if html is not None:
        check_page(html, [*(files or ()), *project_files(project or PROJECT)], option="--html")
    checked, loaded, place = _carried_out(files, project)
    changes = _fixed(checked, loaded, place, fix) if fix and loaded else None
    _say_code(loaded)
    if html is not None:
        _write_page(checked, html)
    if as_json:
        document = checked.document | ({"changes": changes} if changes is not None else {})
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1))
    elif changes is not None:
        typer.echo(printable(changes))
    else:
        for line in page(checked.document):
            typer.echo(printable(line))
    _say_next(checked, files, place, html, is_fixed=changes is not None)
    if strict and checked.is_severe and changes is None:
        raise typer.Exit(FOUND)


check.__doc__ = f"{check.__doc__}\n    {EPILOG}\n"


def _say_code(loaded: Loaded | None) -> None:
    """Say which code a run would execute; a check executes none."""
    for spec in loaded.project.features.define if loaded is not None else ():
        if not spec.is_compiled:
            said = f"note: {spec.name} is made by {spec.formula}, code that a run executes"
            sys.stderr.write(f"{printable(said)}\n")


def _carried_out(
    files: list[Path] | None, project: Path | None
) -> tuple[Checked, Loaded | None, Path]:
    from segmentry.pipeline.check import check_files, check_project

    if files:
        with listener() as progress:
            return check_files(files, progress=progress), None, Path()
    from segmentry.projectfile.load import load

    place = project or PROJECT
    place = place / "segmentry.yaml" if place.is_dir() else place
    loaded = load(place)
    with listener() as progress:
        return check_project(loaded, progress=progress), loaded, place


def _fixed(checked: Checked, loaded: Loaded, place: Path, kinds: list[str]) -> str:
    """Record fixes, and give what changed in the file."""
    from segmentry.pipeline.check import fixed
    from segmentry.projectfile.findings.amend import difference
    from segmentry.stores.files import replacing

    before = place.read_text(encoding="utf-8-sig")
    after = fixed(before, loaded, checked, kinds)
    with replacing(place) as file:
        file.write(after.encode())
    return difference(before, after, place.name)


def _write_page(checked: Checked, place: Path) -> None:
    from segmentry.render.check_page import render_check
    from segmentry.stores.files import replacing

    with replacing(place) as file:
        file.write(render_check(checked.document).encode())


def _say_next(
    checked: Checked, files: list[Path] | None, place: Path, html: Path | None, *, is_fixed: bool
) -> None:
    """Say where the page lies and what to type next."""
    from segmentry.pipeline.check import fixable

    if html is not None:
        sys.stderr.write(printable(f"written: {html}") + "\n")
    here = "" if place == PROJECT else f" -p {shlex.quote(str(place))}"
    if is_fixed:
        said = f"written: {place}\nnext:    segmentry check{here}"
    elif files:
        said = f"next:    segmentry init {' '.join(shlex.quote(str(f)) for f in files)}"
    elif kinds := list(fixable(checked)):
        said = f"next:    segmentry check{here} --fix {kinds[0]}, or --fix all"
    else:
        said = f"next:    segmentry run{here}"
    sys.stderr.write(f"{printable(said)}\n")
