"""Where an API of chat completions may lie: which addresses are asked, and which never.

What lives here: the rules for an address. What does not: asking (``chat``).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from segmentry.errors import NamerError

PATH = "/chat/completions"
"""What follows the base of an API of this kind."""


def address_of(endpoint: str) -> str:
    """Give the full address that is asked, of the base of an API or of the address itself.

    Parameters
    ----------
    endpoint : str

    Returns
    -------
    str

    Raises
    ------
    NamerError
        E5061 if it is no address, is not encrypted on its way to another machine, or holds what
        may be a secret.

    Examples
    --------
    >>> address_of("http://127.0.0.1:8080/v1/")
    'http://127.0.0.1:8080/v1/chat/completions'
    """
    try:
        parts = urlsplit(endpoint.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("the endpoint is no address", None) from error
    # Said without the address: a password may stand in it.
    if parts.username is not None or parts.password is not None:
        raise _refused("the endpoint holds a name or a password", None)
    if parts.query or parts.fragment:
        raise _refused("the endpoint holds more than an address, such as a key", None)
    if parts.scheme not in {"http", "https"} or not host:
        raise _refused("the endpoint is no address that begins with https://", endpoint)
    if not endpoint.isascii() or any(c.isspace() or not c.isprintable() for c in endpoint.strip()):
        raise _refused("the endpoint holds signs that no address has", None)
    if parts.scheme == "http" and not is_loopback(host):
        raise _refused("what is sent to another machine has to be encrypted", endpoint)
    return _full(parts)


def _full(parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    whole = path if path.endswith(PATH) else path + PATH
    return parts._replace(path=whole).geturl()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its number or as ``localhost``.

    Examples
    --------
    >>> [is_loopback(h) for h in ("localhost", "127.0.0.1", "::1", "10.0.0.1", "localhost.eu")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(what: str, where: str | None) -> NamerError:
    return NamerError(
        what,
        code="E5061",
        where=where,
        hint="give https://HOST/v1, or http:// for this machine alone; the key goes into "
        "SEGMENTRY_NAMER_KEY",
    )
