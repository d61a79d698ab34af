"""``segmentry why``: why an entity is in its segment, and what would move it to another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, base_of

if TYPE_CHECKING:
    from segmentry.domain.why import Reason, Why


def why(
    entity: Annotated[str, typer.Argument(help="The id of an entity of the run.")],
    to: Annotated[
        str | None,
        typer.Option("--to", help="The segment to move to, by name or id; else the runner-up."),
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say why an entity is in its segment, and what would move it.

    Reasons are the features by which it lies nearer to its segment than to the runner-up; their
    parts add up to all that speaks for the segment. The change that is told was scored by the run's
    own release and leads where it says. It tells where borders run, not what would happen: whether
    changing a feature changes anything else is not known from it.

    What is told is of one person: it is for whoever may see the data, and is written nowhere.
    """
    from segmentry.pipeline.why import why as told_of
    from segmentry.stores.documents import plain
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    told = told_of(said_run(find_run(base, run), base), entity, to=to, folder=base)
    if as_json:
        typer.echo(json.dumps({"format": 1, **plain(told)}, ensure_ascii=False, indent=1))
        return
    _tell(told)


def _tell(told: Why) -> None:
    from segmentry.cli.failures import printable

    lines = [told.sentences[0]]
    lines += _reasons("speaks for it", told.reasons)
    lines += _reasons("speaks against it", told.against)
    if told.anomaly:
        lines += ["", "It lies far outside its segment: read it as one of its kind."]
    moved = told.counterfactual
    lines += ["", moved.sentence if moved is not None else f"No way out: {told.unmoved}."]
    for line in lines:
        typer.echo(printable(line))


def _reasons(heading: str, reasons: tuple[Reason, ...]) -> list[str]:
    if not reasons:
        return []
    return ["", heading, *(f"  {r.weight:4.0%}  {r.sentence}" for r in reasons)]
