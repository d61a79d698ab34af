"""``segmentry segments``: names, locks, owners and notes that people give to segments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, ThreadsOption, base_of
from segmentry.cli.suggest import suggest

if TYPE_CHECKING:
    from segmentry.domain.owned import Deed, Entry
    from segmentry.pipeline.byhand import Asked
    from segmentry.pipeline.owned import Changed

HELP = """Name, lock, own, merge and split segments; see who did what.

What people say of a segment is kept in .segmentry/state.db beside the project file. It shows at
once in report, why, assign, sql and export, and follows the segment into later runs: a run holds
its segments against the kept ones and takes over what was said where at least half is the same.
The files of a run never change.

A segment is told by its id or its name, as `segmentry segments list` has them.
"""

segments = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip

SegmentArgument = Annotated[str, typer.Argument(help="The segment, by its id or name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be done; nothing is written.")
]


@segments.command("list")
def list_(
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the segments of a run, with what people say of them."""
    from segmentry.cli.table import print_owned
    from segmentry.pipeline.owned import listed
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    base = base_of(project)
    stored = said_run(find_run(base, run), base)
    rows = listed(stored)
    if as_json:
        _print({"run": str(stored.folder), "segments": rows})
        return
    print_owned(rows)


@segments.command()
def rename(
    segment: SegmentArgument,
    new: Annotated[str, typer.Argument(help="The new name.")],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Call a segment by another name, from now on and in later runs.

    No entity changes its segment by it. Two segments of a run cannot share a name.
    """
    from segmentry.domain.owned import Deed

    _change(project, run, segment, Deed.RENAME, new, dry_run=dry_run, as_json=as_json)


@segments.command()
def lock(
    segment: SegmentArgument,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a segment's name, and refuse to merge or split it.

    A later run that does not find a locked segment again says so.
    """
    from segmentry.domain.owned import Deed

    _change(project, run, segment, Deed.LOCK, "", dry_run=dry_run, as_json=as_json)


@segments.command()
def unlock(
    segment: SegmentArgument,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take a lock away."""
    from segmentry.domain.owned import Deed

    _change(project, run, segment, Deed.UNLOCK, "", dry_run=dry_run, as_json=as_json)


@segments.command()
def own(
    segment: SegmentArgument,
    owner: Annotated[str, typer.Argument(help='Who answers for it; "" for nobody.')],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say who answers for a segment."""
    from segmentry.domain.owned import Deed

    _change(project, run, segment, Deed.OWN, owner, dry_run=dry_run, as_json=as_json)


@segments.command()
def note(
    segment: SegmentArgument,
    text: Annotated[str, typer.Argument(help='The note; "" takes it away.')],
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a note with a segment."""
    from segmentry.domain.owned import Deed

    _change(project, run, segment, Deed.NOTE, text, dry_run=dry_run, as_json=as_json)


@segments.command()
def forget(
    segment: Annotated[str, typer.Argument(help="The name that people gave it.")],
    project: ProjectOption = Path("segmentry.yaml"),
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say nothing of a segment any more: no name, lock, owner or note.

    Also of one that later runs do not find again, and warn about. The history keeps what was said.
    """
    from segmentry.pipeline.owned import forget as say_nothing

    done = say_nothing(base_of(project).resolve(), segment, dry_run=dry_run)
    _tell(done, dry_run=dry_run, as_json=as_json)


@segments.command()
def merge(
    one: SegmentArgument,
    other: Annotated[str, typer.Argument(help="The other segment.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What it is called; else the rule names it.")
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
    threads: ThreadsOption = None,
) -> None:
    """Make of two segments one, in a new run, and say what it costs.

    The new run's assigner gives whoever was in either the one segment; nobody else moves. The run
    before stays as it is. Silhouette, rules, stability and shares are shown before and after;
    --dry-run shows them and writes nothing.
    """
    from segmentry.domain.owned import Deed
    from segmentry.pipeline.byhand import Asked

    asked = Asked(Deed.MERGE, (one, other), name=name)
    _by_hand(project, run, asked, dry_run=dry_run, as_json=as_json, threads=threads)


@segments.command()
def split(
    segment: SegmentArgument,
    into: Annotated[int, typer.Option("--into", min=2, max=10, help="Number of parts.")] = 2,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    dry_run: DryOption = False,
    as_json: JsonOption = False,
    threads: ThreadsOption = None,
) -> None:
    """Make of a segment several, in a new run, and say what it costs.

    The parts are those of k-means among its entities, each of ten at least. New prototypes can
    move its outer borders a little: who got another segment by that is counted. The run before
    stays as it is; --dry-run shows the figures and writes nothing.
    """
    from segmentry.domain.owned import Deed
    from segmentry.pipeline.byhand import Asked

    asked = Asked(Deed.SPLIT, (segment,), into)
    _by_hand(project, run, asked, dry_run=dry_run, as_json=as_json, threads=threads)


segments.command()(suggest)


@segments.command()
def history(project: ProjectOption = Path("segmentry.yaml"), as_json: JsonOption = False) -> None:
    """Say who did what to segments of the project, and when; it only grows."""
    from segmentry.cli.failures import printable
    from segmentry.pipeline.owned import history as told

    entries = told(base_of(project).resolve())
    if as_json:
        _print({"entries": [_plain(e) for e in entries]})
        return
    for entry in entries:
        typer.echo(printable(line(entry)))
    if not entries:
        typer.echo("nothing has been said of the segments of this project")


@segments.command()
def undo(
    entry: Annotated[
        int | None, typer.Option("--entry", help="Its number in the history; else the last one.")
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take back the last change, or one of the history; done again, the one before it.

    Taking back is a change too: the history keeps both.
    """
    from segmentry.pipeline.undoing import undo as take_back

    done = take_back(base_of(project).resolve(), number=entry, dry_run=dry_run)
    _tell(done, dry_run=dry_run, as_json=as_json)


def line(entry: Entry) -> str:
    """Give an entry of the history as one line."""
    facts = ", ".join(
        f"{name}: {_fact(entry.before.get(name))} -> {_fact(entry.after.get(name))}"
        for name in sorted({*entry.before, *entry.after})
    )
    which = f"'{_fact(entry.called)}' " if entry.called is not None else ""
    undone = f" (takes back {entry.undoes})" if entry.undoes is not None else ""
    return (
        f"{entry.number:>4}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}  {entry.what} {which}"
        f"in {entry.release[:6]}: {facts}{undone}"
    )


def _fact(value: object) -> str:
    return "-" if value is None else str(value).replace("\n", " ")


def home_of_run(project: Path, run: Path) -> Path:
    """Give the folder of a run's project; where it lies in none, one has to be there."""
    from segmentry.errors import UsageError
    from segmentry.stores.state.place import home_of

    if home_of(run) is None and not project.exists():
        raise UsageError(
            "the run lies outside a project, and there is none here",
            where=str(run),
            hint="name the project to which it belongs: -p FOLDER",
        )
    return base_of(project).resolve()


def _change(
    project: Path,
    run: Path | None,
    segment: str,
    deed: Deed,
    text: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from segmentry.pipeline.owned import change
    from segmentry.stores.runfolder import find_run

    folder = find_run(base_of(project), run)
    home = home_of_run(project, folder)
    done = change(folder, segment, deed, text, base=home, dry_run=dry_run)
    _tell(done, dry_run=dry_run, as_json=as_json)


def _by_hand(
    project: Path,
    run: Path | None,
    asked: Asked,
    *,
    dry_run: bool,
    as_json: bool,
    threads: int | None,
) -> None:
    from segmentry.cli.failures import printable
    from segmentry.cli.progress import listener
    from segmentry.cli.table import print_price
    from segmentry.pipeline.byhand import by_hand
    from segmentry.stores.documents import plain
    from segmentry.stores.runfolder import find_run

    folder = find_run(base_of(project), run)
    home = home_of_run(project, folder)
    with listener() as progress:
        done = by_hand(
            folder,
            asked,
            base=home,
            dry_run=dry_run,
            progress=progress,
            threads=threads,
        )
    if as_json:
        place = {} if done.folder is None else {"run": str(done.folder)}
        told = {"is_written": done.folder is not None, "is_dry_run": dry_run, **place}
        _print({**told, "reshaped": plain(done.told)})
        return
    print_price(done.told.price.figures)
    typer.echo(printable(done.told.sentence))
    typer.echo("only tried: nothing was written" if done.folder is None else f"run: {done.folder}")


def _tell(done: Changed, *, dry_run: bool, as_json: bool) -> None:
    from segmentry.cli.failures import printable
    from segmentry.stores.documents import plain

    if not as_json:
        typer.echo(printable(done.sentence))
        return
    told: dict[str, Any] = {
        "is_written": done.entry is not None,
        "is_dry_run": dry_run,
        "sentence": done.sentence,
    }
    if done.segment_id is not None:
        told["segment"] = done.segment_id
    if done.owned is not None:
        told["said"] = plain(done.owned)
    if done.entry is not None:
        told["entry"] = _plain(done.entry)
    _print(told)


def _plain(entry: Entry) -> Any:
    from segmentry.stores.documents import plain

    return plain(entry)


def _print(document: Mapping[str, Any]) -> None:
    typer.echo(json.dumps({"format": 1, **document}, ensure_ascii=False, indent=1))
