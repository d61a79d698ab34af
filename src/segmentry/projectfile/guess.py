"""Guessing a project from data: what ``segmentry init`` writes.

What lives here: the way in. What does not: one file (``single``), several that belong together
(``joint``), each single guess (``entity``, ``timing``, ``fields``, ``money``, ``rows``,
``measures``, ``tabular``), and writing it down (``emit``). A guess never asks; where it is unsure
it takes the safe choice and says so in ``notes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmentry.projectfile.guessed import Flags, Guess
from segmentry.projectfile.joint import guess_jointly
from segmentry.projectfile.single import guess_alone


def guess(
    paths: Sequence[Path],
    flags: Flags | None = None,
    *,
    folder: Path | None = None,
    search: bool = True,
) -> Guess:
    """Guess a project from one file, glob or folder, or from several files.

    Files with the same columns are parts of one table; files of several kinds are joined by the
    keys that lead from one to the other.

    Parameters
    ----------
    paths : sequence of Path
        Where the data lies.
    flags : Flags or None
        What is known already.
    folder : Path or None
        Where the project file will lie; the present folder if not given.
    search : bool
        Search the data for what is wrong in it, and write the rules that are safe.

    Returns
    -------
    Guess

    Raises
    ------
    UsageError
        If a flag names a column that is not there, or files neither share their columns nor lead
        to one entity.
    DataError
        If a file is missing, unreadable or empty, or holds neither entity nor behaviour (E2009).
    """
    given, home = flags or Flags(), (folder or Path()).absolute()
    jointly = guess_jointly(paths, given, home)
    return guess_alone(paths, given, home, search=search) if jointly is None else jointly
