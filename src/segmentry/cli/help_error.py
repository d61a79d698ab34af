"""``segmentry help-error CODE``: the page of a code, of an error or of a mistake."""

from __future__ import annotations

from importlib import resources
from typing import Annotated

import typer

from segmentry import errors
from segmentry.domain.mistake import MISTAKES
from segmentry.errors import SegmentryError, UsageError, nearest


def help_error(
    code: Annotated[
        str | None, typer.Argument(help="Such as E2001 or M03; without it, all codes.")
    ] = None,
) -> None:
    """Explain the code of an error or mistake."""
    known = codes() | mistakes()
    if code is None:
        for one, meaning in known.items():
            typer.echo(f"{one}  {meaning}")
        return
    wanted = code.strip().upper()
    if wanted not in known:
        raise UsageError(f"there is no code {code!r}", hint=nearest(wanted, known))
    typer.echo(page(wanted), nl=False)


def codes() -> dict[str, str]:
    """Give every code with its meaning, in order."""
    classes = [c for c in vars(errors).values() if isinstance(c, type)]
    known = {}
    for cls in classes:
        if issubclass(cls, SegmentryError):
            known.update(cls.codes)
    return dict(sorted(known.items()))


def mistakes() -> dict[str, str]:
    """Give the code of every mistake that is looked for, with its title."""
    return {code: known.title for code, known in MISTAKES.items()}


def page(code: str) -> str:
    """Read the page of a code."""
    folder = "mistakes" if code in MISTAKES else "errors"
    return (resources.files("segmentry.cli") / folder / f"{code}.md").read_text("utf-8")
