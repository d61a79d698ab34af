"""Asking an API of chat completions one question: what is sent, tried again, and given up.

What lives here: the protocol over HTTP, by the standard library alone. What does not: what is
asked and what is made of the answer (``pipeline.suggest``). Nothing is followed elsewhere: a key
goes to the address that was named, or nowhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from segmentry import clock
from segmentry.endpoints.address import address_of, is_loopback
from segmentry.errors import NamerError

TIMEOUT_SECONDS = 60.0
"""How long an answer may take."""

PAUSES_SECONDS = (1.0, 4.0)
"""Waited before each further try; an endpoint that asks for longer is given it, up to a bound."""

LONGEST_PAUSE_SECONDS = 30.0
LARGEST_ANSWER = 2**20
"""Bytes: no answer to our question comes near it."""

LONGEST_QUOTE = 200
_CHUNK = 2**16
_TOO_MANY = 429


@dataclass(frozen=True)
class Chat:
    """An endpoint that may be asked.

    ``key`` is sent as a bearer token and shown nowhere; ``pause`` waits for so many seconds.
    """

    endpoint: str
    key: str | None = field(default=None, repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS
    pause: Callable[[float], None] = time.sleep

    def ask(self, body: bytes) -> str:
        """Send a question and give the text of the answer.

        Too many requests, a failing server and a lost connection are tried again; one that takes
        too long is not, for it would be paid for again.

        Parameters
        ----------
        body : bytes
            The JSON of a request for chat completions.

        Returns
        -------
        str

        Raises
        ------
        NamerError
            E5061 for the address, E5062 if it cannot be reached, E5063 to E5066 for what came
            back.
        """
        address = address_of(self.endpoint)
        request = Request(address, body, self._headers(), method="POST")  # noqa: S310 - http(s) only
        opener = _opener(address)
        for wait in PAUSES_SECONDS:
            try:
                return _text_of(self._sent(opener, request), address)
            except _Again as again:
                self.pause(min(max(wait, again.wait), LONGEST_PAUSE_SECONDS))
        try:
            return _text_of(self._sent(opener, request), address)
        except _Again as again:
            raise again.error from again.__cause__

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key is None:
            return headers
        if not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise NamerError(
                "the key holds signs that cannot be sent",
                code="E5063",
                hint="look at SEGMENTRY_NAMER_KEY: it may hold a blank or the end of a line",
            )
        return {**headers, "Authorization": f"Bearer {self.key}"}

    def _sent(self, opener: OpenerDirector, request: Request) -> bytes:
        address, until = request.full_url, clock.seconds() + self.timeout_seconds
        try:
            with opener.open(request, timeout=self.timeout_seconds) as answer:
                return _read(answer, until)
        except HTTPError as error:
            with error:
                raise self._told(error, address) from error
        except TimeoutError as error:
            raise self._slow(address) from error
        except (URLError, OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self._slow(address) from error
            raise _Again(
                _unreached(f"the endpoint cannot be reached: {reason}", address)
            ) from error

    def _slow(self, address: str) -> NamerError:
        return _unreached(
            f"the endpoint did not answer within {self.timeout_seconds:g} seconds", address
        )

    def _told(self, error: HTTPError, address: str) -> Exception:
        """Word a status that is no answer."""
        status = error.code
        if status in {401, 403}:
            # Not quoted: some repeat parts of the key that they refuse.
            return NamerError(
                f"the endpoint refused the key (status {status})",
                code="E5063",
                where=address,
                hint="put a key that it accepts into SEGMENTRY_NAMER_KEY"
                if self.key
                else "it wants a key: put it into SEGMENTRY_NAMER_KEY",
            )
        if status == _TOO_MANY:
            worded = NamerError(
                "the endpoint has had too many requests, or the account is used up",
                code="E5064",
                where=address,
                hint="wait, and try again; look at the limits of the account",
            )
            return _Again(worded, _asked_wait(error.headers))
        if status >= 500:
            return _Again(_unreached(f"the endpoint failed (status {status})", address))
        quote = self._quoted(error)
        return NamerError(
            f"the endpoint refused the request (status {status}){quote}",
            code="E5066",
            where=address,
            hint="look at the address, and whether it has this model",
        )

    def _quoted(self, error: HTTPError) -> str:
        try:
            said = error.read(_CHUNK).decode("utf-8", "replace")
        except (OSError, HTTPException):
            return ""
        if self.key:
            said = said.replace(self.key, "***")
        words = " ".join(said.split())[:LONGEST_QUOTE]
        return f": {words}" if words else ""


class _Again(Exception):  # noqa: N818 - it never leaves this module
    """A try that failed for a reason that may pass."""

    def __init__(self, error: NamerError, wait: float = 0.0) -> None:
        super().__init__(error.what)
        self.error = error
        self.wait = wait


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Go nowhere else: the address that was named is the one that is told."""


def _opener(address: str) -> OpenerDirector:
    """Open addresses as the system does; this machine is never asked through a proxy."""
    here = is_loopback(urlsplit(address).hostname or "")
    return build_opener(_NoRedirect, *([ProxyHandler({})] if here else ()))


def _read(answer: Any, until: float) -> bytes:
    """Read an answer as far as time and room allow: each piece may come slowly."""
    found = b""
    while piece := answer.read1(_CHUNK):
        found += piece
        if clock.seconds() > until:
            raise TimeoutError
        if len(found) > LARGEST_ANSWER:
            raise _not_understood("it is too long", None)
    return found


def _asked_wait(headers: Message) -> float:
    told = str(headers.get("Retry-After", ""))
    return float(told) if told.isdecimal() else 0.0


def _text_of(content: bytes, address: str) -> str:
    """Read the text out of an answer of the protocol."""
    try:
        told = json.loads(content)
        text = told["choices"][0]["message"]["content"]
    except (ValueError, RecursionError) as error:
        raise _not_understood("it is not JSON", address) from error
    except (KeyError, IndexError, TypeError) as error:
        raise _not_understood("it is no chat completion", address) from error
    if not isinstance(text, str):
        raise _not_understood("it holds no text", address)
    return text


def _not_understood(why: str, address: str | None) -> NamerError:
    return NamerError(
        f"the answer of the endpoint is not understood: {why}",
        code="E5065",
        where=address,
        hint="give the base of an API of chat completions, such as https://HOST/v1",
    )


def _unreached(what: str, address: str) -> NamerError:
    return NamerError(
        what, code="E5062", where=address, hint="look at the address, the network and its state"
    )
