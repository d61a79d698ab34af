"""Who is asked for names: options before the environment, and that before the project file.

What lives here: settling endpoint, model and key. What does not: which addresses are allowed
(``endpoints.address``). The key comes from the environment alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
        E5060 if model or endpoint is not known.
    """
    model = given.model or environment.get(MODEL) or written.model
    endpoint = given.endpoint or environment.get(ENDPOINT) or written.endpoint
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
    return Asked(model, endpoint, environment.get(KEY) or None)


def _missing(what: str, option: str, variable: str) -> NamerError:
    return NamerError(
        f"no {what} is named that could suggest names",
        code="E5060",
        hint=f"give {option}, set {variable}, or write 'namer: {{{what}: ...}}' into the project "
        "file; names by rule need none",
    )
