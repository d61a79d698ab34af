"""``segmentry report``: where a run's report lies; drawn again, or as PDF; its playbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, base_of
from segmentry.cli.targets import check_page, check_print, project_files
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.stores.runfolder import RunFolder


def report(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            help="Draw the report again from the run's figures, to this file; with --pdf, the "
            "PDF; with --playbook, the folder for the papers.",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    playbook: Annotated[
        bool,
        typer.Option(
            "--playbook",
            help="Write the playbook of the segments and a two-page explainer, as Markdown and "
            "HTML, into the folder --output (playbook).",
        ),
    ] = False,
    pdf: Annotated[
        bool,
        typer.Option(
            "--pdf",
            help="Print the report by Chromium, to report.pdf beside it or to --output; with "
            "--playbook, print its papers, too.",
        ),
    ] = False,
    effects: Annotated[
        Path | None,
        typer.Option(
            "--effects",
            help="With --playbook: a CSV file with segment, effect, low, high (and cost) per "
            "member, as you measured them; orders segments by expected value.",
        ),
    ] = None,
    capacity: Annotated[
        int | None,
        typer.Option(
            "--capacity",
            min=1,
            help="With --playbook: the members that one owner can look after; who owns more is "
            "named.",
        ),
    ] = None,
) -> None:
    """Say where a run's report lies, or write it again.

    Where people have said something of its segments, it is drawn anew under the present names; the
    page in the run's folder stays as it was written.

    With --pdf: print it for those who read on paper, with every chart and with what is folded on
    the screen. It needs a Chromium on this machine (`segmentry doctor` looks for one).

    With --playbook: write what to do with each segment, every line beside the figure that
    justifies it, and two pages on what the segments are. Nothing is promised: the order of work
    is by expected value only where measured effects are given.
    """
    from segmentry.pipeline.owned import report_of
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.place import home_of
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    if playbook:
        from segmentry.cli.papers import FOLDER, write_papers

        inputs = (*project_files(project), *(() if effects is None else (effects,)))
        folder = output or base / FOLDER
        written = write_papers(
            stored, folder, inputs=inputs, effects=effects, capacity=capacity, pdf=pdf
        )
        for path in written:
            typer.echo(path)
        _open(folder / "playbook.html", show=show)
        return
    if effects is not None or capacity is not None:
        msg = f"--{'capacity' if effects is None else 'effects'} is for the playbook"
        raise UsageError(msg, hint="add --playbook")
    place = report_of(stored, home_of(stored.folder, base)) if output is None else output
    if pdf:
        place = _print(stored, output, project)
    elif output is not None:
        check_page(output, project_files(project), option="--output")
        place = _write(output, _drawn(stored))
    typer.echo(place)
    _open(place, show=show)


def _drawn(stored: RunFolder) -> bytes:
    from segmentry.render.report import render_report

    return render_report(stored.documents()).encode()


def _print(stored: RunFolder, output: Path | None, project: Path) -> Path:
    from segmentry.stores.printing import printed

    if output is not None:
        check_print(output, project_files(project), option="--output")
    # Beside its page the print belongs to the run's folder; the run's inventory leaves it out.
    return _write(output or stored.report.with_suffix(".pdf"), printed(_drawn(stored)))


def _write(place: Path, content: bytes) -> Path:
    from segmentry.stores.files import replacing

    with replacing(place) as file:
        file.write(content)
    return place.resolve()


def _open(place: Path, *, show: bool) -> None:
    if show:
        import webbrowser

        webbrowser.open(place.resolve().as_uri())
