"""Pages as PDF, printed by a Chromium of the system.

What lives here: finding the browser and one call of it. What does not: the page itself
(``render``). The browser gets a local file that loads nothing, and a profile that is thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from segmentry.errors import StoreError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--no-pdf-header-footer",
)
MARK = b"%Segmentry\n"
"""Ends every print of ours: a comment, which readers of PDF pass over."""

SECONDS = 120
"""A page of a thousand segments takes some seconds; a browser that hangs is given up."""


def find_browser() -> str | None:
    """Give the path of a Chromium, or None where the system has none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def printed(page: bytes) -> bytes:
    """Print a page of ours as PDF.

    Parameters
    ----------
    page : bytes
        HTML that needs nothing beside itself.

    Returns
    -------
    bytes
        The PDF, ended by a mark of ours.

    Raises
    ------
    StoreError
        E5030 if there is no Chromium, or it printed nothing.
    """
    browser = find_browser()
    if browser is None:
        raise _not_printed("there is no Chromium on this machine, which prints the PDF")
    with tempfile.TemporaryDirectory(prefix="segmentry-pdf-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        # Chromium refuses its sandbox to root, as whom containers run; the page loads nothing.
        root = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
        profile = f"--user-data-dir={Path(folder) / 'profile'}"
        call = [browser, *ARGUMENTS, *root, profile, f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(call, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - no shell, our own file
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _not_printed(f"{Path(browser).name} did not print: {error}") from error
        if not target.is_file():
            told = done.stderr.decode(errors="replace").strip().splitlines()
            last = f": {told[-1]}" if told else ""
            raise _not_printed(f"{Path(browser).name} printed nothing{last}")
        return target.read_bytes() + MARK


def is_print(path: Path) -> bool:
    """Tell whether a file is a print of ours."""
    try:
        with path.open("rb") as file:
            file.seek(-len(MARK), os.SEEK_END)
            return file.read() == MARK
    except OSError:
        return False


def _not_printed(what: str) -> StoreError:
    hint = "install chromium, or leave --pdf away and print the HTML page from any browser"
    return StoreError(what, code="E5030", hint=hint)
