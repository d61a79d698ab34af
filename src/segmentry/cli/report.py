"""``segmentry report``: where a run's report lies; or the same run drawn again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption
from segmentry.cli.targets import check_page, project_files


def report(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Draw the report again from the run's figures, to this file."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Say where a run's report lies, or write it again."""
    from segmentry.stores.runfolder import find_run, open_run

    base = project if project.is_dir() else project.parent
    stored = open_run(find_run(base, run))
    place = stored.report
    if output is not None:
        check_page(output, project_files(project), option="--output")
        from segmentry.render.report import render_report
        from segmentry.stores.files import replacing

        with replacing(output) as file:
            file.write(render_report(stored.documents()).encode())
        place = output.resolve()
    typer.echo(place)
    if show:
        import webbrowser

        webbrowser.open(place.as_uri())
