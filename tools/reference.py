"""Writes the pages of docs/reference that say what the code says: commands and error codes.

``make docs`` runs it; a guard test compares the pages with what it would write.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
GENERATED = "<!-- Written by `make docs`. Change the code, not this page. -->"
ERROR_PAGES = "../../src/segmentry/cli/errors"


def commands_page() -> str:
    """Give every command with its help."""
    from segmentry.cli.app import COMMANDS

    parts = ["# Commands", GENERATED, _help()]
    for name in COMMANDS:
        parts += [f"## segmentry {name}", _help(name)]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Give every error code with its meaning, as the tree draws them."""
    from segmentry import errors
    from segmentry.cli.help_error import codes

    tree = str(errors.__doc__).split("::\n", 1)[1].strip("\n").rstrip()
    rows = [f"| [{code}]({ERROR_PAGES}/{code}.md) | {words} |" for code, words in codes().items()]
    told = "`segmentry help-error CODE` prints a code's page."
    table = "\n".join(["| code | meaning |", "|---|---|", *rows])
    return "\n\n".join(["# Errors", GENERATED, told, f"```\n{tree}\n```", table]) + "\n"


def _help(*words: str) -> str:
    from segmentry.cli.app import start

    # The width of help follows the terminal's: here it is fixed.
    os.environ["COLUMNS"] = "88"
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        start([*words, "--help"])
    return f"```\n{told.getvalue().strip()}\n```"


PAGES = {"commands.md": commands_page, "errors.md": errors_page}


def main() -> None:
    """Write the pages."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
