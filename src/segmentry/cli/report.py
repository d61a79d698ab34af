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
    """Say where a run's report lies, or write it again.

    Where people have said something of its segments, it is drawn anew under the present names; the
    page in the run's folder stays as it was written.
    """
    from segmentry.pipeline.owned import report_of
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.place import home_of
    from segmentry.stores.state.said import said_run

    base = project if project.is_dir() else project.parent
    stored = said_run(find_run(base, run), base)
    place = report_of(stored, home_of(stored.folder, base)) if output is None else output
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
