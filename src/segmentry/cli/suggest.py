"""``segmentry segments suggest``: names by a model, asked for and taken by a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.assign import RunOption
from segmentry.cli.run import ProjectOption, base_of

if TYPE_CHECKING:
    from segmentry.pipeline.suggest.settings import Asked
    from segmentry.pipeline.suggest.suggesting import Suggestion
    from segmentry.stores.runfolder import RunFolder

LONGEST_SHOWN = 80
"""Characters that are shown of a name that was refused."""


def suggest(
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Base of an API of chat completions.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", help="The model to ask for.")] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print the bytes that would be sent, and send nothing."),
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            help="Take the name last suggested for a segment; nobody is asked. May be repeated.",
        ),
    ] = None,
    project: ProjectOption = Path("segmentry.yaml"),
    run: RunOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Ask a model for names, from aggregates alone; nothing changes until you accept one.

    The model is told sizes, and the strongest figures of each segment against everyone, of at least
    ten entities each: no entity, no row, no text of a row. --dry-run prints all of it. What it
    answers is held against the figures; what they do not show is refused with the reason.

    The key is read from SEGMENTRY_NAMER_KEY. Endpoint and model may stand in
    SEGMENTRY_NAMER_ENDPOINT and SEGMENTRY_NAMER_MODEL, or in the project file under 'namer'; a key
    goes to no endpoint that the project file alone names.
    """
    from segmentry.cli.segments import home_of_run
    from segmentry.pipeline.owned import settled_home
    from segmentry.stores.runfolder import find_run
    from segmentry.stores.state.said import said_run

    folder = find_run(base_of(project), run)
    home = settled_home(folder, home_of_run(project, folder))
    stored = said_run(folder, home)
    if accept:
        _accept(stored, home, accept, dry_run=dry_run, as_json=as_json)
        return
    asked = _asked(endpoint, model, project, is_sent=not dry_run)
    if dry_run:
        _print_bytes(stored, home, asked)
    else:
        _ask(stored, home, asked, as_json=as_json)


def _asked(endpoint: str | None, model: str | None, project: Path, *, is_sent: bool) -> Asked:
    from segmentry.domain.project import Namer
    from segmentry.pipeline.suggest.settings import settled_by_file

    file = project / "segmentry.yaml" if project.is_dir() else project
    return settled_by_file(file, Namer(endpoint, model), is_sent=is_sent)


def _print_bytes(stored: RunFolder, home: Path, asked: Asked) -> None:
    """Write the body to standard output as it would go over the wire."""
    from segmentry.pipeline.suggest.suggesting import question

    _, body = question(stored, home, asked.model)
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        typer.echo(body.decode(), nl=False)
        return
    raw.write(body)
    raw.flush()


def _ask(stored: RunFolder, home: Path, asked: Asked, *, as_json: bool) -> None:
    from segmentry.cli.failures import printable
    from segmentry.cli.table import print_suggestions
    from segmentry.endpoints.address import address_of
    from segmentry.endpoints.chat import Chat
    from segmentry.pipeline.suggest.suggesting import suggest as ask

    address = address_of(asked.endpoint or "")
    typer.echo(printable(f"asking {asked.model} at {address}: aggregates alone"), err=True)
    made = ask(stored, home, asked.model, Chat(address, asked.key))
    rows = [_row(suggestion, asked.model) for suggestion in made]
    if as_json:
        _print({"run": str(stored.folder), "model": asked.model, "suggestions": rows})
        return
    print_suggestions(rows)
    if any("refused" not in row for row in rows):
        typer.echo("nothing has changed; take one: segmentry segments suggest --accept ID")


def _row(suggestion: Suggestion, model: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": suggestion.segment_id,
        "name": suggestion.present,
        "suggested": suggestion.name[:LONGEST_SHOWN],
        "suggested_by": model,
    }
    if suggestion.refused is not None:
        return {**row, "refused": suggestion.refused, "code": "E5067"}
    return {**row, "sentence": suggestion.sentence}


def _accept(
    stored: RunFolder, home: Path, asked: Sequence[str], *, dry_run: bool, as_json: bool
) -> None:
    from segmentry.cli.failures import printable
    from segmentry.pipeline.suggest.suggesting import accept
    from segmentry.stores.documents import plain

    done = accept(stored, asked, home, dry_run=dry_run)
    if not as_json:
        for changed in done:
            typer.echo(printable(changed.sentence))
        return
    told = [
        {"segment": c.segment_id, "is_written": c.entry is not None, "sentence": c.sentence}
        | ({} if c.owned is None else {"said": plain(c.owned)})
        for c in done
    ]
    _print({"is_dry_run": dry_run, "accepted": told})


def _print(document: Mapping[str, Any]) -> None:
    typer.echo(json.dumps({"format": 1, **document}, ensure_ascii=False, indent=1))
