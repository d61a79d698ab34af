"""``segmentry init FILE``: look at data, write a commented project file, never ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.cli.check_words import clipped
from segmentry.cli.failures import printable
from segmentry.cli.targets import check_target
from segmentry.domain.project import OBJECTIVES
from segmentry.domain.role import Role
from segmentry.errors import UsageError, nearest

if TYPE_CHECKING:
    from segmentry.projectfile.findings.finding import Finding
    from segmentry.projectfile.guessed import Flags, Guess

FILE_NAME = "segmentry.yaml"

MOST_SHOWN = 12
"""Columns of one role that are named; the project file has them all."""


MOST_FOUND = 12
"""Findings that are told; a check tells all of them."""


def _column(flag: str, what: str) -> Any:
    return typer.Option(flag, metavar="COLUMN", help=what)


def init(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="A file, glob or folder, or files that belong together."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", help="Where to write.")] = Path(FILE_NAME),
    entity: Annotated[str | None, _column("--entity", "Who is segmented; or row_number.")] = None,
    time: Annotated[
        str | None,
        typer.Option("--time", metavar="EXPR", help="When a row happened: a column or SQL."),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar="EXPR", help="What a row is worth: a column or SQL."),
    ] = None,
    order: Annotated[str | None, _column("--order", "Rows of one order.")] = None,
    item: Annotated[str | None, _column("--item", "What was bought or used.")] = None,
    kind: Annotated[str | None, _column("--kind", "What kind of event a row is.")] = None,
    channel: Annotated[str | None, _column("--channel", "Where an event came in.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="COLUMN=ROLE",
            help="cluster, overlay, outcome, treatment, id or weight; may be given several times.",
        ),
    ] = None,
    objective: Annotated[
        str | None, typer.Option("--objective", help=f"One of {', '.join(OBJECTIVES)}.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the project.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the guess as JSON.")] = False,
) -> None:
    """Look at data files and write a commented project file.

    Guesses what the columns mean and says what it is unsure of; flags override a guess.
    """
    target = _target(output, force=force)
    check_target(target, files, option="--output")
    roles = dict(_role(word) for word in role or ())
    if objective is not None and objective not in OBJECTIVES:
        raise UsageError(
            f"--objective cannot be {objective!r}", hint=nearest(objective, OBJECTIVES)
        )
    from segmentry.projectfile.guessed import Flags

    flags = Flags(entity, time, amount, order, item, kind, channel, roles, objective, name)  # type: ignore[arg-type]
    _write(files, flags, target, as_json=as_json)


def _write(files: Sequence[Path], flags: Flags, target: Path, *, as_json: bool) -> None:
    from segmentry.projectfile.emit import emit
    from segmentry.projectfile.guess import guess
    from segmentry.stores.files import replacing

    found = guess(files, flags, folder=target.absolute().parent)
    with replacing(target) as file:
        file.write(emit(found).encode())
    if as_json:
        typer.echo(json.dumps(as_document(found, target), ensure_ascii=False, indent=1))
    for line in in_words(found):
        sys.stderr.write(printable(line) + "\n")
    sys.stderr.write(f"\nwritten: {target}\nnext:    {next_command(target)}\n")


def as_document(found: Guess, target: Path) -> dict[str, object]:
    """Give what a machine wants to know of a guess."""
    from segmentry.projectfile.findings.finding import as_data
    from segmentry.projectfile.schema import as_data as of_project

    return {
        "format": 1,
        "file": str(target),
        "project": of_project(found.project),
        "notes": list(found.notes),
        "reasons": dict(found.reasons),
        "findings": [as_data(finding) for finding in found.findings],
    }


def in_words(found: Guess) -> list[str]:
    """Tell what was found, compactly, and what is unsure."""
    sources = found.project.sources
    if len({tuple(s.columns.items()) for s in sources}) > 1:
        return _in_parts(found)
    rows = _of_source(found, 0)
    rows.append(("objective", found.project.objective, found.reasons.get("objective", "")))
    if found.project.features.measures:
        shown = ", ".join(found.project.features.measures)
        rows.append(("measures", shown, found.reasons.get("features.measures", "")))
    rows += _roles(found.project.features.roles)
    names = ", ".join(s.path for s in found.project.sources)
    told = [f"{names}:", *_aligned(rows)]
    if found.notes:
        told += ["", "not sure:", *(f"  - {note}" for note in found.notes)]
    return [*told, *_found(found.findings)]


def _in_parts(found: Guess) -> list[str]:
    """Tell of each source by itself where they differ, and then of all together."""
    told: list[str] = []
    for i, source in enumerate(found.project.sources):
        told += [f"{source.path}:", *_aligned(_of_source(found, i)), ""]
    rows = [("entity", found.project.entity, "")]
    rows.append(("objective", found.project.objective, found.reasons.get("objective", "")))
    rows += [
        ("outcome", o.event or o.column or "", f"within {o.horizon_days:g} days")
        for o in found.project.outcomes
        if o.horizon_days is not None
    ]
    if found.project.features.measures:
        rows.append(("measures", ", ".join(found.project.features.measures), ""))
    rows += _roles(found.project.features.roles)
    told += ["together:", *_aligned(rows)]
    if found.notes:
        told += ["", "not sure:", *(f"  - {note}" for note in found.notes)]
    return told


def _of_source(found: Guess, place: int) -> list[tuple[str, str, str]]:
    """List what was guessed of a source, with the reasons."""
    source, at = found.project.sources[place], f"sources[{place}]"
    rows = [("shape", str(source.shape), found.reasons.get(f"{at}.shape", ""))]
    for field, sql in source.columns.items():
        rows.append((field, sql, found.reasons.get(f"{at}.columns.{field}", "")))
    steps = " -> ".join(f"{h.source or h.path}.{h.to}" for h in source.key)
    combine = source.combine if source.shape == "changes" else ""
    use = "" if source.use == "features" else source.use
    for field, value in (
        ("key", steps),
        ("event", source.event),
        ("where", source.where),
        ("combine", combine),
        ("use", use),
    ):
        if value:
            rows.append((field, value, found.reasons.get(f"{at}.{field}", "")))
    return rows


def _found(findings: Sequence[Finding]) -> list[str]:
    """Tell what is wrong or strange in the data, and the rule that was written for it."""
    # A role that was given is listed above already.
    findings = [f for f in findings if not f.rule.startswith("features.roles")]
    if not findings:
        return []
    told = ["", "found in the data:"]
    for finding in findings[:MOST_FOUND]:
        example = f", such as {finding.examples[0]}" if finding.examples else ""
        told += [f"  - {finding.sentence}{example}", f"    {_brief(finding)}"]
    if len(findings) > MOST_FOUND:
        told.append(f"  - and {len(findings) - MOST_FOUND} more")
    return [*told, "  all of it, column by column: segmentry check"]


def _brief(finding: Finding) -> str:
    if finding.rule:
        written = "" if finding.rule.startswith("left out") else "written: "
        return f"{written}{clipped(finding.rule)}"
    if finding.edit is not None:
        return (
            f"only told; segmentry check --fix {finding.kind} writes {clipped(str(finding.edit))}"
        )
    return "only told" + (f"; {finding.advice}" if finding.advice else "")


def _roles(roles: Mapping[str, Role]) -> list[tuple[str, str, str]]:
    rows = []
    for role in Role:
        named = [column for column, given in roles.items() if given is role]
        if named:
            more = f" and {len(named) - MOST_SHOWN} more" if len(named) > MOST_SHOWN else ""
            rows.append((str(role), ", ".join(named[:MOST_SHOWN]) + more, ""))
    return rows


def _aligned(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    clean = [
        (name, clipped(value.replace("\n", " ")), reason.replace("\n", " "))
        for name, value, reason in rows
    ]
    left = max(len(row[0]) for row in clean)
    middle = max((len(row[1]) for row in clean if row[2] and len(row[1]) <= 40), default=0)
    lines = []
    for name, value, reason in clean:
        told = f"  {name:<{left}}  {value:<{middle}}" + (f"  {reason}" if reason else "")
        lines.append(told.rstrip())
    return lines


def next_command(target: Path) -> str:
    """Say what to type next."""
    return "segmentry run" if target == Path(FILE_NAME) else f"segmentry run -p {_word(target)}"


def _word(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _target(output: Path, *, force: bool) -> Path:
    target = output / FILE_NAME if output.is_dir() else output
    if not target.absolute().parent.is_dir():
        raise UsageError(
            f"the folder {str(target.parent)!r} does not exist", hint="make it, or change --output"
        )
    if target.exists() and not force:
        raise UsageError(
            f"{str(target)!r} exists already",
            hint="--force writes over it, --output FILE writes elsewhere",
        )
    return target


def _role(word: str) -> tuple[str, Role]:
    column, _, role = word.rpartition("=")
    if not column or role not in tuple(Role):
        hint = nearest(role, map(str, Role)) if column else "for example --role Country=overlay"
        raise UsageError(f"--role cannot be {word!r}: write COLUMN=ROLE", hint=hint)
    return column, Role(role)
