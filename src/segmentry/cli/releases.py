"""``segmentry releases``: which there are, which is in use, and putting another in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.run import ProjectOption

if TYPE_CHECKING:
    from segmentry.domain.lifecycle import Stepped
    from segmentry.pipeline.releases import Releases

HELP = """List, compare, approve and promote releases; go back.

Every run in a project's folder is a release: it never changes, and has a fingerprint of its data,
its project, its seed and its results. The first one is in use (the champion) as soon as it is made;
later ones are candidates. The segments of each are matched to the champion's: what continues keeps
its id, its colour and its name. Later runs go by whatever is in use then.

A release is told by its number, the beginning of its fingerprint, the id of its run, or as
`champion` or `latest`.

A usual way: `segmentry run`, then `segmentry releases diff`, then `segmentry releases promote`;
`segmentry releases rollback` puts the one before in use again.
"""

releases = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RoleOption = Annotated[str | None, typer.Option("--role", help="In which role you do so.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", help="Why, in your words; it is kept.")
]


def _release(default: str) -> Any:
    return typer.Argument(help=f"The release. [default: {default}]", show_default=False)


@releases.command("list")
def list_(project: ProjectOption = Path("segmentry.yaml"), as_json: JsonOption = False) -> None:
    """List the releases of the project, the first one first."""
    from segmentry.cli.table import print_releases

    known = _opened(project).list()
    if as_json:
        _print([_plain(r) for r in known])
        return
    if not known:
        typer.echo("the project has no release yet: segmentry run")
        return
    print_releases(known)


@releases.command()
def show(
    release: Annotated[str, _release("champion")] = "champion",
    project: ProjectOption = Path("segmentry.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Show a release: what made it, how its segments descend, and who did what to it."""
    from segmentry.cli.failures import printable
    from segmentry.cli.table import silhouette_of
    from segmentry.pipeline.descent import kinship_told

    found = _opened(project).show(release)
    made = found.release
    if as_json:
        lines = [_plain(kin) for kin in found.descents]
        _print({**_plain(made), "descents": lines, "steps": [_plain(s) for s in found.steps]})
        return
    typer.echo(
        f"release {made.number} ({made.stage}): {made.n_segments} segments of "
        f"{made.n_entities:,} entities, run {made.run}"
    )
    typer.echo(f"fingerprint: {made.fingerprint}")
    for name, fact in made.facts.items():
        if name not in {"papers", "silhouette"}:
            typer.echo(f"{name}: {fact}")
    if silhouette_of(made):
        typer.echo(f"silhouette: {silhouette_of(made)}")
    if found.parent is not None:
        typer.echo(f"segments, beside those of release {found.parent}:")
    for kin in found.descents:
        own = found.names.get(kin.segment_id or 0)
        called = f" ({own})" if own else ""
        typer.echo(printable(f"  {kinship_told(kin)}{called}"))
    for step in found.steps:
        typer.echo(printable(line(step)))


@releases.command()
def diff(
    one: Annotated[str, _release("champion")] = "champion",
    other: Annotated[str, _release("latest")] = "latest",
    movers: Annotated[
        bool, typer.Option("--movers", help="Name the ten entities that move furthest.")
    ] = False,
    project: ProjectOption = Path("segmentry.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Say in plain words what is other in a release than in an earlier one.

    Features that came in and went out, segments and where they come from, how many entities of the
    latest run are put otherwise, and quality with its intervals. Single entities are named with
    --movers only.
    """
    from segmentry.cli.failures import printable

    found = _opened(project).diff(one, other)
    named = found.moved.movers if movers and found.moved is not None else ()
    if as_json:
        told = _plain(found)
        if not movers:
            told.get("moved", {}).pop("movers", None)
        _print(told)
        return
    for sentence in found.sentences:
        typer.echo(printable(sentence))
    for mover in named:
        typer.echo(printable(f"  {mover.entity}: {mover.before} -> {mover.after}"))


@releases.command()
def approve(
    release: Annotated[str, _release("latest")] = "latest",
    role: RoleOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = Path("segmentry.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Approve a release, as whoever is at work on this machine.

    A project asks for approvals in its file: `review: {approvals: 1, roles: [analyst]}`.
    Who approves twice counts once.
    """
    known = _opened(project)
    _tell(known, known.approve(release, role=role, reason=reason), as_json=as_json)


@releases.command()
def promote(
    release: Annotated[str, _release("latest")] = "latest",
    role: RoleOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = Path("segmentry.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Put a release in use, in one step; the one before is retired and can be put back.

    Later runs are matched to it. Refused where approvals are missing.
    """
    known = _opened(project)
    _tell(known, known.promote(release, role=role, reason=reason), as_json=as_json)


@releases.command()
def rollback(
    reason: ReasonOption = None,
    project: ProjectOption = Path("segmentry.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Put the release in use again that was in use before, in one step."""
    known = _opened(project)
    _tell(known, known.rollback(reason=reason), as_json=as_json)


@releases.command()
def record(
    release: Annotated[str, _release("champion")] = "champion",
    output: Annotated[
        Path | None, typer.Option("--output", help="Write into this file, not to the screen.")
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
) -> None:
    """Write the decision record of a release as Markdown: the same bytes at any time.

    Objective, window, features in and out with reasons, candidates, verdicts, limits, and hashes of
    all that made it. It is of the making: what became of the release is in `releases show`.
    """
    from segmentry.stores.files import replacing

    text = _opened(project).record(release)
    if output is None:
        typer.echo(text, nl=False)
        return
    with replacing(output) as file:
        file.write(text.encode())
    typer.echo(f"record: {output}")


def line(step: Stepped) -> str:
    """Give a step as one line."""
    role = f" as {step.role}" if step.role else ""
    why = f": {step.reason}" if step.reason else ""
    return f"  {step.at:%Y-%m-%d %H:%M:%S}  {step.who}{role}  {step.what}{why}"


def _opened(project: Path) -> Releases:
    from segmentry.api import open_project

    return open_project(project).releases


def _tell(known: Releases, step: Stepped, *, as_json: bool) -> None:
    if as_json:
        _print(_plain(step))
        return
    number = known.find(step.release).number
    done = {"approve": "is approved", "promote": "is in use", "rollback": "is in use again"}
    typer.echo(f"release {number} {done[str(step.what)]}")


def _plain(value: Any) -> Any:
    from segmentry.stores.documents import plain

    return plain(value)


def _print(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
