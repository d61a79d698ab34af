"""Texts that say how to reach an engine: filled from the environment, and shown without secrets.

What lives here: ``${NAME}`` and what is hidden. What does not: what an engine does with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from segmentry.errors import EngineError

HIDDEN = "***"
"""Stands in place of a password."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_USER_AND_PASSWORD = re.compile(r"(://[^:/?#@]*:)(.*)(@)")
_SECRET_OPTION = re.compile(
    r"([?&;](?:password|sslpassword|token|user_token|authorization|x-[a-z-]+)=)([^&;#]*)",
    re.IGNORECASE,
)


def filled(connection: str, environment: Mapping[str, str]) -> str:
    """Fill ``${NAME}`` from the environment.

    Parameters
    ----------
    connection : str
        A URL with variables in it, or a variable that holds all of it.
    environment : mapping of str to str
        Values; inside a URL their signs are escaped, so that a password may hold any.

    Returns
    -------
    str

    Raises
    ------
    EngineError
        E3004 for a variable that is not set.

    Examples
    --------
    >>> filled("postgresql://ann:${PW}@host/shop", {"PW": "a@b/c"})
    'postgresql://ann:a%40b%2Fc@host/shop'
    >>> filled("${URL}", {"URL": "postgresql://host/shop"})
    'postgresql://host/shop'
    """
    is_whole = _VARIABLE.fullmatch(connection.strip()) is not None

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if not environment.get(name):
            raise EngineError(
                f"the environment has no variable {name!r}",
                code="E3004",
                where=without_secrets(connection),
                hint=f"export {name}=... before the command",
            )
        return environment[name] if is_whole else quote(environment[name], safe="")

    return _VARIABLE.sub(value, connection.strip())


def without_secrets(connection: str) -> str:
    """Write a connection so that it can be shown and kept: variables stay, passwords do not.

    Examples
    --------
    >>> without_secrets("postgresql://ann:secret@host/shop?sslmode=require")
    'postgresql://ann:***@host/shop?sslmode=require'
    >>> without_secrets("postgresql://ann:${PW}@host/shop")
    'postgresql://ann:${PW}@host/shop'
    """

    def shown(found: re.Match[str]) -> str:
        secret = found[2]
        kept = secret if not secret or _VARIABLE.fullmatch(secret) else HIDDEN
        return f"{found[1]}{kept}{found[3] if found.re.groups == 3 else ''}"

    return _SECRET_OPTION.sub(shown, _USER_AND_PASSWORD.sub(shown, connection))


def secrets_of(connection: str) -> tuple[str, ...]:
    """Give the passwords of a filled connection, as they are written and as they are meant."""
    found = [m[2] for m in _USER_AND_PASSWORD.finditer(connection)]
    found += [m[2] for m in _SECRET_OPTION.finditer(connection)]
    return tuple(dict.fromkeys(s for f in found for s in (f, unquote(f)) if s))


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Take passwords out of a message, wherever they stand in it."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
