"""Who is asked for names: options before the environment, and that before the project file.

What lives here: settling endpoint, model and key. What does not: which addresses are allowed
(``endpoints.address``). The key comes from the environment alone, and goes to no endpoint that only
a project file names: whoever wrote the file would be given it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from segmentry.domain.project import Namer
from segmentry.errors import NamerError
from segmentry.stores.state.schema import LONGEST_NAME

KEY, ENDPOINT, MODEL = "SEGMENTRY_NAMER_KEY", "SEGMENTRY_NAMER_ENDPOINT", "SEGMENTRY_NAMER_MODEL"


@dataclass(frozen=True)
class Asked:
    """Who is asked; ``endpoint`` is None where nothing is to be sent."""

    model: str
    endpoint: str | None
    key: str | None = field(default=None, repr=False)


def settled(
    given: Namer, written: Namer, environment: Mapping[str, str], *, is_sent: bool
) -> Asked:
    """Settle who is asked.

    Parameters
    ----------
    given : Namer
        By options.
    written : Namer
        In the project file.
    environment : mapping
    is_sent : bool
        Whether an endpoint is needed.

    Returns
    -------
    Asked

    Raises
    ------
    NamerError
        E5060 if model or endpoint is not known; E5061 if there is a key and the project file alone
        says where it would go.
    """
    model = given.model or environment.get(MODEL) or written.model
    confirmed = given.endpoint or environment.get(ENDPOINT)
    endpoint, key = confirmed or written.endpoint, environment.get(KEY) or None
    if not model:
        raise _missing("model", "--model NAME", MODEL)
    if len(model) > LONGEST_NAME or not model.isprintable():
        raise NamerError(
            "that is no name of a model",
            code="E5060",
            hint=f"at most {LONGEST_NAME} characters, all of which can be shown",
        )
    if is_sent and not endpoint:
        raise _missing("endpoint", "--endpoint URL", ENDPOINT)
    if is_sent and key and not confirmed:
        raise _unconfirmed()
    return Asked(model, endpoint, key)


def settled_by_file(file: Path, given: Namer, *, is_sent: bool) -> Asked:
    """Settle who is asked, where a project file may name somebody.

    Parameters
    ----------
    file : Path
        The project file; it need not be there.
    given : Namer
    is_sent : bool

    Returns
    -------
    Asked

    Raises
    ------
    NamerError
        As for ``settled``.
    ProjectFileError
        If the file cannot be read.
    """
    from segmentry.projectfile.load import load

    written = load(file).project.namer if file.is_file() else Namer()
    return settled(given, written, os.environ, is_sent=is_sent)


def _unconfirmed() -> NamerError:
    # Said without the address: what a file holds has not been checked yet.
    return NamerError(
        "the key would go to an endpoint that only the project file names",
        code="E5061",
        hint=f"look at 'namer' in the project file; if the key belongs there, give the endpoint by "
        f"--endpoint or {ENDPOINT}, and if it needs none, unset {KEY}",
    )


def _missing(what: str, option: str, variable: str) -> NamerError:
    return NamerError(
        f"no {what} is named that could suggest names",
        code="E5060",
        hint=f"give {option}, set {variable}, or write 'namer: {{{what}: ...}}' into the project "
        "file; names by rule need none",
    )
